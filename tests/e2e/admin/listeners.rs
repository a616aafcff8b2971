//! Where operators look, and how that changes while the service runs.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;

use super::{FEED, Operated, address, site};
use crate::fixture::has_tool;
use crate::http::client::Client;
use crate::service::Running;

#[test]
fn without_readers_there_is_nothing_of_http() {
    let site = site();
    let running = site.start_with(&["--admin", "unix:admin.sock"]);
    let socket = site.path("admin.sock");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o660);
    let metrics = String::from_utf8(Client::unix(&socket).get("/metrics").is(200).body).unwrap();
    assert!(metrics.contains("syndicated_posts") && !metrics.contains("syndicated_http"), "{metrics}");
    let page = String::from_utf8(Client::unix(&socket).get("/").is(200).body).unwrap();
    assert!(page.contains("Recent publications") && !page.contains("Readers"), "{page}");
    drop(running);
}

#[test]
fn serve_tells_of_what_it_serves() {
    let site = site();
    site.build();
    let mut operated = Operated::built(&site);
    operated.reads(FEED, &[]).is(200);
    assert_eq!(operated.text("/healthz"), "ok\n");
    assert_eq!(operated.text("/readyz"), "ready\n");
    let metrics = operated.metrics();
    metrics.has("syndicated_http_requests_total{code=\"200\",kind=\"rss\"}", 1.0);
    metrics.has("syndicated_ready", 1.0);
    assert!(metrics.of("syndicated_posts").is_empty() && metrics.of("syndicated_batches_total").is_empty());
    assert!(operated.text("/").contains("Up to date"));
    operated.running.send(Signal::HUP);
    operated.running.logs("the configuration was read again");
    operated.get("/readyz").is(200);
    assert_eq!(operated.running.stop(Signal::TERM), Some(0));
    assert!(site.exists(".syndicated/feeds/readers.json"));
}

#[test]
fn an_address_that_cannot_be_had_ends_the_start() {
    let site = site();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["run", "serve"] {
        site.run_cmd([command, "--admin", &address]).exits(2).complains(&format!("cannot listen on {address}"));
        site.run_cmd([command, "--admin", "here"]).exits(2).complains("--admin");
        let both = site.run_cmd([command, "--listen", "unix:a.sock", "--admin", "unix:a.sock"]).exits(2);
        assert!(both.stderr.contains("is where feeds are served"), "{}", both.stderr);
    }
    let named = site.run_cmd(["run", "--listen", "systemd", "--admin", "systemd:ops"]).exits(2);
    assert!(named.stderr.contains("all sockets of systemd's but those named `admin`"), "{}", named.stderr);
}

#[test]
fn a_reload_opens_and_closes_addresses() {
    let site = site();
    let toml = site.text("syndicated.toml");
    let running = site.start();
    let change = |admin: &str| {
        site.write("syndicated.toml", format!("{toml}[server]\nadmin = {admin}\n"));
        running.send(Signal::HUP);
    };
    change("\"127.0.0.1:0\"");
    let first = address(&running, "open for operators");
    let mut early = Client::tcp(&first);
    early.get("/readyz").is(200);
    change("[\"unix:b.sock\"]");
    running.until("the first address is closed", || std::net::TcpStream::connect(&first).is_err());
    early.get("/readyz").is(200);
    Client::unix(&site.path("b.sock")).get("/readyz").is(200);
    // One that cannot be had leaves all as it is.
    site.write("c.sock", "mine");
    change("\"unix:c.sock\"");
    running.logs("the old one goes on");
    Client::unix(&site.path("b.sock")).get("/readyz").is(200);
}

#[test]
fn a_client_that_says_nothing_is_cut_off_and_holds_nobody_up() {
    let site = site().config("[server]\nheader_timeout = \"200 ms\"");
    let operated = Operated::start(&site);
    let mut silent: Vec<Client> = (0..70).map(|_| Client::tcp(&operated.admin)).collect();
    operated.get("/healthz").is(200);
    for client in &mut silent {
        assert!(client.closed().unwrap().is_empty());
    }
}

#[test]
fn the_socket_of_systemd_that_is_named_so() {
    if !has_tool("systemd-socket-activate", &["--version"]) {
        return;
    }
    let site = site();
    site.build();
    let (public, admin) = (site.path("public.sock"), site.path("admin.sock"));
    let mut command = std::process::Command::new("systemd-socket-activate");
    site.prepare(&mut command);
    command.arg("-l").arg(&public).arg("-l").arg(&admin).arg("--fdname=http:admin");
    command.args([crate::fixture::PROGRAM, "run", "--listen", "systemd", "--admin", "systemd"]);
    let running = Running::spawn(command);
    running.logs("Listening on");
    Client::unix(&public).get(FEED).is(200);
    running.logs("ready");
    Client::unix(&public).get("/readyz").is(404);
    Client::unix(&admin).get("/readyz").is(200);
    Client::unix(&admin).get(FEED).is(404);
}
