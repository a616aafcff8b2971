//! Posts with what a validator or a reader would stumble over, and healthy ones that must give nothing.

use proptest::prelude::*;

use crate::model::{Code, SitePath};
use crate::normalizer::tests::Site;

const PATH: &str = "_posts/2022-01-01-a.md";
/// 2022-06-01.
const NOW: i64 = 1_654_041_600_000_000;

fn site() -> Site {
    Site::jekyll("timezone: UTC\nauthor: Ann")
}

/// The findings about a post with this front matter and text: code, line and column.
#[track_caller]
fn found(front: &str, body: &str) -> Vec<(Code, Option<u32>, Option<u32>)> {
    found_in(PATH, front, body)
}

#[track_caller]
fn found_in(path: &str, front: &str, body: &str) -> Vec<(Code, Option<u32>, Option<u32>)> {
    let text = format!("---\n{front}\n---\n{body}");
    let lint = site().normalizer().lint(&SitePath::from_bytes(path.as_bytes()), text.as_bytes(), NOW);
    lint.findings.into_iter().map(|found| (found.code, found.line, found.column)).collect()
}

#[test]
fn a_healthy_post_gives_nothing() {
    for body in [
        "Some *text* with a [link](/a/b), ![a picture](x.png), <https://example.com/> and `Vec<String>`.",
        "[top](#top), [mail](mailto:a@example.com), [call](tel:+1), [a server](http://localhost:4000/) and [odd](web+x:y).",
        "<p>open<p>paragraphs<ul><li>one<li>two</ul><br><hr><table><tr><td>x</table>",
        "<div markdown=\"1\">\n*a*\n</div>\n\n<center><font color=red>x</font></center>",
        "<blockquote class=\"twitter-tweet\">x</blockquote><script async src=\"https://platform.twitter.com/widgets.js\"></script>",
        "<svg><lineargradient><stop/></lineargradient><foo></foo></svg> <my-part>x</my-part> <my-other/>",
        "```html\n<nosuch> <div> <img> <a href=\"\">\n```\n\n    <nosuch>",
        "<noscript><img></noscript> <img srcset=\"a.png 1x\"> <img src=\"data:image/png;base64,aaaa\">",
        "{% raw %}{{ x }}{% endraw %} {% highlight c %}a < b{% endhighlight %}",
    ] {
        assert_eq!(found("title: A", body), [], "{body}");
    }
}

#[test]
fn an_address_that_leads_nowhere_is_found_where_it_stands() {
    for (body, line, column) in [
        ("x\n\nSee [a](www.example.com/x?a=1&b=2).", 6, 9),
        ("[a]()", 4, 3),
        ("![a](http://localhost:4000/x.png)", 4, 6),
        ("<video src=\"http://127.0.0.1/x.mp4\"></video>", 4, 13),
        ("<a href=\"file:///home/ann/x.html\">x</a>", 4, 10),
        ("<img src=\"C:\\pictures\\x.png\">", 4, 11),
        ("<a href=\"javascript:go()\">x</a>", 4, 10),
        ("[a](http://https://example.com/)", 4, 5),
        ("[a](htps://example.com/)", 4, 5),
        ("[a](http://)", 4, 5),
        ("<a href=\"{% raw %}{{ site.url }}{% endraw %}\">x</a>", 4, 19),
        ("text\n<img data-src=\"x.png\">", 5, 1),
    ] {
        assert_eq!(found("title: A", body), [(Code::DeadLink, Some(line), Some(column))], "{body}");
    }
}

#[test]
fn markup_that_readers_do_not_show_is_found() {
    let cases = [
        ("a Vec<String> here", Code::UnknownElement, Some((4, 6))),
        ("run <your-name> now", Code::UnknownElement, Some((4, 5))),
        ("x\n\n<script src=\"https://gist.example.com/a.js\"></script>", Code::LeftOutElement, Some((6, 1))),
        ("x <object data=\"a.swf\"></object>", Code::LeftOutElement, Some((4, 3))),
        ("x {% youtube abc %}", Code::UnknownMarkup, Some((4, 6))),
    ];
    for (body, code, place) in cases {
        let (line, column) = place.unzip();
        assert_eq!(found("title: A", body), [(code, line, column)], "{body}");
    }
    assert_eq!(found("title: A", "x\n{% if a b %}y{% endif %}"), [(Code::LeftOutMarkup, Some(5), None)]);
}

/// In Markdown, kramdown ends what its author did not.
#[test]
fn an_element_that_nothing_ends_is_found() {
    let found = |body: &str| found_in("_posts/2022-01-01-a.html", "title: A", body);
    let unclosed = |place: Option<(u32, u32)>| {
        let (line, column) = place.unzip();
        vec![(Code::UnclosedElement, line, column)]
    };
    assert_eq!(found("<p>x</p>\n<div class=\"a\">\nopen"), unclosed(Some((5, 1))));
    assert_eq!(found("<div>a</div>\n <div>\nopen <div>b</div>"), unclosed(Some((5, 2))));
    assert_eq!(found("<div>a</div><div>{% if true %}<div>{% endif %}<div>{{ '</div>' }}"), unclosed(Some((4, 13))));
    assert_eq!(found("<div><b>x</div> <p>y"), [], "what an end around it ends");
}

#[test]
fn front_matter_that_no_feed_can_say_is_found_at_its_key() {
    for (front, code, column) in [
        ("title: \"\"", Code::EmptyTitle, 8),
        ("title:", Code::EmptyTitle, 7),
        ("image: \"http://[\"", Code::BadField, 8),
        ("audio: \"https://[\"", Code::BadField, 8),
        ("enclosure: {url: /a.mp3, length: 3 MB}", Code::BadField, 12),
        ("enclosure: {url: /a.mp3, type: audio}", Code::BadField, 12),
        ("enclosure: {length: 3}", Code::BadField, 12),
        ("author: {name: Ann, email: \"ann@localhost\"}", Code::BadField, 9),
        ("feed_id: tag:example.com:a", Code::MalformedId, 10),
        ("feed_id: urn:uuid:12", Code::MalformedId, 10),
        ("date: 2202-01-01", Code::FarFuture, 7),
    ] {
        assert_eq!(found(front, "Text"), [(code, Some(2), Some(column))], "{front}");
    }
    for front in [
        "title: A",
        "image: /a.png",
        "image: {feature: a.png}",
        "enclosure: {url: /a.mp3, length: 3, type: 'audio/mpeg; codecs=mp3'}",
        "author: {name: Ann, email: ann+x@mail.example.com}",
        "feed_id: tag:ann@example.com,2022-01:a",
        "feed_id: urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "date: 2022-12-24",
    ] {
        assert_eq!(found(front, "Text"), [], "{front}");
    }
}

#[test]
fn a_post_that_shows_nothing_is_found_unless_it_has_a_picture_or_a_file() {
    assert_eq!(found("title: A", ""), [(Code::NoText, Some(2), None)]);
    assert_eq!(found("title: A", "<p> &nbsp;</p>"), [(Code::NoText, Some(2), None)]);
    for (front, body) in [("title: A", "![](a.png)"), ("title: A\nimage: /a.png", ""), ("title: A\naudio: /a.mp3", "")]
    {
        assert_eq!(found(front, body), [], "{front} {body}");
    }
}

#[test]
fn a_lost_letter_is_found_also_in_front_matter() {
    assert_eq!(found("title: caf\u{fffd}", "x"), [(Code::ReplacementCharacter, Some(2), Some(11))]);
    let not_utf8 = b"---\ntitle: caf\xff\n---\nx \xef\xbf\xbd";
    let lint = site().normalizer().lint(&SitePath::from_bytes(PATH.as_bytes()), not_utf8, NOW);
    assert_eq!(lint.findings, [], "that the file is not UTF-8 is told already");
}

#[test]
fn who_is_named_nowhere_is_counted() {
    let lint = |site: Site, front: &str| {
        site.normalizer().lint(&SitePath::from_bytes(PATH.as_bytes()), format!("---\n{front}\n---\nx").as_bytes(), NOW)
    };
    assert!(lint(Site::jekyll(""), "title: A").is_nameless);
    assert!(!lint(Site::jekyll(""), "author: Bob").is_nameless);
    assert!(!lint(site(), "title: A").is_nameless);
}

proptest! {
    #[test]
    fn any_bytes_are_looked_at_within_bounds(
        front in "(title|image|audio|feed_id|date|author): .{0,20}",
        body in prop::collection::vec("(<[a-z!/-]{0,6}( (href|src)=[\"']?.{0,8})?>?|\\[.?\\]\\(.{0,6}\\)|\\{[%{].{0,6}[%}]\\}|.|\n){0,9}", 0..9),
        noise in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let bytes = [format!("---\n{front}\n---\n{}", body.concat()).as_bytes(), &noise].concat();
        let lines = u32::try_from(bytes.iter().filter(|&&b| b == b'\n').count() + 1).unwrap();
        let lint = site().normalizer().lint(&SitePath::from_bytes(PATH.as_bytes()), &bytes, NOW);
        prop_assert!(lint.findings.len() <= super::MOST);
        for found in lint.findings {
            prop_assert!(found.line.is_none_or(|line| (1..=lines).contains(&line)), "{found:?}");
        }
    }
}
