//! What becomes of shortcodes, and that nothing written between braces can break a text.

use proptest::prelude::*;

use super::*;

struct Plain;

impl Site for Plain {}

impl Host for Plain {
    fn markdown(&self, source: &str) -> String {
        format!("<p>{}</p>\n", source.trim())
    }

    fn param(&self, name: &str) -> Option<String> {
        (name == "a.b").then(|| "<v>".to_owned())
    }

    fn link(&self, target: &str, _language: Option<&str>) -> Option<String> {
        Some(format!("https://example.com/{}", target.trim_matches('/')))
    }
}

/// The text with its words put back, and the names that are not known.
fn expanded(source: &str) -> (String, Vec<String>) {
    let Some(mut expanded) = expand(source, &Plain) else { return (source.to_owned(), Vec::new()) };
    let left_out = expanded.take_left_out();
    (expanded.restore(expanded.text()), left_out)
}

#[test]
fn those_that_hugo_brings_along_are_rendered() {
    for (source, html) in [
        ("a {{< param a.b >}} b", "a &lt;v&gt; b"),
        ("[x]({{< ref \"/p\" >}}) {{% relref `q` %}}", "[x](https://example.com/p) /q"),
        (
            "{{< youtube abc >}}",
            "<p><a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a></p>\n",
        ),
        (
            "{{< youtube id=\"a\\\"b\" >}}",
            "<p><a href=\"https://www.youtube.com/watch?v=a&quot;b\">https://www.youtube.com/watch?v=a&quot;b</a></p>\n",
        ),
        (
            "{{< gist user 12 >}}",
            "<p><a href=\"https://gist.github.com/user/12\">https://gist.github.com/user/12</a></p>\n",
        ),
        ("{{< x user=\"u\" id=\"1\" >}}", "<p><a href=\"https://x.com/u/status/1\">https://x.com/u/status/1</a></p>\n"),
        (
            "{{< highlight go \"linenos=true\" >}}\na < b\n{{< /highlight >}}",
            "<pre><code class=\"language-go\">a &lt; b\n</code></pre>\n",
        ),
        (
            "{{< details summary=\"S\" >}}\nx\n{{< /details >}}",
            "<details>\n<summary>S</summary>\n<p>x</p>\n</details>\n",
        ),
        ("{{< figure src=\"a.png\" alt=\"A\" >}}", "<figure><img src=\"a.png\" alt=\"A\">\n</figure>\n"),
        ("{{< figure a.png />}}", "<figure><img src=\"a.png\">\n</figure>\n"),
    ] {
        assert_eq!(expanded(source), (html.to_owned(), Vec::new()), "{source}");
    }
}

#[test]
fn others_give_the_text_that_they_hold_and_are_told_once() {
    for (source, html, names) in [
        ("a {{< box >}}in{{< /box >}} b {{< box />}}", "a <p>in</p>\n b ", vec!["box"]),
        ("a {{% box %}}*in*{{% /box %}} b", "a *in* b", vec!["box"]),
        ("{{< a >}}1{{< b >}}2{{< /a >}}", "<p>12</p>\n", vec!["b", "a"]),
        ("{{< a >}}{{< a >}}x{{< /a >}}{{< /a >}}", "<p>x</p>\n\n", vec!["a"]),
        ("{{< a >}} {{% param a.b %}} {{< /a >}}", "<p>&lt;v&gt;</p>\n", vec!["a"]),
        ("1 {{% a %}}2 {{% a %}}3{{% /a %}} 4 {{% a %}}5{{% /a %}}{{% /a %}} 6", "1 2 3 4 5 6", vec!["a"]),
        ("x {{< /a >}} y", "x  y", vec![]),
    ] {
        let (text, left_out) = expanded(source);
        assert_eq!((text.as_str(), left_out), (html, names.into_iter().map(str::to_owned).collect()), "{source}");
    }
}

#[test]
fn comments_show_what_is_in_them_and_what_is_no_shortcode_stands() {
    for (source, text) in [
        ("{{</* a \"b\" */>}}", "{{< a \"b\" >}}"),
        ("{{%/* a */%}}", "{{% a %}}"),
        ("{{ .Title }}", "{{ .Title }}"),
        ("{{< a", "{{< a"),
        ("{{< >}}", "{{< >}}"),
        ("{{< \"a\" >}}", "{{< \"a\" >}}"),
        ("SHORTCODE0N0X {{< param a.b >}}", "SHORTCODE0N0X &lt;v&gt;"),
    ] {
        assert_eq!(expanded(source).0, text, "{source}");
    }
}

#[test]
fn a_paragraph_of_nothing_else_is_none() {
    let expanded = expand("{{< param a.b >}}", &Plain).unwrap();
    let word = expanded.text().to_owned();
    assert_eq!(expanded.restore(&format!("<p>{word}</p><p>{word}.</p>")), "&lt;v&gt;<p>&lt;v&gt;.</p>");
}

#[test]
fn however_many_are_open_it_takes_no_long_time() {
    let open = "{{< a >}}".repeat(20_000);
    let closed = "{{< /a >}}".repeat(20_000);
    assert!(expanded(&format!("{open}x{closed}")).0.len() < 1000);
    assert_eq!(expanded(&format!("{open}x{closed}{}", "{{< /b >}}".repeat(20_000))).1, ["a"]);
    let _ = expanded(&"{{< \"".repeat(20_000));
    let _ = expanded(&"SHORTCODE0N0X".repeat(20_000));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{<", "{{%", ">}}", "%}}", "/*", "*/", " ", "/", "a", "param", "=", "\"", "`", "\\", "é", "\n", "SHORTCODE", "0", "X",
        "{{< a >}}", "{{< /a >}}", "{{% a %}}", "<p>", "</p>", "N", "figure src=x", "details",
    ]), 0..40)) {
        let _ = expanded(&pieces.concat());
    }
}
