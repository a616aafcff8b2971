//! A root that is unmounted and mounted again, in a mount namespace of the test's own.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::site::{Site, path};
use crate::config::FollowSymlinks;

const INNER: &str = "watcher::notify::tests::mounted::in_a_mount_namespace";

fn run(program: &str, arguments: &[&str]) {
    assert!(Command::new(program).args(arguments).status().unwrap().success(), "{program} {arguments:?}");
}

#[test]
fn the_root_is_unmounted_and_mounted_again() {
    let unshare = |arguments: &[&str]| Command::new("unshare").arg("-rm").args(arguments).output();
    if !unshare(&["true"]).is_ok_and(|output| output.status.success()) {
        let must = std::env::var("SYNDICATED_TESTS_MUST_RUN").unwrap_or_default();
        assert!(
            !must.split(',').any(|listed| listed == "unshare"),
            "must run, but no mount namespace can be made here"
        );
        // Not through `println`, which is shown only when a test fails.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no mount namespace can be made here");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let output = unshare(&[this.to_str().unwrap(), "--ignored", "--exact", INNER, "--nocapture"]).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "run by the test above, in its namespace"]
fn in_a_mount_namespace() {
    let dir = tempfile::tempdir().unwrap();
    let root: PathBuf = dir.path().join("my site");
    std::fs::create_dir(&root).unwrap();
    let place = root.to_str().unwrap();
    let mount = |place: &str| run("mount", &["-t", "tmpfs", "test", place]);
    mount(place);
    std::fs::write(root.join("a.md"), "a").unwrap();
    let mut site = Site::at(root.clone(), FollowSymlinks::Inside, vec![]);
    assert!(site.mirror.contains_key(&path("a.md")));

    mounts_change(&mut site, || run("umount", &[place]));
    assert!(site.mirror.is_empty());
    mounts_change(&mut site, || mount(place));
    site.write("b.md", "b");
    site.assert_mirrored();

    // A mount in a folder of the site hides what was there, and gives no event of files.
    site.mkdir("posts");
    site.write("posts/hidden.md", "");
    site.assert_mirrored();
    let posts = root.join("posts");
    mounts_change(&mut site, || mount(posts.to_str().unwrap()));
    assert!(!site.mirror.contains_key(&path("posts/hidden.md")));
    site.write("posts/new.md", "");
    site.assert_mirrored();
    mounts_change(&mut site, || run("umount", &[posts.to_str().unwrap()]));
    assert!(site.mirror.contains_key(&path("posts/hidden.md")));
    site.write("posts/hidden.md", "seen");
    site.assert_mirrored();

    // A bound folder has two paths, for another reason than a link.
    site.mkdir("a");
    site.settle();
    let a = root.join("a");
    mounts_change(&mut site, || run("mount", &["--bind", posts.to_str().unwrap(), a.to_str().unwrap()]));
    site.write("posts/hidden.md", "by its other path");
    site.assert_mirrored();
    assert!(site.mirror.contains_key(&path("a/hidden.md")) && !site.mirror.contains_key(&path("posts/hidden.md")));
    mounts_change(&mut site, || run("umount", &[a.to_str().unwrap()]));
    site.assert_mirrored();
    assert!(site.mirror.contains_key(&path("posts/hidden.md")));

    drop(site);
    run("umount", &[place]);
}

/// A change of mounts, of which all that is told is that everything is in doubt.
fn mounts_change(site: &mut Site, change: impl FnOnce()) {
    let all = |site: &Site| site.seen.iter().filter(|batch| batch.everything).count();
    let before = all(site);
    change();
    site.until("everything in doubt", |site| all(site) > before);
}
