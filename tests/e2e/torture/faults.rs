//! System calls that fail, each at every place where a build makes it: nothing hangs or panics, no feed is torn, it is
//! said what could not be done, and the next build makes up for it.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Output;

use super::victim::{Before, Victim, can_inject, is_long, some};
use crate::fixture::short;

/// System calls, under the names of all architectures, and the errors that they are made to give.
const FAULTS: [(&str, &[&str]); 14] = [
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("pwrite64", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync,fdatasync", &["EIO", "ENOSPC"]),
    ("?rename,renameat,renameat2", &["ENOSPC", "EIO", "EACCES", "EROFS"]),
    ("?open,openat", &["EMFILE", "ENFILE", "ENOSPC", "EACCES", "EROFS", "EIO"]),
    ("?mkdir,mkdirat", &["ENOSPC", "EACCES", "EROFS", "EDQUOT"]),
    ("?unlink,unlinkat", &["EACCES", "EROFS", "EIO"]),
    ("?stat,?lstat,fstat,?newfstatat,statx", &["EIO", "EACCES", "ENOMEM"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("flock", &["EIO", "ENOLCK"]),
    ("mmap", &["ENOMEM"]),
    ("getdents64", &["EIO", "ENOMEM"]),
    ("read,pread64", &["EIO", "ENOMEM"]),
    ("clone,clone3", &["EAGAIN"]),
];

/// A case for each system call, error and place: once, and from there on.
fn cases(victim: &Victim) -> Vec<String> {
    let mut cases = Vec::new();
    for (calls, errors) in FAULTS {
        let most = victim.calls(calls);
        for error in errors {
            let places = (1..=most).flat_map(|n| [format!("{n}"), format!("{n}+")]);
            cases.extend(places.map(|place| format!("{calls}:error={error}:when={place}")));
        }
    }
    cases
}

fn every_fault_is_survived(before: Before) {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(before);
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for case in some(cases(&victim), 40) {
        victim.set_up();
        let output = victim.build_with(&case);
        victim.assert_whole(&case);
        if assert_ends_well(&output, &case) == Some(0) && !case.contains("EACCES") {
            victim.assert_new(&case);
        }
        victim.assert_made_up_for(&case);
        *tried.entry(case.rsplit_once(':').unwrap().0.to_owned()).or_default() += 1;
    }
    if is_long() {
        let lines: String = tried.iter().map(|(fault, n)| format!("{n:6} {fault}\n")).collect();
        eprintln!("{before:?}: {} faults\n{lines}", tried.values().sum::<usize>());
    }
}

/// The exit code is one of the table, and other than 0 with a reason that names a file; where the program did not even
/// begin, there is none.
fn assert_ends_well(output: &Output, case: &str) -> Option<i32> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let is_loading = stderr.contains("shared librar") || stderr.contains("strace");
    // Without memory the program's own runtime ends it, before or beside all that we could do.
    if is_loading || case.starts_with("mmap") {
        assert_ne!(output.status.signal(), Some(9), "{case}: it hangs");
        return None;
    }
    assert!(!stderr.contains("panicked"), "{case}: {stderr}");
    let code = output.status.code().unwrap_or_else(|| panic!("{case}: it hangs, or {}: {stderr}", output.status));
    assert!([0, 2, 3].contains(&code), "{case}: exit {code}: {stderr}");
    // What cannot be written cannot be said, either.
    if code != 0 && !case.starts_with("write") && !case.starts_with("clone") {
        assert!(names_a_file(&stderr), "{case}: exit {code}, but says: {stderr:?}");
    }
    Some(code)
}

fn names_a_file(text: &str) -> bool {
    ["/feeds", "/site", "/.syndicated", "syndicated.toml", "site/"].iter().any(|part| text.contains(part))
}

#[test]
fn a_first_build_survives_every_system_call_that_fails() {
    every_fault_is_survived(Before::Nothing);
}

#[test]
fn an_edit_survives_every_system_call_that_fails() {
    every_fault_is_survived(Before::Feeds);
}

#[test]
fn a_thread_that_cannot_be_had_is_an_error_and_no_panic() {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(Before::Nothing);
    for n in 1..=victim.calls("clone,clone3") {
        let output = victim.build_with(&format!("clone,clone3:error=EAGAIN:when={n}"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && stderr.contains("thread"), "{n}: {}: {stderr}", output.status);
    }
}

#[test]
fn a_machine_without_free_descriptors_costs_no_post_its_place() {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(Before::Feeds);
    for error in ["EMFILE", "EIO"] {
        let case = format!("?open,openat:error={error}:when=1+");
        victim.set_up();
        let before = victim.site.published();
        // This post alone cannot be opened; all else can.
        let output = victim.build_beside(&victim.site.path("site/_posts/2022-01-03-p.md"), &case);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("2022-01-03-p.md") && stderr.contains("left as they are"), "{stderr}");
        assert!(before == victim.site.published());
        victim.assert_made_up_for(&case);
    }
}

#[test]
fn a_built_page_that_a_failing_disk_holds_leaves_its_feeds_as_they_are() {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(Before::Feeds);
    let site = &victim.site;
    let page = "site/_site/tech/c31/2022/01/03/p.html";
    site.write("syndicated.toml", site.text("syndicated.toml") + "[content]\nfrom = \"page\"\n");
    for (n, case) in
        ["?open,openat:error=EIO", "read,pread64:error=EIO", "?readlink,?readlinkat:error=EIO"].iter().enumerate()
    {
        victim.set_up();
        site.write("site/_posts/2022-01-03-p.md", short("P3", "tech, c31"));
        site.write(page, format!("<article>Built {n}.</article>"));
        site.build();
        assert!(site.feed("c31/atom.xml").only().content.contains(&format!("Built {n}.")));
        let before = site.published();
        site.write(page, "<article>Built again.</article>");
        let output = victim.build_beside(&site.path(page), &format!("{case}:when=1+"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{case}: {stderr}");
        assert!(stderr.matches(page).count() == 1 && stderr.contains("stand as they were"), "{case}: {stderr}");
        assert!(before == site.published(), "{case}");
        site.build();
        assert!(site.feed("c31/atom.xml").only().content.contains("Built again."), "{case}");
    }
}

#[test]
fn sound_on_a_failing_disk_leaves_its_feeds_as_they_are() {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(Before::Feeds);
    let site = &victim.site;
    victim.set_up();
    site.write("site/sound/a.mp3", "12345");
    site.write("site/_posts/2022-01-03-p.md", "---\ntitle: P3\ncategory: c31\naudio: /sound/a.mp3\n---\nx\n");
    site.build();
    assert!(site.text("feeds/c31/rss.xml").contains("length=\"5\""), "{}", site.text("feeds/c31/rss.xml"));
    let before = site.published();
    let file = site.path("site/sound/a.mp3");
    let output = victim.build_beside(&file, "?stat,?lstat,?newfstatat,statx,?readlink,?readlinkat:error=EIO:when=1+");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("a.mp3") && stderr.contains("stand as they were"), "{stderr}");
    assert!(before == site.published());
    site.write("site/sound/a.mp3", "1234567");
    site.build();
    assert!(site.text("feeds/c31/rss.xml").contains("length=\"7\""));
}
