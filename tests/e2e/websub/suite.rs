//! The cases of the public test suite (websub.rocks), numbered as there: the one for publishers, which has no number; for subscribers 100 to
//! 104 (discovery), 200 to 205 (subscription) and 300 to 302 (distribution), of each what it takes of a publisher and a hub; for hubs 100 to
//! 106. The service is the real one, by HTTP.

use super::subscriber::{Confirms, Subscriber, hmac_sha256, links};
use super::web::Heard;
use super::{ATOM, HUB, RSS, form, request, site, with_hub};
use crate::fixture::{Site, short};
use crate::http::{Response, Serving};

struct Hub {
    site: Site,
    serving: Serving,
    posts: usize,
}

impl Hub {
    fn start() -> Self {
        Self::of(with_hub(site(), ""))
    }

    fn of(site: Site) -> Self {
        let serving = Serving::start(&site);
        serving.running.logs("a hub for these feeds");
        Self { site, serving, posts: 0 }
    }

    fn asks(&self, pairs: &[(&str, &str)]) -> Response {
        let body = form(pairs);
        let (length, kind) = (body.len(), "application/x-www-form-urlencoded");
        self.serving.sends(format!(
            "POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    }

    fn publishes(&mut self) -> String {
        self.posts += 1;
        let title = format!("New {}", self.posts);
        self.site.write(&format!("site/_posts/2022-03-{:02}-n.md", self.posts), short(&title, "tech"));
        title
    }

    /// A subscription that is confirmed.
    fn subscribes(&self, topic: &str, more: &[(&str, &str)]) -> Subscriber {
        let subscriber = Subscriber::new(Confirms::Topic(topic.to_owned()));
        let (callback, before) = (subscriber.callback(), self.count("confirmed"));
        self.asks(&[&request("subscribe", topic, &callback)[..], more].concat()).is(202);
        self.is_confirmed(&subscriber, before + 1);
        subscriber
    }

    fn is_confirmed(&self, subscriber: &Subscriber, many: u64) {
        subscriber.asked(1);
        self.serving.running.until("it is confirmed", || self.count("confirmed") >= many);
    }

    fn count(&self, name: &str) -> u64 {
        let status = self.site.run_cmd(["status", "--json"]).exits(0);
        let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
        status["websub"]["hub"][name].as_u64().unwrap()
    }

    /// What arrived is the topic as it is served, with all that has to come with it (§7).
    #[track_caller]
    fn is_the_topic(&self, got: &Heard, path: &str) {
        let served = self.serving.get(path).is(200);
        assert_eq!(got.body, served.body);
        assert_eq!(got.field("content-type"), served.field("content-type"));
        let link = got.field("link").unwrap();
        assert_eq!(links(link, "self"), [format!("https://example.com{path}")]);
        assert_eq!(links(link, "hub"), [HUB]);
    }
}

/// Discovery, a subscription for two hours, and a notification, as the suite's page for publishers goes through them.
#[test]
fn publisher_is_discovered_subscribed_to_and_heard_of() {
    let mut hub = Hub::start();
    for path in ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/tech/atom.xml"] {
        let served = hub.serving.get(path).is(200);
        let link = served.field("link").unwrap();
        let (hubs, topics) = (links(link, "hub"), links(link, "self"));
        assert_eq!((hubs, topics.len()), (vec![HUB.to_owned()], 1), "exactly one topic");
        let subscriber = hub.subscribes(&topics[0], &[("hub.lease_seconds", "7200")]);
        assert_eq!(subscriber.asked(1).query("hub.lease_seconds").unwrap(), "7200");
        hub.publishes();
        hub.is_the_topic(&subscriber.gets(1), path);
        hub.asks(&request("unsubscribe", &topics[0], &subscriber.callback())).is(202);
        hub.serving.running.until("it has left", || hub.count("subscribers") == 0);
    }
}

#[test]
fn subscriber_100_hub_and_topic_are_found_by_http_headers() {
    let hub = Hub::start();
    for method in ["GET", "HEAD"] {
        let link = hub.serving.asks(method, "/feeds/rss.xml", &[]).is(200).field("link").unwrap().to_owned();
        assert_eq!((links(&link, "hub"), links(&link, "self")), (vec![HUB.to_owned()], vec![RSS.to_owned()]));
    }
}

#[test]
fn subscriber_101_by_html_tags_is_for_pages_and_feeds_are_none() {
    let hub = Hub::start();
    // What is no feed is nobody's topic.
    assert_eq!(hub.asks(&request("subscribe", "https://example.com/", "https://sub.example/")).status, 404);
    assert_eq!(
        hub.asks(&request("subscribe", "https://example.com/feeds/feeds.opml", "https://sub.example/")).status,
        404
    );
}

/// The links of a document that a strict parser finds directly in this element.
fn links_in(document: &[u8], element: &str, relation: &str) -> Vec<String> {
    let text = std::str::from_utf8(document).unwrap();
    let document = roxmltree::Document::parse(text).unwrap();
    let parent = document.descendants().find(|node| node.tag_name().name() == element).unwrap();
    let is_link = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name(("http://www.w3.org/2005/Atom", "link")) && node.attribute("rel") == Some(relation)
    };
    parent.children().filter(is_link).map(|node| node.attribute("href").unwrap().to_owned()).collect()
}

#[test]
fn subscriber_102_hub_and_topic_are_found_in_atom() {
    let hub = Hub::start();
    let document = hub.serving.get("/feeds/atom.xml").is(200).body;
    assert_eq!(links_in(&document, "feed", "hub"), [HUB]);
    assert_eq!(links_in(&document, "feed", "self"), [ATOM]);
}

#[test]
fn subscriber_103_hub_and_topic_are_found_in_rss() {
    let hub = Hub::start();
    let document = hub.serving.get("/feeds/rss.xml").is(200).body;
    assert_eq!(links_in(&document, "channel", "hub"), [HUB]);
    assert_eq!(links_in(&document, "channel", "self"), [RSS]);
}

#[test]
fn subscriber_104_headers_and_documents_say_the_same() {
    let hub = Hub::of(with_hub(site(), "hubs = [\"https://one.example/\", \"https://two.example/\"]"));
    for path in ["/feeds/rss.xml", "/feeds/tech/atom.xml", "/feeds/money/rss.xml"] {
        let served = hub.serving.get(path).is(200);
        let element = if path.ends_with("rss.xml") { "channel" } else { "feed" };
        for relation in ["hub", "self"] {
            let by_header = links(served.field("link").unwrap(), relation);
            assert_eq!(by_header, links_in(&served.body, element, relation), "{path}");
            assert_eq!(by_header.len(), if relation == "hub" { 3 } else { 1 });
            // Many subscribers, and the suite, go by the first hub.
            assert_eq!(by_header[0] == HUB, relation == "hub");
        }
    }
}

#[test]
fn subscriber_200_the_topic_is_the_address_that_it_states_itself() {
    let mut hub = Hub::start();
    // By whatever address it was fetched.
    let link = hub.serving.asks("GET", "/feeds/rss.xml?utm=x", &[]).is(200).field("link").unwrap().to_owned();
    let topic = links(&link, "self").pop().unwrap();
    assert_eq!(topic, RSS);
    assert_eq!(hub.asks(&request("subscribe", &format!("{topic}?utm=x"), "https://sub.example/")).status, 404);
    let subscriber = hub.subscribes(&topic, &[]);
    hub.publishes();
    hub.is_the_topic(&subscriber.gets(1), "/feeds/rss.xml");
}

#[test]
fn subscriber_201_and_202_a_topic_that_has_moved_sends_there() {
    let mut hub = Hub::of(with_hub(site(), "[aliases]\n\"old.xml\" = \"atom.xml\""));
    let moved = hub.serving.get("/feeds/old.xml").is(301);
    assert_eq!(moved.field("location"), Some(ATOM));
    // Who has not noticed yet is told all the same, as the migration of §6.1 wants it.
    let subscriber = hub.subscribes("https://example.com/feeds/old.xml", &[]);
    hub.publishes();
    hub.is_the_topic(&subscriber.gets(1), "/feeds/atom.xml");
}

#[test]
fn subscriber_203_and_204_the_hub_itself_sends_nobody_elsewhere() {
    let hub = Hub::start();
    let reply = hub.serving.get("/feeds/_hub").is(405);
    assert_eq!((reply.field("allow"), reply.field("location")), (Some("POST"), None));
}

#[test]
fn subscriber_205_a_subscriber_that_rejects_a_topic_is_not_subscribed() {
    let mut hub = Hub::start();
    let subscriber = Subscriber::new(Confirms::Topic(ATOM.to_owned()));
    hub.asks(&request("subscribe", RSS, &subscriber.callback())).is(202);
    subscriber.asked(1);
    hub.serving.running.until("it has been refused", || hub.count("unconfirmed") == 1);
    let other = hub.subscribes(RSS, &[]);
    hub.publishes();
    other.gets(1);
    assert_eq!(subscriber.content().len(), 0);
}

#[test]
fn subscriber_300_a_2xx_of_any_kind_is_success() {
    for status in [200, 202, 204, 299] {
        let mut hub = Hub::start();
        let subscriber = hub.subscribes(RSS, &[]);
        subscriber.takes_with(status);
        hub.publishes();
        subscriber.gets(1);
        hub.serving.running.until("it is delivered", || hub.count("delivered") == 1);
        assert_eq!((hub.count("failed"), hub.count("waiting")), (0, 0));
    }
}

#[test]
fn subscriber_301_and_302_with_a_secret_everything_is_signed_and_rightly() {
    let mut hub = Hub::start();
    let (signed, plain) =
        (hub.subscribes(RSS, &[("hub.secret", "s3cret, and more than one block of it: sixty-four bytes of a key")]), {
            let subscriber = Subscriber::new(Confirms::All);
            hub.asks(&request("subscribe", RSS, &subscriber.callback())).is(202);
            hub.is_confirmed(&subscriber, 2);
            subscriber
        });
    for number in 1..=2 {
        hub.publishes();
        let got = signed.gets(number);
        let key = b"s3cret, and more than one block of it: sixty-four bytes of a key";
        assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(key, &got.body))));
        assert_eq!(plain.gets(number).field("x-hub-signature"), None);
    }
}

#[test]
fn hub_100_a_typical_request() {
    let mut hub = Hub::start();
    let subscriber = hub.subscribes(RSS, &[]);
    let question = subscriber.asked(1);
    let ours = |name: &str| question.query(name).unwrap();
    assert_eq!((ours("hub.mode"), ours("hub.topic")), ("subscribe".to_owned(), RSS.to_owned()));
    assert_eq!(ours("hub.lease_seconds"), "864000");
    assert!(ours("hub.challenge").len() >= 32);
    let title = hub.publishes();
    let got = subscriber.gets(1);
    hub.is_the_topic(&got, "/feeds/rss.xml");
    assert_eq!(crate::reading::Read::parse(&got.body).titles()[0], title);
    assert_eq!(got.field("x-hub-signature"), None);
}

#[test]
fn hub_101_with_a_secret() {
    let mut hub = Hub::start();
    let subscriber = hub.subscribes(ATOM, &[("hub.secret", "hush")]);
    hub.publishes();
    let got = subscriber.gets(1);
    hub.is_the_topic(&got, "/feeds/atom.xml");
    assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(b"hush", &got.body))));
}

#[test]
fn hub_102_additional_parameters_are_ignored() {
    let mut hub = Hub::start();
    let subscriber = hub.subscribes(RSS, &[("foo", "bar"), ("hub.foo", "hub.bar")]);
    hub.publishes();
    hub.is_the_topic(&subscriber.gets(1), "/feeds/rss.xml");
}

#[test]
fn hub_103_who_subscribes_again_is_one_subscriber() {
    let mut hub = Hub::start();
    let subscriber = hub.subscribes(RSS, &[("hub.secret", "old")]);
    let callback = subscriber.callback();
    let again = [&request("subscribe", RSS, &callback)[..], &[("hub.secret", "new")]].concat();
    hub.asks(&again).is(202);
    subscriber.asked(2);
    hub.is_confirmed(&subscriber, 2);
    assert_eq!(hub.count("subscribers"), 1);
    for number in 1..=2 {
        hub.publishes();
        let got = subscriber.gets(number);
        assert_eq!(got.field("x-hub-signature"), Some(&*format!("sha256={}", hmac_sha256(b"new", &got.body))));
    }
    assert_eq!(subscriber.content().len(), 2, "once each");
}

#[test]
fn hub_104_who_leaves_gets_nothing_more() {
    let mut hub = Hub::start();
    let (leaves, stays) = (hub.subscribes(RSS, &[]), Subscriber::new(Confirms::All));
    hub.asks(&request("subscribe", RSS, &stays.callback())).is(202);
    hub.is_confirmed(&stays, 2);
    hub.publishes();
    leaves.gets(1);
    stays.gets(1);
    hub.asks(&request("unsubscribe", RSS, &leaves.callback())).is(202);
    assert_eq!(leaves.asked(2).query("hub.mode").unwrap(), "unsubscribe");
    hub.is_confirmed(&leaves, 3);
    hub.publishes();
    stays.gets(2);
    assert_eq!(leaves.content().len(), 1);
    assert_eq!(hub.count("subscribers"), 1);
}

#[test]
fn hub_105_a_plain_text_topic_is_none_of_a_site_of_feeds() {
    let hub = Hub::start();
    hub.site.write("feeds/notes.txt", "not ours");
    let reply = hub.asks(&request("subscribe", "https://example.com/feeds/notes.txt", "https://sub.example/"));
    assert_eq!((reply.status, reply.field("content-type")), (404, Some("text/plain; charset=utf-8")));
}

#[test]
fn hub_106_a_topic_in_json() {
    let mut hub = Hub::of(with_hub(site(), "[output]\nformats = [\"json\", \"rss\"]"));
    let topic = "https://example.com/feeds/feed.json";
    let document: serde_json::Value = serde_json::from_slice(&hub.serving.get("/feeds/feed.json").body).unwrap();
    assert_eq!(document["hubs"], serde_json::json!([{ "type": "WebSub", "url": HUB }]));
    assert_eq!(document["feed_url"], topic);
    let subscriber = hub.subscribes(topic, &[]);
    hub.publishes();
    let got = subscriber.gets(1);
    hub.is_the_topic(&got, "/feeds/feed.json");
    assert_eq!(got.field("content-type"), Some("application/feed+json; charset=utf-8"));
}
