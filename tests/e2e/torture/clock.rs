//! A clock that jumps while the service runs. The machine's own is never set: the program is shown another one, and what the
//! kernel tells of it is made by strace.

use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::victim::can_inject;
use crate::fixture::{PROGRAM, Ran, Site, front, has_tool, short};
use crate::service::Running;

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

#[test]
fn a_clock_that_is_set_is_told_and_the_schedule_looked_at_again() {
    if !can_inject() || !has_tool("gcc", &["--version"]) {
        return;
    }
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech"))
        .post("2900-01-01-soon.md", front("title: Soon\ncategories: [tech]\ndate: 2900-01-01 00:00:00 +0000", "x"))
        .file("offset", "0")
        .file("clock.c", OTHER_CLOCK);
    let mut compile = Command::new("gcc");
    site.prepare(compile.args(["-shared", "-fPIC", "-o", "clock.so", "clock.c"]));
    Ran::from(compile.output().unwrap()).exits(0);
    let mut command = Command::new("strace");
    // The first arms it before anything else, the second when all is published, the third when somebody has asked.
    let told = "inject=timerfd_settime:error=ECANCELED:when=3";
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=timerfd_settime", "-e", told]);
    command.args(["-E", &format!("LD_PRELOAD={}", site.path("clock.so").display()), PROGRAM, "run"]);
    site.prepare(&mut command);
    let mut running = Running::spawn(command);
    running.logs("ready");
    assert_eq!(site.feed("atom.xml").titles(), ["A"]);
    site.write("offset", "31536000000");
    running.settles(&site);
    running.until("the post of a later century is shown", || site.feed("atom.xml").titles() == ["Soon", "A"]);
    assert_eq!(site.feed("tech/rss.xml").titles(), ["Soon", "A"]);
    // strace hands no signal on.
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).stdout).unwrap();
    let pid = i32::try_from(status["pid"].as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    assert_eq!(running.ended(), Some(0), "{}", running.log());
}
