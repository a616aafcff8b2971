//! How Zola's shortcodes are written, and what becomes of them.

use proptest::prelude::*;

use super::*;

/// Its shortcodes: `md` and `html` give what they hold and how often they were used, `fails` cannot be run.
struct Plain;

impl Runs for Plain {
    fn run(&self, call: &Call<'_>, nth: i64, body: Option<&str>) -> Option<(bool, Option<String>)> {
        let made = format!("<{nth}:{}>", body.unwrap_or_default());
        match call.name {
            "md" | "html" => Some((call.name == "md", Some(made))),
            "fails" => Some((false, None)),
            "shows" => Some((true, Some(format!("{:?}", call.arguments)))),
            _ => None,
        }
    }
}

/// The text with its words put back, and the names that are not known.
fn expanded(source: &str) -> (String, Vec<String>) {
    let Some(made) = expand(source, &Plain) else { return (source.to_owned(), Vec::new()) };
    (made.inserts.restored(&made.text).into_owned(), made.left_out)
}

#[test]
fn those_that_are_not_known_give_the_text_that_they_hold_and_are_told_once() {
    for (source, text, names) in [
        ("a {{ x() }} b {{x(a=1)}}", "a  b ", vec!["x"]),
        ("{{ x(a = 'b', c=[1, [true, `d`],], e=-1.5 f=\"g\") }}.", ".", vec!["x"]),
        ("{% x(a=1) %}*in*{%end%} b", "*in* b", vec!["x"]),
        ("1 {% x() %}2 {% y() %}3{% end %} 4 {{ z() }}5{% end %} 6", "1 2 3 4 5 6", vec!["y", "z", "x"]),
        ("{% x() %} never ends", " never ends", vec!["x"]),
        ("{% end %}a", "a", vec![]),
        ("{{/* x(a=1) */}} {%/* x() */%} y {%/* end */%}", "{{ x(a=1) }} {% x() %} y {% end %}", vec![]),
        (
            "{{ youtube(id=\"a&b\") }}",
            "<p><a href=\"https://www.youtube.com/watch?v=a&amp;b\">https://www.youtube.com/watch?v=a&amp;b</a></p>\n",
            vec![],
        ),
    ] {
        let (html, left_out) = expanded(source);
        assert_eq!((html.as_str(), left_out), (text, names.into_iter().map(str::to_owned).collect()), "{source}");
    }
    for source in [
        "{{ x }}",
        "{{ x.y }}",
        "{{ x(1) }}",
        "{{ x(a) }}",
        "{{ x(a=) }}",
        "{{ x(a=b) }}",
        "{{ x() }",
        "{{ 1x() }}",
        "{% if x %}",
        "{%",
        "{{",
        "{ { x() } }",
        "{{/* x */}}",
    ] {
        assert_eq!(expanded(source), (source.to_owned(), Vec::new()));
    }
}

#[test]
fn the_site_s_own_are_run_and_counted_by_name() {
    for (source, text, names) in [
        ("{{ md() }} {{ html() }} {{ md() }}", "<1:> <1:> <2:>", vec![]),
        ("{% html() %} a {% md() %} b {{ html() }} {% end %} c {% end %}", "<1:a <1:b <2:>> c>", vec![]),
        ("{% fails() %} *a* {{ html() }} {% end %}{{ fails() }}", "*a* <1:>", vec!["fails"]),
        ("{% md() %} never ends", " never ends", vec!["md"]),
    ] {
        let (html, left_out) = expanded(source);
        assert_eq!((html.as_str(), left_out), (text, names.into_iter().map(str::to_owned).collect()), "{source}");
    }
}

#[test]
fn arguments_have_their_kinds() {
    let (shown, _) = expanded("{{ shows(a='x', b=-2, c=1.5, d=true, e=[1, `y`], a=\"z\") }}");
    let wanted = [
        ("b", Value::Int(-2)),
        ("c", Value::Float(1.5)),
        ("d", Value::Bool(true)),
        ("e", Value::List(vec![Value::Int(1), Value::String("y".to_owned())])),
        ("a", Value::String("z".to_owned())),
    ];
    assert_eq!(shown, format!("{:?}", wanted.map(|(key, value)| (key.to_owned(), value))));
}

#[test]
fn however_many_are_open_it_takes_no_long_time() {
    for piece in
        ["{% a() %}", "{{ a(b=[", "{{ a(b='", "{{ a(", "{%/* a() */%}", "{% end %}", "{{ a(b=1,", "@@SHORTCODE0N0X@@"]
    {
        let _ = expanded(&piece.repeat(20_000));
    }
    let _ = expanded(&format!("{}{}", "{% md() %}".repeat(20_000), "{% end %}".repeat(20_000)));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{%", "%}", "a(b=1)", "(", ")", "[", "]", ",", "end", "{% html() %}", "{% end %}", "{{ html() }}",
        "@@SHORTCODE", "0", "N", "X@@", "/*", "*/", " ", "=", "\"", "`", "é", "\n", "{{ fails() }}",
    ]), 0..40)) {
        let _ = expanded(&pieces.concat());
    }
}
