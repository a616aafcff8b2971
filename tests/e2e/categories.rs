//! Categories: when two labels are one, what their feeds are called, where they lie, and feeds of one's own.

use crate::fixture::{Site, front, short};

#[test]
fn labels_that_differ_in_case_alone_share_a_feed_under_the_most_frequent_spelling() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "TechWeb"))
        .post("2022-01-02-b.md", short("B", "Techweb"))
        .post("2022-01-03-c.md", short("C", "TechWeb"));
    site.build();
    let feed = site.feed("techweb/atom.xml");
    assert_eq!(feed.titles(), ["C", "B", "A"]);
    assert_eq!((feed.title.as_str(), feed.label.as_deref()), ("TechWeb | Example", Some("TechWeb")));
    site.assert_sound();
}

#[test]
fn among_spellings_of_one_frequency_the_newest_post_decides() {
    let site =
        Site::jekyll().post("2022-01-01-a.md", short("A", "TechWeb")).post("2022-01-02-b.md", short("B", "Techweb"));
    site.build();
    assert_eq!(site.feed("techweb/rss.xml").label.as_deref(), Some("Techweb"));
}

#[test]
fn without_folding_case_is_kept_apart() {
    let site = Site::jekyll()
        .config("[categories]\nfold_case = false")
        .post("2022-01-01-a.md", short("A", "TechWeb"))
        .post("2022-01-02-b.md", short("B", "techweb"));
    site.build();
    assert_eq!(site.feed("techweb/atom.xml").titles(), ["B"]);
    let folders = site.feed_folders();
    let other = folders.iter().find(|folder| folder.starts_with("techweb~")).unwrap();
    assert_eq!(site.feed(&format!("{other}/atom.xml")).titles(), ["A"]);
}

#[test]
fn one_label_in_two_normal_forms_or_with_other_blanks_is_one() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "Caf\u{e9}  Noir"))
        .post("2022-01-02-b.md", short("B", "Cafe\u{301} Noir"));
    site.build();
    assert_eq!(site.feed("caf\u{e9}_noir/atom.xml").titles(), ["B", "A"]);
    assert_eq!(site.feed_folders().len(), 1);
}

#[test]
fn awkward_labels_never_share_a_feed_and_never_leave_the_output() {
    let long = "很长的标签".repeat(36);
    let labels = [
        "c",
        "C",
        "c++",
        "c#",
        ".NET",
        "a.b",
        "con",
        "CON.txt",
        "rss.xml",
        "..",
        ".",
        "/etc/passwd",
        "a/b",
        "a\\\\b",
        "_tag",
        "~",
        "科技 新闻",
        "$&<>",
        &long,
    ];
    let mut site = Site::jekyll();
    for (n, label) in labels.iter().enumerate() {
        site = site.post(&format!("2022-01-01-p{n:02}.md"), front(&format!("title: P{n}\ncategory: \"{label}\""), "x"));
    }
    let report = site.build();
    assert_eq!(report.diagnostics(), [""; 0]);
    let folders = site.feed_folders();
    assert_eq!(folders.len(), labels.len() - 1, "only c and C are one: {folders:?}");
    for folder in &folders {
        assert!(!folder.contains('/') && !folder.starts_with(['.', '_']) && folder.len() <= 200, "{folder}");
        let feed = site.feed(&format!("{folder}/atom.xml"));
        assert_eq!(feed.items.len(), if folder == "c" { 2 } else { 1 }, "{folder}");
    }
    for slug in ["c", "a.b", "科技_新闻"] {
        assert!(folders.contains(slug), "{slug} in {folders:?}");
    }
    site.assert_sound();
}

#[test]
fn a_slug_is_a_function_of_the_label_alone() {
    let alone = Site::jekyll().post("2022-01-01-a.md", short("A", "'c++'"));
    let beside =
        Site::jekyll().post("2022-01-01-a.md", short("A", "'c++', c")).post("2021-01-01-b.md", short("B", "'c#', C"));
    alone.build();
    beside.build();
    assert!(beside.feed_folders().is_superset(&alone.feed_folders()));
}

#[test]
fn a_feed_says_its_public_address() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "科技"));
    site.build();
    assert_eq!(site.feed("rss.xml").own_url, "https://example.com/feeds/rss.xml");
    assert_eq!(site.feed("科技/atom.xml").own_url, "https://example.com/feeds/%E7%A7%91%E6%8A%80/atom.xml");
}

#[test]
fn the_page_that_the_site_has_of_a_category_gives_title_and_link() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "TechWeb"))
        .file("site/category/TechWeb.html", "---\nlayout: category\ntitle: 中国网科技新闻\ncategory: TechWeb\n---\n");
    site.build();
    for path in ["techweb/rss.xml", "techweb/atom.xml"] {
        let feed = site.feed(path);
        assert_eq!(feed.title, "中国网科技新闻 | Example");
        assert_eq!(feed.home, "https://example.com/category/TechWeb.html");
    }
}

#[test]
fn of_several_pages_the_one_of_the_shown_spelling_counts_else_the_first_by_path() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "Tech, News"))
        .file("site/a.html", "---\nlayout: category\ntitle: a\ncategory: tech\n---\n")
        .file("site/b.html", "---\nlayout: category\ntitle: b\ncategory: Tech\n---\n")
        .file("site/c.html", "---\nlayout: category\ntitle: c\ncategory: news\n---\n")
        .file("site/d.html", "---\nlayout: category\ntitle: d\ncategory: NEWS\n---\n");
    site.build();
    assert_eq!(site.feed("tech/rss.xml").title, "b | Example");
    assert_eq!(site.feed("news/rss.xml").title, "c | Example");
}

#[test]
fn a_changed_page_of_a_category_changes_its_feeds_and_the_list_of_feeds_alone() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech, news"))
        .file("site/tech.html", "---\nlayout: category\ntitle: Old\ncategory: tech\n---\n");
    site.build();
    site.write("site/tech.html", "---\nlayout: category\ntitle: Brand new\ncategory: tech\n---\n");
    let report = site.build();
    assert_eq!((report.number("/files/written"), report.number("/files/removed")), (3, 0), "and the list of feeds");
    assert_eq!(site.feed("tech/rss.xml").title, "Brand new | Example");
    site.remove("site/tech.html");
    site.build();
    assert_eq!(site.feed("tech/rss.xml").title, "tech | Example");
}

#[test]
fn the_configuration_of_a_label_wins_over_its_page() {
    let site = Site::jekyll()
        .config("[categories.label.\"Tech\"]\ntitle = \"Technology\"\nurl = \"/t/\"")
        .post("2022-01-01-a.md", short("A", "tech"))
        .file("site/tech.html", "---\nlayout: category\ntitle: Page\ncategory: tech\n---\n");
    site.build();
    let feed = site.feed("tech/atom.xml");
    assert_eq!((feed.title.as_str(), feed.home.as_str()), ("Technology", "https://example.com/t/"));
}

#[test]
fn a_post_without_a_category_is_in_the_feed_of_all_posts_only() {
    let site = Site::jekyll().post("2022-01-01-a.md", front("title: A", "x"));
    site.build();
    assert_eq!(site.feed("atom.xml").titles(), ["A"]);
    assert_eq!(
        site.published().into_keys().collect::<Vec<_>>(),
        [".syndicated.json", "atom.xml", "feeds.opml", "rss.xml"]
    );
}

#[test]
fn a_folder_above_the_posts_is_a_category_and_comes_first() {
    let site = Site::jekyll().file("site/news/_posts/2022-01-01-a.md", short("A", "tech"));
    site.build();
    assert_eq!(site.feed("news/atom.xml").only().labels, ["news", "tech"]);
}

#[test]
fn tags_and_authors_have_feeds_where_they_are_wanted() {
    let post = front("title: A\ntags: [Rust, 'c++']\nauthor: Ada Lovelace", "x");
    let site = Site::jekyll().post("2022-01-01-a.md", &post);
    site.build();
    assert!(site.feed_folders().is_empty(), "off by default");
    let site = Site::jekyll().config("[categories]\ntags = true\nauthors = true").post("2022-01-01-a.md", &post);
    site.build();
    assert_eq!(site.feed("_tag/rust/atom.xml").label.as_deref(), Some("Rust"));
    assert_eq!(site.feed("_author/ada_lovelace/rss.xml").title, "Ada Lovelace | Example");
    assert_eq!(site.feed_folders().len(), 3);
    site.assert_sound();
}

#[test]
fn a_tag_never_meets_a_category_of_the_same_name() {
    let site = Site::jekyll()
        .config("[categories]\ntags = true")
        .post("2022-01-01-a.md", front("title: A\ncategories: [rust]", "x"))
        .post("2022-01-02-b.md", front("title: B\ntags: [rust]", "x"));
    site.build();
    assert_eq!(site.feed("rust/rss.xml").titles(), ["A"]);
    assert_eq!(site.feed("_tag/rust/rss.xml").titles(), ["B"]);
}

/// A site whose posts are in every combination of two labels, with feeds of its own.
fn with_feeds(toml: &str) -> Site {
    let site = Site::jekyll()
        .config(toml)
        .post("2022-01-01-a.md", front("title: A\ncategories: [chips]\ntags: [gossip]", "Text of A."))
        .post("2022-01-02-b.md", front("title: B\ncategories: [chips, money]\nauthor: Ada", "Text of B."))
        .post("2022-01-03-c.md", front("title: C\ncategories: [money]", "Text of C."))
        .post("en/2022-01-04-d.md", front("title: D\ncategories: [CHIPS]", "Text of D."));
    site.build();
    site.assert_sound();
    site
}

#[test]
fn a_feed_of_one_s_own_holds_posts_with_any_of_its_labels() {
    let site =
        with_feeds("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"Chips\", \"x\"]");
    let feed = site.feed("own/atom.xml");
    assert_eq!((feed.title.as_str(), feed.titles()), ("Own", vec!["D", "B", "A"]));
}

#[test]
fn a_feed_of_one_s_own_holds_posts_with_all_of_its_labels() {
    let site =
        with_feeds("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nall.categories = [\"chips\", \"money\"]");
    assert_eq!(site.feed("own/rss.xml").titles(), ["B"]);
}

#[test]
fn a_feed_of_one_s_own_holds_no_post_with_one_of_its_unwanted_labels() {
    let site = with_feeds(
        "[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"chips\"]\nnone.tags = [\"gossip\"]\n\
         none.paths = [\"_posts/en/**\"]",
    );
    assert_eq!(site.feed("own/rss.xml").titles(), ["B"]);
}

#[test]
fn a_feed_of_one_s_own_chooses_by_author_and_path() {
    let site = with_feeds(
        "[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.authors = [\"ada\"]\nany.paths = [\"_posts/en/*.md\"]",
    );
    assert_eq!(site.feed("own/rss.xml").titles(), ["D", "B"]);
}

#[test]
fn a_feed_of_one_s_own_has_its_own_limit_and_mode() {
    let site = with_feeds(
        "[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"chips\"]\nlimit = 2\nmode = \"none\"",
    );
    let feed = site.feed("own/atom.xml");
    assert_eq!(feed.titles(), ["D", "B"]);
    assert_eq!((feed.items[0].content.as_str(), feed.items[0].summary.as_str()), ("", "Text of D."));
    assert!(site.feed("atom.xml").items[0].content.contains("Text of D."));
}

#[test]
fn a_feed_of_one_s_own_without_posts_is_there_and_empty() {
    let site = with_feeds("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"nothing\"]");
    assert_eq!(site.feed("own/atom.xml").items.len(), 0);
}

#[test]
fn where_a_feed_of_one_s_own_meets_a_category_it_wins_and_that_is_reported() {
    let toml = "[[feed]]\npath = \"chips/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"money\"]";
    let site = with_feeds(toml);
    assert_eq!(site.feed("chips/atom.xml").titles(), ["C", "B"]);
    let report = site.report(&["--full"], 0);
    let problems = report.problems();
    assert!(problems.contains("chips") && problems.contains("another feed"), "{problems}");
}
