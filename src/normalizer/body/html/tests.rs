//! One behaviour a test, as tables of what goes in and what comes out.

mod properties;

use super::{Cleaning, clean, clean_within};
use crate::model::WebUrl;
use crate::normalizer::body::markdown;

const PAGE: &str = "https://news.example.com/2022/03/post.html";

fn cleaned(html: &str) -> String {
    clean(html, &Cleaning { base: &WebUrl::parse(PAGE).unwrap(), keep_iframes: false })
}

fn check(cases: &[(&str, &str)]) {
    for (html, expected) in cases {
        assert_eq!(cleaned(html), *expected, "{html}");
    }
}

/// The same before and after.
fn check_kept(cases: &[&str]) {
    for html in cases {
        assert_eq!(cleaned(html), *html);
    }
}

#[test]
fn what_is_harmless_keeps_its_bytes() {
    check_kept(&[
        "",
        "plain & simple, 3 < 4 ]]> 🚀👩‍👩‍👧‍👦 مرحبا",
        "<p>a &amp; b &lt; c &nbsp; &bogus; &#8217; &#x1F680; AT&T</p>",
        "<p>a < b and <3 and a<<b></p>",
        "<IMG SRC='https://x.example/a.png' ALT=plain><br/><hr />",
        r#"<img src="https://img.example.net/1.jpg" style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;" />"#,
        r#"<table><td style="text-align: right">1</td></table>"#,
        r#"<video controls src="https://x.example/v.mp4"><source src="https://x.example/v.webm"></video>"#,
        r##"<svg viewBox="0 0 1 1"><defs><g id="i"/></defs><use href="#i"/><linearGradient xlink:href="#g"/></svg>"##,
        "<math><mi>x</mi><mo>&lt;</mo></math>",
        "<details><summary>s</summary>d</details></div></p>",
        r#"<a b='c'd e-on=1 data-src="x.png">"#,
    ]);
}

#[test]
fn references_become_absolute() {
    check(&[
        (r#"<a href="../other/1.html">"#, r#"<a href="https://news.example.com/2022/other/1.html">"#),
        (r#"<a href='/a b?q="1"&amp;r=2'>"#, r#"<a href="https://news.example.com/a%20b?q=%221%22&amp;r=2">"#),
        (r#"<a href="//quote.example.com/r/1">"#, r#"<a href="https://quote.example.com/r/1">"#),
        (r#"<a href="">"#, r#"<a href="https://news.example.com/2022/03/post.html">"#),
        (r#"<a href="?page=2#top">"#, r#"<a href="https://news.example.com/2022/03/post.html?page=2#top">"#),
        (
            "<a class=x href=#fn:1 id=y>",
            r##"<a class="x" href="https://news.example.com/2022/03/post.html#fn:1" id="y">"##,
        ),
        ("<a href=' 标题.html\n'>", "<a href=\"https://news.example.com/2022/03/%E6%A0%87%E9%A2%98.html\">"),
        (
            r#"<video poster="p.png"><track src=t.vtt>"#,
            r#"<video poster="https://news.example.com/2022/03/p.png"><track src="https://news.example.com/2022/03/t.vtt">"#,
        ),
        (
            "<blockquote cite=/c><q cite=x>",
            r#"<blockquote cite="https://news.example.com/c"><q cite="https://news.example.com/2022/03/x">"#,
        ),
        (
            "<svg><a xlink:href='#x'/></svg>",
            r##"<svg><a xlink:href="https://news.example.com/2022/03/post.html#x" /></svg>"##,
        ),
        ("<IMG SRC=a.png ALT=x>", r#"<IMG SRC="https://news.example.com/2022/03/a.png" ALT="x">"#),
    ]);
}

#[test]
fn absolute_references_stay_as_written() {
    check_kept(&[
        r#"<a href="HTTP://Example.COM/a b/%zz?x=1&y=2">"#,
        r#"<a href="mailto:a@b.example?subject=x y">"#,
        r#"<a href="tel:+86 10"><a href="magnet:?xt=urn:btih:x">"#,
        r#"<img src="data:image/png;base64,AAAA"><img src="data:image/svg+xml,<svg/>">"#,
        r#"<img srcset="https://x.example/a.png 1x,https://x.example/b.png 2x">"#,
    ]);
    check(&[("<a href=' https://x.example/a&amp;b\t'>", r#"<a href="https://x.example/a&amp;b">"#)]);
}

#[test]
fn references_that_lead_nowhere_go() {
    check(&[
        (r#"<img src=" " alt="b"><area href="">"#, r#"<img alt="b"><area>"#),
        ("<a href='http://'>a</a><a href='https://[x/'>", "<a>a</a><a>"),
    ]);
}

#[test]
fn each_candidate_of_a_srcset_becomes_absolute() {
    check(&[
        (
            "<img srcset='a.png, /b.png 2x ,c,d.png 3x'>",
            r#"<img srcset="https://news.example.com/2022/03/a.png, https://news.example.com/b.png 2x, https://news.example.com/2022/03/c,d.png 3x">"#,
        ),
        ("<img srcset='javascript:x 1x, https://x.example/a 2x'>", r#"<img srcset="https://x.example/a 2x">"#),
        ("<img srcset=' , '>", "<img>"),
        (
            "<img srcset='data:image/png;base64,AA== 1x, /b 2x'>",
            r#"<img srcset="data:image/png;base64,AA== 1x, https://news.example.com/b 2x">"#,
        ),
    ]);
}

#[test]
fn references_that_run_go() {
    for address in [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscr\tipt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "java&Tab;script&#58alert(1)",
        "&#1;javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "data:image/svg+xml,<svg onload=x>",
        "data:",
    ] {
        for attribute in ["href", "xlink:href", "HREF", "background"] {
            assert_eq!(cleaned(&format!("<a {attribute}='{address}'>y</a>")), "<a>y</a>", "{address}");
        }
    }
    check(&[("<img src='data:text/html,x'><iframe src='data:image/svg+xml,<svg/>'></iframe>", "<img>")]);
}

#[test]
fn attributes_that_run_or_send_go() {
    check(&[
        ("<a href='javascript:alert(1)' onclick=\"x()\">y</a>", "<a>y</a>"),
        ("<b OnClick=x onfoo\n=\n'y' title=t>", "<b title=\"t\">"),
        ("<img/src='https://x.example/a'/onerror=x>", "<img src=\"https://x.example/a\">"),
        ("<img src='https://x.example/a'onerror='x'/>", "<img src=\"https://x.example/a\" />"),
        ("<a ping=/p formaction=/f action=/a srcdoc=s>", "<a>"),
        (
            "<svg onload=x><animate attributeName=HREF to=javascript:x /><set attributeName='xlink:href'>y</set>z</svg>",
            "<svg>z</svg>",
        ),
        ("<img src=/a b/=\"</script>", "<img src=\"https://news.example.com/a\" b script>"),
        (r#"<p title="1 < 2" onclick=x data-a='"' b=it's">"#, r#"<p title="1 < 2" data-a='"' b="it's&quot;">"#),
    ]);
    check_kept(&["<p title=' onclick=x '>", "<svg><animate attributeName=\"r\" to=\"1\"/></svg>"]);
}

#[test]
fn elements_that_run_load_or_take_input_go_with_their_content() {
    for element in [
        "<script>alert('</b>')</script>",
        "<SCRIPT type=x>a</SCRIPT >",
        "<style>p { color: red }</style>",
        "<template><p>t</p></template>",
        "<noscript><img src=x></noscript>",
        "<object data=x><param name=y>fallback</object>",
        "<applet><b>x</b></applet>",
        "<embed src=x><input value=v><keygen>",
        "<button type=submit>b</button>",
        "<select><optgroup><option>1<option>2</optgroup></select>",
        "<textarea><b>x</textarea>",
        "<base href=/><meta charset=utf-8><link rel=stylesheet href=x>",
        "<title>t</title>",
        "<svg><script>x</script><style>y</style><title>z</title></svg>",
    ] {
        let rest = if element.starts_with("<svg") { "<svg></svg>" } else { "" };
        assert_eq!(cleaned(&format!("<p>a{element}b</p>")), format!("<p>a{rest}b</p>"));
    }
}

#[test]
fn documents_and_forms_leave_their_content() {
    check(&[
        (
            "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>t</title><body class=x><p>a</p></body></html>",
            "<p>a</p>",
        ),
        ("<head><title>t</title></head>a", "a"),
        (
            "<form action=/f><label for=i>name <input id=i></label></form>",
            "<label for=\"i\">name </label>".replace("\"i\"", "i").as_str(),
        ),
        ("<frameset><frame src=a><frame src=b></frameset>c", "c"),
        ("<div><form>a</div>b", "<div>a</div>b"),
    ]);
}

#[test]
fn comments_declarations_and_instructions_go() {
    check(&[
        ("a<!-- b --><!---->c<!-->d<!-- --!>e", "acde"),
        ("a<!--[if IE]><p>old</p><![endif]-->b<![if !IE]>c<![endif]>d", "abcd"),
        ("a<?php echo '>' ?>b", "a' ?>b"),
        ("a<![CDATA[x]]>b<!ELEMENT x>c</ x>d", "abcd"),
        (
            "<svg><![CDATA[><img src=x onerror=y>]]></svg>",
            "<svg><img src=\"https://news.example.com/2022/03/x\">]]></svg>",
        ),
        ("a<!-- never ends", "a"),
    ]);
}

#[test]
fn hidden_elements_go() {
    for hidden in [
        "<div hidden>x<div>y</div></div>",
        "<span HIDDEN=''>x</span>",
        "<div style='display:none'>x</div>",
        "<p style=\"color:red; DISPLAY : None !important ;\">x</p>",
        "<div style='visibility:hidden'>x</div>",
        "<div style='display&#58;no&#110;e'>x</div>",
        "<div style='d\\69 splay:/**/none'>x</div>",
        "<img hidden src=pixel.gif>",
        "<li hidden>x</li>",
        "<iframe style='display:none' src=https://x.example/></iframe>",
    ] {
        assert_eq!(cleaned(&format!("a{hidden}b")), "ab", "{hidden}");
    }
    check_kept(&[
        "<div style=\"display:none;display:block\">x</div>",
        "<div style=\"visibility:visible\" class=\"hidden\">x</div>",
    ]);
}

#[test]
fn nothing_is_lost_where_a_hidden_element_has_no_certain_end() {
    check_kept(&["<p hidden>a<p>b", "<ul><li style='display:none'>a<li>b</ul>c", "<image hidden>a"]);
    check(&[
        ("<div><span hidden>a</div>b", "<div></div>b"),
        ("<p hidden style='position:fixed' onclick=x>a<p>b", "<p hidden>a<p>b"),
    ]);
}

#[test]
fn styles_that_position_or_load_go() {
    for style in [
        "position:fixed",
        "top:0;POSITION : absolute",
        "position:-webkit-sticky",
        "posit\\69on:fixed",
        "position:/**/fixed!important",
        "background:url(//x.example/p.gif)",
        "background:\\75rl(x)",
        "b: image-set('a' 1x)",
        "@import 'x'",
        "width:expression(alert(1))",
        "-moz-binding:x",
        "behavior:x",
        "&#112;osition:fixed",
    ] {
        assert_eq!(cleaned(&format!("<p style=\"{style}\">x</p>")), "<p>x</p>", "{style}");
    }
    check_kept(&["<p style=\"position:relative;font-family:\\9ED1\\4F53;background-position:fixed\">"]);
}

#[test]
fn an_iframe_becomes_a_link() {
    check(&[
        (
            "a<iframe src=\"//www.youtube.com/embed/x?a=1&amp;b=2\" allowfullscreen>old</iframe>b",
            "a<a href=\"https://www.youtube.com/embed/x?a=1&amp;b=2\">https://www.youtube.com/embed/x?a=1&amp;b=2</a>b",
        ),
        (
            "a<iframe></iframe><iframe src=''></iframe><iframe src=javascript:x></iframe><iframe src=about:blank srcdoc='<p>'></iframe>b",
            "ab",
        ),
    ]);
}

#[test]
fn a_kept_iframe_is_cleaned() {
    let base = WebUrl::parse(PAGE).unwrap();
    let keep = |html: &str| clean(html, &Cleaning { base: &base, keep_iframes: true });
    assert_eq!(
        keep("<iframe src=/v width=3 onload=x srcdoc=y><b>old</b></iframe>z"),
        "<iframe src=\"https://news.example.com/v\" width=\"3\"></iframe>z"
    );
    assert_eq!(keep("<iframe src=javascript:x></iframe>z"), "z");
}

#[test]
fn control_characters_and_invalid_code_points_go() {
    check(&[
        ("a\u{0}\u{1}\u{B}\u{C}\u{1B}\u{7F}\u{85}\u{FFFE}\u{1FFFF}\u{FDD0}b\tc\r\n", "ab\tc\r\n"),
        ("a&#0;&#x1;&#xFFFE;&#11;&#11&#xD800;&#1114112;&#99999999999;&#129;b", "ab"),
        ("<a href='x&#1;y' title=\"&#2;\">", "<a href=\"https://news.example.com/2022/03/xy\" title=\"\">"),
        ("<scr\u{0}ipt>x</script>y", "y"),
    ]);
    check_kept(&["&#9;&#10;&#146;&#8364;&amp;#0;&#;&#x;&#xg;"]);
}

#[test]
fn what_goes_never_joins_what_was_apart() {
    check(&[
        ("<<script></script>img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("<<!-- -->b onclick=x>", "&lt;b onclick=x>"),
        ("<form>a<</form>b onclick=x>", "a&lt;b onclick=x>"),
        ("&#&#1;1;", "&amp;#1;"),
        ("&<!-- -->#1; &#1<!-- -->", "&amp;#1; "),
        ("&#x41<!-- -->FFFFF;&#65<!-- -->6", "&#x41;FFFFF;&#65;6"),
    ]);
}

#[test]
fn elements_of_raw_text_become_preformatted_text() {
    check(&[
        (
            "a<xmp class=x><b onclick=y>&amp;</b></xmp>c",
            "a<pre class=\"x\">&lt;b onclick=y&gt;&amp;amp;&lt;/b&gt;</pre>c",
        ),
        ("a<plaintext>b</plaintext><c>", "a<pre>b&lt;/plaintext&gt;&lt;c&gt;</pre>"),
        ("a<noframes>b</noframes><noembed>c</noembed>d", "ad"),
    ]);
}

#[test]
fn tags_without_an_end_are_text() {
    check(&[
        ("a <b", "a &lt;b"),
        ("a <", "a &lt;"),
        ("<p>x</p><img src=x onerror=alert(1) ", "<p>x</p>&lt;img src=x onerror=alert(1) "),
        ("a <b title=\"> <i>c</i>", "a &lt;b title=\"> &lt;i>c&lt;/i>"),
        ("a</p", "a&lt;/p"),
        ("a<script>b", "a"),
        ("if a<b<script>c</b<script>", "if a&lt;b&lt;script>c</b<script>"),
    ]);
}

#[test]
fn a_text_with_too_many_open_elements_comes_out_plain() {
    let html = "<b>x<script>y</script> &amp; ".repeat(1000);
    let base = WebUrl::parse(PAGE).unwrap();
    let plain = clean_within(&html, &Cleaning { base: &base, keep_iframes: false }, 10_000);
    assert!(plain.starts_with("<p>x &amp; x &amp; "), "{plain}");
    assert!(plain.ends_with("x &amp;</p>"));
}

#[test]
fn the_body_of_a_news_site() {
    let body = "<p><strong>精准“输血”</strong></p><p class=\"em_media\">（文章来源：证券时报网）</p>\n\n<http://finews.example/News.html?infoCode=NW1>\n\n[返回](//finews.example/category/x.html)｜[返回首页](//finews.example/)";
    let html = concat!(
        "<p><strong>精准“输血”</strong></p><p class=\"em_media\">（文章来源：证券时报网）</p>\n",
        "<p><a href=\"http://finews.example/News.html?infoCode=NW1\">http://finews.example/News.html?infoCode=NW1</a></p>\n",
        "<p><a href=\"https://finews.example/category/x.html\">返回</a>｜<a href=\"https://finews.example/\">返回首页</a></p>\n"
    );
    assert_eq!(cleaned(&markdown::to_html(body, markdown::Flavor::CommonMark)), html);
}

#[test]
fn the_irregular_bodies_of_a_news_site() {
    let body = "<p>a</p>\n\n<script>alert(\"x\")</script><a href=\"javascript:alert(1)\" onclick=\"x()\">y</a><iframe src=\"//evil.example/\"></iframe>";
    assert_eq!(
        cleaned(&markdown::to_html(body, markdown::Flavor::CommonMark)),
        "<p>a</p>\n<a>y</a><a href=\"https://evil.example/\">https://evil.example/</a>"
    );
    let body = "x\n\n`a[b[0]]>c` ]]> <![CDATA[x]]>";
    assert_eq!(
        cleaned(&markdown::to_html(body, markdown::Flavor::CommonMark)),
        "<p>x</p>\n<p><code>a[b[0]]&gt;c</code> ]]&gt; </p>\n"
    );
    assert_eq!(cleaned(&markdown::to_html("<>\n", markdown::Flavor::CommonMark)), "<p>&lt;&gt;</p>\n");
}
