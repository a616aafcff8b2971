//! Texts and what is left of them.

use proptest::prelude::*;

use super::{decode, escape, first_sentence, from_html, is_legal, legal, line, shorten, start_of_simple_html};

#[test]
fn what_xml_forbids_goes() {
    assert_eq!(legal("a\u{0}\u{8}\t\n\r\u{B}\u{1F}\u{7F}\u{80}\u{9F}\u{A0}b"), "a\t\n\r\u{A0}b");
    assert_eq!(
        legal("\u{FDCF}\u{FDD0}\u{FDEF}\u{FDF0}\u{FFFD}\u{FFFE}\u{FFFF}\u{10000}\u{1FFFE}\u{10FFFF}"),
        "\u{FDCF}\u{FDF0}\u{FFFD}\u{10000}"
    );
    assert_eq!(legal("🚀👩‍👩‍👧‍👦 𠮷野家 忿，￥"), "🚀👩‍👩‍👧‍👦 𠮷野家 忿，￥");
    assert_eq!(legal("end\u{1}"), "end");
}

#[test]
fn a_title_is_one_line() {
    let cases = [
        ("  a \t\r\n b\u{2028}c  ", "a b c"),
        ("新闻\u{B}标题", "新闻标题"),
        ("\u{3000}\u{3000}一\u{3000}二\u{A0}", "一\u{3000}二"),
        ("a \u{0} b", "a b"),
        (" \u{A0}\n", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(line(text), expected, "{text:?}");
    }
}

#[test]
fn html_becomes_the_text_that_is_seen() {
    let cases = [
        ("<p>a  <b>b</b>\n c</p><p>d</p>", "a b cd"),
        ("a<script type=x>if (a < b) '</b>'</script>b<STYLE>p{}</STYLE >c", "abc"),
        ("a<!-- <b> -->b<!-->c<!---->d<!-- --!>e<?php x ?>f<!DOCTYPE g>h", "abcdefh"),
        (r#"<a title="1 > 2" href='x'>y</a><img alt="z">"#, "y"),
        ("AT&amp;T &lt;b&gt; &hellip;&rsquo;&#8212;&#x1F680;&nbsp;x", "AT&T <b> …’—🚀\u{A0}x"),
        ("&amp;amp; &bogus; &amp;#60; AT&T; &;", "&amp; &bogus; &#60; AT&T; &;"),
        ("&#0;&#11;&#xFFFE;&#146;&#129;&#65 &#x;", "’A &#x;"),
        ("a < b, 3<4, <3, a<", "a < b, 3<4, <3, a<"),
        ("a <b", "a <b"),
        ("a <b title=\"> c <i>d</i>", "a c d"),
        ("a</>b</ x>c", "abc"),
        ("a<scripted>b</scripted>", "ab"),
        ("a<script>b", "a"),
        ("a<!-- b", "a"),
    ];
    for (html, expected) in cases {
        assert_eq!(from_html(html), expected, "{html}");
    }
}

#[test]
fn named_references_are_those_of_html() {
    assert_eq!(decode("&CounterClockwiseContourIntegral;&NotEqualTilde;&copy;&apos;"), "∳≂\u{338}©'");
}

#[test]
fn a_sentence_ends_where_its_script_ends_it() {
    let cases = [
        ("市场上涨。资金流入。", "市场上涨。"),
        ("他说：“上涨了。”然后走了。", "他说：“上涨了。”"),
        ("真的？！是的。", "真的？！"),
        ("It rose 3.14 points. Then fell.", "It rose 3.14 points."),
        ("Really?! Yes.", "Really?!"),
        ("He said \"go.\" Then left.", "He said \"go.\""),
        ("See example.com for more", "See example.com for more"),
        ("no end", "no end"),
        ("  ", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(first_sentence(text, 80), expected, "{text:?}");
    }
}

#[test]
fn a_long_sentence_is_cut_between_characters() {
    let cases = [
        ("一二三四五六", 6, "一二三四五六"),
        ("一二三四五六", 5, "一二三四…"),
        ("一二三。四五六", 3, "一二…"),
        ("one two three", 5, "one…"),
        ("e\u{301}e\u{301}e\u{301}", 4, "e\u{301}…"),
        ("ab👩\u{200D}👩\u{200D}👧 c", 5, "ab…"),
        ("👍🏽👍🏽", 2, "👍…"),
        ("a🇨🇳🇨🇳🇨🇳", 5, "a🇨🇳…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ];
    for (text, most, expected) in cases {
        assert_eq!(first_sentence(text, most), expected, "{text:?} in {most}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_survives_html(text in any::<String>()) {
        prop_assert_eq!(from_html(&escape(&text)), line(&text));
    }

    #[test]
    fn any_html_has_a_text(html in "[<>/!a-c\"'=&#;x1 \\-?\n中]{0,60}") {
        let text = from_html(&html);
        prop_assert_eq!(line(&text), text);
    }

    #[test]
    fn what_is_legal_stays_so(text in prop::collection::vec(any::<char>(), 0..80)) {
        let text: String = text.into_iter().collect();
        let expected: String = text.chars().filter(|&c| is_legal(c)).collect();
        prop_assert_eq!(legal(&text), expected);
    }

    #[test]
    fn a_sentence_is_no_longer_than_allowed(text in any::<String>(), most in 0_usize..40) {
        prop_assert!(first_sentence(&text, most).chars().count() <= most);
    }
}

#[test]
fn a_long_text_is_shortened_at_the_end_of_a_sentence() {
    for (text, most, expected) in [
        ("Short.", 100, "Short."),
        ("One two. Three four. Five six seven.", 24, "One two. Three four."),
        ("市场上涨。资金流入。后市可期", 36, "市场上涨。资金流入。"),
        ("No stop in here at all", 10, "No stop i…"),
        ("版本 3.14 发布了一些东西", 12, "版本 3.14…"),
    ] {
        assert_eq!(shorten(text, most), expected, "{text}");
    }
}

#[test]
fn simple_html_is_read_only_as_far_as_needed() {
    assert_eq!(start_of_simple_html("<p>one <b>two</b></p><script>x</script>", 2).as_deref(), Some("one"));
    assert_eq!(start_of_simple_html("<p>one <b>two</b></p><script>x</script>", 100), None);
    assert_eq!(start_of_simple_html("<p>one</p><p hidden>two</p>", 100), None);
    assert_eq!(start_of_simple_html("<p>one<i>&amp; two", 100).as_deref(), Some("one& two"));
}
