//! `/healthz` and `/readyz`: when a service is taken for alive, and when readers should be sent to it.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::Signal;

use super::{POST, site};
use crate::fixture::{Site, short};
use crate::http::client::Client;
use crate::service::Running;

/// What a pipe holds (pipe(7)).
const PIPE: usize = 65_536;

/// A service whose log goes into a pipe that the test may let run full: then its loop stands still.
struct Held {
    child: Child,
    log: PipeReader,
    full: PipeWriter,
}

impl Held {
    /// With so many bytes in the pipe already.
    fn start(site: &Site, filled: usize, environment: &[(&str, &str)]) -> Self {
        let (log, mut full) = std::io::pipe().unwrap();
        full.write_all(&vec![b'-'; filled]).unwrap();
        let mut command: Command = site.command(["run", "--listen", "127.0.0.1:0", "--admin", "unix:admin.sock"]);
        command.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.stderr(full.try_clone().unwrap()).spawn().unwrap();
        Self { child, log, full }
    }

    /// Reads the log on from now on, whatever is in it.
    fn goes_on(&self) {
        let mut log = self.log.try_clone().unwrap();
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is said at a path; 0 while nobody is there.
fn said(site: &Site, path: &str) -> (u16, String) {
    if !site.exists("admin.sock") {
        return (0, String::new());
    }
    let response = Client::unix(&site.path("admin.sock")).get(path);
    (response.status, String::from_utf8(response.body).unwrap())
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed().as_secs() < 20, "never: {what}");
        thread::park_timeout(std::time::Duration::from_millis(3));
    }
}

#[test]
fn readers_are_sent_to_it_from_the_first_publication_on() {
    let site = site();
    // The line about operators, which names the socket, fits into the pipe, the next one does not.
    let left = site.path("admin.sock").as_os_str().len() + 100;
    let held = Held::start(&site, PIPE - left, &[]);
    until("operators are answered", || said(&site, "/healthz").0 != 0);
    let (status, why) = said(&site, "/readyz");
    assert_eq!((status, why.as_str()), (503, "not ready: the first publication is not over yet\n"));
    assert_eq!(said(&site, "/healthz"), (200, "ok\n".to_owned()));
    assert!(said(&site, "/").1.contains("Starting"));
    assert!(said(&site, "/metrics").1.contains("\nsyndicated_ready 0\n"));
    held.goes_on();
    until("it is ready", || said(&site, "/readyz") == (200, "ready\n".to_owned()));
    assert!(site.exists("feeds/rss.xml"));
}

#[test]
fn a_loop_that_stands_still_is_not_healthy_and_nothing_else_is() {
    let site = site();
    let mut held = Held::start(&site, 0, &[("WATCHDOG_USEC", "300000")]);
    let mut log = Vec::new();
    until("it is ready", || {
        let mut some = [0; 4096];
        let length = held.log.read(&mut some).unwrap();
        log.extend_from_slice(&some[..length]);
        String::from_utf8_lossy(&log).contains("ready")
    });
    assert_eq!(said(&site, "/healthz").0, 200);
    held.full.write_all(&[b'-'; PIPE]).unwrap();
    // It is published, but that cannot be said.
    site.write(POST, short("A again", "tech"));
    until("it is stuck", || said(&site, "/healthz").0 == 503);
    assert!(said(&site, "/healthz").1.starts_with("stuck: "));
    assert_eq!(said(&site, "/readyz").0, 200, "feeds are served all the same");
    held.goes_on();
    until("it goes on", || said(&site, "/healthz").0 == 200);
}

#[test]
fn it_stays_ready_through_reloads_and_is_not_while_it_ends() {
    let site = site();
    let mut running: Running = site.start_with(&["--listen", "127.0.0.1:0", "--admin", "unix:admin.sock"]);
    let mut operator = Client::unix(&site.path("admin.sock"));
    for n in 1..4 {
        site.write("syndicated.toml", format!("[source]\npath = \"site\"\n[content]\nlimit = {n}\n"));
        running.send(Signal::HUP);
        for _ in 0..20 {
            operator.get("/readyz").is(200);
            operator.get("/healthz").is(200);
        }
    }
    running.settles(&site);
    // A post that is being written is waited for at the end.
    let mut post = std::fs::File::create(site.path(POST)).unwrap();
    running.until("it is known that the post is being written", || {
        post.write_all(b"x").unwrap();
        String::from_utf8(operator.get("/status.json").body).unwrap().contains("\"waiting\"")
    });
    running.send(Signal::TERM);
    running.until("it is ending", || operator.get("/readyz").status == 503);
    drop(post);
    assert_eq!(running.ended(), Some(0));
    assert!(!site.exists("admin.sock"));
}
