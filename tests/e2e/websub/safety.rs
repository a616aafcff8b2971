//! The hub cannot be made to attack anybody, and nobody can keep it from the others.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{HeaderMap, Method};
use syndicated::websub::client::{Bounds, Client, Failure, Outgoing};
use syndicated::websub::connect::{Reach, Resolve};
use syndicated::websub::records::Record;
use syndicated::websub::store::Store;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};
use url::Url;

use super::desk::{BEGIN, Desk, Names};
use super::subscriber::{Confirms, Subscriber};
use super::subscriptions::{desk, subscribed};
use super::web::{Said, Web};
use super::{ATOM, RSS, form, request, site, with_hub};
use crate::fixture::{Ran, Site, front, has_tool};
use crate::http::{Client as Reader, Serving};

fn guarded() -> Desk {
    Desk::open(site().config("[websub]\nhub = true"))
}

/// A subscription that was confirmed some time ago.
fn import(desk: &mut Desk, callback: &str) {
    desk.close();
    let record = Record {
        path: "rss.xml".to_owned(),
        topic: RSS.to_owned(),
        callback: callback.to_owned(),
        until: BEGIN + 86_400,
        secret: Some("hush".to_owned()),
        has: None,
    };
    let mut store = Store::open(&desk.config().state).unwrap();
    store.import(vec![record.subscription().unwrap()], BEGIN).unwrap();
    drop(store);
    desk.reopen();
}

#[test]
fn addresses_that_are_not_public_are_refused_at_once_and_in_any_notation() {
    let desk = guarded();
    for host in ["127.0.0.1", "0x7f.1", "2130706433", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"] {
        let reply = desk.asks(&request("subscribe", RSS, &format!("http://{host}:8080/")));
        assert_eq!(reply.status, 403, "{host}: {reply:?}");
    }
}

#[test]
fn names_that_lead_to_them_are_never_connected_to() {
    let desk = guarded();
    let sink = Subscriber::new(Confirms::All);
    let port = sink.web.address.port();
    let inside: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["10.0.0.1", "127.0.0.1"],
        &["169.254.169.254"],
        &["fe80::1", "127.0.0.1"],
    ];
    for (n, addresses) in inside.into_iter().enumerate() {
        desk.names.lead(&format!("n{n}.example"), addresses);
        desk.accepts(&request("subscribe", RSS, &format!("http://n{n}.example:{port}/")));
    }
    desk.until("all are refused", |numbers| numbers.unconfirmed == 6 && numbers.asked == 0);
    assert_eq!((sink.web.connections(), desk.names.asked()), (0, 6));
}

#[test]
fn a_name_that_leads_elsewhere_after_it_was_confirmed_is_not_followed() {
    let mut desk = guarded();
    let sink = Subscriber::new(Confirms::All);
    let callback = format!("http://rebind.example:{}/", sink.web.address.port());
    // When it was confirmed it led to a public address; now it leads here.
    desk.names.lead("rebind.example", &["127.0.0.1"]);
    import(&mut desk, &callback);
    desk.publish("tech");
    desk.until("it is tried and fails", |numbers| numbers.failed >= 3);
    assert_eq!(sink.web.connections(), 0);
    assert!(desk.names.asked() >= 3, "its name is asked for at each connection");
}

#[test]
fn with_the_setting_they_may_be_asked() {
    let desk = desk("");
    desk.names.lead("sub.example", &["127.0.0.1"]);
    let sink = Subscriber::new(Confirms::All);
    desk.accepts(&request("subscribe", RSS, &format!("http://sub.example:{}/", sink.web.address.port())));
    let question = sink.asked(1);
    assert_eq!(question.field("host"), Some(&*format!("sub.example:{}", sink.web.address.port())));
}

#[test]
fn a_callback_is_asked_one_thing_at_a_time() {
    let desk = desk("");
    let (under_way, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let (release, released) = mpsc::channel::<()>();
    let (released, of_test) = (Mutex::new(released), Arc::clone(&most));
    let web = Web::start(move |heard| {
        of_test.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        released.lock().unwrap().recv().unwrap();
        under_way.fetch_sub(1, Ordering::SeqCst);
        Said::text(200, &heard.query("hub.challenge").unwrap())
    });
    for topic in [RSS, ATOM, "https://example.com/feeds/tech/rss.xml", "https://example.com/feeds/money/rss.xml"] {
        desk.accepts(&request("subscribe", topic, &web.url("/")));
    }
    for _ in 0..4 {
        release.send(()).unwrap();
    }
    desk.until("all are confirmed", |numbers| numbers.confirmed == 4);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn a_client_asks_so_often_and_no_more_whoever_is_in_between() {
    let site = with_hub(site(), "");
    let serving = Serving::start(&site);
    serving.running.logs("a hub for these feeds");
    let asks = |client: &mut Reader, from: &str| {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        client.asks("POST", "/feeds/_hub", &[kind, "Content-Length: 0", from])
    };
    // By a proxy that is trusted, whose own word counts, and nothing before that.
    let (mut client, from) = (Reader::tcp(&serving.address), "X-Forwarded-For: 203.0.113.9, 198.51.100.7");
    let allowed = (0..5000).take_while(|_| asks(&mut client, from).status == 400).count();
    assert!((600..5000).contains(&allowed), "{allowed}");
    let refused = asks(&mut client, "X-Forwarded-For: 203.0.113.10, 198.51.100.7").is(429);
    assert!(refused.field("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    for other in ["X-Forwarded-For: 198.51.100.8", "X-Forwarded-For: 2001:db8::1", "X-Other: the proxy itself"] {
        asks(&mut client, other).is(400);
    }
}

#[test]
fn a_host_is_asked_so_often_and_no_more() {
    let desk = desk("");
    let replies: Vec<_> =
        (0..320).map(|n| desk.asks(&request("subscribe", RSS, &format!("https://victim.example/{n}")))).collect();
    assert!(replies[..300].iter().all(|reply| reply.status == 202));
    assert!(replies[300..].iter().all(|reply| reply.status == 429 && reply.retry_after.is_some()));
    assert_eq!(desk.asks(&request("subscribe", RSS, "https://other.example/")).status, 202);
}

#[test]
fn there_are_no_more_subscriptions_than_may_be() {
    let desk = desk("subscriptions = 3\nsubscriptions_per_host = 2");
    desk.names.lead("one.example", &["127.0.0.1"]);
    desk.names.lead("two.example", &["127.0.0.1"]);
    let sink = Subscriber::new(Confirms::All);
    let port = sink.web.address.port();
    let status = |host: &str, n: u8| desk.asks(&request("subscribe", RSS, &format!("http://{host}:{port}/{n}"))).status;
    assert_eq!([status("one.example", 1), status("one.example", 2), status("one.example", 3)], [202, 202, 503]);
    assert_eq!([status("two.example", 1), status("two.example", 2), status("one.example", 1)], [202, 503, 202]);
}

#[test]
fn what_is_posted_is_bounded_in_size_and_time() {
    let site = with_hub(site(), "[server]\nheader_timeout = \"300 ms\"");
    let serving = Serving::start(&site);
    serving.running.logs("a hub for these feeds");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let post = |fields: &str, body: &str| {
        let head = format!("POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\n{fields}\r\n");
        serving.sends(head + body)
    };
    let long = form(&request("subscribe", RSS, &format!("https://sub.example/{}", "x".repeat(20_000))));
    post(&format!("{kind}Content-Length: {}\r\n", long.len()), &long).is(413);
    post(&format!("{kind}Transfer-Encoding: chunked\r\n"), &format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len())).is(413);
    post(&format!("{kind}Content-Length: 100\r\n"), "hub.mode=subscribe").is(408);
    post("Content-Type: application/json\r\nContent-Length: 2\r\n", "{}").is(415);
    post("Content-Length: 0\r\n", "").is(415);
    post(&format!("{kind}Content-Length: 0\r\n"), "").is(400);
    let hostless = format!("POST /feeds/_hub HTTP/1.1\r\n{kind}Content-Length: 0\r\n\r\n");
    serving.sends(hostless).is(400);
    // Feeds are still only read, and what is elsewhere is not the hub.
    serving.asks("POST", "/feeds/rss.xml", &["Content-Length: 0"]).is(405);
    serving.asks("POST", "/feeds/_hub/", &["Content-Length: 0"]).is(405);
}

#[test]
fn without_the_setting_there_is_no_hub() {
    let site = site();
    let serving = Serving::start(&site);
    serving.asks("POST", "/feeds/_hub", &["Content-Length: 0"]).is(405);
    assert!(!site.exists(".syndicated/feeds/hub.sqlite") && !site.text("feeds/rss.xml").contains("rel=\"hub\""));
}

#[test]
fn a_secret_is_said_nowhere() {
    let secret = "correct-horse-battery-staple";
    let site = with_hub(site(), "[log]\nlevel = \"trace\"");
    let serving = Serving::start(&site);
    serving.running.logs("a hub for these feeds");
    let subscriber = Subscriber::new(Confirms::All);
    subscriber.takes_with(500);
    let callback = subscriber.callback();
    let body = form(&[&request("subscribe", RSS, &callback)[..], &[("hub.secret", secret)]].concat());
    let head = "POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    serving.sends(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).is(202);
    serving.running.logs("a subscriber has confirmed");
    site.write("site/_posts/2022-03-01-n.md", front("title: N", "x"));
    subscriber.gets(1);
    serving.running.logs("not delivered: it answered 500");
    let listed = site.run_cmd(["hub", "list"]).exits(0).says("signed").stdout;
    let told = [listed, site.run_cmd(["hub", "list", "--json"]).stdout, site.run_cmd(["status", "--json"]).stdout];
    assert!(!serving.running.log().contains(secret) && !told.concat().contains(secret));
    let file = std::fs::metadata(site.path(".syndicated/feeds/hub.sqlite")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

/// A server with TLS and a certificate of its own for `sub.example`, which is returned too.
fn tls(site: &Site, runtime: &tokio::runtime::Runtime) -> Option<(u16, CertificateDer<'static>)> {
    if !has_tool("openssl", &["version"]) {
        return None;
    }
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
    openssl.args(["-subj", "/CN=sub.example", "-addext", "subjectAltName=DNS:sub.example"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    openssl.arg("-keyout").arg(site.path("key.pem")).arg("-out").arg(site.path("cert.pem"));
    Ran::from(openssl.output().unwrap()).exits(0);
    let certificate = CertificateDer::from_pem_file(site.path("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(site.path("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
            let _ = stream.write_all(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n").await;
            let _ = stream.shutdown().await;
        }
    });
    Some((port, certificate))
}

#[test]
fn a_certificate_has_to_be_one_that_is_believed_and_for_that_name() {
    let (site, runtime) = (Site::bare(), tokio::runtime::Runtime::new().unwrap());
    let Some((port, certificate)) = tls(&site, &runtime) else { return };
    let names = Arc::new(Names::default());
    names.lead("sub.example", &["127.0.0.1"]);
    names.lead("other.example", &["127.0.0.1"]);
    let resolver = || Arc::clone(&names) as Arc<dyn Resolve>;
    let ask = |client: &Client, host: &str| {
        let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
        let outgoing = Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() };
        let time = Duration::from_secs(20);
        runtime.block_on(client.send(&outgoing, Bounds { time, rest: time, body: 10 }))
    };
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let trusting = Client::trusting(roots, resolver(), Reach::Anywhere).unwrap();
    assert_eq!(ask(&trusting, "sub.example").unwrap().status, 204);
    assert!(matches!(ask(&trusting, "other.example"), Err(Failure::Connect(_))));
    let usual = Client::new(resolver(), Reach::Anywhere).unwrap();
    assert!(matches!(ask(&usual, "sub.example"), Err(Failure::Connect(_))));
    let guarded = Client::new(resolver(), Reach::Public).unwrap();
    assert!(matches!(ask(&guarded, "sub.example"), Err(Failure::Forbidden(_))));
}

#[test]
fn a_disk_that_is_full_refuses_the_request_and_keeps_what_is_there() {
    let desk = desk("");
    let one = subscribed(&desk, RSS, &[]);
    // Another program holds the file: nothing can be written.
    let blocker = rusqlite::Connection::open(desk.config().state.join("hub.sqlite")).unwrap();
    blocker.execute_batch("PRAGMA max_page_count = 1; BEGIN EXCLUSIVE").unwrap();
    let reply = desk.asks(&request("subscribe", ATOM, &one.callback()));
    assert_eq!((reply.status, reply.retry_after), (503, Some(60)), "{reply:?}");
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!((desk.numbers().subscribers, desk.numbers().asked), (1, 0));
    assert_eq!(BTreeSet::from_iter(one.questions().iter().map(|it| it.query("hub.topic"))).len(), 1);
    desk.accepts(&request("subscribe", ATOM, &one.callback()));
}
