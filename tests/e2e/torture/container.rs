//! The program as the Dockerfile runs it: another user, nothing but its own files, a root that is read-only, process 1.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use crate::fixture::{PROGRAM, Ran, Site, has_tool, short, skipped};
use crate::service::Running;

/// The root is bound to itself to be read-only, and the folders of the volumes are as they were beneath. No process in
/// there has a privilege, and the first of them is the program.
const STEPS: &str = r#"root=$1 volumes=$2 user=$3; shift 3
mount --bind "$root" "$root"
mount --bind "$volumes/site" "$root/site"
mount -o remount,bind,ro "$root/site"
for volume in feeds state; do mount --bind "$volumes/$volume" "$root/$volume"; done
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" --groups= "$root" "$@""#;

/// What the Dockerfile says in a line of its last stage.
fn stated(instruction: &str) -> String {
    let dockerfile = include_str!("../../../Dockerfile");
    let (_, last) = dockerfile.rsplit_once("\nFROM ").unwrap();
    let line = last.lines().find_map(|line| line.strip_prefix(instruction)).unwrap();
    line.trim().to_owned()
}

fn list(instruction: &str) -> Vec<String> {
    serde_json::from_str(&stated(instruction)).unwrap()
}

/// A root with the program and the libraries that it names, which a static one does not, and folders for the volumes.
fn image(site: &Site, program: &Path) -> PathBuf {
    let root = site.path("root");
    let copy = |from: &Path, to: &str| {
        let to = root.join(to.trim_start_matches('/'));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    };
    copy(program, &list("ENTRYPOINT")[0]);
    let libraries = Command::new("ldd").arg(program).output().unwrap();
    for word in String::from_utf8(libraries.stdout).unwrap().split_whitespace().filter(|word| word.starts_with('/')) {
        copy(Path::new(word), word);
    }
    for volume in list("VOLUME").iter().map(|volume| volume.trim_start_matches('/')) {
        fs::create_dir_all(root.join(volume)).unwrap();
        fs::create_dir_all(site.path(volume)).unwrap();
        Ran::from(Command::new("chown").arg(stated("USER")).arg(site.path(volume)).output().unwrap()).exits(0);
    }
    fs::create_dir_all(root.join("site")).unwrap();
    root
}

/// A command of the program in a container of its own.
fn contained(site: &Site, root: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["-m", "-n", "-p", "-f", "--kill-child=KILL", "sh", "-euc", STEPS, "steps"]);
    command.arg(root).arg(site.path("")).arg(stated("USER")).args(list("ENTRYPOINT")).args(arguments);
    site.prepare(&mut command);
    command
}

fn works(program: &Path) {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech"));
    // The folder of a test is its user's alone.
    let open = Command::new("chmod").args(["-R", "a+rX"]).arg(site.path("")).output().unwrap();
    Ran::from(open).exits(0);
    let root = image(&site, program);
    let mut arguments = list("CMD");
    arguments[0] = "build".to_owned();
    Ran::from(contained(&site, &root, &arguments).output().unwrap()).exits(0);
    assert!(site.published() == site.built_again(), "not as built outside");
    let mut running = Running::spawn(contained(&site, &root, &list("CMD")));
    running.logs("ready");
    site.write("site/_posts/2022-01-02-b.md", short("B", "tech"));
    running.until("the change is published", || site.feed("tech/atom.xml").titles() == ["B", "A"]);
    // What `docker stop` sends goes to process 1, to which no signal does anything that it does not handle.
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.pid())).unwrap();
    let first = rustix::process::Pid::from_raw(children.trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(first, Signal::TERM).unwrap();
    assert_eq!(running.ended(), Some(0));
    // Elsewhere nothing can be written.
    let elsewhere = |argument: &String| if argument == "/feeds" { "/site/feeds".to_owned() } else { argument.clone() };
    let elsewhere: Vec<String> = arguments.iter().map(elsewhere).collect();
    Ran::from(contained(&site, &root, &elsewhere).output().unwrap()).exits(2).complains("ead-only");
}

#[test]
fn it_runs_without_privileges_on_a_root_that_is_read_only() {
    // Other users' files and mounts need root itself.
    if has_tool("unshare", &["-m", "mount", "-t", "tmpfs", "none", "/mnt"]) {
        works(Path::new(PROGRAM));
    }
}

#[test]
fn a_static_program_needs_no_other_file() {
    let Some(program) = std::env::var_os("SYNDICATED_STATIC") else {
        return skipped("static", "SYNDICATED_STATIC names no static program");
    };
    if has_tool("unshare", &["-m", "mount", "-t", "tmpfs", "none", "/mnt"]) {
        works(Path::new(&program));
    }
}
