//! Posts, data and configurations that were written to cost time or memory.

use super::{bounded, built, ended, of_others, sound};
use crate::fixture::{Site, front};

const MANY: usize = 100_000;

fn odd(body: &str) -> String {
    front("title: Odd\ncategories: odd\ndate: 2022-03-31", body)
}

/// Texts that nest, or nearly do, as often as a parser can bear it and more.
fn nested() -> Vec<(&'static str, String)> {
    let blocks = |text: &str| text.repeat(MANY);
    vec![
        ("div", blocks("<div>")),
        ("div-closed", blocks("<div>") + &blocks("</div>")),
        ("span", blocks("<b><i>")),
        ("brackets", blocks("[")),
        ("images", blocks("![")),
        ("links", blocks("[a](")),
        ("parentheses", "[a](".to_owned() + &blocks("(")),
        ("stars", blocks("*")),
        ("emphasis", blocks("*a **b ")),
        ("underscores", blocks("_a __b ")),
        ("ticks", (1..400).map(|n| "`".repeat(n) + " ").collect()),
        ("quotes", blocks("> ")),
        ("lists", blocks("- ")),
        ("numbers", blocks("1. ")),
        ("indented", (0..400).map(|n| " ".repeat(n) + "- x\n").collect()),
        ("references", blocks("[a]: /x\n")),
        ("footnotes", (0..5_000).map(|n| format!("[^{n}] ")).collect::<String>() + "\n\n[^1]: [^1]\n"),
        ("tables", "|a|\n|-|\n".to_owned() + &blocks("|")),
        ("comments", blocks("<!--")),
        ("cdata", blocks("<![CDATA[")),
        ("entities", blocks("&#")),
        ("attributes", "<a ".to_owned() + &blocks("a=1 ")),
        ("list-of-attributes", blocks("{: .a}")),
        ("liquid", blocks("{% if a %}")),
        ("liquid-outputs", blocks("{{")),
        ("liquid-loops", "{% for a in (1..1000) %}".repeat(20) + "{{ a }}"),
        (
            "liquid-doubled",
            "{% assign a = 'xxxxxxxx' %}".to_owned() + &"{% assign a = a | append: a %}".repeat(60) + "{{ a }}",
        ),
        ("shortcodes", blocks("{{< a >}}")),
        ("abbreviations", "*[a]: ".to_owned() + &"x".repeat(MANY) + "\n\n" + &blocks("a ")),
        ("dollars", blocks("$$")),
        ("autolinks", blocks("http://a.b")),
        ("at-signs", blocks("a@b.")),
        ("quotation", blocks("\"'")),
        ("headings", "# a\n".repeat(20_000)),
    ]
}

#[test]
fn texts_that_nest_without_end_cost_jekyll_no_time_and_no_memory() {
    let mut site = sound();
    for (name, text) in nested() {
        site = site.post(&format!("2022-03-31-{name}.md"), odd(&text));
    }
    built(&site);
}

#[test]
fn texts_that_nest_without_end_cost_others_no_time_and_no_memory() {
    let sites = [
        (Site::plain as fn() -> Site, "site", ""),
        (
            || Site::bare().file("syndicated.toml", "[source]\npath = \"site\"\n"),
            "site/content/posts",
            "title = 'Example'\nbaseURL = 'https://example.com'\n",
        ),
    ];
    for (make, folder, hugo) in sites {
        let bare = || {
            let site = make().file(
                &format!("{folder}/2022-01-01-sound.md"),
                front("title: Sound\ncategories: news\ndate: 2022-01-01", "x"),
            );
            if hugo.is_empty() { site } else { site.file("site/hugo.toml", hugo) }
        };
        let mut site = bare();
        for (name, text) in nested() {
            site = site.file(&format!("{folder}/2022-03-31-{name}.md"), odd(&text));
        }
        bounded(&site, &["build"]).exits(0);
        site.assert_sound();
        assert_eq!(of_others(&site), of_others(&ended(bare())));
    }
}

#[test]
fn long_lines_titles_and_labels_are_kept_or_named() {
    let site = sound()
        .post("2022-03-01-line.md", odd(&"a line that goes on ".repeat(500_000)))
        .post("2022-03-02-word.md", odd(&"x".repeat(10_000_000)))
        .post("2022-03-03-title.md", front(&format!("title: {}", "x".repeat(10_000_000)), "x"))
        .post("2022-03-04-label.md", front(&format!("categories: [{}]", "x".repeat(1_000_000)), "x"))
        .post("2022-03-05-tags.md", front(&format!("tags: [{}]", "x, ".repeat(MANY)), "x"))
        .post("2022-03-06-long-label.md", front(&format!("categories: [{}]", "y".repeat(60_000)), "x"))
        .post("2022-03-07-header.md", format!("---\n{}", "a: b\n".repeat(3_000_000)));
    assert_eq!(
        built(&site).diagnostics(),
        [
            "_posts/2022-03-03-title.md:1 error front-matter-too-large",
            "_posts/2022-03-04-label.md:1 error front-matter-too-large",
            "_posts/2022-03-05-tags.md:1 error front-matter-too-large",
            "_posts/2022-03-06-long-label.md:- error bad-permalink",
            "_posts/2022-03-07-header.md:1 error front-matter-unterminated",
        ]
    );
    // More would pass `content.max_size`.
    assert_eq!(site.feed("atom.xml").titles(), ["Odd"]);
}

#[test]
fn a_post_of_a_hundred_categories_has_them_all() {
    let labels: Vec<String> = (0..100).map(|n| format!("{n:04}")).collect();
    let site = sound().post(
        "2022-03-31-odd.md",
        front(&format!("title: Odd\npermalink: /odd/\ncategories: [{}]", labels.join(",")), "x"),
    );
    let ran = bounded(&site, &["build", "--json"]).exits(0);
    assert!(ran.stdout.contains("\"errors\": 0"), "{}", ran.stdout);
    assert_eq!(of_others(&site), of_others(&ended(sound())));
    assert_eq!(site.published().len(), 2 * 102 + 2);
}

/// Each feed of a post names all of its labels: what it may ask for does not grow with their square.
#[test]
fn a_post_of_thousands_of_labels_counts_in_the_first_two_hundred() {
    let labels = |count: usize| (0..count).map(|n| format!("l{n}")).collect::<Vec<_>>().join(",");
    let post = |key: &str, count| front(&format!("title: Odd\npermalink: /{key}/\n{key}: [{}]", labels(count)), "x");
    let site = sound()
        .post("2022-03-29-huge.md", post("categories", MANY))
        .post("2022-03-30-tags.md", post("tags", 10_000))
        .post("2022-03-31-categories.md", post("categories", 10_000));
    assert_eq!(
        built(&site).diagnostics(),
        [
            "_posts/2022-03-29-huge.md:1 error front-matter-too-large",
            "_posts/2022-03-30-tags.md:4 warning too-many-labels",
            "_posts/2022-03-31-categories.md:4 warning too-many-labels",
        ]
    );
    // All, the sound post's, and so many, in two formats; the list and the manifest.
    assert_eq!(site.published().len(), 2 * (2 + 200) + 2);
    assert!(site.exists("feeds/l199/atom.xml") && !site.exists("feeds/l200/atom.xml"));
    let labels = |path: &str| site.text(path).matches("<category term=\"l").count();
    assert_eq!((labels("feeds/atom.xml"), labels("feeds/l199/atom.xml")), (400, 201));
}

/// Collections in each other, and what expands or leads to itself.
fn deep(format: &str) -> String {
    let (open, close) = ("[".repeat(30_000), "]".repeat(30_000));
    match format {
        "toml" => format!("title = \"Odd\"\na = {open}{close}\n"),
        "json" => format!("{{\"title\": \"Odd\", \"a\": {open}{close}}}\n"),
        _ => format!("title: Odd\na: {open}{close}\n"),
    }
}

fn laughs() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..8 {
        text += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    text
}

/// Blocks in each other by their indentation alone.
fn steps() -> String {
    (0..350).map(|n| " ".repeat(n) + "a:\n").collect()
}

#[test]
fn front_matter_that_nests_expands_or_leads_to_itself_is_named() {
    let cycle = "a: &a [*a]\nb: &b {c: *b}\n";
    let many = (0..4_000).map(|n| format!("k{n}: &a{n} x\n")).collect::<String>();
    let site = sound()
        .post("2022-03-01-deep.md", front(&deep("yaml"), "x"))
        .post("2022-03-02-laughs.md", front(&laughs(), "x"))
        .post("2022-03-03-cycle.md", front(&format!("title: Odd\n{cycle}"), "x"))
        .post("2022-03-04-steps.md", front(&steps(), "x"))
        .post("2022-03-05-anchors.md", front(&many, "x"))
        .post("2022-03-06-dashes.md", front(&format!("a:\n {}x", "- ".repeat(20_000)), "x"))
        .post("2022-03-07-questions.md", front(&format!("a:\n {}x", "? ".repeat(20_000)), "x"))
        .post("2022-03-08-quotes.md", front(&format!("a: \"{}", "\\\"".repeat(20_000)), "x"))
        .post("2022-03-09-braces.md", front(&format!("a: {}", "{a: ".repeat(10_000)), "x"));
    let found = built(&site).diagnostics();
    assert!(
        found.iter().any(|found| found.starts_with("_posts/2022-03-02") && found.ends_with("expands")),
        "{found:#?}"
    );
    assert!(found.iter().any(|found| found.starts_with("_posts/2022-03-01")), "{found:#?}");
}

#[test]
fn front_matter_of_hugo_that_nests_is_named() {
    let bare = || {
        Site::bare()
            .file("syndicated.toml", "[source]\npath = \"site\"\n")
            .file("site/hugo.toml", "title = 'Example'\nbaseURL = 'https://example.com'\n")
            .file("site/content/posts/sound.md", front("title: Sound\ncategories: news\ndate: 2022-01-01", "x"))
    };
    let site = bare()
        .file("site/content/posts/a.md", format!("+++\n{}+++\nx\n", deep("toml")))
        .file("site/content/posts/b.md", format!("{}\nx\n", deep("json")))
        .file("site/content/posts/c.md", format!("+++\n{}x = 1\n+++\nx\n", "[a.b.c]\n".repeat(5_000)))
        .file("site/content/posts/d.md", format!("+++\n{} = 1\n+++\nx\n", vec!["a"; 20_000].join(".")))
        .file("site/content/posts/e.md", format!("{}\nx\n", "{\"a\":".repeat(10_000)));
    bounded(&site, &["build"]).exits(0);
    site.assert_sound();
    assert_eq!(of_others(&site), of_others(&ended(bare())));
}

#[test]
fn data_and_configurations_that_nest_or_expand_are_refused_and_the_feeds_stay() {
    let large = "x: ".to_owned() + &"y".repeat(2 << 20);
    for (name, text) in [
        ("site/_data/x.yml", deep("yaml")),
        ("site/_data/x.yml", laughs()),
        ("site/_data/x.yml", "a: &a [*a]\n".to_owned()),
        ("site/_data/x.yml", steps()),
        ("site/_data/x.json", deep("json")),
        ("site/_data/x.yml", large.clone()),
        ("site/_config.yml", deep("yaml")),
        ("site/_config.yml", laughs()),
        ("site/_config.yml", large),
        ("syndicated.toml", deep("toml")),
        ("syndicated.toml", format!("{} = 1\n", vec!["a"; 100_000].join("."))),
    ] {
        let site = ended(sound());
        let before = site.published();
        site.write(name, text);
        let ran = bounded(&site, &["build"]);
        assert!((0..=3).contains(&ran.code), "{name}: {ran:?}");
        assert!(ran.stderr.len() + ran.stdout.len() < 20_000, "{name}: {} bytes are said", ran.stderr.len());
        assert_eq!(of_others(&site).len(), 2);
        if ran.code != 0 {
            assert_eq!(site.published(), before, "{name}");
        }
    }
}
