//! Clients that are slow, many, or gone: they cost others nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use super::client::{Client, request};
use super::{Serving, large, site};
use crate::fixture::Site;
use crate::service::Running;

const PATH: &str = "/feeds/rss.xml";

fn impatient(site: Site) -> Site {
    site.config("[server]\nheader_timeout = \"300 ms\"\nidle_timeout = \"600 ms\"\nwrite_timeout = \"500 ms\"")
}

fn connections(site: &Site) -> u64 {
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    status["server"]["connections"].as_u64().unwrap()
}

#[test]
fn a_head_that_does_not_come_ends_the_connection() {
    let site = impatient(site());
    let serving = Serving::start(&site);
    for begin in ["", "GET", "GET /feeds/rss.xml HTTP/1.1\r\nHost: a\r\n"] {
        let mut client = serving.connect();
        client.sends(begin);
        assert_eq!(client.closed().unwrap(), b"", "{begin}");
    }
    // Byte by byte, it takes no longer; and so it does not after a request that was answered.
    let mut client = serving.connect();
    client.get(PATH).is(200);
    let mut bytes = "GET /feeds/rss.xml HTTP/1.1\r\nHost: ".bytes().chain(std::iter::repeat(b'a'));
    serving.running.until("the slow client is cut off", || {
        client.sends([bytes.next().unwrap()]);
        connections(&site) == 0
    });
    serving.get(PATH).is(200);
}

#[test]
fn a_connection_that_is_not_used_ends() {
    let site = impatient(site());
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    client.get(PATH).is(200);
    client.get(PATH).is(200);
    assert_eq!(client.closed().unwrap(), b"");
}

#[test]
fn a_client_that_stops_reading_is_cut_off_and_holds_nobody_up() {
    let site = impatient(large(500_000));
    let serving = Serving::start(&site);
    let mut stuck = serving.connect();
    // Far more than fits into what the kernel buffers.
    stuck.sends(request("GET", PATH, &[]).repeat(60));
    for _ in 0..20 {
        serving.get(PATH).is(200);
    }
    serving.running.until("it is cut off", || connections(&site) == 0);
}

#[test]
fn clients_that_vanish_leave_nothing_behind() {
    let site = large(200_000);
    let serving = Serving::start(&site);
    for n in 0..50 {
        let mut client = serving.connect();
        client.sends(&request("GET", PATH, &["Accept-Encoding: br"])[..20 + n]);
        let mut client = serving.connect();
        client.sends(request("GET", PATH, &["Accept-Encoding: br"]));
    }
    serving.running.until("all are gone", || connections(&site) == 0);
    serving.get(PATH).is(200);
}

#[test]
fn one_client_has_so_many_connections_and_no_more() {
    let site = site().config("[server]\nconnections_per_client = 3\ntrusted_proxies = []");
    let serving = Serving::start(&site);
    let mut clients: Vec<Client> = (0..3).map(|_| serving.connect()).collect();
    clients.iter_mut().for_each(|client| drop(client.get(PATH).is(200)));
    let mut refused = serving.connect();
    let response = refused.asks("GET", PATH, &[]).is(503);
    assert_eq!((response.field("retry-after"), response.field("connection")), (Some("5"), Some("close")));
    assert_eq!(refused.closed().unwrap(), b"");
    clients.iter_mut().for_each(|client| drop(client.get(PATH).is(200)));
    clients.pop();
    serving.running.until("there is room again", || serving.get(PATH).status == 200);
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).stdout).unwrap();
    assert!(status["server"]["refused"].as_u64().unwrap() >= 1);
}

#[test]
fn in_all_there_are_so_many_and_a_trusted_proxy_has_all_of_them() {
    let site = site().config("[server]\nconnections = 100\nconnections_per_client = 1");
    let serving = Serving::start(&site);
    let mut clients: Vec<Client> = (0..100).map(|_| serving.connect()).collect();
    clients.iter_mut().for_each(|client| drop(client.get(PATH).is(200)));
    serving.get(PATH).is(503);
    clients.clear();
    serving.running.until("there is room again", || serving.get(PATH).status == 200);
}

#[test]
fn the_end_waits_for_responses_on_their_way_and_for_nobody_else() {
    let site = large(500_000);
    let mut serving = Serving::start(&site);
    let published = std::fs::read(site.path("feeds/rss.xml")).unwrap();
    let mut idle = serving.connect();
    idle.get(PATH).is(200);
    let mut silent = serving.connect();
    let mut slow = serving.connect();
    slow.sends(request("GET", PATH, &[]));
    // The head has come, so the rest is on its way.
    let mut stuck = serving.connect();
    stuck.sends(request("GET", PATH, &[]).repeat(60));
    serving.running.until("all are there", || connections(&site) == 4);
    assert!(slow.hears(false).is(200).body == published);
    assert_eq!(serving.running.stop(Signal::TERM), Some(0));
    assert_eq!(idle.closed().unwrap(), b"");
    assert_eq!(silent.closed().unwrap(), b"");
}

#[test]
fn a_response_that_was_begun_is_whole_when_the_service_ends() {
    let site = large(900_000);
    let mut serving = Serving::start(&site);
    let published = std::fs::read(site.path("feeds/rss.xml")).unwrap();
    let mut slow = serving.connect();
    slow.sends(request("GET", PATH, &[]).repeat(8));
    assert!(slow.hears(false).is(200).body == published);
    serving.running.send(Signal::TERM);
    while let Ok(response) = slow.try_hear(false) {
        assert!(response.is(200).body == published);
    }
    assert!(slow.has_heard_all(), "what was begun is whole");
    assert_eq!(serving.running.ended(), Some(0));
}

/// How nice the threads are whose names begin like this, and on how many cores they may run (proc_pid_stat(5), proc_pid_status(5)).
fn modesty(serving: &Serving, name: &str) -> Vec<(i32, u32)> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", serving.running.pid())).unwrap();
    let of = |task: PathBuf| {
        let stat = std::fs::read_to_string(task.join("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(") ").filter(|(begin, _)| begin.contains(&format!("({name}")))?;
        let nice = fields.split(' ').nth(16).unwrap().parse().unwrap();
        let status = std::fs::read_to_string(task.join("status")).ok()?;
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed:")).unwrap();
        let cores = allowed.chars().filter_map(|digit| digit.to_digit(16)).map(u32::count_ones).sum();
        Some((nice, cores))
    };
    tasks.filter_map(|task| of(task.unwrap().path())).collect()
}

#[test]
fn those_who_publish_give_way_to_those_who_serve() {
    let site = site();
    // However nice the whole service is.
    let plain = site.command(["run", "--listen", "127.0.0.1:0"]);
    let mut command = Command::new("nice");
    command.args(["-n", "7"]).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(plain.get_current_dir().unwrap_or(Path::new(".")));
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let serving = Serving::of(Running::spawn(command));
    serving.running.logs(" ready");
    let (publish, serve) = (modesty(&serving, "posts-"), modesty(&serving, "delivery-"));
    assert!(!publish.is_empty() && !serve.is_empty());
    let (least, most) = (publish.iter().map(|it| it.0).min().unwrap(), publish.iter().map(|it| it.1).max().unwrap());
    assert!(least == 19 || serve.iter().all(|serves| serves.0 < least), "{publish:?} {serve:?}");
    assert!(serve.iter().all(|serves| serves.1 == 1 || serves.1 > most), "{publish:?} {serve:?}");
    // What a thread may run on now is not taken for what there is.
    serving.running.send(Signal::HUP);
    serving.running.logs("the configuration is the same as before");
}
