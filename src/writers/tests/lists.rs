//! What leads to feeds: the list of all, and the line in a page's head.

use super::*;

const TITLE: &str = "a < b & \"c\" > 'd' \u{1b}新聞";

#[test]
fn the_list_of_feeds_is_well_formed_and_says_what_they_are() {
    let feeds = [
        Outline { title: TITLE.to_owned(), feed: url("https://e.com/rss.xml?a=1&b='2'"), home: url("https://e.com/") },
        Outline { title: "Two".to_owned(), feed: url("https://e.com/新/rss.xml"), home: url("https://e.com/新/") },
    ];
    let shown = "a &lt; b &amp; &quot;c&quot; &gt; 'd' 新聞";
    let text = opml(TITLE, &feeds);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[3], format!("<title>{shown}</title>"));
    assert_eq!(
        lines[7],
        format!(
            "<outline text=\"{shown}\" title=\"{shown}\" type=\"rss\" \
             xmlUrl=\"https://e.com/rss.xml?a=1&amp;b=%272%27\" htmlUrl=\"https://e.com/\"/>"
        )
    );
    assert_eq!(lines[8].matches("https://e.com/%E6%96%B0/").count(), 2);
    assert_eq!(lines[9..], ["</body>", "</opml>"]);
    assert!(opml("Nobody", &[]).contains("<body>\n</body>"));
}

#[test]
fn the_line_for_a_page_is_escaped() {
    let target =
        Target { format: Format::Atom, self_url: url("https://e.com/atom.xml?a=1&b=2"), history: History::default() };
    assert_eq!(
        snippet(TITLE, None, &target),
        "<link rel=\"alternate\" type=\"application/atom+xml\" \
         title=\"a &lt; b &amp; &quot;c&quot; &gt; 'd' 新聞\" href=\"https://e.com/atom.xml?a=1&amp;b=2\">"
    );
}
