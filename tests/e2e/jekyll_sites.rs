//! What real Jekyll sites have, and what Jekyll and jekyll-feed make of it.

use crate::fixture::Site;

fn site(config: &str, posts: &[(&str, &str)]) -> Site {
    let config = format!("title: Example\ntimezone: UTC\n{config}");
    let site = Site::jekyll().file("site/_config.yml", config);
    posts.iter().fold(site, |site, (name, text)| site.post(name, text))
}

/// A path at the end of `url` is not `baseurl`'s: `relative_url` does without it, `absolute_url` and pages have it.
#[test]
fn a_path_in_url_is_no_part_of_relative_addresses() {
    let text = "---\ntitle: A\n---\n{{ '/x/' | relative_url }} {{ '/x/' | absolute_url }} {{ page.url }} {{ site.baseurl }} \
                {% link about.md %} {% post_url 2022-01-01-a %}";
    for (config, shown) in [
        (
            "url: https://example.com/sub",
            "/x/ https://example.com/sub/x/ /2022/01/01/a.html /about.html /2022/01/01/a.html",
        ),
        (
            "url: https://example.com/sub\nbaseurl: base/",
            "/base/x/ https://example.com/sub/base/x/ /2022/01/01/a.html base/ /base/about.html /base/2022/01/01/a.html",
        ),
    ] {
        let site = site(config, &[("2022-01-01-a.md", text)]).file("site/about.md", "---\n---\n");
        site.build();
        let feed = site.feed("atom.xml");
        let entry = feed.only();
        let found = entry.content.replace("<p>", "").replace("</p>", "");
        assert_eq!(found.split_whitespace().collect::<Vec<_>>().join(" "), shown, "{config}");
        let base = if config.contains("baseurl") { "sub/base" } else { "sub" };
        assert_eq!(entry.link, format!("https://example.com/{base}/2022/01/01/a.html"));
    }
}

#[test]
fn a_frame_at_the_head_of_a_post_gives_its_summary_no_text() {
    let frame = "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>";
    let site = site(
        "url: https://example.com",
        &[
            ("2022-01-01-a.md", &format!("---\ntitle: A\n---\n{frame}\n\nText.\n")),
            ("2022-01-02-b.md", &format!("---\ntitle: B\n---\nSee\n{frame}\n\nText.\n")),
        ],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let summaries: Vec<&str> = feed.items.iter().map(|item| item.summary.as_str()).collect();
    assert_eq!(summaries, ["See", ""]);
    assert!(feed.items.iter().all(|item| item.content.contains("<a href=\"https://www.youtube.com/embed/x\">")));
}

#[test]
fn small_things_are_as_jekyll_has_them() {
    let site = site(
        "url: https://example.com",
        &[(
            "2022-01-01-it's-here.md",
            "---\n---\n{% highlight html+erb %}\n<%= x %>\n{% endhighlight %}\n\n[to be written]()\n",
        )],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let entry = feed.only();
    assert_eq!(entry.title, "It’s Here");
    assert!(entry.content.contains("<pre><code class=\"language-html-erb\">"), "{}", entry.content);
    assert!(entry.content.contains(&format!("<a href=\"{}\">to be written</a>", entry.link)), "{}", entry.content);
}

/// Ruby's YAML makes a time of an unquoted one, which Jekyll writes out and reads again: what lies in one second goes by path.
#[test]
fn fractions_of_a_second_order_no_posts_unless_they_are_in_quotes() {
    let post = |date: &str| format!("---\ntitle: A\ndate: {date}\n---\nx\n");
    let site = site(
        "url: https://example.com",
        &[
            ("2022-01-01-a.md", &post("2022-01-01 10:00:00.9 +0000")),
            ("2022-01-01-b.md", &post("2022-01-01 10:00:00.1 +0000")),
            ("2022-01-01-c.md", &post("'2022-01-01 10:00:00.3 +0000'")),
        ],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let names: Vec<&str> = feed.items.iter().filter_map(|item| item.link.rsplit('/').next()).collect();
    assert_eq!(names, ["c.html", "b.html", "a.html"]);
}

#[test]
fn a_document_of_a_collection_is_told_which_and_slashes_stay_behind_baseurl() {
    let config = "url: https://example.com\nbaseurl: /base\ncollections: [recipes]\nfeed: {collections: [recipes]}";
    let text = "---\ntitle: A\ndate: 2022-01-02\n---\n{{ page.collection }} {{ '//x' | relative_url }} {{ 'y' | absolute_url }}\n";
    let site = site(config, &[]).file("site/_recipes/a.md", text).env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed");
    let site = site.post("2022-01-01-b.md", "---\ntitle: B\n---\nx\n");
    site.build();
    let content = site.feed("feed/recipes.xml").only().content.clone();
    assert_eq!(content.trim(), "<p>recipes /base//x https://example.com/base/y</p>");
}

const POLYGLOT: &str = "url: https://example.com\npermalink: pretty\nlanguages: [en, de, ko]\ndefault_lang: en\n\
                        plugins: [jekyll-polyglot, jekyll-feed]\nhello: {en: Hello, de: Hallo}\ndescription: {en: News, de: Neues}";

/// jekyll-polyglot 1.5: a translation is the page of the same address in its language's folder.
#[test]
fn translations_that_polyglot_sorts_are_in_the_feeds_of_their_languages() {
    let post =
        |title: &str, more: &str| format!("---\ntitle: {title}\n{more}---\n{{{{ site.hello[site.active_lang] }}}}\n");
    let site = site(
        POLYGLOT,
        &[
            ("2015-9-19-one.md", &post("One", "lang: en\n")),
            ("de/2015-9-19-one.md", &post("Eins", "lang: de\n")),
            ("2016-1-2-two.md", &post("Two", "")),
            ("ko/2016-1-2-zwo.md", &post("K", "lang: ko\npermalink: /ko/2016/01/02/two/\n")),
            ("fr/2017-1-2-trois.md", &post("Trois", "lang: fr\n")),
        ],
    );
    let site = site.env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed");
    let report = site.build();
    assert_eq!(report.0["problems"].as_array().map(Vec::len), Some(0), "{:?}", report.0["problems"]);
    let entries = |path: &str| {
        let feed = site.feed(path);
        feed.items.iter().map(|item| format!("{} {} {}", item.title, item.link, item.id)).collect::<Vec<_>>()
    };
    let at = |title: &str, page: &str, id: &str| format!("{title} https://example.com/{page} https://example.com/{id}");
    assert_eq!(
        entries("feed.xml"),
        [
            at("Trois", "2017/01/02/trois/", "2017/01/02/trois"),
            at("Two", "2016/01/02/two/", "2016/01/02/two"),
            at("One", "2015/09/19/one/", "2015/09/19/one"),
        ]
    );
    assert_eq!(entries("de/feed.xml"), [at("Eins", "de/2015/09/19/one/", "de/2015/09/19/one")]);
    assert_eq!(entries("ko/feed.xml"), [at("K", "ko/2016/01/02/two/", "ko/2016/01/02/zwo")]);
    assert_eq!(site.feed("feed.xml").items[0].content.trim(), "<p>Hello</p>");
    let told = site.text("feeds/de/feed.xml");
    assert!(told.contains("xml:lang=\"de\"") && told.contains("Neues"), "{told}");
}

#[test]
fn code_that_names_no_language_has_the_one_that_kramdowns_highlighter_is_told() {
    let config = "url: https://example.com\nkramdown:\n  syntax_highlighter_opts:\n    default_lang: html";
    let text = "---\ntitle: A\n---\n    indented\n\n~~~\nfenced\n~~~\n\n~~~ruby\nown\n~~~\n";
    let site = site(config, &[("2022-01-01-a.md", text)]);
    site.build();
    let content = site.feed("atom.xml").only().content.clone();
    for part in ["html\">indented", "html\">fenced", "ruby\">own"] {
        assert!(content.contains(&format!("<pre><code class=\"language-{part}")), "{part} in {content}");
    }
}
