//! Who is slow or dead keeps nobody else waiting, on its own host neither.

use super::RSS;
use super::desk::Desk;
use super::request;
use super::subscriber::{Confirms, Subscriber};
use super::subscriptions::desk;
use super::web::{Heard, Said, Web};

#[test]
fn subscribers_that_hang_keep_nobody_waiting() {
    let mut desk = desk("");
    let (hangs, takes) = (Subscriber::new(Confirms::All), Subscriber::new(Confirms::All));
    let names: Vec<String> = (0..300).map(|n| format!("h{n}.example")).collect();
    for name in names.iter().map(String::as_str).chain(["good.example"]) {
        desk.names.lead(name, &["127.0.0.1"]);
    }
    for name in &names {
        desk.accepts(&request("subscribe", RSS, &format!("http://{name}:{}/", hangs.web.address.port())));
    }
    desk.accepts(&request("subscribe", RSS, &format!("http://good.example:{}/", takes.web.address.port())));
    desk.until("all are confirmed", |numbers| numbers.confirmed == 301);
    hangs.takes_with(0);
    for number in 1..=2 {
        desk.publish("tech");
        takes.gets(number);
    }
    let numbers = desk.until("it is counted", |numbers| numbers.delivered == 2);
    assert!(numbers.under_way + numbers.waiting >= 300, "the others hang on: {numbers:?}");
}

/// More than a host may have under way, of any kind.
const MANY: usize = 60;

fn hangs(heard: &Heard) -> bool {
    heard.target.starts_with("/hangs")
}

/// One host for all, which takes what it gets, but for some paths that never answer.
fn shared_host(desk: &Desk, hangs: impl Fn(&Heard) -> bool + Send + Sync + 'static) -> (Web, String) {
    desk.names.lead("reader.example", &["127.0.0.1"]);
    let web = Web::start(move |heard| match heard.query("hub.challenge") {
        _ if hangs(heard) => Said::just(0),
        Some(challenge) => Said::text(200, &challenge),
        None => Said::just(204),
    });
    let address = format!("http://reader.example:{}", web.address.port());
    (web, address)
}

fn deliveries(heard: &[Heard], path: &str) -> usize {
    heard.iter().filter(|heard| heard.method == "POST" && heard.target == path).count()
}

#[test]
fn subscribers_that_hang_keep_those_of_the_same_host_waiting_for_a_moment_at_most() {
    let mut desk = desk("");
    let (web, host) = shared_host(&desk, |heard| heard.method == "POST" && hangs(heard));
    let paths = (0..MANY).map(|n| format!("/hangs/{n}")).chain(["/takes".to_owned()]);
    for (before, path) in paths.enumerate() {
        desk.accepts(&request("subscribe", RSS, &format!("{host}{path}")));
        // One after the other, so that who hangs comes first.
        desk.until("it is confirmed", |numbers| numbers.confirmed > before as u64);
    }
    for number in 1..=3 {
        desk.publish("tech");
        web.until("the one that takes it has it", |heard| deliveries(heard, "/takes") == number);
    }
    let numbers = desk.until("it is counted", |numbers| numbers.delivered == 3);
    assert!(numbers.under_way + numbers.waiting >= MANY as u64, "the others hang on: {numbers:?}");
    assert!(numbers.under_way <= 40, "a host has a bound: {numbers:?}");
}

#[test]
fn who_asks_for_those_that_hang_keeps_subscribers_of_the_same_host_from_nothing() {
    let mut desk = desk("");
    let (web, host) = shared_host(&desk, hangs);
    desk.accepts(&request("subscribe", RSS, &format!("{host}/takes")));
    desk.until("it is confirmed", |numbers| numbers.confirmed == 1);
    for n in 0..MANY {
        desk.accepts(&request("subscribe", RSS, &format!("{host}/hangs/{n}")));
    }
    for number in 1..=2 {
        desk.publish("tech");
        web.until("who was subscribed has it", |heard| deliveries(heard, "/takes") == number);
    }
    // And whoever else comes is asked.
    desk.accepts(&request("subscribe", RSS, &format!("{host}/comes")));
    assert_eq!(desk.until("it has been asked", |numbers| numbers.confirmed == 2).unconfirmed, 0);
}
