//! What holds for any input, however its pieces meet.

use proptest::prelude::*;

use super::super::{Cleaning, MEMORY, by_parser, edit};
use super::{PAGE, cleaned};
use crate::model::WebUrl;
use crate::normalizer::text;

/// Pieces that meet in unforeseen ways.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<",
            ">",
            "/",
            "</",
            "<!",
            "<!--",
            "-->",
            "<?",
            "&",
            "&#",
            "&#1;",
            "&#x",
            "1;",
            "41",
            "'",
            "\"",
            "=",
            " ",
            "\n",
            "a",
            "<a ",
            "<b>",
            "</b>",
            "href=",
            "src=",
            "on",
            "onclick=",
            "onload",
            "javascript:",
            "&colon;",
            "data:image/png,x",
            "style=",
            "position:fixed",
            "display:none",
            "<div hidden>",
            "</div>",
            "<script>",
            "<script",
            "</script>",
            "<style>",
            "</style>",
            "<title>",
            "</title>",
            "<xmp>",
            "</xmp>",
            "<plaintext>",
            "<iframe src=x>",
            "</iframe>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mtext>",
            "<desc>",
            "<foreignObject>",
            "<![CDATA[",
            "]]>",
            "<form>",
            "</form>",
            "<head>",
            "<select>",
            "<textarea>",
            "</textarea>",
            "<noscript>",
            "</noscript>",
            "<template>",
            "<img src=x ",
            "srcset='a 2x'",
            "\u{0}",
            "\u{FFFE}",
            "é",
            "中",
            "🚀",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Start tags as an HTML parser sees them.
fn start_tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    // From the source, because the name that the parser returns lacks a byte order mark at its start.
    let name = |a: &lol_html::html_content::Attribute| {
        html.get(a.name_source_location().unwrap().bytes()).unwrap().to_ascii_lowercase()
    };
    let settings = lol_html::RewriteStrSettings::new().with_strict(false).append_element_content_handler(
        lol_html::element!("*", |element| {
            tags.push((element.tag_name(), element.attributes().iter().map(|a| (name(a), a.value())).collect()));
            Ok(())
        }),
    );
    lol_html::rewrite_str(html, settings).unwrap();
    tags
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_that_runs_survives(html in soup()) {
        let clean = cleaned(&html);
        for (name, attributes) in start_tags(&clean) {
            prop_assert!(!["script", "style", "title", "xmp", "plaintext", "iframe"].contains(&&*name), "{clean}");
            prop_assert!(!name.contains('<'), "{clean}");
            for (attribute, value) in attributes {
                prop_assert!(!attribute.starts_with("on"), "{clean}");
                prop_assert!(!value.trim().to_ascii_lowercase().starts_with("javascript:") || !["href", "src"].contains(&&*attribute), "{clean}");
            }
        }
    }

    #[test]
    fn the_text_of_simple_html_is_that_of_the_clean_one(html in prop_oneof![soup(), mild()]) {
        if let Some(text) = text::start_of_simple_html(&html, usize::MAX) {
            prop_assert_eq!(text, text::from_html(&cleaned(&html)));
        }
    }

    #[test]
    fn the_shortcut_makes_no_difference(html in prop_oneof![soup(), mild(), ordinary()]) {
        let html = edit::without_illegal_characters(&html);
        let base = WebUrl::parse(PAGE).unwrap();
        let parsed = by_parser(&html, &Cleaning { base: &base, keep_iframes: false }, MEMORY);
        prop_assert_eq!(cleaned(&html), parsed);
    }

    #[test]
    fn what_is_clean_stays_as_it_is(html in soup()) {
        let once = cleaned(&html);
        prop_assert_eq!(cleaned(&once), once);
    }

    #[test]
    fn any_text_survives_escaped(text in any::<String>()) {
        let escaped = crate::normalizer::text::escape(&crate::normalizer::text::legal(&text));
        prop_assert_eq!(cleaned(&escaped), escaped);
    }

    #[test]
    fn any_string_is_cleaned(html in any::<String>()) {
        cleaned(&html);
    }
}

/// Mostly what posts are made of, with a little of what hides text.
fn mild() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<p class=\"x\">",
        "<strong>",
        "</strong>",
        "<img src=\"a.png\" style='border:0'>",
        "<a href=x>",
        "</a>",
        "<br/>",
        "<div hidden>",
        "<div style=\"DISPLAY:none\">",
        "</div>",
        "<span>",
        "</span>",
        "<h2 id=y>",
        "</h2>",
        "text ",
        "更多。",
        " &amp; ",
        "&#0;",
        "<!-- c -->",
        "a < b",
        "<b<i>",
        "<p",
        ">",
        "\"",
        "<svg>",
        "<P HIDDEN>",
        "\u{b}",
        "<p title='>'>",
        "<pre>",
        "</pre>",
        "<code>",
        "&lt;p&gt;",
        "<p style=\"dis&#112;lay:none\">",
        "<u/hidden>",
        "\n\n",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Tags as nearly everybody writes them, and some that only look so.
fn ordinary() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["p", "a", "img", "span", "h2", "td", "P", "svg", "script", "x-y", "image"]);
    let attribute = prop::sample::select(vec![
        " href=\"/a\"",
        " href=\"//x.example/?a&amp;b\"",
        " href=\"#top\"",
        " href=\" x \"",
        " href=\"\"",
        " src=\"javascript:x\"",
        " src=\"data:image/svg+xml,x\"",
        " srcset=\"a 1x, b 2x\"",
        " style=\"color:red\"",
        " style=\"display:none\"",
        " style=\"position:fixed\"",
        " class=\"a>b<c\"",
        " class='x'",
        " class=x",
        " class",
        " data-x1=\"y\"",
        " onclick=\"x()\"",
        " hidden=\"\"",
        "  title=\"&quot;\"",
        "\tid=\"x\"",
        " /",
        " ",
    ]);
    let tag = (name, prop::collection::vec(attribute, 0..4), prop::sample::select(vec![">", " />", "/>", "", " >"]))
        .prop_map(|(name, attributes, end)| format!("<{name}{}{end}", attributes.concat()));
    let piece = prop_oneof![
        4 => tag,
        2 => prop::sample::select(vec!["</p>", "</a>", "</span>", "</svg>", "</p >", "</script>", "</", "<", "text", "&lt;", "< b", "中"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}
