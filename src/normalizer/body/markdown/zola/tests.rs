//! HTML as Zola 0.22 writes it for the same text, but for colours of code, and for `data-lang` where feeds have a class.

use super::*;
use crate::model::Slugify;

fn rendered(source: &str, options: &ZolaMarkdown) -> Rendered {
    let anchor_link = |id: &str, level: u8, text: &str| format!("<a href=\"#{id}\">{level} {text}</a>");
    let context = Context {
        options,
        inserts: &Inserts::default(),
        anchor_links: options.anchor_links,
        anchor_link: &anchor_link,
    };
    render(source, &context)
}

fn html(source: &str, options: &ZolaMarkdown) -> String {
    rendered(source, options).html
}

fn usual() -> ZolaMarkdown {
    ZolaMarkdown { external: " rel=\"external\"".to_owned(), ..ZolaMarkdown::default() }
}

#[test]
fn headings_have_ids() {
    let headings = "# Head\n# Head\n## Head {#head-1 .cls a=b}\n## Head\n# 日本語 C++ / Rüst\n# *a* `b` ![c](d) [e](/f)\n# !\n# !\n";
    assert_eq!(
        html(headings, &usual()),
        "<h1 id=\"head\">Head</h1>\n<h1 id=\"head-2\">Head</h1>\n<h2 id=\"head-1\" class=\"cls\">Head</h2>\n\
         <h2 id=\"head-3\">Head</h2>\n<h1 id=\"ri-ben-yu-c-rust\">日本語 C++ / Rüst</h1>\n\
         <h1 id=\"a-b-c-e\"><em>a</em> <code>b</code> <img src=\"d\" alt=\"c\" /> <a href=\"/f\">e</a></h1>\n\
         <h1>!</h1>\n<h1 id=\"-1\">!</h1>\n"
    );
    let safe = ZolaMarkdown { anchors: Slugify::Safe, ..usual() };
    assert_eq!(html("# A  b?", &safe), "<h1 id=\"A__b?\">A  b?</h1>\n");
}

#[test]
fn links_to_other_sites_say_so() {
    let options = ZolaMarkdown { external: " class=\"x\" rel=\"nofollow\" target=\"_blank\"".to_owned(), ..usual() };
    assert_eq!(
        html("[a](https://b.example/?c&d \"t\") <http://e.example> [f](/g) <h@i.example>", &options),
        "<p><a class=\"x\" rel=\"nofollow\" target=\"_blank\" title=\"t\" href=\"https://b.example/?c&amp;d\">a</a> \
         <a class=\"x\" rel=\"nofollow\" target=\"_blank\" href=\"http://e.example\">http://e.example</a> \
         <a href=\"/g\">f</a> <a href=\"mailto:h@i.example\">h@i.example</a></p>\n"
    );
}

#[test]
fn notes_are_where_they_are_defined_or_at_the_end() {
    let text = "a[^x] b[^x]\n\n[^x]: note\n\n    more\n\n[^y]: unused\n";
    assert!(html(text, &usual()).starts_with(
        "<p>a<sup class=\"footnote-reference\"><a href=\"#x\">1</a></sup> \
         b<sup class=\"footnote-reference\"><a href=\"#x\">1</a></sup></p>\n\
         <div class=\"footnote-definition\" id=\"x\"><sup class=\"footnote-definition-label\">1</sup>\n<p>note</p>\n"
    ));
    let bottom = ZolaMarkdown { bottom_footnotes: true, ..usual() };
    assert_eq!(
        html(text, &bottom),
        "<p>a<sup class=\"footnote-reference\" id=\"fr-x-1\"><a href=\"#fn-x\">1</a></sup> \
         b<sup class=\"footnote-reference\" id=\"fr-x-2\"><a href=\"#fn-x\">1</a></sup></p>\n\
         <section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n<li id=\"fn-x\">\n<p>note</p>\n\
         <p>more <a href=\"#fr-x-1\">↩</a> <a href=\"#fr-x-2\">↩2</a></p>\n</li>\n</ol>\n</section>\n"
    );
}

#[test]
fn code_is_named_by_its_language_alone() {
    for (info, class) in [
        ("rust", " class=\"language-rust\""),
        ("rust,linenos,hl_lines=1-2 4", " class=\"language-rust\""),
        ("linenos,rust", " class=\"language-rust\""),
        ("hl_lines=1, c++", " class=\"language-c++\""),
        ("linenos", ""),
        ("js hl_lines=1", ""),
        ("", ""),
    ] {
        assert_eq!(
            html(&format!("```{info}\na\n```"), &usual()),
            format!("<pre><code{class}>a\n</code></pre>\n"),
            "{info}"
        );
    }
    let highlighted = ZolaMarkdown { highlights: true, ..usual() };
    let hidden = "```a,hide_lines=2 4-5\n1\n2\n3\n4\n5\n6\n```";
    assert_eq!(html(hidden, &highlighted), "<pre><code class=\"language-a\">1\n3\n6\n</code></pre>\n");
    assert!(html(hidden, &usual()).contains("1\n2\n3"));
}

#[test]
fn options_are_off_unless_they_are_on() {
    let text = "\"a\" -- b... :heart: :no: :heart\n\nT\n: D\n\n> [!TIP]\n> x\n";
    assert_eq!(
        html(text, &usual()),
        "<p>&quot;a&quot; -- b... :heart: :no: :heart</p>\n<p>T\n: D</p>\n<blockquote>\n<p>[!TIP]\nx</p>\n</blockquote>\n"
            .replace("&quot;", "\"")
    );
    let all =
        ZolaMarkdown { smart_punctuation: true, emoji: true, definition_list: true, github_alerts: true, ..usual() };
    assert_eq!(
        html(text, &all),
        "<p>“a” – b… ❤️ :no: :heart</p>\n<dl>\n<dt>T</dt>\n<dd>D</dd>\n</dl>\n\
         <blockquote class=\"markdown-alert-tip\">\n<p>x</p>\n</blockquote>\n"
    );
}

#[test]
fn the_summary_ends_at_the_divider() {
    for (text, summary) in [
        ("a\n\n<!-- more -->\n\nb", Some("<p>a</p>")),
        ("a[^x] <!--MORE--> b\n\n[^x]: c", Some("<p>a&hellip;</p>\n")),
        ("- a\n\n  <!--\tmore -->\n- b", Some("<ul>\n<li>\n<p>a</p>&hellip;</li>\n</ul>\n")),
        ("a [b](https://c.example) <!-- more -->", Some("<p>a <a rel=\"external\" href=\"https://c.example\">b</a>")),
        ("a <!-- no more --> b", None),
        ("<!-- more -->", Some("")),
    ] {
        assert_eq!(rendered(text, &usual()).summary.as_deref(), summary, "{text}");
    }
}

#[test]
fn hostile_texts_take_no_long_time() {
    for piece in
        ["# a\n", "# a {#a-1}\n", "[^a] ", "[^a]\n\n[^a]: b\n\n", ":a", "<!--", "```a,hide_lines=1\n", "<!-- more -->"]
    {
        let all = ZolaMarkdown { bottom_footnotes: true, emoji: true, highlights: true, ..usual() };
        let _ = rendered(&piece.repeat(20_000), &all);
    }
}
