//! Requests as subscribers send them, and as nobody should.

use proptest::prelude::*;
use url::form_urlencoded;

use super::*;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

const WHOLE: [(&str, &str); 3] = [
    ("hub.mode", "subscribe"),
    ("hub.topic", "https://example.com/feeds/rss.xml"),
    ("hub.callback", "https://sub.example/?a=b&c=d e"),
];

fn with(more: &[(&str, &str)]) -> Result<Request, Fault> {
    parse(FORM, &form(&[&WHOLE[..], more].concat()))
}

#[test]
fn a_request_is_understood_with_all_that_it_may_say() {
    let request = with(&[("hub.lease_seconds", "86400"), ("hub.secret", "säcret&=")]).unwrap();
    assert_eq!(request.mode, Mode::Subscribe);
    assert_eq!(request.topic, "https://example.com/feeds/rss.xml");
    assert_eq!(request.callback.as_str(), "https://sub.example/?a=b&c=d%20e");
    assert_eq!((request.lease, request.secret.unwrap().reveal()), (Some(86400), "säcret&="));
    let request = with(&[]).unwrap();
    assert_eq!((request.lease, request.secret), (None, None));
    assert!(parse(Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), &form(&WHOLE)).is_ok());
}

#[test]
fn what_is_not_known_is_ignored() {
    let plain = with(&[]).unwrap();
    for more in [("hub.foo", "bar"), ("foo", "hub.bar"), ("hub.verify", "async"), ("", "")] {
        assert_eq!(with(&[more]), Ok(plain.clone()), "{more:?}");
    }
    let body = [&form(&WHOLE)[..], b"&%ff=%ff&&=&x"].concat();
    assert_eq!(parse(FORM, &body), Ok(plain));
}

#[test]
fn who_leaves_is_asked_for_nothing_else() {
    let mut pairs = WHOLE.to_vec();
    pairs[0].1 = "unsubscribe";
    pairs.extend([("hub.lease_seconds", "nonsense"), ("hub.secret", "x")]);
    let request = parse(FORM, &form(&pairs)).unwrap();
    assert_eq!((request.mode, request.lease, request.secret), (Mode::Unsubscribe, None, None));
}

#[test]
fn each_fault_is_told_in_a_sentence() {
    let long = "x".repeat(200);
    for (pair, status, text) in [
        (("hub.mode", "join"), 400, "hub.mode is neither subscribe nor unsubscribe"),
        (("hub.mode", "publish"), 403, "this hub is for the feeds of one site, which tells it itself what has changed"),
        (("hub.topic", ""), 400, "hub.topic is missing"),
        (("hub.callback", ""), 400, "hub.callback is missing"),
        (("hub.callback", "sub.example"), 400, "hub.callback is no URL"),
        (("hub.callback", "ftp://sub.example/"), 400, "hub.callback is no URL of the form https://example.com/"),
        (("hub.lease_seconds", "0"), 400, "hub.lease_seconds is no positive decimal integer"),
        (("hub.lease_seconds", "-1"), 400, "hub.lease_seconds is no positive decimal integer"),
        (("hub.lease_seconds", "1e3"), 400, "hub.lease_seconds is no positive decimal integer"),
        (("hub.secret", long.as_str()), 400, "hub.secret has to be less than 200 bytes"),
    ] {
        let mut pairs: Vec<_> = WHOLE.into_iter().filter(|(name, _)| *name != pair.0).collect();
        pairs.push(pair);
        assert_eq!(parse(FORM, &form(&pairs)), Err(Fault::new(status, text)), "{pair:?}");
    }
    for missing in ["hub.mode", "hub.topic", "hub.callback"] {
        let pairs: Vec<_> = WHOLE.into_iter().filter(|(name, _)| *name != missing).collect();
        assert_eq!(parse(FORM, &form(&pairs)), Err(Fault::new(400, format!("{missing} is missing"))));
    }
    assert_eq!(with(&[("hub.topic", "x")]), Err(Fault::new(400, "hub.topic is given twice")));
    assert_eq!(with(&[("hub.lease_seconds", &"9".repeat(30))]).unwrap().lease, Some(u64::MAX));
    assert_eq!(parse(None, &form(&WHOLE)).unwrap_err().status, 415);
    assert_eq!(parse(Some("text/plain"), &form(&WHOLE)).unwrap_err().status, 415);
    assert_eq!(parse(FORM, &vec![b'x'; MOST + 1]).unwrap_err().status, 413);
    assert_eq!(parse(FORM, b"hub.secret=%ff"), Err(Fault::new(400, "hub.secret is not UTF-8")));
}

proptest! {
    #[test]
    fn any_bytes_are_a_request_or_a_fault(body in proptest::collection::vec(any::<u8>(), 0..2000)) {
        if let Err(fault) = parse(FORM, &body) {
            prop_assert!((400..=599).contains(&fault.status) && fault.text.len() < 200);
        }
    }

    #[test]
    fn what_a_browser_would_send_is_read_as_it_was_meant(
        topic in "\\PC{1,60}",
        path in "[a-z0-9/]{0,20}",
        lease in 1u64..1 << 40,
        secret in "\\PC{1,40}",
        order in Just([0usize, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let (callback, lease_text) = (format!("https://sub.example/{path}"), lease.to_string());
        let pairs = [
            ("hub.mode", "subscribe"),
            ("hub.topic", topic.as_str()),
            ("hub.callback", callback.as_str()),
            ("hub.lease_seconds", lease_text.as_str()),
            ("hub.secret", secret.as_str()),
        ];
        let shuffled: Vec<_> = order.into_iter().map(|n| pairs[n]).collect();
        let request = parse(FORM, &form(&shuffled)).unwrap();
        prop_assert_eq!(request.topic, topic);
        prop_assert_eq!(request.callback.as_str(), callback);
        prop_assert_eq!(request.lease, Some(lease));
        prop_assert_eq!(request.secret, Secret::new(&secret));
    }
}
