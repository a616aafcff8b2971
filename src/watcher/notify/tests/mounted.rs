//! A root that is unmounted and mounted again, in a mount namespace of the test's own.

use std::path::{Path, PathBuf};
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
        println!("SKIPPED: no mount namespace can be made here");
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

    run("umount", &[place]);
    site.until("the end of the mount", |site| site.mirror.is_empty());
    mount(place);
    site.until("the new mount", |site| site.seen.iter().filter(|batch| batch.everything).count() >= 2);
    site.write("b.md", "b");
    site.assert_mirrored();

    // A mount in a folder of the site hides what was there, and gives no event of files.
    site.mkdir("posts");
    site.write("posts/hidden.md", "");
    site.assert_mirrored();
    let posts = root.join("posts");
    mount(posts.to_str().unwrap());
    site.until("the mount inside", |site| !site.mirror.contains_key(&path("posts/hidden.md")));
    site.write("posts/new.md", "");
    site.assert_mirrored();
    run("umount", &[posts.to_str().unwrap()]);
    site.until("what was hidden", |site| site.mirror.contains_key(&path("posts/hidden.md")));
    site.write("posts/hidden.md", "seen");
    site.assert_mirrored();

    bind(&mut site, &root);
    drop(site);
    run("umount", &[place]);
}

/// A folder with two paths for another reason than a link.
fn bind(site: &mut Site, root: &Path) {
    site.mkdir("a");
    let a = root.join("a");
    run("mount", &["--bind", root.join("posts").to_str().unwrap(), a.to_str().unwrap()]);
    site.until("the bound folder", |site| site.mirror.contains_key(&path("a/hidden.md")));
    site.write("posts/hidden.md", "by its other path");
    site.assert_mirrored();
    run("umount", &[a.to_str().unwrap()]);
    site.until("the real folder", |site| site.mirror.contains_key(&path("posts/hidden.md")));
    site.assert_mirrored();
}
