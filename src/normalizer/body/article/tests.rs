//! What is taken out of a page.

use proptest::prelude::*;

use super::Selection;
use crate::config::CssSelector;

fn selection(select: Option<&str>, remove: Option<&str>) -> Selection {
    let parse = |text: &str| CssSelector::parse(text).unwrap();
    Selection::new(select.map(parse).as_ref(), remove.map(parse).as_ref())
}

fn usual(page: &str) -> Option<String> {
    selection(None, None).extract(page)
}

#[test]
fn the_surest_mark_counts_wherever_it_stands() {
    let cases = [
        ("<main>m<article>a</article></main>", Some("a")),
        ("<main>m</main>", Some("m")),
        ("<article>a</article><div itemprop=articleBody>b</div>", Some("b")),
        ("<article><div itemprop='text articleBody'>b</div></article>", Some("b")),
        ("<div itemprop=articleBody>b</div><div class='x h-entry'><p class='e-content y'>e</p></div>", Some("e")),
        ("<p class=e-content>e</p><main>m</main>", Some("m")), // In no entry.
        ("<article>one</article><article>two</article>", Some("one")),
        ("<article>a<article>b</article>c</article>d", Some("a<article>b</article>c")),
        ("<ARTICLE CLASS=x>a</Article>", Some("a")),
        ("<div>no mark</div>", None),
        ("", None),
        ("<script>'<article>no</article>'</script><!-- <main>no</main> -->", None),
        ("<article/>a</article>", Some("a")), // HTML knows no such thing as a `/` there.
        ("<article>never ends", Some("never ends")),
        ("<body><article><p>a<div>b</article>c</body>", Some("<p>a<div>b")),
        ("<body><main>m</body>", Some("m")),
    ];
    for (page, expected) in cases {
        assert_eq!(usual(page).as_deref(), expected, "{page}");
    }
}

#[test]
fn a_selector_of_ones_own_is_the_only_one() {
    let own = selection(Some(".post > .body, #old"), None);
    assert_eq!(own.extract("<div class=post><div class=body>b</div></div>").as_deref(), Some("b"));
    assert_eq!(
        own.extract("<div class=post><p><div class=body>b</div></p></div><i id=old>o</i>").as_deref(),
        Some("o")
    );
    assert_eq!(own.extract("<article>a</article>"), None);
    // What can hold nothing is passed over.
    assert_eq!(selection(Some(".x"), None).extract("<img class=x><p class=x>a</p>").as_deref(), Some("a"));
}

#[test]
fn what_is_removed_goes_with_all_that_it_holds() {
    let cases = [
        ("a<nav>n<nav>m</nav></nav>b", "a<!---->b"),
        ("<p>a</p><div class='share x'><a>s</a></div><img class=share><p>b</p>", "<p>a</p><!----><!----><p>b</p>"),
        ("a<nav>n", "a<!---->"),
        ("<ul><li>a<li class=share>b</ul>c", "<ul><li>a<!----></ul>c"),
        ("1 <<nav></nav>b>2", "1 <<!---->b>2"),
        ("nothing", "nothing"),
    ];
    for (inside, expected) in cases {
        let page = format!("<nav>top</nav><article>{inside}</article><nav>end</nav>");
        assert_eq!(selection(None, Some(".share, nav")).extract(&page).as_deref(), Some(expected), "{page}");
    }
    let all = selection(None, Some("body"));
    assert_eq!(all.extract("<body><article>a</article></body>").as_deref(), Some("<!---->"));
}

#[test]
fn pages_that_nest_without_bound_come_to_an_end() {
    for tag in
        ["<div>", "<div class=h-entry>", "<p class='h-entry e-content'>", "<article>", "<svg>", "<b", "<!--", "<table>"]
    {
        let page = format!("<main>{}", tag.repeat(100_000));
        let _ = usual(&page);
        let _ = selection(Some("div div, p p > p"), Some("svg svg, table")).extract(&page);
    }
    let nested = |depth: usize| format!("<main>{}deep{}</main>", "<div>".repeat(depth), "</div>".repeat(depth));
    assert!(usual(&nested(5_000)).is_some_and(|html| html.contains("deep")));
    assert_eq!(usual(&nested(100_000)), None);
}

proptest! {
    #[test]
    fn any_page_gives_a_part_of_itself(pieces in prop::collection::vec(prop::sample::select(vec![
        "<article>", "</article>", "<main>", "</main>", "<div class=h-entry>", "<p class=e-content>", "</p>", "</div>", "<nav>",
        "</nav>", "<svg>", "<![CDATA[", "]]>", "<script>", "</script>", "<img class=x>", "<!--", "-->", "text", "é", "&amp", "<", "\"",
    ]), 0..40)) {
        let page = pieces.concat();
        if let Some(found) = usual(&page) {
            prop_assert!(page.contains(&found));
        }
        if let Some(found) = selection(None, Some("nav, .x")).extract(&page) {
            prop_assert!(found.replace("<!---->", "").len() <= page.len());
        }
    }

    #[test]
    fn any_text_is_no_panic(page in any::<String>()) {
        let _ = usual(&page);
    }
}
