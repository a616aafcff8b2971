//! A clock that jumps while the service runs. The machine's own is never set: the program is shown another one, and what the
//! kernel tells of it is made by strace.

use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::victim::can_inject;
use crate::fixture::{PROGRAM, Ran, Site, front, has_tool, short};
use crate::service::Running;

/// In seconds.
const YEAR: i64 = 31_536_000;

/// Shows the time of day later by as many seconds as the file `offset` says.
const OTHER_CLOCK: &str = r#"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t) {
  int result = syscall(SYS_clock_gettime, id, t);
  if (id == CLOCK_REALTIME) {
    char text[32] = {0};
    int file = open("offset", O_RDONLY);
    if (file >= 0) {
      if (read(file, text, sizeof text - 1) > 0) t->tv_sec += atol(text);
      close(file);
    }
  }
  return result;
}
"#;

/// A site with a post of its time, and one of another, that is not shown at first; the program is shown the file `offset`.
fn site(offset: i64, later: &str) -> Site {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech"))
        .post(&format!("{later}-soon.md"), front(&format!("title: Soon\ncategories: [tech]\ndate: {later}"), "x"))
        .file("offset", offset.to_string())
        .file("clock.c", OTHER_CLOCK);
    let mut compile = Command::new("gcc");
    site.prepare(compile.args(["-shared", "-fPIC", "-o", "clock.so", "clock.c"]));
    Ran::from(compile.output().unwrap()).exits(0);
    site
}

fn is_shown(running: &Running, site: &Site) {
    running.until("the other post is shown", || site.feed("atom.xml").titles() == ["Soon", "A"]);
    assert_eq!(site.feed("tech/rss.xml").titles(), ["Soon", "A"]);
}

#[test]
fn a_clock_that_is_set_is_told_and_the_schedule_looked_at_again() {
    if !can_inject() || !has_tool("gcc", &["--version"]) {
        return;
    }
    let site = site(0, "2900-01-01");
    let mut command = Command::new("strace");
    // The first arms it before anything else, the second when all is published; from then on the clock is set all the time.
    let told = "inject=timerfd_settime:error=ECANCELED:when=3+";
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=timerfd_settime", "-e", told]);
    command.args(["-E", &format!("LD_PRELOAD={}", site.path("clock.so").display()), PROGRAM, "run"]);
    site.prepare(&mut command);
    let mut running = Running::spawn(command);
    running.logs("ready");
    assert_eq!(site.feed("atom.xml").titles(), ["A"]);
    site.write("offset", (1000 * YEAR).to_string());
    running.settles(&site);
    is_shown(&running, &site);
    // strace hands no signal on.
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).stdout).unwrap();
    let pid = i32::try_from(status["pid"].as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    assert_eq!(running.ended(), Some(0), "{}", running.log());
}

#[test]
fn an_instant_that_passes_while_something_is_done_is_not_missed() {
    if !has_tool("gcc", &["--version"]) {
        return;
    }
    // It begins long ago, and the next time that it looks at the clock the instant is over.
    let site = site(-1000 * YEAR, "2024-01-01");
    let post = site.text("site/_posts/2022-01-01-a.md").replacen("---", "---\ndate: 1000-01-01", 1);
    site.write("site/_posts/2022-01-01-a.md", post);
    let mut command = site.command(["run"]);
    command.env("LD_PRELOAD", site.path("clock.so"));
    let running = Running::spawn(command);
    running.logs("ready");
    assert_eq!(site.feed("atom.xml").titles(), ["A"]);
    site.write("offset", "0");
    running.settles(&site);
    is_shown(&running, &site);
}
