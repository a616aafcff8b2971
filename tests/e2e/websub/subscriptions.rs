//! Subscriptions from the request to the end of the lease (§5), by a clock that stands still until it is moved.

use std::sync::{Mutex, mpsc};

use super::desk::Desk;
use super::subscriber::{Confirms, Subscriber, hmac_sha256};
use super::web::{Said, Web};
use super::{ATOM, RSS, request, site, with_hub};

const DAY: i64 = 86_400;

pub(super) fn desk(settings: &str) -> Desk {
    Desk::open(with_hub(site(), settings))
}

/// A subscription that is confirmed; there are so many then.
pub(super) fn subscribed(desk: &Desk, topic: &str, more: &[(&str, &str)]) -> Subscriber {
    let subscriber = Subscriber::new(Confirms::Topic(topic.to_owned()));
    renew(desk, &subscriber, topic, more);
    subscriber
}

fn renew(desk: &Desk, subscriber: &Subscriber, topic: &str, more: &[(&str, &str)]) {
    let before = desk.numbers().confirmed;
    desk.accepts(&[&request("subscribe", topic, &subscriber.callback())[..], more].concat());
    desk.until("it is confirmed", |numbers| numbers.confirmed > before);
}

#[test]
fn the_callback_s_query_is_kept_and_the_hub_s_parameters_come_after_it() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[]);
    let target = subscriber.asked(1).target;
    assert!(
        target.starts_with("/callback?id=a%20b&hub.mode=mine&hub.mode=subscribe&hub.topic=https%3A%2F%2F"),
        "{target}"
    );
    desk.publish("tech");
    assert_eq!(subscriber.gets(1).target, "/callback?id=a%20b&hub.mode=mine", "and nothing comes after it (§5.1.1)");
}

#[test]
fn each_question_has_a_challenge_of_its_own() {
    let desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[]);
    renew(&desk, &subscriber, RSS, &[]);
    let challenges: Vec<_> = subscriber.questions().iter().map(|it| it.query("hub.challenge").unwrap()).collect();
    assert!(challenges.len() == 2 && challenges[0] != challenges[1], "{challenges:?}");
}

#[test]
fn only_an_exact_echo_with_success_confirms() {
    let mut desk = desk("");
    let refusals = [
        Confirms::With(200, String::new()),
        Confirms::With(200, "CHALLENGE\n".to_owned()),
        Confirms::With(200, " CHALLENGE".to_owned()),
        Confirms::With(200, "CHALLENGECHALLENGE".to_owned()),
        Confirms::With(200, "x".repeat(1 << 20)),
        Confirms::With(404, "CHALLENGE".to_owned()),
        Confirms::With(500, "CHALLENGE".to_owned()),
        Confirms::By(301),
        Confirms::By(302),
        Confirms::By(307),
        Confirms::By(308),
    ];
    let subscribers: Vec<_> = refusals.into_iter().map(Subscriber::new).collect();
    for subscriber in &subscribers {
        desk.accepts(&request("subscribe", RSS, &subscriber.callback()));
    }
    desk.until("all are refused", |numbers| numbers.unconfirmed == 11 && numbers.asked == 0);
    let marker = subscribed(&desk, RSS, &[]);
    desk.publish("tech");
    marker.gets(1);
    for subscriber in &subscribers {
        assert_eq!(subscriber.content().len(), 0);
        assert_eq!(
            subscriber.questions().len(),
            1,
            "no redirect is followed, and none is asked twice that has answered"
        );
    }
    for success in [200, 201, 299] {
        let subscriber = Subscriber::new(Confirms::With(success, "CHALLENGE".to_owned()));
        renew(&desk, &subscriber, RSS, &[]);
    }
}

#[test]
fn a_subscriber_that_cannot_be_reached_is_asked_again_and_then_given_up() {
    let desk = desk("");
    let address = Subscriber::new(Confirms::All).web.address;
    desk.accepts(&request("subscribe", RSS, &format!("http://{address}/gone")));
    desk.until("it is given up", |numbers| numbers.unconfirmed == 1 && numbers.asked == 0);
}

#[test]
fn the_lease_is_the_hub_s_within_its_bounds() {
    let desk = desk("lease = \"5 days\"\nlongest_lease = \"20 days\"");
    for (asked, given) in [
        (None, 5 * DAY),
        (Some("86400"), DAY),
        (Some("1"), 60),
        (Some("99999999999999999999"), 20 * DAY),
        (Some(""), 5 * DAY),
    ] {
        let more: Vec<_> = asked.map(|asked| ("hub.lease_seconds", asked)).into_iter().collect();
        let question = subscribed(&desk, RSS, &more).asked(1);
        assert_eq!(question.query("hub.lease_seconds").unwrap(), given.to_string(), "{asked:?}");
    }
}

#[test]
fn a_lease_that_is_over_is_over_and_a_renewed_one_goes_on() {
    let mut desk = desk("");
    let short = subscribed(&desk, RSS, &[("hub.lease_seconds", "86400")]);
    let renewed = subscribed(&desk, RSS, &[("hub.lease_seconds", "86400")]);
    let long = subscribed(&desk, RSS, &[]);
    desk.wait(DAY - 1);
    desk.publish("tech");
    [&short, &renewed, &long].into_iter().for_each(|subscriber| drop(subscriber.gets(1)));
    renew(&desk, &renewed, RSS, &[("hub.lease_seconds", "86400")]);
    desk.wait(1);
    desk.publish("tech");
    [&renewed, &long].into_iter().for_each(|subscriber| drop(subscriber.gets(2)));
    assert_eq!((short.content().len(), desk.numbers().subscribers), (1, 2));
    desk.wait(20 * DAY);
    assert_eq!(desk.numbers().subscribers, 0);
}

#[test]
fn a_renewal_that_fails_leaves_what_was() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, RSS, &[("hub.secret", "first")]);
    subscriber.confirms(Confirms::With(404, String::new()));
    for mode in ["subscribe", "unsubscribe"] {
        let before = desk.numbers().unconfirmed;
        desk.accepts(&[&request(mode, RSS, &subscriber.callback())[..], &[("hub.secret", "second")]].concat());
        desk.until("it is refused", |numbers| numbers.unconfirmed > before);
    }
    desk.publish("tech");
    let got = subscriber.gets(1);
    assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(b"first", &got.body))));
}

#[test]
fn one_callback_may_have_several_topics_and_one_topic_several_callbacks() {
    let mut desk = desk("");
    let subscriber = Subscriber::new(Confirms::All);
    for topic in [RSS, ATOM, "https://example.com/feeds/money/rss.xml"] {
        renew(&desk, &subscriber, topic, &[]);
    }
    assert_eq!(desk.numbers().subscribers, 3);
    let topics: Vec<_> = desk.numbers().topics.into_iter().map(|it| (it.path, it.subscribers)).collect();
    assert_eq!(topics, [("atom.xml", 1), ("money/rss.xml", 1), ("rss.xml", 1)].map(|(path, n)| (path.to_owned(), n)));
    desk.publish("tech");
    subscriber.gets(2);
    desk.until("all is delivered", |numbers| numbers.delivered == 2 && numbers.under_way == 0);
    assert_eq!(subscriber.content().len(), 2, "money has not changed");
}

#[test]
fn a_topic_may_be_escaped_in_any_way_and_is_named_as_it_was() {
    let mut desk = Desk::open(with_hub(site().post("2022-01-03-c.md", crate::fixture::short("C", "科技")), ""));
    let named = "https://EXAMPLE.com:443/feeds/%e7%a7%91%e6%8a%80/%72ss.xml";
    let subscriber = subscribed(&desk, named, &[]);
    assert_eq!(subscriber.asked(1).query("hub.topic").unwrap(), named);
    desk.publish("科技");
    assert!(subscriber.gets(1).field("link").unwrap().contains("/feeds/%E7%A7%91%E6%8A%80/rss.xml>; rel=\"self\""));
}

#[test]
fn what_is_asked_wrongly_is_said_as_plain_text_and_asks_nobody() {
    let desk = desk("");
    let subscriber = Subscriber::new(Confirms::All);
    let callback = subscriber.callback();
    for (pairs, status) in [
        (request("join", RSS, &callback), 400),
        (request("publish", RSS, &callback), 403),
        (request("subscribe", "https://elsewhere.example/rss.xml", &callback), 404),
        (request("subscribe", "https://example.com/feeds/none/rss.xml", &callback), 404),
        (request("subscribe", "https://example.com/feeds/../rss.xml", &callback), 404),
        (request("subscribe", "rss.xml", &callback), 404),
        (request("subscribe", RSS, "nowhere"), 400),
    ] {
        let reply = desk.asks(&pairs);
        assert_eq!(reply.status, status, "{pairs:?}: {reply:?}");
        assert!(!reply.text.is_empty() && !reply.text.contains("127.0.0.1"), "{reply:?}");
    }
    // Whoever leaves what it never had is told the same as everybody.
    desk.accepts(&request("unsubscribe", RSS, &callback));
    assert_eq!((subscriber.web.connections(), desk.numbers().refused), (0, 7));
}

#[test]
fn who_subscribes_to_a_feed_that_goes_is_told_so() {
    let mut desk = desk("");
    let subscriber = subscribed(&desk, "https://example.com/feeds/money/rss.xml", &[]);
    let other = subscribed(&desk, RSS, &[]);
    desk.site.remove("site/_posts/2022-01-02-b.md");
    desk.publish_all();
    let denied = subscriber.asked(2);
    assert_eq!(denied.query("hub.mode").unwrap(), "denied");
    assert_eq!(denied.query("hub.topic").unwrap(), "https://example.com/feeds/money/rss.xml");
    assert_eq!(denied.query("hub.reason").unwrap(), "this feed is gone");
    other.gets(1);
    desk.until("it is out", |numbers| numbers.subscribers == 1);
    desk.reopen();
    assert_eq!(desk.numbers().subscribers, 1);
}

#[test]
fn who_confirms_what_has_gone_meanwhile_is_told_so() {
    let desk = desk("");
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let web = Web::start(move |heard| match heard.query("hub.challenge") {
        Some(challenge) => {
            released.lock().unwrap().recv().unwrap();
            Said::text(200, &challenge)
        }
        None => Said::just(204),
    });
    desk.accepts(&request("subscribe", "https://example.com/feeds/money/rss.xml", &web.url("/")));
    desk.site.remove("site/_posts/2022-01-02-b.md");
    desk.publish_all();
    release.send(()).unwrap();
    let heard = web.until("it is denied", |heard| heard.len() == 2);
    assert_eq!(heard[1].query("hub.mode").unwrap(), "denied");
    assert_eq!(desk.numbers().subscribers, 0);
}
