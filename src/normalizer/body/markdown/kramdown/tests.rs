//! What no golden file can hold: hostile texts, and any text at all.

use proptest::prelude::*;

use super::{Options, adapted, head};

fn to_html(text: &str) -> String {
    super::to_html(text, &Options::default())
}

fn by_parser(text: &str) -> String {
    super::by_parser(text, &Options::default())
}

#[test]
fn nests_have_a_bottom() {
    for marker in ["> ", "- ", "* ", "1. ", "> - ", "*a _b ", "[a ", "![a ", "<b>", "<div markdown=\"1\">\n", "<p>"] {
        let html = to_html(&format!("{}a{}", marker.repeat(3000), "\na".repeat(3000)));
        assert!(html.matches("\na").count() >= 3000, "{marker:?}");
        let depth = ["<blockquote>", "<li>", "<ul>"].map(|tag| html.matches(tag).count());
        assert!(depth.iter().all(|&depth| depth <= super::DEPTH), "{depth:?} of {marker:?}");
    }
}

#[test]
fn what_is_never_closed_costs_no_more_than_its_length() {
    let pieces = [
        "*a **b ",
        "_a __b",
        "`a ``b ",
        "![",
        "[",
        "[a](",
        "[a](b \"",
        "<a b=\"",
        "<!-- ",
        "$$ a\n\n",
        "~~a ",
        "{::comment}\n",
        "{: a\n",
        "```\n\n~~~~x\n\n",
        "\"'",
        "<b>*",
        "a|b\n",
        "a|b\n\n`",
        "[^a]: b\n[^a]\n",
        "&a",
        "{::nomarkdown}",
        "<<",
        "*[a]: b\n\na a ",
        "a\n: b\n",
        "<div>\n",
        "</p>\n",
        "<code|",
        "[a]: <b\n",
        "(\"",
        "{:a: a a a}\n{: a}\n",
    ];
    for piece in pieces {
        let text = piece.repeat(20_000 / piece.len());
        assert!(to_html(&text).len() < 100 * text.len(), "{piece:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_rendered(pieces in prop::collection::vec(piece(), 0..30)) {
        let text = pieces.concat();
        prop_assert!(to_html(&text).len() < 100_000);
    }

    #[test]
    fn letters_are_never_lost(words in prop::collection::vec("[a-z中é]{1,6}", 1..20), marks in prop::collection::vec("[ *_'\"\n.-]{1,2}", 20)) {
        let text: String = words.iter().zip(&marks).flat_map(|(word, mark)| [word.as_str(), mark.as_str()]).collect();
        let html = to_html(&text);
        let shown = crate::normalizer::text::from_html(&html);
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        prop_assert_eq!(letters(&shown), letters(&text));
    }
}

fn piece() -> impl Strategy<Value = String> {
    const SYNTAX: &[&str] = &[
        "a",
        "é",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "~~",
        "# ",
        "- ",
        "1. ",
        "> ",
        ": ",
        "|",
        "|-|\n",
        "[",
        "](",
        "]: ",
        ")",
        "![",
        "[^1]",
        "[^1]: ",
        "{: .c}",
        "{:toc}",
        "{::comment}",
        "{:/}",
        "{:a: .b}\n",
        "<div>",
        "</div>",
        "<div markdown=\"1\">\n",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "&amp;",
        "<",
        ">",
        "\"",
        "'",
        "--",
        "...",
        "<<",
        "$$",
        "\\",
        "\n^\n",
        "*[a]: b\n",
        "===\n",
        "---\n",
        "<script>",
        "\0",
        "\r",
    ];
    prop_oneof![prop::sample::select(SYNTAX).prop_map(str::to_owned), any::<char>().prop_map(String::from)]
}

/// Lines of paragraphs as news sites have them, and some that only look so.
fn news() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<p>",
        "</p>",
        "</p><p>",
        "<p class=\"x\">",
        "<p class='x'>",
        "<strong>",
        "</strong>",
        "<a href=\"//x/?a=1\" class=\"k\">",
        "<a href=\"a&b\">",
        "<a href=\"//q/s?from=news&amp;t=1\" class=\"k\">",
        "</a>",
        "<img src=\"a.png\" alt=\"A b\" />",
        "<img src=\"a.png\">",
        "<br />",
        "<br>",
        "<br/>",
        "<span>",
        "</span>",
        "<div>",
        "</div>",
        "文字“引用”。",
        "a 'b' \"c\"",
        "*x* _y_ `z`",
        "a -- b...",
        "[l](m)",
        " & ",
        "&amp;",
        "a > b",
        "\n",
        " ",
        "\\*",
        "$$x$$",
        "<p markdown=\"1\">",
        "<b></b>",
        "<p>a</p>",
        "<p><strong>b</strong>c</p>",
        "<i id=\"q\">",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "\n",
        "\n\n",
        "\n\nText *x*",
        "\n\n\n- a\n- b",
        "\ntext",
        "\n\n<http://a.example>\n\n[b](//c)",
        "\n\n# Head",
        "\n{:.x}",
        "\n\n    code",
        "\n\n*[a]: b",
        "\n \ntext",
        "\n\n<p>d</p>",
        "\n\n[l]: m\n",
    ]);
    (prop::collection::vec(piece, 0..8), tail).prop_map(|(pieces, tail)| format!("<p>{}</p>{tail}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_shortcut_makes_no_difference(text in news()) {
        prop_assert_eq!(to_html(&text), by_parser(&adapted(&text)));
    }
}

#[test]
fn the_shortcut_takes_what_news_sites_write() {
    let line = "<p>文字<a href=\"//q.example/1?a=b&amp;c=d\" class=\"k\">深圳</a></p><p><img src=\"https://i.example/1.jpg\" alt=\"Image\" width=\"552\" style=\"border:#d1d1d1 1px solid;\" /></p>";
    assert!(head::paragraphs(&format!("{line}\n\n<http://a.example>\n")).is_some());
}
