//! Files that are none, or too much of one.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{bounded, built, ended, sound};
use crate::fixture::{Ran, front};

#[test]
fn what_is_no_file_of_a_bearable_size_is_named_and_costs_nothing() {
    let site = sound();
    let place = |name: &str| site.path("site/_posts").join(name);
    let sparse = File::create(place("2022-03-31-gib.md")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    Ran::from(Command::new("mkfifo").arg(place("2022-03-31-fifo.md")).output().unwrap()).exits(0);
    let socket = UnixListener::bind(place("2022-03-31-socket.md")).unwrap();
    fs::create_dir(place("2022-03-31-folder.md")).unwrap();
    symlink("nowhere", place("2022-03-31-dangling.md")).unwrap();
    symlink("2022-03-31-circle.md", place("2022-03-31-circle.md")).unwrap();
    let report = built(&site);
    assert_eq!(
        report.diagnostics(),
        [
            "_posts/2022-03-31-circle.md:- error unreadable",
            "_posts/2022-03-31-dangling.md:- error unreadable",
            "_posts/2022-03-31-fifo.md:- error unreadable",
            "_posts/2022-03-31-folder.md:- error unreadable",
            "_posts/2022-03-31-gib.md:- error too-large",
            "_posts/2022-03-31-socket.md:- error unreadable",
        ]
    );
    assert_eq!(site.published(), ended(sound()).published());
    drop(socket);
}

#[test]
fn a_link_to_a_device_that_never_ends_is_named_and_not_read() {
    let site = sound().config("follow_symlinks = \"all\"");
    for device in ["zero", "full", "random"] {
        symlink(format!("/dev/{device}"), site.path(&format!("site/_posts/2022-03-31-{device}.md"))).unwrap();
    }
    let report = built(&site);
    assert_eq!(report.diagnostics().len(), 3, "{report:?}");
    assert!(report.diagnostics().iter().all(|found| found.ends_with(" error unreadable")), "{report:?}");
}

#[test]
fn data_that_is_no_file_is_refused_and_not_waited_for() {
    for make in ["mkfifo", "mkdir"] {
        let site = ended(sound());
        let before = site.published();
        fs::create_dir(site.path("site/_data")).unwrap();
        Ran::from(Command::new(make).arg(site.path("site/_data/x.yml")).output().unwrap()).exits(0);
        let ran = bounded(&site, &["build"]);
        assert!((0..=3).contains(&ran.code), "{ran:?}");
        assert_eq!(site.published(), before);
    }
}

#[test]
fn a_file_that_grows_while_it_is_read_is_a_whole_post_in_the_end() {
    let site = sound().post("2022-03-31-odd.md", front("title: Odd\ncategories: odd", "Begun."));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = File::options().append(true).open(site.path("site/_posts/2022-03-31-odd.md")).unwrap();
            while !done.load(Ordering::Relaxed) && file.metadata().unwrap().len() < 4 << 20 {
                file.write_all(b"And on it goes.\n").unwrap();
            }
        });
        for _ in 0..4 {
            site.build();
            site.assert_sound();
        }
        done.store(true, Ordering::Relaxed);
    });
    built(&site);
    site.build();
    assert_eq!(site.published(), site.built_again());
}
