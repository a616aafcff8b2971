//! Content distribution (§7): what is delivered to whom, how often, and what becomes of those who do not take it.

use std::sync::{Mutex, mpsc};

use super::desk::Desk;
use super::subscriber::hmac_sha256;
use super::subscriptions::{desk, subscribed};
use super::web::{Said, Web};
use super::{ATOM, RSS, request, site, with_hub};
use crate::fixture::short;
use crate::reading::Read;

#[test]
fn everybody_gets_each_change_of_its_topic_once_and_nothing_else() {
    let mut desk = desk("");
    let (rss, tech) = (subscribed(&desk, RSS, &[]), subscribed(&desk, "https://example.com/feeds/tech/atom.xml", &[]));
    for number in 1..=3 {
        desk.publish("money");
        assert_eq!(Read::parse(&rss.gets(number).body).titles()[0], format!("New {number}"));
        desk.publish_all();
    }
    desk.publish("tech");
    tech.gets(1);
    rss.gets(4);
    desk.until("all is delivered", |numbers| numbers.delivered == 5 && numbers.under_way == 0);
    assert_eq!((rss.content().len(), tech.content().len()), (4, 1));
}

#[test]
fn what_fails_is_tried_again_until_it_is_taken_with_what_is_new_by_then() {
    let mut desk = desk("");
    let (failing, other) = (subscribed(&desk, RSS, &[]), subscribed(&desk, RSS, &[]));
    for status in [500, 404, 302, 400] {
        failing.takes_with(status);
        let before = failing.content().len();
        desk.publish("tech");
        failing.gets(before + 2);
    }
    failing.takes_with(200);
    desk.until("it has the newest", |numbers| numbers.delivered >= 5 && numbers.waiting == 0 && numbers.under_way == 0);
    assert_eq!(Read::parse(&failing.content().pop().unwrap().body).titles()[0], "New 4");
    assert_eq!(other.content().len(), 4);
    let numbers = desk.numbers();
    assert!(numbers.failed >= 8 && numbers.retried >= 4, "{numbers:?}");
}

#[test]
fn a_subscriber_that_fails_stays_one_until_its_lease_is_over() {
    let mut desk = desk("");
    let failing = subscribed(&desk, RSS, &[("hub.lease_seconds", "86400")]);
    failing.takes_with(500);
    desk.publish("tech");
    failing.gets(5);
    assert_eq!(desk.numbers().subscribers, 1);
    desk.wait(86_400);
    desk.until("nobody is tried any more", |numbers| numbers.waiting == 0 && numbers.under_way == 0);
}

#[test]
fn a_410_ends_it() {
    let mut desk = desk("");
    let (gone, other) = (subscribed(&desk, RSS, &[]), subscribed(&desk, RSS, &[]));
    gone.takes_with(410);
    desk.publish("tech");
    gone.gets(1);
    desk.until("it is out", |numbers| numbers.subscribers == 1 && numbers.gone == 1);
    desk.publish("tech");
    other.gets(2);
    desk.reopen();
    desk.publish("tech");
    other.gets(3);
    assert_eq!(gone.content().len(), 1);
}

#[test]
fn what_was_published_while_the_hub_was_away_is_delivered_when_it_is_back() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[("hub.secret", "hush")]);
    desk.close();
    desk.site.write("site/_posts/2022-02-01-n.md", short("Meanwhile", "tech"));
    desk.site.build();
    desk.reopen();
    let got = subscriber.gets(1);
    assert_eq!(Read::parse(&got.body).titles()[0], "Meanwhile");
    assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(b"hush", &got.body))));
    desk.until("it is delivered", |numbers| numbers.delivered == 1);
    desk.reopen();
    desk.publish("tech");
    subscriber.gets(2);
    assert_eq!(subscriber.content().len(), 2);
}

#[test]
fn what_is_published_between_request_and_confirmation_is_delivered() {
    let mut desk = desk("");
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let web = Web::start(move |heard| match heard.method.as_str() {
        "GET" => {
            released.lock().unwrap().recv().unwrap();
            Said::text(200, &heard.query("hub.challenge").unwrap())
        }
        _ => Said::just(204),
    });
    desk.accepts(&request("subscribe", RSS, &web.url("/")));
    desk.publish("tech");
    release.send(()).unwrap();
    let heard = web.until("content", |heard| heard.len() == 2);
    assert_eq!(Read::parse(&heard[1].body).titles()[0], "New 1");
}

#[test]
fn each_algorithm_signs() {
    for (name, digits) in [("sha1", 40), ("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        let mut desk = desk(&format!("signature = \"{name}\""));
        let subscriber = subscribed(&desk, RSS, &[("hub.secret", "hush")]);
        desk.publish("tech");
        let got = subscriber.gets(1);
        let (method, signature) = got.field("x-hub-signature").unwrap().split_once('=').unwrap();
        assert_eq!((method, signature.len()), (name, digits));
    }
}

#[test]
fn by_setting_only_what_is_new_is_delivered_to_who_has_the_rest() {
    for (topic, part) in [(RSS, "<item>"), (ATOM, "<entry>")] {
        let mut desk = desk("deliver = \"changes\"");
        let (takes, fails) = (subscribed(&desk, topic, &[("hub.secret", "hush")]), subscribed(&desk, topic, &[]));
        desk.publish("tech");
        let got = takes.gets(1);
        assert_eq!(Read::parse(&got.body).titles(), ["New 1"]);
        assert_eq!(String::from_utf8_lossy(&got.body).matches(part).count(), 1);
        assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(b"hush", &got.body))));
        fails.gets(1);
        desk.until("both have it", |numbers| numbers.delivered == 2);
        fails.takes_with(500);
        desk.publish("tech");
        assert_eq!(Read::parse(&takes.gets(2).body).titles(), ["New 2"]);
        fails.gets(3);
        desk.publish("tech");
        assert_eq!(Read::parse(&takes.gets(3).body).titles(), ["New 3"]);
        fails.takes_with(200);
        desk.until("both have it", |numbers| numbers.delivered == 5 && numbers.waiting == 0);
        let all = Read::parse(&fails.content().pop().unwrap().body);
        assert_eq!(all.titles(), ["New 3", "New 2", "New 1", "B", "A"], "who has missed one gets all");
    }
}

#[test]
fn json_feeds_are_delivered_whole_whatever_the_setting() {
    let mut desk = Desk::open(with_hub(site(), "deliver = \"changes\"\n[output]\nformats = [\"json\"]"));
    let subscriber = subscribed(&desk, "https://example.com/feeds/feed.json", &[]);
    desk.publish("tech");
    let feed: serde_json::Value = serde_json::from_slice(&subscriber.gets(1).body).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 3);
}

#[test]
fn an_answer_s_body_is_of_no_interest_whatever_its_size() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[]);
    subscriber.takes_with(200);
    for number in 1..=3 {
        desk.publish("tech");
        subscriber.gets(number);
    }
    desk.until("all are delivered", |numbers| numbers.delivered == 3);
}

#[test]
fn an_answer_s_body_that_never_comes_is_of_no_interest_either() {
    let mut desk = desk("");
    let web = Web::start(|heard| match heard.query("hub.challenge") {
        Some(challenge) => Said::text(200, &challenge),
        None => Said { missing: 10, ..Said::text(200, "tha") },
    });
    desk.accepts(&request("subscribe", RSS, &web.url("/")));
    desk.until("it is confirmed", |numbers| numbers.confirmed == 1);
    desk.publish("tech");
    assert_eq!(desk.until("it is delivered", |numbers| numbers.delivered == 1).failed, 0);
}

#[test]
fn a_move_of_the_site_takes_subscribers_along() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[]);
    desk.close();
    desk.site.write("site/_config.yml", "title: Example\nurl: https://moved.example\ntimezone: UTC\n");
    desk.site.build();
    desk.reopen();
    let link = subscriber.gets(1).field("link").unwrap().to_owned();
    assert_eq!(
        link,
        "<https://moved.example/feeds/rss.xml>; rel=\"self\", <https://moved.example/feeds/_hub>; rel=\"hub\""
    );
}
