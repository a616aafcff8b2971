//! Markdown and the HTML that the page has for it.

use proptest::prelude::*;

use super::{Flavor, KramdownOptions, push_html, to_html, zola};
use crate::config::{HugoMarkdown, ZolaAnchors, ZolaMarkdown};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(to_html(text, Flavor::CommonMark), *expected, "{text}");
    }
}

#[test]
fn common_markdown() {
    check(&[
        ("a\nb  \nc", "<p>a\nb<br />\nc</p>\n"),
        ("- a\n- b\n  1. c\n", "<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>\n"),
        ("> q *e* **s** ~~d~~", "<blockquote>\n<p>q <em>e</em> <strong>s</strong> <del>d</del></p>\n</blockquote>\n"),
        (
            "<https://example.org/?a=1&b>",
            "<p><a href=\"https://example.org/?a=1&amp;b\">https://example.org/?a=1&amp;b</a></p>\n",
        ),
        ("![t](/a.png \"x\")", "<p><img src=\"/a.png\" alt=\"t\" title=\"x\" /></p>\n"),
        ("<>\n", "<p>&lt;&gt;</p>\n"),
        ("", ""),
    ]);
}

#[test]
fn html_stands_as_it_is() {
    check(&[("<p>a *b*</p>\n\n<div class='x'>\n\n*c*", "<p>a *b*</p>\n<div class='x'>\n<p><em>c</em></p>\n")]);
}

#[test]
fn code_names_its_language() {
    check(&[
        (
            "```rust ignore\na < b && \"c\"\n```",
            "<pre><code class=\"language-rust\">a &lt; b &amp;&amp; \"c\"\n</code></pre>\n",
        ),
        ("    a -- 'b'\n", "<pre><code>a -- 'b'\n</code></pre>\n"),
    ]);
}

#[test]
fn tables_align_their_columns() {
    check(&[(
        "| a | b |\n|---|---:|\n| `x|` | 1 |",
        "<table><thead><tr><th>a</th><th style=\"text-align: right\">b</th></tr></thead><tbody>\n<tr><td>`x</td><td style=\"text-align: right\">`</td></tr>\n</tbody></table>\n",
    )]);
}

#[test]
fn definition_lists() {
    check(&[
        ("term\n: what it is", "<dl>\n<dt>term</dt>\n<dd>what it is</dd>\n</dl>\n"),
        ("good\n:smile: news", "<p>good\n:smile: news</p>\n"),
        ("a: b\n:c", "<p>a: b\n:c</p>\n"),
    ]);
}

#[test]
fn typography_only_where_it_is_wanted() {
    let text = "\"a\" -- 'b'... c---d";
    assert_eq!(
        to_html(text, Flavor::Goldmark(HugoMarkdown { emoji: false, raw_html: true, ..HugoMarkdown::default() })),
        "<p>“a” – ‘b’… c—d</p>\n"
    );
    assert_eq!(to_html(text, Flavor::Kramdown(&KramdownOptions::default())), "<p>“a” – ‘b’… c—d</p>\n");
    assert_eq!(to_html(text, Flavor::CommonMark), "<p>\"a\" -- 'b'... c---d</p>\n");
}

#[test]
fn dollars_and_alerts_mean_nothing() {
    check(&[
        ("$x_1$ and $$y$$", "<p>$x_1$ and $$y$$</p>\n"),
        ("> [!NOTE]\n> a", "<blockquote>\n<p>[!NOTE]\na</p>\n</blockquote>\n"),
        ("- [x] a", "<ul>\n<li>[x] a</li>\n</ul>\n"),
    ]);
}

#[test]
fn headings_have_the_ids_of_the_page() {
    let cases = [
        ("# Hello, World! `x_y`", "hello-world-x_y"),
        ("## 市场 & 数据：2022", "市场--数据2022"),
        ("# ÉCOLE it's \"q\" -- a-b", "école-its-q----a-b"),
        ("# [link](u) *em* ![alt](p)", "link-em-"),
        ("# हिन्दी ①Ⅳ²", "हिन्दी-ⅳ"),
        ("a b\n===", "a-b"),
    ];
    for (text, id) in cases {
        assert!(
            to_html(text, Flavor::CommonMark).contains(&format!(" id=\"{id}\">")),
            "{}",
            to_html(text, Flavor::CommonMark)
        );
    }
    assert_eq!(to_html("# !", Flavor::CommonMark), "<h1>!</h1>\n");
    assert_eq!(
        to_html("# a\n# a\n# a", Flavor::CommonMark),
        "<h1 id=\"a\">a</h1>\n<h1 id=\"a-1\">a</h1>\n<h1 id=\"a-2\">a</h1>\n"
    );
}

#[test]
fn footnotes_are_collected_at_the_end() {
    let html =
        to_html("a[^x] b[^1] c[^x] d[^none]\n\n[^1]: *one*\n[^unused]: u\n[^x]: > quote\n\nlast", Flavor::CommonMark);
    let expected = concat!(
        "<p>a<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup>",
        " b<sup id=\"fnref:2\"><a href=\"#fn:2\" class=\"footnote-ref\" role=\"doc-noteref\">2</a></sup>",
        " c<sup id=\"fnref1:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup> d[^none]</p>\n",
        "<p>last</p>\n",
        "<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr />\n<ol>\n",
        "<li id=\"fn:1\">\n<blockquote>\n<p>quote</p>\n</blockquote>\n",
        "&#160;<a href=\"#fnref:1\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a>",
        "&#160;<a href=\"#fnref1:1\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a></li>\n",
        "<li id=\"fn:2\">\n<p><em>one</em>",
        "&#160;<a href=\"#fnref:2\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a></p>\n</li>\n",
        "</ol>\n</div>\n",
    );
    assert_eq!(html, expected);
}

#[test]
fn nests_have_a_bottom() {
    for marker in ["> ", ">", "- ", "+\t", "* ", "1. ", "12) ", "> - "] {
        let html = to_html(&format!("{}a{}", marker.repeat(5000), "\na".repeat(5000)), Flavor::CommonMark);
        let depth = html.matches("<blockquote>").count() + html.matches("<li>").count();
        assert!((40..=260).contains(&depth), "{depth} of {marker:?}");
        assert!(!html.contains("\\"), "{marker:?}");
        assert!(html.matches("\na").count() >= 5000, "{marker:?}");
    }
}

#[test]
fn long_lines_across_the_page_are_no_nests() {
    assert_eq!(to_html(&"- ".repeat(500), Flavor::CommonMark), "<hr />\n");
    assert_eq!(to_html(&"-".repeat(500), Flavor::CommonMark), "<hr />\n");
    assert_eq!(to_html(&format!("a\n{}\n", "=".repeat(500)), Flavor::CommonMark), "<h1 id=\"a\">a</h1>\n");
    let prose = format!("- {}", "word ".repeat(200).trim_end());
    assert_eq!(
        to_html(&prose, Flavor::CommonMark),
        format!("<ul>\n<li>{}</li>\n</ul>\n", "word ".repeat(200).trim_end())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn html_at_the_head_needs_no_parser(
        head in "<(p|div|h2|P|pre|p-x|table)[ >\n/][<>a&\"'*`\\[\\]: \t\n|中]{0,30}(\n\n|\n \t\n|\n)",
        rest in "[-a>*_#:\\[\\]<1. \t\n]{0,30}",
        goldmark: bool,
    ) {
        let text = head + &rest;
        let mut html = String::new();
        let flavor = if goldmark { Flavor::Goldmark(HugoMarkdown { emoji: false, raw_html: true, ..HugoMarkdown::default() }) } else { Flavor::CommonMark };
        push_html(&mut html, &text, &text, flavor, None);
        prop_assert_eq!(to_html(&text, flavor), html);
    }

    #[test]
    fn any_text_is_rendered(text in "[-a>*_`~#|:\\[\\]()!<\\\\^1. \t\n\"'&$中]{0,80}", raw_html: bool) {
        let options = KramdownOptions::default();
        let goldmark = Flavor::Goldmark(HugoMarkdown { emoji: true, raw_html, ..HugoMarkdown::default() });
        for flavor in [Flavor::Kramdown(&options), goldmark, Flavor::CommonMark] {
            prop_assert!(to_html(&text, flavor).len() < 100_000);
        }
    }

    #[test]
    fn any_text_is_rendered_as_zola_would(
        text in "([-a>*_`~#|:\\[\\]()!<\\\\^1. \t\n\"'&$中]|<!-- more -->|:smile:|\\[\\^a\\]|https://a|```a,hide_lines=1\n){0,60}",
        all: bool,
    ) {
        let options = ZolaMarkdown {
            smart_punctuation: all,
            emoji: all,
            bottom_footnotes: all,
            definition_list: all,
            github_alerts: all,
            highlights: all,
            external: if all { " rel=\"external\"".to_owned() } else { String::new() },
            ..ZolaMarkdown::default()
        };
        let link = |id: &str, _: u8, _: &str| format!("<a href=\"#{id}\">#</a>");
        let inserts = zola::Inserts::default();
        let anchor_links = if all { ZolaAnchors::Right } else { ZolaAnchors::None };
        let context = zola::Context { options: &options, inserts: &inserts, anchor_links, anchor_link: &link };
        let rendered = zola::render(&text, &context);
        prop_assert!(rendered.html.len() < 100_000);
        prop_assert!(rendered.summary.is_some() || !rendered.html.contains("<span id=\"continue-reading\">"));
    }
}
