//! `hub list`, `export`, `import` and `remove`: subscriptions cannot be made again, so they can be kept and moved.

use rustix::process::Signal;
use syndicated::websub::records::Record;

use super::subscriber::{Confirms, Subscriber};
use super::{RSS, form, request, site, with_hub};
use crate::fixture::{Site, short};
use crate::http::Serving;

struct Moving {
    site: Site,
    one: Subscriber,
    two: Subscriber,
}

/// A site whose service has ended, with two subscribers.
fn subscribed() -> Moving {
    let (moving, mut serving) = serving();
    assert_eq!(serving.running.stop(Signal::TERM), Some(0));
    moving
}

fn hub_of(site: &Site) -> Serving {
    let serving = Serving::start(site);
    serving.running.logs("a hub for these feeds");
    serving
}

/// A site whose service runs, with two subscribers.
fn serving() -> (Moving, Serving) {
    let site = with_hub(site(), "");
    let (one, two) = (Subscriber::new(Confirms::All), Subscriber::new(Confirms::All));
    let serving = hub_of(&site);
    for (subscriber, secret) in [(&one, "hush"), (&two, "")] {
        let body = form(&[&request("subscribe", RSS, &subscriber.callback())[..], &[("hub.secret", secret)]].concat());
        let kind = "application/x-www-form-urlencoded";
        let head = format!("POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\nContent-Type: {kind}\r\n");
        serving.sends(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).is(202);
        subscriber.asked(1);
    }
    serving.running.until("both are listed", || listed(&site) == 2);
    (Moving { site, one, two }, serving)
}

fn listed(site: &Site) -> usize {
    site.run_cmd(["hub", "list"]).exits(0).stdout.lines().count()
}

#[test]
fn subscriptions_are_listed_exported_and_imported_elsewhere() {
    let Moving { site, one, two } = subscribed();
    let listed = site.run_cmd(["hub", "list"]).exits(0).stdout;
    assert!(
        listed.contains("rss.xml\t20") && listed.contains("signed") && listed.contains(&one.callback()),
        "{listed}"
    );
    let exported = site.run_cmd(["hub", "export"]).exits(0).stdout;
    assert_eq!((exported.lines().count(), exported.matches("\"secret\":\"hush\"").count()), (2, 1));
    let other = with_hub(super::site(), "").file("subscriptions.jsonl", &exported);
    other.run_cmd(["hub", "list"]).exits(0).complains("nobody subscribes");
    other.run_cmd(["hub", "import", "subscriptions.jsonl"]).exits(0).says("2 subscriptions were imported");
    assert_eq!(other.run_cmd(["hub", "export"]).exits(0).stdout, exported);
    let _serving = hub_of(&other);
    other.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    assert!(one.gets(1).field("x-hub-signature").is_some() && two.gets(1).field("x-hub-signature").is_none());
}

#[test]
fn what_cannot_be_imported_is_said_with_its_line_and_nothing_is() {
    let site = with_hub(site(), "");
    let good = r#"{"path":"rss.xml","topic":"x","callback":"https://sub.example/","until":99999999999}"#;
    for (line, why) in [("{\"secret\":\"hush\"}", "no line of"), (&*good.replace("https", "ftp"), "`callback`")] {
        site.write("subscriptions.jsonl", format!("{good}\n\n{line}\n"));
        let ran = site.run_cmd(["hub", "import", "subscriptions.jsonl"]).exits(2);
        assert!(!ran.stderr.contains("hush"), "{ran:?}");
        ran.complains("subscriptions.jsonl:3: ").complains(why);
    }
    site.run_cmd(["hub", "list"]).exits(0).complains("nobody subscribes");
    site.write("subscriptions.jsonl", good.replace("99999999999", "1"));
    site.run_cmd(["hub", "import", "subscriptions.jsonl"]).exits(0).says("0 subscriptions were imported; 1 are over");
}

#[test]
fn who_is_removed_is_told_so() {
    let Moving { site, one, two } = subscribed();
    site.run_cmd(["hub", "remove", "https://nobody.example/"]).exits(2).complains("no subscription");
    site.run_cmd(["hub", "remove", &one.callback()]).exits(0).says("1 subscriptions were removed");
    let denied = one.asked(2);
    assert_eq!((denied.query("hub.mode").unwrap(), denied.query("hub.topic").unwrap()), ("denied".into(), RSS.into()));
    assert!(denied.query("hub.reason").is_some());
    assert_eq!(listed(&site), 1);
    site.run_cmd(["hub", "remove", "127.0.0.1"]).exits(0).says("1 subscriptions were removed");
    two.asked(2);
}

#[test]
fn while_the_service_runs_a_bad_subscriber_is_removed_for_good() {
    let (Moving { site, one, two }, mut serving) = serving();
    site.run_cmd(["hub", "remove", "https://nobody.example/"]).exits(2).complains("no subscription");
    site.run_cmd(["hub", "remove", &one.callback()]).exits(0).says("1 subscriptions were removed");
    // It is on the disk by now.
    serving.running.stop(Signal::KILL);
    assert_eq!(listed(&site), 1);
    let serving = hub_of(&site);
    site.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    two.gets(1);
    site.run_cmd(["hub", "remove", "127.0.0.1"]).exits(0).says("1 subscriptions were removed");
    assert_eq!(two.asked(2).query("hub.mode").unwrap(), "denied");
    site.write("site/_posts/2022-03-02-n.md", short("N 2", "tech"));
    serving.running.settles(&site);
    assert_eq!((one.content().len(), two.content().len(), listed(&site)), (0, 1, 0));
}

#[test]
fn while_the_service_runs_who_is_removed_is_told_so() {
    let (Moving { site, one, .. }, _serving) = serving();
    site.run_cmd(["hub", "remove", &one.callback()]).exits(0);
    let denied = one.asked(2);
    assert_eq!(denied.query("hub.mode").unwrap(), "denied");
    assert_eq!(denied.query("hub.topic").unwrap(), RSS);
    assert_eq!(denied.query("hub.reason").unwrap(), "removed by the owner of this hub");
}

#[test]
fn while_the_service_runs_subscriptions_are_imported_and_told_what_they_lack() {
    let Moving { site, one, two } = subscribed();
    let exported = site.run_cmd(["hub", "export"]).exits(0).stdout;
    let other = with_hub(super::site().post("2022-01-03-c.md", short("C", "tech")), "")
        .file("subscriptions.jsonl", &exported)
        .file("broken.jsonl", format!("{exported}{{}}\n"));
    let mut serving = hub_of(&other);
    other.run_cmd(["hub", "import", "broken.jsonl"]).exits(2).complains("broken.jsonl:3: ");
    assert_eq!(listed(&other), 0);
    other.run_cmd(["hub", "import", "subscriptions.jsonl"]).exits(0).says("2 subscriptions were imported");
    // Its feed is another version than the one that they have.
    assert!(one.gets(1).field("x-hub-signature").is_some() && two.gets(1).field("x-hub-signature").is_none());
    other.run_cmd(["hub", "import", "subscriptions.jsonl"]).exits(0).says("2 subscriptions were imported");
    serving.running.stop(Signal::KILL);
    assert_eq!(listed(&other), 2, "in place of what was there, and on the disk when it is said");
    let _serving = hub_of(&other);
    other.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    one.web.until("both have it", |heard| heard.iter().any(|it| String::from_utf8_lossy(&it.body).contains(">N<")));
    two.web.until("both have it", |heard| heard.iter().any(|it| String::from_utf8_lossy(&it.body).contains(">N<")));
}

#[test]
fn a_service_that_is_no_hub_says_so() {
    let Moving { site, .. } = subscribed();
    site.write("syndicated.toml", site.text("syndicated.toml").replace("hub = true", "hub = false"));
    let running = site.start();
    running.settles(&site);
    site.run_cmd(["hub", "remove", "127.0.0.1"]).exits(2).complains("the service that runs is no hub");
    assert_eq!(listed(&site), 2);
}

#[test]
fn what_the_disk_does_not_take_is_not_changed() {
    let mut desk = super::subscriptions::desk("");
    let one = super::subscriptions::subscribed(&desk, RSS, &[]);
    let owner = desk.hub().owner();
    let record = |callback: String| {
        let record = format!(r#"{{"path":"rss.xml","topic":"x","callback":"{callback}","until":99999999999}}"#);
        serde_json::from_str::<Record>(&record).unwrap().subscription().unwrap()
    };
    let given = vec![record(one.callback()), record("https://sub.example/".to_owned())];
    // Another program holds the file.
    let blocker = rusqlite::Connection::open(desk.config().state.join("hub.sqlite")).unwrap();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(desk.runtime.block_on(owner.import(given.clone())), None);
    assert_eq!(desk.runtime.block_on(owner.remove(&[one.callback()])), None);
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.numbers().subscribers, 1);
    desk.publish("tech");
    one.gets(1);
    assert_eq!(desk.runtime.block_on(owner.import(given)).unwrap().taken, 2);
    assert_eq!(desk.numbers().subscribers, 2);
}

#[test]
fn a_file_of_subscriptions_that_cannot_be_read_is_left_alone_and_feeds_are_published() {
    let site = with_hub(site(), "")
        .file(".syndicated/feeds/hub.sqlite", "this is not a database, and somebody may want to look at it");
    let running = site.start();
    running.logs("there is no hub");
    site.run_cmd(["hub", "remove", "127.0.0.1"]).exits(2).complains("no hub");
    site.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    running.settles(&site);
    assert_eq!(site.feed("tech/rss.xml").titles(), ["N", "A"]);
    assert!(site.text(".syndicated/feeds/hub.sqlite").starts_with("this is not"));
    site.run_cmd(["hub", "list"]).exits(2).complains("hub.sqlite");
}
