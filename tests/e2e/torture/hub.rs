//! `kill -9` of a hub at any moment while subscribers come, are imported and are removed: none that was confirmed is lost, and none that
//! was removed comes back.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use syndicated_bench::rng::Rng;

use super::{seeds, tell};
use crate::fixture::{Site, short};
use crate::http::Serving;
use crate::websub::web::{Heard, Said, Web};
use crate::websub::{RSS, form, request};

/// How many subscribe while the hub is killed.
const SUBSCRIBERS: usize = 24;

fn site() -> Site {
    Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech"))
        .config("[websub]\nhub = true\nallow_private_callbacks = true")
}

/// Echoes what it is asked, and takes what it gets.
fn subscriber(heard: &Heard) -> Said {
    match heard.query("hub.challenge") {
        Some(challenge) => Said::text(200, &challenge),
        None => Said::just(204),
    }
}

fn paths(web: &Web, method: &str) -> BTreeSet<String> {
    let path = |heard: &Heard| heard.target.split('?').next().unwrap().to_owned();
    web.heard().iter().filter(|heard| heard.method == method).map(path).collect()
}

fn hub_of(site: &Site) -> Serving {
    let serving = Serving::start(site);
    serving.running.logs("a hub for these feeds");
    serving
}

#[test]
fn what_was_confirmed_outlives_kill_9_at_any_moment() {
    let (mut confirmed_in_all, mut removed_in_all, seeds) = (0, 0, seeds(8));
    let kills = seeds.clone().count();
    for seed in seeds {
        let (site, web, mut random) = (site(), Web::start(subscriber), Rng::of(seed, 9));
        site.build();
        site.write("old.jsonl", records(&web, "old", 2));
        site.write("given.jsonl", records(&web, "given", 8));
        site.run_cmd(["hub", "import", "old.jsonl"]).exits(0);
        let mut serving = hub_of(&site);
        let address = serving.address.clone();
        let asking: Vec<_> = (0..SUBSCRIBERS)
            .map(|n| {
                let body = form(&request("subscribe", RSS, &web.url(&format!("/{n}"))));
                let kind = "application/x-www-form-urlencoded";
                let head = format!("POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\nContent-Type: {kind}\r\n");
                let (request, address) =
                    (format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()), address.clone());
                thread::spawn(move || accepted(&address, &request))
            })
            .collect();
        // What they say when the service is killed beneath them is of no interest here.
        let spawn =
            |arguments: &[&str]| site.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut importing = spawn(&["hub", "import", "given.jsonl"]);
        let mut removing = spawn(&["hub", "remove", &web.url("/old/0")]);
        // Not a wait for anything: the moment is meant to be any.
        thread::sleep(Duration::from_micros(random.below(60_000) as u64));
        serving.running.stop(Signal::KILL);
        let taken =
            asking.into_iter().enumerate().filter_map(|(n, asked)| asked.join().unwrap().then(|| format!("/{n}")));
        let mut held: BTreeSet<String> = taken.chain(["/old/1".to_owned()]).collect();
        held.extend(paths(&web, "GET").into_iter().filter(|path| !path.starts_with("/old")));
        if importing.wait().unwrap().success() {
            held.extend((0..8).map(|n| format!("/given/{n}")));
        }
        let is_removed = removing.wait().unwrap().success();
        (confirmed_in_all, removed_in_all) = (confirmed_in_all + held.len(), removed_in_all + usize::from(is_removed));
        let serving = hub_of(&site);
        site.write("site/_posts/2022-02-01-n.md", short("Newest", "tech"));
        serving.running.until(&format!("SEED={seed}: all of {held:?} are told"), || held.is_subset(&told(&web)));
        assert!(!(is_removed && told(&web).contains("/old/0")), "SEED={seed}: who was removed is back");
    }
    tell(&format!(
        "killed {kills} times, {confirmed_in_all} subscriptions confirmed, accepted or imported by then, none lost; {removed_in_all} removed, none back"
    ));
}

/// What `hub export` would print.
fn records(web: &Web, name: &str, many: usize) -> String {
    let record = |n: usize| {
        let callback = web.url(&format!("/{name}/{n}"));
        format!("{{\"path\":\"rss.xml\",\"topic\":\"{RSS}\",\"callback\":\"{callback}\",\"until\":99999999999}}\n")
    };
    (0..many).map(record).collect()
}

/// Who was told of the newest post.
fn told(web: &Web) -> BTreeSet<String> {
    let is_told = |heard: &&Heard| heard.method == "POST" && String::from_utf8_lossy(&heard.body).contains("Newest");
    web.heard().iter().filter(is_told).map(|heard| heard.target.clone()).collect()
}

/// Whether the hub said that it takes a request, before it was killed.
fn accepted(address: &str, request: &str) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let mut answer = [0; 12];
    stream.write_all(request.as_bytes()).is_ok() && stream.read_exact(&mut answer).is_ok() && answer.ends_with(b"202")
}
