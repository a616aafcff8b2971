//! Pages of Hugo sites beyond the golden ones: what is read, and that no bytes break a page.

use proptest::prelude::*;

use super::*;
use crate::normalizer::tests::{Site, texts};

fn site(config: &str) -> Site {
    let files = [
        ("hugo.toml", config),
        ("content/posts/a.md", ""),
        ("content/posts/bundle/index.md", ""),
        ("content/posts/bundle/x.md", ""),
    ];
    Site::with(&files, "")
}

fn path(text: &str) -> SitePath {
    SitePath::from_bytes(text.as_bytes())
}

#[test]
fn posts_are_the_pages_of_the_main_section() {
    let site = site("ignored = 1\n[languages.en]\n[languages.zh]\n");
    for (file, role) in [
        ("content/posts/b.md", Role::Post),
        ("content/posts/c/d.Markdown", Role::Post),
        ("content/posts/e.html", Role::Post),
        ("content/posts/f.en.md", Role::Post),
        ("content/posts/f.zh.md", Role::None),
        ("content/posts/f.fr.md", Role::Post),
        ("content/posts/bundle/index.md", Role::Post),
        ("content/posts/bundle/y.md", Role::None),
        ("content/posts/bundle/z/index.md", Role::None),
        ("content/posts/_index.md", Role::None),
        ("content/posts/.b.md", Role::None),
        ("content/posts/b.txt", Role::None),
        ("content/about.md", Role::None),
        ("content/notes/b.md", Role::None),
        ("contents/posts/b.md", Role::None),
        ("posts/b.md", Role::None),
        ("content", Role::None),
    ] {
        assert_eq!(site.normalizer().role(&path(file)), role, "{file}");
    }
    for (folder, is_wanted) in [
        ("content", true),
        ("content/posts/x", true),
        ("content/.git", false),
        ("themes", false),
        ("contents", false),
        ("", true),
    ] {
        assert_eq!(site.normalizer().wants_folder(&path(folder)), is_wanted, "{folder}");
    }
}

#[test]
fn dates_follow_their_chains() {
    for (config, front, published, updated) in [
        ("", "date: 2024-01-02T03:04:05", "2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05+00:00"),
        ("timeZone = 'Asia/Tokyo'", "date: 2024-01-02", "2024-01-02T00:00:00+09:00", "2024-01-02T00:00:00+09:00"),
        (
            "timeZone = 'Asia/Tokyo'",
            "date: 2024-01-02T00:00:00Z",
            "2024-01-02T00:00:00+00:00",
            "2024-01-02T00:00:00+00:00",
        ),
        ("", "pubdate: 2024-01-02\nmodified: 2024-01-03", "2024-01-02T00:00:00+00:00", "2024-01-03T00:00:00+00:00"),
        (
            "[frontmatter]\ndate = ['when']",
            "when: 2024-01-02\ndate: 2020-01-01",
            "2024-01-02T00:00:00+00:00",
            "2020-01-01T00:00:00+00:00",
        ),
        (
            "[frontmatter]\nlastmod = [':fileModTime', 'x', ':default']",
            "date: 2024-01-02\nx: 2024-01-04",
            "2024-01-02T00:00:00+00:00",
            "2024-01-04T00:00:00+00:00",
        ),
    ] {
        let item = site(config).item("content/posts/a.md", front, "");
        assert_eq!(item.published.rfc3339(), published, "{config}, {front}");
        assert_eq!(item.updated.rfc3339(), updated, "{config}, {front}");
    }
    let plain = site("");
    let page = |front: &str| plain.left_out("content/posts/a.md", &format!("---\n{front}\n---\n"));
    assert_eq!(page("title: x"), (Some(LeftOut::NoDate), vec![]));
    assert_eq!(page("date: x"), (Some(LeftOut::Broken), vec![Code::NoDate]));
    assert_eq!(page("date: x\nlastmod: 2024-01-01"), (None, vec![Code::BadField]));
    assert_eq!(page("date: 2024-01-01\nbuild: {render: false}").0, Some(LeftOut::Unpublished));
    assert_eq!(page("date: 2024-01-01\nBuild: {List: local}").0, Some(LeftOut::Hidden));
}

#[test]
fn authors_and_labels_are_where_themes_have_them() {
    let site = site("[params]\nauthor = 'Site'\n[taxonomies]\ncategory = 'categories'\n");
    let item = |front: &str| site.item("content/posts/a.md", &format!("date: 2024-01-01\n{front}"), "");
    let authors = |front: &str| item(front).authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>();
    assert_eq!(authors("x: 1"), ["Site"]);
    assert_eq!(authors("Author: Ann"), ["Ann"]);
    assert_eq!(authors("params:\n  authors: [Ann, Bob]"), ["Ann", "Bob"]);
    assert_eq!(texts(&item("categories: a, b\ntags: [c]").categories), ["a, b"]);
    assert!(item("tags: [c]").tags.is_empty());
}

#[test]
fn html_is_left_out_unless_the_site_wants_it() {
    let body = "a <b>c</b> <br>d `<i>`\n\n<div>gone</div>\n\n<div>\n\n*kept*\n\n</div>\n\n<https://x.example>\n";
    let content = |config: &str| site(config).item("content/posts/a.md", "date: 2024-01-01", body).content.unwrap();
    let left = content("");
    assert!(left.contains("a c d <code>&lt;i&gt;</code>") && left.contains("<em>kept</em>"), "{left}");
    assert!(!left.contains("gone") && left.contains("href=\"https://x.example"), "{left}");
    let kept = content("[markup.goldmark.renderer]\nunsafe = true");
    assert!(kept.contains("a <b>c</b>") && kept.contains("gone"), "{kept}");
}

#[test]
fn names_of_emoji_are_emoji_where_the_site_wants_it() {
    let body =
        "x:+1:y `:heart:` \\:heart: :no: \":heart:\" 1:2:3 http://a.example/:heart:/\n\n## A :heart:\n\n    :heart:\n";
    let content = |config: &str| site(config).item("content/posts/a.md", "date: 2024-01-01", body).content.unwrap();
    let shown = content("enableEmoji = true");
    for part in
        ["x👍y <code>:heart:</code> :heart: :no: “❤️” 1:2:3", ">http://a.example/:heart:/<", "id=\"a-heart\">A ❤️<"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("<code>:heart:\n"), "{shown}");
    assert!(content("").contains("x:+1:y"));
}

proptest! {
    #[test]
    fn no_bytes_make_a_page_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), front in "[a-z: \\[\\]{}\"'=\n-]{0,60}",
        url in "[:a-z/\\[\\]\\\\.%#? é]{0,40}", slug in "\\PC{0,20}") {
        let site = site("[permalinks]\nposts = '/:sections[1:last]/:slug/:06/:x'\n");
        let file = path("content/posts/a.md");
        let url = url.replace('\\', "");
        let texts = [
            bytes.clone(),
            [format!("---\n{front}\n---\n").as_bytes(), &bytes].concat(),
            [format!("+++\n{front}\n+++\n").as_bytes(), &bytes].concat(),
            [format!("---\ndate: 2024-01-01\nurl: '{url}'\n---\n").as_bytes(), &bytes].concat(),
            [format!("---\ndate: 2024-01-01\nslug: '{}'\n---\n", slug.replace('\'', "")).as_bytes(), &bytes].concat(),
        ];
        for text in texts {
            let _ = site.normalizer().read(&file, &text);
            let _ = site.normalizer().item(&file, &text, ContentMode::Excerpt);
        }
    }
}
