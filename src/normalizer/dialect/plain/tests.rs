//! Plain trees: dates, addresses and titles.

use crate::model::{Code, LeftOut, SitePath};
use crate::normalizer::Role;
use crate::normalizer::tests::{Site, texts};

fn site(source: &str) -> Site {
    let settings = format!("[site]\ntimezone = \"Asia/Shanghai\"\n[source]\ndialect = \"plain\"\n{source}");
    Site::with(&[("a.md", "")], &settings)
}

#[test]
fn the_date_is_the_first_that_is_stated() {
    let site = site("");
    for (path, front, published) in [
        ("a.md", "date: 2022-03-31 14:30:55", "2022-03-31T14:30:55+08:00"),
        ("a.md", "published: 2022-03-31T14:30:55Z", "2022-03-31T22:30:55+08:00"),
        ("a.md", "pubDate: Mar 31 2022", "2022-03-31T00:00:00+08:00"),
        ("a.md", "published: true\npubDate: 2022-03-31", "2022-03-31T00:00:00+08:00"),
        ("a.md", "date: 2022-03-31 14:30:55 JST", "2022-03-31T13:30:55+08:00"),
        ("b/2022-03-31-a.md", "x: 1", "2022-03-31T00:00:00+08:00"),
        ("b/2022-03-31 a.txt", "x: 1", "2022-03-31T00:00:00+08:00"),
        ("b/20220331.md", "x: 1", "2022-03-31T00:00:00+08:00"),
        ("b/2022_03_31_a.md", "date: 2021-01-01", "2021-01-01T00:00:00+08:00"),
    ] {
        assert_eq!(site.item(path, front, "").published.rfc3339(), published, "{path}, {front}");
    }
    assert_eq!(site.left_out("a.md", "---\ntitle: x\n---\n"), (Some(LeftOut::Broken), vec![Code::NoDate]));
    assert_eq!(site.left_out("a.md", "no front matter"), (Some(LeftOut::NoFrontMatter), vec![]));
    assert_eq!(site.left_out("2022-03-31-a.md", "no front matter").0, None);
    assert_eq!(site.left_out("a.md", "---\ndate: 2022-03-31\npublished: false\n---\n").0, Some(LeftOut::Unpublished));
    assert_eq!(site.left_out("a.md", "---\ndate: 2022-03-31\ndraft: true\n---\n").0, Some(LeftOut::Draft));
}

#[test]
fn the_address_is_what_the_template_makes() {
    for (template, path, front, url) in [
        (":year/:month/:slug/", "b/2022-03-31-Hello-W.md", "x: 1", "/2022/03/hello-w/"),
        ("/:path.html", "b/c/a.md", "date: 2022-03-31", "/b/c/a.html"),
        ("/:collection/:title/", "b/c/a b.md", "date: 2022-03-31", "/b/a-b/"),
        ("/:basename/", "2022-03-31-a.md", "x: 1", "/2022-03-31-a/"),
        ("/:categories/:slug", "a.md", "date: 2022-03-31\ncategories: [A b, 中]", "/a%20b/%E4%B8%AD/a"),
        ("/:slug", "a.md", "date: 2022-03-31\nslug: ＡＢ", "/%EF%BD%81%EF%BD%82"),
        ("/:slug", "a.md", "date: 2022-03-31\npermalink: /own/:year", "/own/2022"),
    ] {
        let item = site(&format!("permalink = \"{template}\"")).item(path, front, "");
        assert_eq!(item.link.as_str(), format!("https://example.com{url}"), "{template}, {path}, {front}");
        assert_eq!(item.id.as_str(), item.link.as_str());
    }
    let long = format!("---\ndate: 2022-03-31\npermalink: {}\n---\n", "x".repeat(60_000));
    assert_eq!(site("").left_out("a.md", &long), (Some(LeftOut::Broken), vec![Code::BadPermalink]));
}

#[test]
fn the_title_is_stated_or_heads_the_text_or_the_name_in_words() {
    let site = site("");
    for (front, body, title, content) in [
        ("title: Stated", "# Heading\n\nText", "Stated", "<h1 id=\"heading\">Heading</h1>\n<p>Text</p>\n"),
        ("x: 1", "# Heading #\n\nText", "Heading", "<p>Text</p>\n"),
        ("x: 1", "Text", "Some Name", "<p>Text</p>\n"),
        ("title: ''", "Text", "Some Name", "<p>Text</p>\n"),
    ] {
        let item = site.item("2022-03-31-some-name.md", front, body);
        assert_eq!((item.title.as_str(), item.content.as_deref()), (title, Some(content)), "{front}, {body}");
    }
}

#[test]
fn labels_are_items_of_lists_or_texts_as_they_stand() {
    let item = site("").item("2022-03-31-a.md", "category: One two\ntags: [a, b, a]\nauthor: Jo", "");
    assert_eq!((texts(&item.categories), texts(&item.tags)), (vec!["One two"], vec!["a", "b"]));
    assert_eq!(item.authors[0].name, "Jo");
}

#[test]
fn files_are_posts_by_their_endings() {
    let site = site("");
    let role = |path: &str| site.normalizer().role(&SitePath::from_bytes(path.as_bytes()));
    for path in ["a.md", "b/a.HTML", "a.txt", "_drafts/a.markdown"] {
        assert_eq!(role(path), Role::Post, "{path}");
    }
    for path in ["a", "a.png", ".a.md", "#a.md", "a.md~"] {
        assert_eq!(role(path), Role::None, "{path}");
    }
}

#[test]
fn a_date_before_1990_is_kept_with_a_warning() {
    let text = "---\ndate: 0022-03-31\n---\n";
    assert_eq!(site("").left_out("a.md", text), (None, vec![Code::ImplausibleDate]));
    assert_eq!(site("").left_out("a.md", "---\ndate: 1990-01-02\n---\n"), (None, vec![]));
}

#[test]
fn pictures_and_sound_are_urls_maps_or_lists() {
    let site = site("");
    for (front, picture) in [
        ("image: /a.png", Some("https://example.com/a.png")),
        ("image: { src: //cdn.example/a b.png, alt: x }", Some("https://cdn.example/a%20b.png")),
        ("images: [a.png, b.png]", Some("https://example.com/a.png")),
        ("images: [{ url: https://x.example/a.png }]", Some("https://x.example/a.png")),
        ("cover: { image: c.jpg }", Some("https://example.com/c.jpg")),
        ("image: false\ncover: c.jpg", Some("https://example.com/c.jpg")),
        ("image: { alt: none }", None),
        ("images: []", None),
    ] {
        let item = site.item("2022-03-31-a.md", front, "");
        assert_eq!(item.image.as_ref().map(crate::model::WebUrl::as_str), picture, "{front}");
    }
    for (front, enclosure) in [
        ("audio: /a.mp3", "https://example.com/a.mp3 0 audio/mpeg"),
        ("podcast: { file: a.m4a, bytes: 1234 }", "https://example.com/a.m4a 1234 audio/mp4"),
        (
            "enclosure: { url: 'https://x.example/a?b=c', length: '99', type: video/mp4 }",
            "https://x.example/a?b=c 99 video/mp4",
        ),
        ("enclosure: { url: a.bin, length: many, type: film }", "https://example.com/a.bin 0 application/octet-stream"),
    ] {
        let found = site.item("2022-03-31-a.md", front, "").enclosure.unwrap();
        assert_eq!(format!("{} {} {}", found.url, found.length, found.media_type), enclosure, "{front}");
    }
    assert_eq!(site.item("2022-03-31-a.md", "audio: true", "").enclosure, None);
}
