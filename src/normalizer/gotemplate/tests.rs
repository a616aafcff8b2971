//! What templates give, and that no text makes them panic or run long.

use std::rc::Rc;

use proptest::prelude::*;

use super::*;

struct Plain;

impl Host for Plain {
    fn markdown(&self, source: &str) -> String {
        format!("<p>{}</p>\n", source.trim())
    }

    fn param(&self, _name: &str) -> Option<String> {
        None
    }

    fn link(&self, target: &str, _language: Option<&str>) -> Option<String> {
        Some(format!("https://example.com/{}", target.trim_matches('/')))
    }

    fn site(&self, field: &str) -> Option<String> {
        (field == "BaseURL").then(|| "https://example.com/base/".to_owned())
    }

    fn partial(&self, name: &str) -> Option<&str> {
        match name {
            "bold" => Some("<b>{{ . }}</b>"),
            "twice" => Some("{{ return (mul . 2) }}"),
            "forever" => Some("{{ partial \"forever\" . }}"),
            _ => None,
        }
    }
}

fn rendered(template: &str) -> Option<String> {
    let parameters = vec![(Some("a".to_owned()), Value::plain("x&y")), (Some("n".to_owned()), Value::bare("3"))];
    let call = Call::new("s", parameters, None, 0);
    call.set_inner(Some("*in*"));
    render(template, &of_call(Rc::new(call)), &Plain, &Notes::default())
}

#[test]
fn what_templates_of_go_say_is_done() {
    for (template, html) in [
        ("a {{- /* }} */ -}} b", "ab"),
        ("{{ .Get \"a\" }} {{ .Get `no` }}.", "x&amp;y ."),
        ("{{ $x := .Get \"n\" | default 7 }}{{ $x }}{{ $x = add $x 1 }}{{ $x }}", "34"),
        ("{{ if and (eq (.Get \"n\") 3) (not false) }}y{{ else if true }}z{{ else }}n{{ end }}", "y"),
        ("{{ if eq (.Get \"a\") \"q\" }}y{{ else if .IsNamedParams }}z{{ end }}", "z"),
        ("{{ with $y := .Get \"a\" }}{{ . }}{{ $y }}{{ else with .Get \"n\" }}{{ . }}{{ end }}", "x&amp;yx&amp;y"),
        ("{{ range $i, $e := slice \"p\" \"q\" }}{{ $i }}{{ $e }}{{ end }}", "0p1q"),
        (
            "{{ range seq 4 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 4 }}{{ break }}{{ end }}{{ . }}{{ end }}",
            "13",
        ),
        ("{{ range (slice) }}a{{ else }}none{{ end }}", "none"),
        (
            "{{ .Inner | markdownify }}|{{ .Page.RenderString (dict \"display\" \"block\") .Inner }}",
            "*in*|<p>*in*</p>\n",
        ),
        ("{{ partial \"bold\" \"<\" }}{{ partial \"twice\" 4 }}", "<b>&lt;</b>8"),
        ("{{ printf \"%s-%03d\" \"a\" 7 | upper }}", "A-007"),
        ("{{ .Scratch.Set \"k\" 1 }}{{ .Scratch.Add \"k\" 2 }}{{ .Scratch.Get \"k\" }}", "3"),
        ("{{ (dict \"k\" (dict \"v\" 5)).k.v }}{{ index (slice 1 2) 1 }}{{ len \"abc\" }}", "523"),
        (
            "<a href={{ .Get \"a\" }} {{ if true }}title=\"{{ .Get \"a\" }}\"{{ end }}>{{ \"b\" }}</a>",
            "<a href=x&amp;y title=\"x&amp;y\">b</a>",
        ),
        ("<h{{ 2 }} id=\"{{ \"i\" }}\">{{ \"<b>\" | safeHTML }}</h{{ 2 }}>", "<h2 id=\"i\"><b></h2>"),
        ("<script>f({{ .Get \"a\" }})</script>{{ .Get \"n\" }}", "<script>f()</script>3"),
        (
            "{{ relURL \"x.png\" }} {{ absURL \"/x\" }} {{ ref . \"p\" }} {{ relref . \"p\" }}",
            "/base/x.png https://example.com/x https://example.com/p /p",
        ),
        ("{{ delimit (split \"a,b\" \",\") \"; \" }} {{ (urls.Parse \"https://h/p?q#f\").Host }}", "a; b h"),
    ] {
        assert_eq!(rendered(template).as_deref(), Some(html), "{template}");
    }
}

#[test]
fn what_is_not_known_gives_nothing() {
    for template in [
        "{{ readDir \"/\" }}",
        "{{ .Page.Content }}",
        "{{ if }}",
        "{{ end }}",
        "{{ if true }}",
        "{{ partial \"none\" . }}",
        "{{ partial \"forever\" . }}",
        "{{ range seq 2000 }}{{ range seq 2000 }}{{ end }}{{ end }}",
        "{{ strings.Repeat 1000000000 \"x\" }}",
        "{{ define \"x\" }}{{ end }}",
        "{{ .Scratch.Set \"me\" . }}",
        "{{",
        "{{ \"",
    ] {
        assert_eq!(rendered(template), None, "{template}");
    }
    assert_eq!(rendered("{{ if false }}{{ readDir }}{{ end }}a").as_deref(), Some("a"));
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "- ", " -", "if ", "else", "end", "range ", "with ", "$x", ":=", "=", ".", ".Get ", "\"a\"", "`b`", "1", "-2", "(", ")",
        "|", "printf ", "substr ", "index ", "first ", "é", "<a href=", "<script>", "seq ", ",", "dict ", "\\", "'", "return ",
    ]), 0..40)) {
        let _ = rendered(&pieces.concat());
        let _ = rendered(&format!("{{{{ {} }}}}", pieces.concat()));
    }
}
