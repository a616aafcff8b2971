//! Pages for people: reviewed as text, and safe and small whatever is on them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lol_html::{HtmlRewriter, Settings, element};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::golden::check;
use super::properties::{address, feed, title};
use super::*;
use crate::model::Rhythm;
use crate::writers::html::{FeedPage, IndexPage, Listing, Section, feed_page, index_page};

/// What a page may weigh.
const MOST: usize = 50_000;

fn page_of(feed: &Feed, title: &str) -> String {
    let documents = Format::ALL.map(target);
    let page = FeedPage {
        feed,
        kept: feed.items.len(),
        documents: &documents,
        title,
        site: "News",
        address: &url("https://example.com/feeds/c++/feed.html"),
        index: &url("https://example.com/feeds/index.html"),
        rhythm: Rhythm::of(feed.items.iter().map(Arc::as_ref)),
    };
    feed_page(&page)
}

fn listing(section: Section, title: &str, path: &str, a_year: Option<u32>) -> Listing {
    let at = |path: &str| url(&format!("https://example.com/feeds/{path}"));
    Listing {
        section,
        title: title.to_owned(),
        language: None,
        page: Some(at(&format!("{path}feed.html"))),
        feed: Target { format: Format::Rss, self_url: at(&format!("{path}rss.xml")), history: History::default() },
        rhythm: a_year.map(|_| Rhythm { newest: super::at("2022-03-31T23:30:55+08:00"), a_year }),
    }
}

fn index_of(language: Option<&str>, feeds: &[Listing]) -> String {
    index_page(&IndexPage {
        title: "News & <views>",
        description: Some("All \"news\""),
        home: &url("https://example.com/?a=1&b=2"),
        language,
        icon: None,
        rights: Some("© Press"),
        address: &url("https://example.com/feeds/"),
        opml: Some(&url("https://example.com/feeds/feeds.opml")),
        feeds,
    })
}

/// A page without what all have in common.
fn own(page: &str) -> String {
    let policy = page.split_once("content=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    page.replace(policy, "…").replace(html::STYLE, "…").replace(html::SCRIPT, "…")
}

#[test]
fn pages_of_feeds() {
    check("full.html", &own(&page_of(&full_feed(), "R&D <news>")));
    check("bare.html", &own(&page_of(&bare_feed(vec![bare_item(2), bare_item(1)]), "News")));
    check("empty.html", &own(&page_of(&bare_feed(Vec::new()), "Nothing")));
}

#[test]
fn pages_that_list_feeds() {
    let other =
        Listing { language: Some("fr".to_owned()), ..listing(Section::All, "Nouvelles", "_lang/fr/", Some(12)) };
    let feeds = [
        listing(Section::All, "News", "", Some(400)),
        other,
        listing(Section::Own, "Empty", "own/", None),
        listing(Section::Category, "R&D <b>", "r-d~1a/", Some(3)),
        Listing { page: None, ..listing(Section::Category, "שלום", "c:d/", Some(60)) },
    ];
    check("index.html", &own(&index_of(Some("en"), &feeds)));
    check("index.zh.html", &own(&index_of(Some("zh-TW"), &feeds)));
    check("index.none.html", &own(&index_of(Some("de"), &[])));
}

/// What a browser makes of a page: its elements with their attributes.
fn elements(page: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let found = RefCell::new(Vec::new());
    let note = element!("*", |element| {
        let attributes = element.attributes().iter().map(|one| (one.name(), one.value())).collect();
        found.borrow_mut().push((element.tag_name(), attributes));
        Ok(())
    });
    let mut parser = HtmlRewriter::new(Settings::new().append_element_content_handler(note), |_: &[u8]| {});
    parser.write(page.as_bytes()).unwrap();
    parser.end().unwrap();
    found.into_inner()
}

/// Fails unless the page is small, states a policy that holds for its own style and script, and has no element, attribute or
/// address that could run or load anything beside them and pictures.
fn assert_safe(page: &str) {
    const ELEMENTS: &str = "a article bdi body code details div footer h1 h2 h3 head header html img input label li link main meta \
                            nav ol p path script search section small style summary svg table tbody td th thead time title tr ul";
    const ATTRIBUTES: &str = "alt aria-hidden aria-label aria-labelledby autocomplete charset class content d data-copied \
                              data-copy data-found datetime decoding dir for hidden href http-equiv id lang loading name \
                              referrerpolicy rel role scope spellcheck src title type viewBox";
    let allowed = |list: &str, name: &str| list.split_whitespace().any(|one| one.eq_ignore_ascii_case(name));
    let between = |open: &str, close: &str| {
        let (_, rest) = page.split_once(open).unwrap();
        rest.split_once(close).unwrap().0.to_owned()
    };
    let policy = between("content=\"", "\"");
    for (name, text) in [("style", between("<style>", "</style>")), ("script", between("<script>", "</script>"))] {
        let hash = BASE64_STANDARD.encode(Sha256::digest(text));
        assert!(policy.contains(&format!("{name}-src 'sha256-{hash}';")), "{policy}");
    }
    assert!(
        policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe") && !policy.contains('*'),
        "{policy}"
    );
    let elements = elements(page);
    let count = |wanted: &str| elements.iter().filter(|(name, _)| name == wanted).count();
    assert_eq!(["script", "style", "main", "h1", "title"].map(count), [1; 5], "{page}");
    let mut ids = BTreeSet::new();
    for (name, attributes) in &elements {
        assert!(allowed(ELEMENTS, name), "<{name}>: {page}");
        for (attribute, value) in attributes {
            assert!(allowed(ATTRIBUTES, attribute), "<{name} {attribute}>: {page}");
            match attribute.as_str() {
                "id" => assert!(ids.insert(value.clone()), "{value} twice"),
                "src" => assert!(value.starts_with("http://") || value.starts_with("https://"), "{value}"),
                "href" => {
                    let scheme = value.split_once(':').map(|(scheme, _)| scheme);
                    let scheme = scheme.filter(|scheme| !scheme.contains(['/', '?', '.']));
                    let is_icon = name == "link" && value == html::icon();
                    assert!(matches!(scheme, None | Some("http" | "https" | "feed")) || is_icon, "{value}");
                }
                _ => {}
            }
        }
    }
    assert!(!page.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
}

#[test]
fn texts_of_any_length_leave_a_page_small() {
    let long = |item: Item| Item {
        title: "&".repeat(100_000),
        summary: Some("\"<字>".repeat(100_000)),
        authors: vec![Author { name: "<".repeat(100_000), email: None, uri: None }; 50],
        categories: vec![label(&"&".repeat(10_000)); 50],
        link: url(&format!("https://example.com/{}", "a".repeat(100_000))),
        image: Some(url(&format!("https://example.com/{}", "a".repeat(1_900)))),
        ..item
    };
    let items = (0..30).map(|_| long(full_item())).collect();
    let feed = Feed {
        title: "&".repeat(100_000),
        description: "字".repeat(100_000),
        rights: Some("&".repeat(100_000)),
        ..bare_feed(items)
    };
    let page = page_of(&feed, &feed.title);
    assert!(page.len() < MOST, "{}", page.len());
    assert!(page.matches("<article").count() >= 2);
    assert_safe(&page);
}

#[test]
fn two_thousand_feeds_are_one_page_that_is_small_on_its_way() {
    // Two words of three or four syllables each, as names are.
    let word = |n: u64| -> String {
        let digest = Sha256::digest(n.to_le_bytes());
        let syllable = |byte: &u8| {
            ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "ve"]
                [usize::from(byte % 16)]
        };
        digest.iter().take(3 + usize::from(digest[9] % 2)).map(syllable).collect()
    };
    let mut feeds = vec![listing(Section::All, "News", "", Some(400))];
    for n in 0..2_000 {
        let (name, days) = (format!("{} {}", word(2 * n), word(2 * n + 1)), (n * n % 900) as i64);
        let one = listing(Section::Category, &name, &format!("{}/", name.replace(' ', "_")), None);
        let newest = Timestamp::from_micros((1_640_000_000 + days * 86_400) * 1_000_000, 0).unwrap();
        feeds.push(Listing { rhythm: Some(Rhythm { newest, a_year: Some((n * 31 % 700) as u32) }), ..one });
    }
    let page = index_of(Some("en"), &feeds);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    std::io::Write::write_all(&mut packed, page.as_bytes()).unwrap();
    let packed = packed.finish().unwrap().len();
    assert!(packed < MOST, "{} as {packed}", page.len());
    assert_safe(&page);
}

#[test]
fn a_page_shows_what_is_in_the_documents() {
    let feed = bare_feed((0..40).map(bare_item).collect());
    assert_eq!(page_of(&feed, "News").matches("<article").count(), 20);
    let documents = Format::ALL.map(target);
    let few = FeedPage {
        feed: &feed,
        kept: 3,
        documents: &documents,
        title: "News",
        site: "News",
        address: &url("https://example.com/feed.html"),
        index: &url("https://example.com/feeds.html"),
        rhythm: None,
    };
    assert_eq!(feed_page(&few).matches("<article").count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_post_says_is_text(feed in feed(), heading in title()) {
        let page = page_of(&feed, &heading);
        assert_safe(&page);
        prop_assert!(page.len() < MOST, "{}", page.len());
        let items = page.matches("<article").count();
        prop_assert_eq!(items, feed.items.len());
    }

    #[test]
    fn whatever_a_feed_is_called_is_text(
        feeds in vec((title(), option::of(address()), address(), option::of("[a-z]{2}")), 0..5),
        language in option::of("(zh|en|de)"),
    ) {
        let sections = [Section::All, Section::Own, Section::Category, Section::Tag, Section::Author];
        let listing = |(n, (title, page, feed, language)): (usize, (String, Option<WebUrl>, WebUrl, Option<String>))| Listing {
            section: sections[n],
            title,
            language,
            page: page.filter(WebUrl::is_web),
            feed: Target { format: Format::Rss, self_url: feed, history: History::default() },
            rhythm: None,
        };
        let feeds: Vec<Listing> =
            feeds.into_iter().filter(|(_, _, feed, _)| feed.is_web()).enumerate().map(listing).collect();
        assert_safe(&index_of(language.as_deref(), &feeds));
    }
}
