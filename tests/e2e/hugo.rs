//! Hugo sites: their feeds say what Hugo itself says. The expected entries are Hugo's own, by `scripts/golden-hugo`.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::entries::{expected, found};
use crate::fixture::Site;
use crate::golden::{Golden, posts};

/// The feed of a category has the posts and the page that it has in Hugo, at the same path where that is plain.
fn assert_category_as_hugo(site: &Site, category: &Value) {
    let get = |value: &Value| value.as_str().unwrap().to_owned();
    let link = get(&category["link"]);
    let mut feeds = site.published().into_iter().filter(|(path, _)| path.ends_with("index.xml"));
    let home = format!("<link>{link}</link>");
    let (path, _) = feeds
        .find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&home))
        .unwrap_or_else(|| panic!("no feed with {home}: {:?}", site.published().keys()));
    let links: Vec<String> =
        found(site, &path.replace("index.xml", "atom.xml")).iter().map(|facts| facts["link"].clone()).collect();
    assert_eq!(links, category["posts"].as_array().unwrap().iter().map(get).collect::<Vec<_>>(), "{path}");
    let name = path.rsplit('/').nth(1).unwrap();
    let feed = percent_decode_str(category["feed"].as_str().unwrap()).decode_utf8_lossy().to_lowercase();
    assert!(name.contains('~') || feed.ends_with(&format!("/{name}/index.xml")), "{path}");
}

/// A feed says of the site what Hugo has it say in that language.
fn assert_head_as_hugo(site: &Site, path: &str, golden: &Value) {
    let get = |key: &str| golden[key].as_str().unwrap();
    let text = site.text(&format!("feeds/{path}"));
    let head = text.split("<item>").next().unwrap_or_default();
    let description = if get("description").is_empty() { get("title") } else { get("description") };
    let home = get("home").trim_end_matches("index.html");
    let tag = get("language").replace('_', "-").to_lowercase();
    assert!(head.contains(&format!("<title>{}</title>", get("title"))), "{head}");
    assert!(head.contains(&format!("<link>{home}</link>")), "{home}\n{head}");
    assert!(head.contains(&format!("<description>{description}</description>")), "{head}");
    assert!(head.to_lowercase().contains(&format!("<language>{tag}</language>")), "{head}");
    let rights = get("rights");
    assert!(head.contains(&format!("<copyright>{rights}</copyright>")) || rights.is_empty(), "{head}");
}

fn assert_as_hugo(name: &'static str) -> Site {
    let golden = Golden::built("hugo", name, "[content]\nlimit = 100\n");
    let site = &golden.site;
    // One file a language, by the folder of its feeds.
    for (folder, said) in &golden.said {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        golden.assert_entries(&format!("{folder}atom.xml"), &posts(said, expected));
        assert_head_as_hugo(site, &format!("{folder}index.xml"), said);
        // Hugo has a page also for the categories of sections, which are no posts.
        let has_posts = |category: &&Value| category["posts"].as_array().is_some_and(|posts| !posts.is_empty());
        let categories: Vec<&Value> = said["categories"].as_array().unwrap().iter().filter(has_posts).collect();
        let place = |path: &str| path.rsplit('/').nth(2).map(str::to_owned);
        let own = categories.first().and_then(|category| place(category["feed"].as_str()?));
        let own = format!("{folder}{}/", own.unwrap_or_else(|| "categories".to_owned()));
        let feeds = site.published().into_keys().filter(|path| path.starts_with(&own));
        assert_eq!(feeds.count(), categories.len() * 2, "{folder} {:?}", site.published().keys());
        for category in categories {
            assert_category_as_hugo(site, category);
        }
    }
    site.assert_sound();
    golden.site
}

#[test]
fn front_matter_dates_addresses_and_bundles() {
    let site = assert_as_hugo("plain");
    let feed = site.text("feeds/index.xml");
    assert!(feed.contains("© Example") && feed.contains("What it is about"), "{feed}");
    let page = site.feed("categories/tech-web/index.xml");
    assert_eq!(page.title, "All about the web | Plain");
}

#[test]
fn permalinks_and_dates_by_name() {
    assert_as_hugo("permalinks");
}

#[test]
fn ugly_addresses_in_their_own_case() {
    assert_as_hugo("ugly");
}

#[test]
fn content_that_is_not_read_is_told_by_its_ending() {
    let page = "---\ntitle: A\ndate: 2024-01-01\n---\nText.\n";
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://example.org/'\ntitle = 'T'\n")
        .file("content/posts/a.md", page)
        .file("content/posts/b.adoc", page)
        .file("content/posts/c.adoc", page)
        .file("content/posts/d.org", "#+TITLE: D\n#+DATE: 2024-01-02\n")
        .file("content/posts/bundle/index.md", page)
        .file("content/posts/bundle/notes.rst", page);
    let ran = site.run_cmd(["build", "--site", ".", "-v"]).exits(0);
    let ran = ran.says("content has 2 files with `.adoc`, which is not read: those pages are in no feed");
    let ran = ran.says("content has one file with `.org`");
    assert!(!ran.stdout.contains(".rst"), "{}", ran.stdout);
    assert_eq!(site.feed("rss.xml").titles(), ["A", "A"]);
}

#[test]
fn simple_shortcodes_of_the_site_and_its_theme_are_rendered() {
    assert_as_hugo("shortcodes");
}

/// Templates as themes have them: conditions, loops, partials, nested shortcodes that share notes, and render hooks.
#[test]
fn shortcodes_that_compute_and_render_hooks_give_what_hugo_gives() {
    assert_as_hugo("templates");
}

#[test]
fn formulas_ids_and_pictures_by_their_options() {
    assert_as_hugo("formulas");
}

/// A template that asks for what is not known here is as one that is not there.
#[test]
fn other_templates_of_shortcodes_are_not_run() {
    let page = "---\ntitle: A\ndate: 2024-01-01\n---\n{{< files >}}a{{< pages >}}b{{< script x >}}{{< kbd y >}}\n";
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://example.org/'\ntitle = 'T'\n")
        .file("layouts/shortcodes/files.html", "{{ range readDir \"/\" }}x{{ end }}")
        .file("layouts/shortcodes/pages.html", "{{ range site.RegularPages }}x{{ end }}")
        .file("layouts/shortcodes/script.html", "<script>f({{ .Get 0 }})</script>")
        .file("layouts/shortcodes/kbd.html", "<kbd>{{ .Get 0 }}</kbd>")
        .file("content/posts/a.md", page);
    let ran = site.run_cmd(["build", "--site", ".", "-v"]).exits(0);
    ran.says("the shortcode `files`").says("the shortcode `pages`");
    assert_eq!(site.feed("rss.xml").only().content.trim(), "<p>ab<kbd>y</kbd></p>");
    site.write("layouts/shortcodes/kbd.html", "<b>{{ .Get 0 }}</b>");
    site.run_cmd(["build", "--site", "."]).exits(0);
    assert_eq!(site.feed("rss.xml").only().content.trim(), "<p>ab<b>y</b></p>");
}

#[test]
fn markup_by_its_options() {
    assert_as_hugo("markup");
}

#[test]
fn languages_by_file_name() {
    assert_as_hugo("languages");
}

#[test]
fn languages_by_folder() {
    assert_as_hugo("folders");
}

#[test]
fn a_site_as_themes_lay_it_out() {
    assert_as_hugo("theme");
}

#[test]
fn a_site_needs_no_configuration_and_unknown_shortcodes_are_told_once() {
    let post = |n: usize| {
        format!(
            "+++\ntitle = 'P{n}'\ndate = 2024-01-0{n}\n+++\n{{{{< box >}}}}In *{n}*{{{{< /box >}}}} {{{{< gone >}}}}\n"
        )
    };
    let site = Site::bare()
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\ntitle = 'T'\n")
        .file("site/content/posts/one.md", post(1))
        .file("site/content/posts/two.md", post(2));
    let report = site.report(&["--site", "site"], 0);
    let problems = report.problems();
    for name in ["`box`", "`gone`"] {
        assert_eq!(problems.matches(name).count(), 1, "{problems}");
    }
    let feed = site.feed("rss.xml");
    assert_eq!(feed.titles(), ["P2", "P1"]);
    assert!(site.text("feeds/rss.xml").contains("In <em>2</em>"), "{}", site.text("feeds/rss.xml"));
    assert!(!site.text("feeds/rss.xml").contains("{{"));
}

#[test]
fn a_page_that_is_a_picture_is_not_without_text() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\n")
        .file("site/content/posts/a.md", "---\ntitle: a\ndate: 2024-01-02\nparams:\n  Images: [/a.png]\n---\n")
        .file("site/content/posts/b.md", "---\ntitle: b\ndate: 2024-01-02\nCover: /a.png\n---\n");
    let said = site.run_cmd(["check"]).stdout;
    assert!(!said.contains("it has no text"), "{said}");
}

#[test]
fn what_hugo_would_stop_at_is_told_with_its_line() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\n")
        .file("site/content/posts/toml.md", "+++\ntitle = 'a'\ndate = x\n+++\n")
        .file("site/content/posts/json.md", "{\"title\": }\n")
        .file("site/content/posts/date.md", "---\ntitle: a\ndate: soon\n---\n")
        .file("site/content/posts/good.md", "---\ntitle: a\ndate: 2024-01-01\nlastmod: soon\n---\n");
    let report = site.report(&[], 0);
    assert_eq!(
        report.diagnostics(),
        [
            "content/posts/date.md:3 error no-date",
            "content/posts/good.md:4 warning bad-field",
            "content/posts/json.md:1 error front-matter-invalid",
            "content/posts/toml.md:3 error front-matter-invalid",
        ]
    );
}

#[test]
fn a_section_s_page_that_comes_and_goes_is_heeded_by_run() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\n")
        .file("site/content/posts/good.md", "---\ntitle: a\ndate: 2024-01-01\n---\n");
    let running = site.start();
    running.until("the post is there", || site.exists("feeds/rss.xml"));
    site.write("site/content/posts/_index.md", "---\ncascade:\n  categories: [News]\n---\n");
    running.until("the cascade gives a category", || site.exists("feeds/news/rss.xml"));
    site.remove("site/content/posts/_index.md");
    running.until("it has gone with the section's page", || !site.exists("feeds/news/rss.xml"));
}

#[test]
fn links_lead_to_the_posts_that_they_name_where_hugo_resolves_them() {
    const HOOK: &str = "[markup.goldmark.renderHooks.link]\nuseEmbedded = ";
    let links =
        "[a](two) [b](two.md?q=1&r=2#x) [c](/posts/two) [d](/no) [e](gone.md) [f](//x.example/two.md) [g](three.md)";
    let post = |front: &str, text: &str| format!("---\ndate: 2024-01-01\n{front}---\n{text}\n");
    let hrefs = |config: &str| {
        let site = Site::bare()
            .file("site/hugo.toml", format!("baseURL = 'https://a.example/'\n{config}"))
            .file("site/content/posts/one.md", post("", links))
            .file("site/content/posts/two.md", post("slug: second\n", "Two"))
            .file("site/content/posts/sub/_index.md", "")
            .file("site/content/posts/sub/three.md", post("", "Three"));
        site.report(&["--site", "site"], 0);
        let feed = site.text("feeds/rss.xml");
        let found = feed.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        found.filter(|href| !href.contains("/feeds/")).map(str::to_owned).collect::<Vec<_>>()
    };
    let second = "https://a.example/posts/second/";
    let resolved = [
        second,
        &format!("{second}?q=1&amp;r=2#x"),
        second,
        "https://a.example/no",
        "https://a.example/posts/gone/",
        "https://x.example/two.md",
        "https://a.example/posts/three/",
    ];
    assert_eq!(hrefs("[languages.en]\nweight = 1\n"), resolved);
    assert_eq!(hrefs(&format!("{HOOK}'always'\n")), resolved);
    let as_written = "https://a.example/posts/one/two";
    assert_eq!(hrefs("").first().unwrap(), as_written);
    assert_eq!(hrefs(&format!("[languages.en]\nweight = 1\n{HOOK}'never'\n")).first().unwrap(), as_written);
}
