//! System calls that fail beneath a running service, at each place where an edit makes them: it goes on, no feed is torn,
//! and it catches up alone when they work again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::victim::{can_inject, is_long, some};
use super::watching::Watching;
use crate::fixture::{Site, short};
use crate::service::Running;

/// System calls, under the names of all architectures, and the errors that they are made to give.
const FAULTS: [(&str, &[&str]); 11] = [
    // What `write` fails at beneath a service is played with real disks (`disk`): here it would also fail between threads.
    ("pwrite64", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync,fdatasync", &["EIO", "ENOSPC"]),
    ("?rename,renameat,renameat2", &["ENOSPC", "EIO", "EACCES", "EROFS"]),
    ("?open,openat", &["EMFILE", "ENFILE", "ENOSPC", "EACCES", "EROFS", "EIO"]),
    ("?mkdir,mkdirat", &["ENOSPC", "EACCES", "EROFS", "EDQUOT"]),
    ("?unlink,unlinkat", &["EACCES", "EROFS", "EIO"]),
    ("?stat,?lstat,fstat,?newfstatat,statx", &["EIO", "EACCES", "ENOMEM"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("getdents64", &["EIO", "ENOMEM"]),
    ("read,pread64", &["EIO", "ENOMEM"]),
    ("inotify_add_watch", &["ENOSPC", "ENOMEM", "EACCES"]),
];
/// At how many calls of each thread each fault is tried.
const PLACES: usize = 6;

/// strace(1), which makes system calls of a service fail until it is dropped.
struct Saboteur {
    child: Child,
    log: PathBuf,
}

impl Saboteur {
    /// Of all threads of the service, or of those of one name.
    fn attach(site: &Site, running: &Running, name: Option<&str>, case: &str) -> Self {
        let log = site.path("strace.log");
        let _ = fs::remove_file(&log);
        let mut command = Command::new("strace");
        let tasks = format!("/proc/{}/task", running.pid());
        let is_target = |thread: &Path| {
            name.is_none_or(|name| fs::read_to_string(thread.join("comm")).is_ok_and(|comm| comm.trim() == name))
        };
        let threads = || fs::read_dir(&tasks).unwrap().flatten().map(|thread| thread.path()).filter(|it| is_target(it));
        match name {
            None => _ = command.args(["-f", "-p", &running.pid().to_string()]),
            Some(_) => threads().for_each(|it| _ = command.arg("-p").arg(it.file_name().unwrap())),
        }
        command.args(["-qq", "-o"]).arg(&log);
        let calls = case.split(':').next().unwrap();
        command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={case}")]).stderr(Stdio::null());
        let saboteur = Self { child: command.spawn().unwrap(), log };
        let is_traced =
            |thread: PathBuf| fs::read_to_string(thread.join("status")).is_ok_and(|it| !it.contains("TracerPid:\t0\n"));
        running.until("every thread is traced", || threads().all(is_traced));
        saboteur
    }

    fn has_struck(&self) -> bool {
        fs::read_to_string(&self.log).is_ok_and(|log| log.contains("(INJECTED)"))
    }
}

impl Drop for Saboteur {
    fn drop(&mut self) {
        // It lets go of what it traces; a killed one may leave a thread stopped.
        let _ = kill_process(Pid::from_child(&self.child), Signal::INT);
        let _ = self.child.wait();
    }
}

fn cases() -> Vec<String> {
    let mut cases = Vec::new();
    for (calls, errors) in FAULTS {
        for error in errors {
            let places = (1..=PLACES).flat_map(|n| [format!("{n}"), format!("{n}+")]);
            cases.extend(places.map(|place| format!("{calls}:error={error}:when={place}")));
        }
    }
    cases
}

#[test]
fn a_service_survives_every_system_call_that_fails_and_catches_up() {
    if !can_inject() {
        return;
    }
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"));
    let mut running = site.start();
    let watching = Watching::begin(site.path("feeds"));
    let (mut tried, mut struck) = (0, 0);
    for (n, case) in some(cases(), 12).into_iter().enumerate() {
        let title = format!("Edit {n}");
        let saboteur = Saboteur::attach(&site, &running, None, &case);
        // A feed is new, one is written anew, and one loses its last post.
        let edit = || {
            site.write("site/_posts/2022-01-02-b.md", short(&title, &format!("tech, c{n}")));
            site.write(&format!("site/_posts/new{n}/2022-01-03-c.md"), short("C", "deep"));
        };
        edit();
        let is_published = || fs::read_to_string(site.path("feeds/atom.xml")).is_ok_and(|feed| feed.contains(&title));
        running.until(&format!("{case}: the fault, or the feed"), || saboteur.has_struck() || is_published());
        struck += usize::from(saboteur.has_struck());
        drop(saboteur);
        if case.contains("EACCES") {
            // What may not be read is left out until it, or its permission, is changed; folders as well as posts.
            let folder = site.path(&format!("site/_posts/new{n}"));
            fs::set_permissions(&folder, fs::metadata(&folder).unwrap().permissions()).unwrap();
            edit();
        }
        running.as_built(&site);
        fs::remove_dir_all(site.path(&format!("site/_posts/new{n}"))).unwrap();
        tried += 1;
        assert!(!running.log().contains("panicked"), "{case}: {}", running.log());
    }
    assert!(struck * 4 > tried, "{struck} of {tried} faults struck");
    let looks = watching.end();
    assert_eq!(running.stop(Signal::TERM), Some(0), "{}", running.log());
    if is_long() {
        eprintln!("{tried} faults beneath a service, of which {struck} struck; {looks} feeds read meanwhile");
    }
}

/// The library of the watcher panics where it cannot wake its own thread.
#[test]
fn a_watcher_that_fails_is_made_up_for_by_looking_and_said() {
    if !can_inject() {
        return;
    }
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech"));
    let mut running = site.start();
    let saboteur = Saboteur::attach(&site, &running, Some("watcher"), "write:error=EIO:when=1+");
    site.write("site/_posts/new/2022-01-02-b.md", short("B", "tech"));
    running.until("the fault", || saboteur.has_struck());
    drop(saboteur);
    running.as_built(&site);
    running.logs("the watcher of file events failed");
    running.logs("the watcher is started anew");
    site.write("site/_posts/new/2022-01-02-b.md", short("B again", "deep"));
    let is_published =
        || fs::read_to_string(site.path("feeds/deep/atom.xml")).is_ok_and(|feed| feed.contains("B again"));
    running.until("the edit is published", is_published);
    running.as_built(&site);
    assert_eq!(running.stop(Signal::TERM), Some(0));
}
