//! Where a server listens: TCP, Unix sockets, sockets from systemd; and how that changes while it runs.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;

use super::client::Client;
use super::{Serving, site};
use crate::fixture::{Site, has_tool};
use crate::service::Running;

const PATH: &str = "/feeds/rss.xml";

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_unix_socket_has_its_mode_replaces_a_left_one_and_goes_with_the_service() {
    let site = site().config("[server]\nlisten = \"unix:http.sock\"\nsocket_mode = \"0660\"");
    let socket = site.path("http.sock");
    let mut killed = site.start();
    killed.stop(Signal::KILL);
    assert!(socket.exists());
    let mut running = site.start();
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o660);
    Client::unix(&socket).get(PATH).is(200);
    site.run_cmd(["serve", "--state", "other"]).exits(2).complains("http.sock");
    Client::unix(&socket).get(PATH).is(200);
    assert_eq!(running.stop(Signal::TERM), Some(0));
    assert!(!socket.exists());
    site.write("http.sock", "mine");
    site.run_cmd(["run"]).exits(2).complains("no socket");
    assert_eq!(site.text("http.sock"), "mine");
}

#[test]
fn several_addresses_at_once() {
    let site = site();
    let running = site.start_with(&["--listen", "127.0.0.1:0", "--listen", "unix:a.sock", "--listen", "[::1]:0"]);
    running.logs("address=\"127.0.0.1:");
    running.logs("address=\"[::1]:");
    Client::unix(&site.path("a.sock")).get(PATH).is(200);
}

#[test]
fn an_address_that_cannot_be_had_ends_the_start() {
    let site = site();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["run", "serve"] {
        let ran = site.run_cmd([command, "--listen", &address]).exits(2);
        assert!(ran.stderr.contains(&format!("cannot listen on {address}")), "{}", ran.stderr);
        site.run_cmd([command, "--listen", "here"]).exits(2).complains("--listen");
        site.run_cmd([command, "--listen", "systemd"]).exits(2).complains("systemd has handed over no such socket");
    }
}

#[test]
fn a_reload_opens_and_closes_addresses_and_drops_no_connection() {
    let site = site().config("[server]\nlisten = [\"127.0.0.1:0\"]");
    let toml = site.text("syndicated.toml");
    let serving = Serving::of(site.start());
    let mut early = serving.connect();
    early.get(PATH).is(200);
    let change = |listen: &str| {
        site.write("syndicated.toml", toml.replace("[\"127.0.0.1:0\"]", listen));
        serving.running.send(Signal::HUP);
    };
    change("[\"127.0.0.1:0\", \"unix:b.sock\"]");
    serving.running.logs("address=\"unix:");
    let mut second = Client::unix(&site.path("b.sock"));
    second.get(PATH).is(200);
    early.get(PATH).is(200);
    change("[\"unix:b.sock\"]");
    serving.running.until("the first address is closed", || std::net::TcpStream::connect(&serving.address).is_err());
    early.get(PATH).is(200);
    second.get(PATH).is(200);
    // One that cannot be had leaves all as it is.
    site.write("c.sock", "mine");
    change("[\"unix:c.sock\"]");
    serving.running.logs("the old one goes on");
    second.get(PATH).is(200);
    Client::unix(&site.path("b.sock")).get(PATH).is(200);
}

#[test]
fn a_reload_changes_addresses_of_feeds_and_limits() {
    let site = site();
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    client.get(PATH).is(200);
    let site = site.config("[output]\nfeeds_url = \"https://example.com/f/\"\n[server]\ncache = 0");
    serving.running.send(Signal::HUP);
    serving.running.logs("the new configuration holds");
    serving.running.settles(&site);
    let response = client.get("/f/rss.xml").is(200);
    assert_eq!(response.field("link"), Some("<https://example.com/f/rss.xml>; rel=\"self\""));
    assert_eq!(response.body, std::fs::read(site.path("feeds/rss.xml")).unwrap());
    client.get(PATH).is(404);
}

#[test]
fn a_server_that_a_reload_brings() {
    let site = site();
    let running = site.start();
    let site = site.config("[server]\nlisten = \"unix:late.sock\"");
    running.send(Signal::HUP);
    running.logs("the new configuration holds");
    Client::unix(&site.path("late.sock")).get(PATH).is(200);
    Client::unix(&site.path("late.sock")).get("/feeds/none").is(404);
}

#[test]
fn sockets_from_systemd() {
    if !has_tool("systemd-socket-activate", &["--version"]) {
        return;
    }
    let activated = |site: &Site, listen: &str, sockets: &[&str]| {
        let mut command = std::process::Command::new("systemd-socket-activate");
        site.prepare(&mut command);
        command.args(sockets.iter().flat_map(|socket| ["-l", socket]));
        command.args(["--fdname=public", crate::fixture::PROGRAM, "run", "--listen", listen]);
        Running::spawn(command)
    };
    let site = site();
    site.build();
    let address = format!("127.0.0.1:{}", free_port());
    let socket = site.path("activated.sock");
    let mut running = activated(&site, "systemd", &[&address, socket.to_str().unwrap()]);
    running.logs("Listening on");
    // It is started by the first connection, and serves that.
    Client::tcp(&address).get(PATH).is(200);
    Client::unix(&socket).get(PATH).is(200);
    running.logs("ready");
    assert_eq!(running.stop(Signal::TERM), Some(0));
    assert!(socket.exists(), "it is systemd's");
    let address = format!("127.0.0.1:{}", free_port());
    let running = activated(&site, "systemd:public", &[&address]);
    running.logs("Listening on");
    Client::tcp(&address).get(PATH).is(200);
}
