//! `kill -9` of a hub at any moment while subscribers come: none that was confirmed is lost.

use std::collections::BTreeSet;
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
    let (mut confirmed_in_all, seeds) = (0, seeds(8));
    let kills = seeds.clone().count();
    for seed in seeds {
        let (site, web, mut random) = (site(), Web::start(subscriber), Rng::of(seed, 9));
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
        // Not a wait for anything: the moment is meant to be any.
        thread::sleep(Duration::from_micros(random.below(60_000) as u64));
        serving.running.stop(Signal::KILL);
        let accepted: BTreeSet<String> = asking
            .into_iter()
            .enumerate()
            .filter_map(|(n, asked)| asked.join().unwrap().then(|| format!("/{n}")))
            .collect();
        let confirmed: BTreeSet<String> = paths(&web, "GET").union(&accepted).cloned().collect();
        confirmed_in_all += confirmed.len();
        let serving = hub_of(&site);
        site.write("site/_posts/2022-02-01-n.md", short("New", "tech"));
        serving.running.until(&format!("SEED={seed}: all of {confirmed:?} are told"), || {
            confirmed.is_subset(&paths(&web, "POST"))
        });
    }
    tell(&format!("killed {kills} times, {confirmed_in_all} subscriptions confirmed or accepted by then, none lost"));
}

/// Whether the hub said that it takes a request, before it was killed.
fn accepted(address: &str, request: &str) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let mut answer = [0; 12];
    stream.write_all(request.as_bytes()).is_ok() && stream.read_exact(&mut answer).is_ok() && answer.ends_with(b"202")
}
