//! Irregular posts, row by row of their table: kept or left out, reported or not, and never a bad feed.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::fixture::{Ran, Report, Site, front, short};

const NAME: &str = "2022-03-31-odd.md";

/// A site with one sound post and this one, built.
fn built(bytes: impl AsRef<[u8]>) -> (Site, Report) {
    ended(Site::jekyll().post(NAME, bytes))
}

/// The site with a sound post, built; its feeds are sound.
fn ended(site: Site) -> (Site, Report) {
    let site = site.post("2022-01-01-sound.md", short("Sound", "news"));
    let report = site.build();
    site.assert_sound();
    let all = site.feed("atom.xml");
    assert!(all.titles().contains(&"Sound"), "one bad post never stops the others: {all:?}");
    (site, report)
}

#[track_caller]
fn kept(bytes: impl AsRef<[u8]>, title: &str, found: &[&str]) -> Site {
    let (site, report) = built(bytes);
    assert_eq!(report.diagnostics(), found);
    let all = site.feed("atom.xml");
    assert_eq!(all.titles(), [title, "Sound"]);
    site
}

#[track_caller]
fn left_out(bytes: impl AsRef<[u8]>, found: &[&str]) {
    let (site, report) = built(bytes);
    assert_eq!(report.diagnostics(), found);
    assert_eq!(site.feed("atom.xml").titles(), ["Sound"]);
    assert_eq!((report.number("/posts/kept"), report.number("/posts/left_out")), (1, 1));
}

#[test]
fn a_byte_order_mark_is_no_matter() {
    kept(format!("\u{feff}{}", short("Odd", "news")), "Odd", &[]);
}

#[test]
fn windows_line_ends_are_no_matter() {
    kept(short("Odd", "news").replace('\n', "\r\n"), "Odd", &[]);
}

#[test]
fn dots_end_the_front_matter() {
    kept("---\ntitle: Odd\n...\nText.\n", "Odd", &[]);
}

#[test]
fn blanks_after_the_fences_are_no_matter() {
    kept("---  \ntitle: Odd\n--- \t\nText.\n", "Odd", &[]);
}

#[test]
fn a_missing_final_newline_is_no_matter() {
    let site = kept("---\ntitle: Odd\n---\nText", "Odd", &[]);
    assert_eq!(site.feed("atom.xml").items[0].content.trim(), "<p>Text</p>");
}

#[test]
fn a_post_may_be_nothing_but_its_front_matter() {
    kept("---\ntitle: Odd\n---", "Odd", &[]);
}

#[test]
fn an_unquoted_time_without_offset_is_utc_and_a_quoted_one_is_in_the_zone_of_the_site() {
    let site = Site::jekyll()
        .file("site/_config.yml", "title: E\nurl: https://example.com\ntimezone: Asia/Shanghai\n")
        .post("2022-03-31-bare.md", front("title: Bare\ndate: 2022-03-31 14:30:55", "x"))
        .post("2022-03-31-quoted.md", front("title: Quoted\ndate: '2022-03-31 14:30:55'", "x"));
    let (site, report) = ended(site);
    assert_eq!(report.diagnostics(), [""; 0]);
    let all = site.feed("atom.xml");
    assert_eq!(all.titles(), ["Bare", "Quoted", "Sound"]);
    assert_eq!(all.items[0].published, "2022-03-31T14:30:55+00:00");
    assert_eq!(all.items[1].published, "2022-03-31T06:30:55+00:00");
}

#[test]
fn folded_and_literal_scalars_are_read() {
    let site = kept(front("title: >-\n  Folded\n  title\ndescription: |\n  One.\n  Two.", "x"), "Folded title", &[]);
    assert_eq!(site.feed("atom.xml").items[0].summary, "One. Two.");
}

#[test]
fn numbers_and_booleans_are_labels() {
    let site = kept(front("title: Odd\ncategories: [2024, 3.5, true, 0755, yes]", "x"), "Odd", &[]);
    assert_eq!(site.feed("atom.xml").items[0].labels, ["2024", "3.5", "true", "493"]);
    assert_eq!(site.feed("3.5/atom.xml").titles(), ["Odd"]);
}

#[test]
fn control_characters_are_removed() {
    let post = front("title: \"a\u{b}b\"", "x\u{0}\u{1}\u{c}\u{1b}\u{fffe}\u{9f}y");
    let site = kept(post, "ab", &[]);
    assert_eq!(site.feed("rss.xml").items[0].content.trim(), "<p>xy</p>");
}

#[test]
fn lone_surrogates_do_no_harm() {
    let (site, _) = built(front("title: \"a \\ud800 b\"", "x &#xD800; y"));
    assert_eq!(site.feed("atom.xml").items.len(), 2);
}

#[test]
fn the_end_of_a_cdata_section_in_text_survives() {
    let site = kept(front("title: 'm[i[0]]>n'", "`m[i[0]]>n` ]]> done"), "m[i[0]]>n", &[]);
    assert!(site.feed("rss.xml").items[0].content.contains("]]&gt;"));
}

#[test]
fn characters_beyond_the_basic_plane_survive() {
    let site = kept(front("title: 𠮷 📈", "👩\u{200d}💻 👍🏽 שלום"), "𠮷 📈", &[]);
    assert!(site.feed("rss.xml").items[0].content.contains("👩\u{200d}💻 👍🏽 שלום"));
}

#[test]
fn a_title_of_ten_thousand_characters_is_kept() {
    let title = "长".repeat(10_000);
    kept(front(&format!("title: {title}"), "x"), &title, &[]);
}

#[test]
fn markup_in_a_title_becomes_text() {
    kept(front("title: '<i>All</i> R&D 1 < 2'", "x"), "All R&D 1 < 2", &[]);
}

#[test]
fn an_empty_title_is_the_first_sentence() {
    kept(front("title: \"\"", "First things first. Then others."), "First things first.", &[]);
}

#[test]
fn a_missing_title_is_the_slug_in_words() {
    let (site, _) = ended(Site::jekyll().post("2022-03-31-slow-news-day.md", "---\n---\nx\n"));
    assert_eq!(site.feed("atom.xml").titles(), ["Slow News Day", "Sound"]);
}

#[test]
fn quotes_inside_quotes_are_kept_with_a_warning() {
    let post = "---\ndate: 2022-03-31 10:00:00\ntitle: \"a \"b\" c\"\n---\nx\n";
    kept(post, "a “b” c", &["_posts/2022-03-31-odd.md:3 warning front-matter-repaired"]);
}

#[test]
fn a_tab_as_indentation_is_kept_with_a_warning() {
    let post = front("title: Odd\nsource:\n\tname: desk", "x");
    kept(post, "Odd", &["_posts/2022-03-31-odd.md:4 warning front-matter-repaired"]);
}

#[test]
fn an_unknown_anchor_is_kept_with_a_warning() {
    let post = front("title: Odd\nsource: *desk", "x");
    kept(post, "Odd", &["_posts/2022-03-31-odd.md:3 warning front-matter-repaired"]);
}

#[test]
fn of_a_key_that_stands_twice_the_last_one_counts() {
    let post = front("title: First\nlayout: post\ntitle: Last", "x");
    kept(post, "Last", &["_posts/2022-03-31-odd.md:4 warning duplicate-key"]);
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_with_a_warning() {
    let mut post = short("Odd", "news").into_bytes();
    post.extend(b"caf\xe9 \xff\xfe end\n");
    let site = kept(post, "Odd", &["_posts/2022-03-31-odd.md:6 warning not-utf8"]);
    assert!(site.feed("rss.xml").items[0].content.contains("caf\u{fffd}"));
}

#[test]
fn an_empty_date_is_that_of_the_file_name_with_a_warning() {
    let site = kept(front("title: Odd\ndate:  +0800", "x"), "Odd", &["_posts/2022-03-31-odd.md:3 warning bad-date"]);
    assert_eq!(site.feed("atom.xml").items[0].published, "2022-03-31T00:00:00+00:00");
}

#[test]
fn an_impossible_date_is_that_of_the_file_name_with_a_warning() {
    let post = front("title: Odd\ndate: 2022-02-31 10:00:00 +0800", "x");
    let site = kept(post, "Odd", &["_posts/2022-03-31-odd.md:3 warning bad-date"]);
    assert_eq!(site.feed("atom.xml").items[0].published, "2022-03-31T00:00:00+00:00");
}

#[test]
fn two_posts_with_one_permalink_and_other_ids_are_both_kept_with_a_warning() {
    let (site, report) = ended(
        Site::jekyll()
            .post("2022-03-31-one.md", front("title: One\npermalink: /same/\nfeed_id: tag:example.com,2022:1", "x"))
            .post("2022-03-30-two.md", front("title: Two\npermalink: /same/\nfeed_id: tag:example.com,2022:2", "x")),
    );
    let found = report.diagnostics();
    assert!(!found.is_empty() && found.iter().all(|found| found.ends_with(" warning same-permalink")), "{found:?}");
    assert_eq!(site.feed("atom.xml").titles(), ["One", "Two", "Sound"]);
}

#[test]
fn of_two_posts_with_one_id_the_newest_is_kept_and_both_are_named() {
    let (site, report) = ended(
        Site::jekyll()
            .post("2022-03-31-new.md", front("title: New\nfeed_id: tag:example.com,2022:1", "x"))
            .post("2022-03-30-old.md", front("title: Old\nfeed_id: tag:example.com,2022:1", "x")),
    );
    assert_eq!(site.feed("atom.xml").titles(), ["New", "Sound"]);
    let found = &report.0["diagnostics"][0];
    assert_eq!((&found["severity"], &found["code"]), (&"error".into(), &"same-id".into()), "{:#}", report.0);
    let said = format!("{} {}", found["path"], found["message"]);
    assert!(said.contains("_posts/2022-03-30-old.md") && said.contains("_posts/2022-03-31-new.md"), "{said}");
    assert_eq!(report.number("/errors"), 1);
}

#[test]
fn an_untidy_name_without_a_date_is_left_out_with_a_warning_whatever_the_front_matter() {
    let post = front("title: Odd\ndate: 2022-03-31 10:00:00", "x");
    let (site, report) = ended(Site::jekyll().post("odd.md", post));
    assert_eq!(report.diagnostics(), ["_posts/odd.md:- warning no-date-in-name"]);
    assert_eq!(site.feed("atom.xml").titles(), ["Sound"]);
}

#[test]
fn a_plain_post_without_any_date_is_left_out_with_an_error() {
    let site = Site::plain()
        .file("site/2022-01-01-sound.md", short("Sound", "news"))
        .file("site/aside.md", front("title: Aside", "x"));
    let report = site.build();
    assert_eq!(report.diagnostics(), ["aside.md:- error no-date"]);
    assert_eq!(site.feed("atom.xml").titles(), ["Sound"]);
    site.assert_sound();
}

#[test]
fn front_matter_that_never_ends_is_left_out_with_an_error() {
    left_out("---\ntitle: Odd\n\nText\n", &["_posts/2022-03-31-odd.md:1 error front-matter-unterminated"]);
}

#[test]
fn front_matter_that_is_no_map_is_left_out_with_an_error() {
    left_out("---\n- one\n- two\n---\nx\n", &["_posts/2022-03-31-odd.md:2 error front-matter-not-a-map"]);
}

#[test]
fn aliases_that_expand_without_bound_are_left_out_with_an_error() {
    let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        bomb.push_str(&format!("l{level}: &l{level} [{}]\n", vec![format!("*l{}", level - 1); 8].join(", ")));
    }
    let (_, report) = built(front(&format!("title: Odd\n{bomb}"), "x"));
    let found = report.diagnostics();
    assert!(found.len() == 1 && found[0].ends_with(" error front-matter-expands"), "{found:?}");
    assert_eq!(report.number("/posts/kept"), 1);
}

#[test]
fn a_hundred_thousand_open_brackets_end_at_once() {
    let (_, report) = built(front(&format!("title: {}", "[".repeat(60_000)), "x"));
    assert_eq!(report.diagnostics().len(), 1);
}

#[test]
fn front_matter_over_64_kib_is_left_out_with_an_error() {
    let post = front(&format!("title: Odd\nnotes: {}", "x".repeat(65_536)), "x");
    left_out(post, &["_posts/2022-03-31-odd.md:1 error front-matter-too-large"]);
}

#[test]
fn a_dangling_link_is_left_out_with_an_error() {
    let site = Site::jekyll();
    symlink("nowhere.md", site.path("site/_posts").join(NAME)).unwrap();
    let (_, report) = ended(site);
    assert_eq!(report.diagnostics(), ["_posts/2022-03-31-odd.md:- error unreadable"]);
}

#[test]
fn a_folder_with_the_name_of_a_post_is_left_out_with_an_error() {
    let site = Site::jekyll();
    std::fs::create_dir(site.path("site/_posts").join(NAME)).unwrap();
    let (_, report) = ended(site);
    assert_eq!(report.diagnostics(), ["_posts/2022-03-31-odd.md:- error unreadable"]);
}

#[test]
fn a_fifo_is_left_out_with_an_error_and_never_waited_for() {
    let site = Site::jekyll();
    Ran::from(Command::new("mkfifo").arg(site.path("site/_posts").join(NAME)).output().unwrap()).exits(0);
    let (_, report) = ended(site);
    assert_eq!(report.diagnostics(), ["_posts/2022-03-31-odd.md:- error unreadable"]);
}

#[test]
fn a_file_over_16_mib_is_left_out_with_an_error() {
    let mut post = short("Odd", "news");
    post.push_str(&"x".repeat(16 << 20));
    left_out(post, &["_posts/2022-03-31-odd.md:- error too-large"]);
}

#[test]
fn no_front_matter_draft_unpublished_and_future_are_left_out_in_silence_and_counted() {
    let (site, report) = ended(
        Site::jekyll()
            .post("2022-03-31-a.md", "No front matter here.\n")
            .post("2022-03-31-b.md", front("draft: true", "x"))
            .post("2022-03-31-c.md", front("published: false", "x"))
            .post("2022-03-31-d.md", front("date: 2099-01-01 00:00:00", "x"))
            .post("2099-03-31-e.md", front("title: E", "x"))
            .post("2022-03-31-f.md", front("feed: false", "x")),
    );
    assert_eq!(report.diagnostics(), [""; 0]);
    assert_eq!(site.feed("atom.xml").titles(), ["Sound"]);
    assert_eq!(report.number("/posts/left_out"), 6);
    let reasons = &report.0["posts"]["reasons"];
    for (reason, n) in [
        ("without front matter", 1),
        ("draft", 1),
        ("published: false", 1),
        ("dated in the future", 2),
        ("feed: false", 1),
    ] {
        assert_eq!(reasons[reason], n, "{reason} of {reasons}");
    }
}

#[test]
fn an_expired_plain_post_is_left_out_in_silence() {
    let site = Site::plain()
        .file("site/2022-01-01-sound.md", short("Sound", "news"))
        .file("site/2022-01-02-gone.md", front("title: Gone\nexpiryDate: 2022-02-02", "x"));
    let report = site.build();
    assert_eq!(site.feed("atom.xml").titles(), ["Sound"]);
    assert_eq!(report.0["posts"]["reasons"]["expired"], 1, "{:#}", report.0);
}

#[test]
fn a_comma_in_a_string_of_labels_is_part_of_the_label_with_a_warning() {
    let post = front("title: Odd\ncategories: news, releases", "x");
    let site = kept(post, "Odd", &["_posts/2022-03-31-odd.md:3 warning comma-in-labels"]);
    assert_eq!(site.feed("atom.xml").items[0].labels, ["news,", "releases"]);
}

#[test]
fn a_broken_post_returns_when_it_is_mended() {
    let (site, _) = built("---\ntitle: Odd\n\nText\n");
    site.write(&format!("site/_posts/{NAME}"), front("title: Odd", "Text"));
    assert_eq!(site.build().diagnostics(), [""; 0]);
    assert_eq!(site.feed("atom.xml").titles(), ["Odd", "Sound"]);
}

#[test]
fn the_report_of_an_unchanged_site_says_the_same_again() {
    let (site, report) = built("---\ntitle: Odd\n\nText\n");
    assert_eq!(site.build().diagnostics(), report.diagnostics());
}
