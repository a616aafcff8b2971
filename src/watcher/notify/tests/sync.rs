//! Waiting for what happened before.

use std::fs;

use super::site;
use super::site::path;

#[test]
fn a_sync_comes_after_what_happened_before_it() {
    let mut site = site();
    for n in 0..1000 {
        site.write(&format!("posts/{n}.md"), "");
    }
    site.settle();
    assert_eq!(site.mirror.len(), 1001);
    // Without the folder of cookies all is in doubt, and with another one they go on.
    let (cookies, old) = (site.outside("cookies"), site.outside("old"));
    fs::remove_dir_all(&cookies).unwrap();
    fs::write(&cookies, "").unwrap();
    let mut settle = |name: &str| {
        site.seen.clear();
        site.write(name, "");
        site.settle();
        assert!(site.mirror.contains_key(&path(name)));
        site.seen.iter().any(|batch| batch.everything)
    };
    assert!(settle("posts/b.md"));
    fs::remove_file(&cookies).unwrap();
    assert!(!settle("posts/c.md"));
    // Another folder under its name is watched like the first.
    fs::rename(&cookies, old).unwrap();
    fs::create_dir(&cookies).unwrap();
    assert!(!settle("posts/d.md"));
    // So is one that is made after the first was removed.
    fs::remove_dir_all(&cookies).unwrap();
    assert!(!settle("posts/e.md"));
    assert!(!settle("posts/f.md"));
    assert!(fs::read_dir(cookies).unwrap().count() < 10, "files are used again");
}

#[test]
fn of_many_who_wait_at_once_nobody_is_forgotten() {
    let site = site();
    for _ in 0..20 {
        site.settle_at_once(300);
    }
    // Those whose file was in a folder that is gone by now, neither.
    fs::remove_dir_all(site.outside("cookies")).unwrap();
    site.settle_at_once(300);
}
