//! Zola sites: their feeds say what Zola itself says. The expected entries are Zola's own, by `scripts/golden-zola`.

use serde_json::Value;
use url::Url;

use crate::entries::{Facts, bare, expected, found, tags};
use crate::fixture::Site;
use crate::golden::{Golden, posts};

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What readers should see of a post: what Zola says, but for what it fills in and where it says nothing.
fn facts(post: &Value) -> Facts {
    let mut facts = expected(post);
    let link = Url::parse(post["link"].as_str().unwrap()).unwrap().to_string();
    if link.contains("%20") {
        // No IRI: what identifies it is its address.
        facts.insert("guid", link.clone());
    }
    facts.insert("link", link);
    // Zola has none without a divider.
    let summary = post["summary"].as_str().unwrap();
    if summary.is_empty() {
        facts.remove("summary");
    }
    // Code has no colours in feeds.
    let content = post["content"].as_str().unwrap();
    if !content.contains("class=\"giallo\"") {
        facts.insert("tags", tags(content));
    }
    let authors = texts(&post["authors"]);
    let author = post["author"].as_str().unwrap();
    facts.insert("authors", if authors.is_empty() { author.to_owned() } else { authors.join(", ") });
    facts
}

fn links(entries: &[Facts]) -> Vec<String> {
    entries.iter().map(|facts| facts["link"].clone()).collect()
}

fn assert_as_zola(name: &'static str) -> Golden {
    let golden = Golden::built("zola", name, "");
    let site = &golden.site;
    for (path, feed) in golden.said[""].as_object().unwrap() {
        golden.assert_entries(path, &posts(feed, facts));
        let part = feed["term"]["name"].as_str().or(feed["section"].as_str());
        let title = feed["title"].as_str().unwrap();
        let title = part.map_or(title.to_owned(), |part| format!("{title} - {part}"));
        assert_eq!(site.feed(path).title, title, "{path}");
        // A code may have an underscore, a tag has none.
        let language = format!("xml:lang=\"{}\"", feed["language"].as_str().unwrap().replace('_', "-"));
        assert!(site.text(&format!("feeds/{path}")).contains(&language), "{path}");
    }
    site.assert_sound();
    golden
}

#[test]
fn front_matter_dates_addresses_and_sections() {
    let Golden { site, said, .. } = assert_as_zola("plain");
    let feed = site.text("feeds/rss.xml");
    assert!(feed.contains("What it is about") && feed.contains("<link>https://zola.example/blog/</link>"), "{feed}");
    let category = site.text("feeds/categories/tech-web/rss.xml");
    assert!(category.contains("<link>https://zola.example/blog/categories/tech-web/</link>"), "{category}");
    let post = found(&site, "categories/tech-web/atom.xml").remove(0);
    assert_eq!(post["labels"], "Tech Web, News, Rust, C++, a/b");
    assert!(said[""]["posts/closed/atom.xml"].is_object());
}

#[test]
fn markdown_with_every_option() {
    assert_as_zola("markdown");
}

#[test]
fn markdown_as_usual_and_shortcodes() {
    let site = assert_as_zola("usual").site;
    let feed = site.text("feeds/atom.xml");
    assert!(!feed.contains("alert(1)"), "{feed}");
    let described = found(&site, "category/two-words/atom.xml");
    assert_eq!(described.len(), 2);
}

#[test]
fn names_as_they_are_and_a_second_language() {
    assert_as_zola("languages");
}

#[test]
fn languages_each_with_its_taxonomies_sections_and_paths() {
    let site = assert_as_zola("translations").site;
    for none in ["fr/hidden", "posts/atom.xml", "fr/by/categories", "zh_Hant/posts", "pt-br"] {
        assert!(!site.exists(&format!("feeds/{none}")), "{none}");
    }
    let feed = site.text("feeds/fr/rss.xml");
    for said in ["<link>https://zola.example/blog/fr/</link>", "<description>De quoi on parle</description>"] {
        assert!(feed.contains(said), "{said}: {feed}");
    }
    let category = site.text("feeds/fr/by/category/Nouvelles/rss.xml");
    assert!(category.contains("<link>https://zola.example/blog/fr/by/category/Nouvelles/</link>"), "{category}");
}

#[test]
fn a_summary_is_what_is_before_the_divider_else_the_description_else_the_first_paragraph() {
    let post =
        |n: usize, line: &str, body: &str| format!("+++\ntitle = 'P{n}'\ndate = 2024-01-0{n}\n{line}\n+++\n{body}\n");
    let site = Site::bare()
        .file("site/config.toml", "base_url = 'https://example.com'\n")
        .file("site/content/a.md", post(3, "description = 'Told'", "One\n\n<!-- more -->\n\nTwo"))
        .file("site/content/b.md", post(2, "description = 'Told'", "One\n\nTwo"))
        .file("site/content/c.md", post(1, "", "*One*\n\nTwo"));
    site.report(&["--site", "site"], 0);
    let summaries: Vec<String> = found(&site, "atom.xml").into_iter().map(|facts| facts["summary"].clone()).collect();
    assert_eq!(summaries, ["One", "Told", "One"]);
    assert!(found(&site, "atom.xml").iter().all(|facts| facts["content"] == bare("OneTwo")));
}

#[test]
fn a_site_needs_no_configuration_and_unknown_shortcodes_are_told_once() {
    let post = |n: usize| {
        format!(
            "+++\ntitle = 'P{n}'\ndate = 2024-01-0{n}\n+++\n{{% box() %}}In *{n}*{{% end %}} {{{{ gone() }}}} {{% open() %}}\n"
        )
    };
    let site = Site::bare()
        .file("site/zola.toml", "base_url = 'https://example.com/'\ntitle = 'T'\n")
        .file("site/content/posts/one.md", post(1))
        .file("site/content/posts/two.md", post(2));
    let report = site.report(&["--site", "site"], 0);
    let problems = report.problems();
    for name in ["`box`", "`gone`", "`open`"] {
        assert_eq!(problems.matches(name).count(), 1, "{problems}");
    }
    assert_eq!(site.feed("rss.xml").titles(), ["P2", "P1"]);
    let feed = site.text("feeds/rss.xml");
    assert!(feed.contains("In <em>2</em>") && !feed.contains("{{") && !feed.contains("{%"), "{feed}");
}

#[test]
fn pictures_and_sound_are_files_of_the_site_with_their_real_size() {
    let site = Site::bare()
        .file("site/config.toml", "base_url = 'https://example.com'\n")
        .file("site/static/talk.mp3", "12345")
        .file("site/content/posts/a/cover.png", "png")
        .file(
            "site/content/posts/a/index.md",
            "+++\ntitle = 'a'\ndate = 2024-01-02\n[extra]\nimage = 'cover.png'\naudio = '/talk.mp3'\n+++\n",
        );
    site.report(&["--site", "site"], 0);
    let feed = site.text("feeds/rss.xml");
    assert!(feed.contains("https://example.com/posts/a/cover.png"), "{feed}");
    assert!(feed.contains("url=\"https://example.com/talk.mp3\" length=\"5\""), "{feed}");
}

#[test]
fn a_page_that_is_a_picture_or_a_sound_is_not_without_text() {
    let site = Site::bare().file("syndicated.toml", "[source]\npath = \"site\"\n");
    let site = site
        .file("site/config.toml", "base_url = 'https://example.com'\nauthor = 'Ann'\ndescription = 'D'\ntitle = 'T'\n");
    for (name, extra) in [("none", "x = 1"), ("sound", "audio = '/talk.mp3'"), ("picture", "image = '/a.png'")] {
        let page = format!("+++\ntitle = '{name}'\ndate = 2024-01-02\n[extra]\n{extra}\n+++\n");
        site.write(&format!("site/content/{name}.md"), page);
    }
    let said = site.run_cmd(["check"]).exits(0).says("content/none.md:2");
    assert_eq!(said.stdout.matches("it has no text").count(), 1, "{}", said.stdout);
}

#[test]
fn links_to_pages_by_their_files_lead_where_those_pages_say_also_when_that_changes() {
    let page = |more: &str| format!("+++\ntitle = 't'\n{more}\n+++\n");
    let links =
        "[a](@/a.md) [b](@/posts/b.md#x) [c](@/posts/c.md) [d](@/posts/_index.md) [e](@/about.md) [f](@/gone.md)";
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/config.toml", "base_url = 'https://e.example'\n")
        .file("site/content/a.md", page("date = 2024-01-01\npath = 'other/place'"))
        .file("site/content/posts/b.md", page("date = 2024-01-02\nslug = 'own'"))
        .file("site/content/posts/c.md", page("date = 2024-01-03"))
        .file("site/content/about.md", page("path = 'us'"))
        .file("site/content/x.md", format!("{}{links}", page("date = 2024-01-04")));
    let holds = |places: [&str; 6]| {
        let feed = site.text("feeds/atom.xml");
        places.iter().all(|place| feed.contains(&format!("href=&quot;https://e.example/{place}&quot;")))
    };
    site.build();
    assert!(
        holds(["other/place/", "posts/own/#x", "posts/c/", "posts/", "us/", "gone/"]),
        "{}",
        site.text("feeds/atom.xml")
    );
    site.write("site/content/about.md", page("path = 'we'"));
    site.build();
    assert!(
        holds(["other/place/", "posts/own/#x", "posts/c/", "posts/", "we/", "gone/"]),
        "{}",
        site.text("feeds/atom.xml")
    );
}

#[test]
fn a_post_whose_only_date_is_in_its_path_has_that_date() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/config.toml", "base_url = 'https://example.com'\n")
        .file("site/content/Rust.md", "+++\ntitle = 'a'\npath = '2015/01/09/Rust-1.0'\n+++\n")
        .file("site/content/about.md", "+++\ntitle = 'b'\npath = 'about/us'\n+++\n");
    site.build();
    let entries = found(&site, "atom.xml");
    assert_eq!(links(&entries), ["https://example.com/2015/01/09/Rust-1.0/"]);
    assert!(entries[0]["published"].starts_with("2015-01-09T00:00:00"), "{entries:?}");
}

#[test]
fn what_zola_would_stop_at_is_told_with_its_line() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/config.toml", "base_url = 'https://example.com'\n")
        .file("site/content/toml.md", "\n\n+++\ntitle = 'a'\ndate = x\n+++\n")
        .file("site/content/date.md", "\n---\ntitle: a\ndate: soon\n---\n")
        .file("site/content/2024-01-02-named.md", "---\ntitle: a\ndate: soon\n---\n")
        .file("site/content/good.md", "---\ntitle: a\ndate: 2024-01-01\nupdated: soon\n---\n")
        .file("site/content/none.md", "No front matter.\n");
    let report = site.report(&[], 0);
    assert_eq!(
        report.diagnostics(),
        [
            "content/2024-01-02-named.md:3 warning bad-date",
            "content/date.md:4 error no-date",
            "content/good.md:4 warning bad-field",
            "content/toml.md:5 error front-matter-invalid",
        ]
    );
}

#[test]
fn a_section_s_page_that_comes_and_goes_is_heeded_by_run() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n[output]\nlayout = \"zola\"\n")
        .file("site/config.toml", "base_url = 'https://example.com'\n")
        .file("site/content/posts/good.md", "---\ntitle: a\ndate: 2024-01-01\n---\n");
    let running = site.start();
    running.until("the post is there", || site.exists("feeds/rss.xml"));
    site.write("site/content/posts/_index.md", "---\ntitle: Posts\ngenerate_feeds: true\n---\n");
    running.until("the section has a feed", || site.exists("feeds/posts/atom.xml"));
    site.remove("site/content/posts/_index.md");
    running.until("it has gone with the section's page", || !site.exists("feeds/posts/atom.xml"));
}

#[test]
fn a_section_s_page_in_another_language_is_heeded_by_run() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n[output]\nlayout = \"zola\"\n")
        .file("site/config.toml", "base_url = 'https://example.com'\n[languages.fr]\ntitle = 'F'\n")
        .file("site/content/posts/a.md", "---\ntitle: a\ndate: 2024-01-01\n---\n")
        .file("site/content/posts/a.fr.md", "---\ntitle: à\ndate: 2024-01-01\n---\n");
    let running = site.start();
    running.until("the post is there", || site.exists("feeds/fr/atom.xml"));
    site.write("site/content/posts/_index.fr.md", "---\ntitle: Articles\ngenerate_feeds: true\n---\n");
    running.until("the section has a feed", || site.exists("feeds/fr/posts/atom.xml"));
    assert_eq!(site.feed("fr/posts/atom.xml").titles(), ["à"]);
    assert!(!site.exists("feeds/posts/atom.xml"));
    site.write("site/content/new/_index.fr.md", "---\ngenerate_feeds: true\n---\n");
    running.until("a new section has one too", || site.exists("feeds/fr/new/atom.xml"));
    site.write("site/content/posts/_index.fr.md", "---\ndraft: true\n---\n");
    running.until("its folder is out in every language", || site.feed("atom.xml").titles().is_empty());
    running.as_built(&site);
}
