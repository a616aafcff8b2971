//! What templates give: what Tera 1.20 gives for the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeSeed as _;

use super::*;
use crate::model::{Seed, Tally};

struct Plain;

impl Site for Plain {
    fn call(&self, name: &str, arguments: &[(String, Value)]) -> Option<Value> {
        (name == "get_url").then(|| arguments.first().map(|(_, value)| value.clone())).flatten()
    }

    fn markdown(&self, source: &str) -> String {
        format!("<p>{source}</p>\n")
    }

    fn slug(&self, text: &str) -> String {
        crate::model::Slugify::On.path(text)
    }
}

fn rendered(template: &str) -> Option<String> {
    let tally = Tally::new(1 << 16);
    let variables = Seed::new(&tally).deserialize(&mut serde_json::Deserializer::from_str(VARIABLES));
    let Ok(Value::Map(variables)) = variables else { panic!("no variables") };
    let others = [
        ("part.html", "[{{ a }}]"),
        (
            "macros.html",
            "{% macro b(x, y=2) %}<{{ x }}{{ y }}>{% endmacro %}{% macro c(x) %}{{ self::b(x=x) }}{% endmacro %}\
             {% macro again(x) %}{{ self::again(x=x) }}{% endmacro %}",
        ),
        ("again.html", "{% include 'again.html' %}"),
        ("x.html", template),
    ];
    let texts: BTreeMap<String, String> =
        others.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Templates::parse(&texts).render("x.html", variables, &Plain)
}

/// What the variables are in each template.
const VARIABLES: &str = r#"{"a": "x<y/z", "n": 7, "f": 2.5, "yes": true, "no": false, "nil": null, "list": [3, 1, 2], "words": ["b", "A", "a"], "map": {"in": {"d": [10, 20]}, "k": "v", "two words": 1}, "body": "B", "empty": "", "maps": [{"n": 2, "s": "q"}, {"n": 1}, {"n": null}], "day": "2024-03-05", "at": "2024-03-05T06:07:08+02:00", "key": "k"}"#;

#[test]
fn templates_give_what_they_give_in_tera() {
    let rows: [(&str, Option<&str>); 55] = [
        (
            "{{ a }}|{{ a | safe }}|{{ a | upper }}|{{ a | upper | safe }}",
            Some("x&lt;y&#x2F;z|x<y/z|X&lt;Y&#x2F;Z|X<Y/Z"),
        ),
        ("{{ \"q\" ~ a }} {{ \"q\" ~ a | upper }} {{ n ~ \"-\" ~ f }}", Some("qx<y/z QX&lt;Y&#x2F;Z 7-2.5")),
        ("{{ 'it\"s' }} {{ `b` }}", Some("it&quot;s b")),
        (
            "{{ n + 1 }} {{ n - 1 }} {{ n * 2 }} {{ n / 2 }} {{ 8 / 2 }} {{ n % 4 }} {{ f * 2 }} {{ f + 1 }} {{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }}",
            Some("8 6 14 3.5 4 3 5 3.5 7 9"),
        ),
        (
            "{{ n + 1 | float }} {{ 7.6 | round }} {{ 7.25 | round(precision=1) }} {{ f | round(method=\"ceil\") }} {{ 1 + f | round }} {{ -3 | abs }}",
            Some("8 8 7.3 3 4 3"),
        ),
        (
            "{{ map.k }} {{ map[\"k\"] }} {{ map[key] }} {{ map.in.d.1 }} {{ map.in.d[0] }} {{ map[\"two words\"] }} {{ list.0 }}",
            Some("v v v 20 10 1 3"),
        ),
        ("{{ list }} {{ map }} {{ nil }} {{ yes }} {{ [1, \"a\"] }}", Some("[3, 1, 2] [object]  true [1, a]")),
        ("{% if yes and no %}1{% elif yes or no %}2{% else %}3{% endif %}{% if not no %}4{% endif %}", Some("24")),
        (
            "{% if n > 5 and n <= 7 %}a{% endif %}{% if n == 7.0 %}b{% endif %}{% if a != \"k\" %}c{% endif %}{% if n == \"7\" %}d{% endif %}{% if n != \"7\" %}e{% endif %}",
            Some("abc"),
        ),
        (
            "{% if undefined_thing %}a{% else %}b{% endif %}{% if not undefined_thing %}c{% endif %}{% if undefined_thing or yes %}d{% endif %}",
            Some("bcd"),
        ),
        (
            "{% if a is defined %}1{% endif %}{% if u is defined %}2{% endif %}{% if u is undefined %}3{% endif %}{% if a is not defined %}4{% endif %}{% if u is not defined %}5{% endif %}",
            Some("135"),
        ),
        (
            "{% if n is odd %}1{% endif %}{% if n is divisibleby(7) %}2{% endif %}{% if a is string %}3{% endif %}{% if list is iterable %}4{% endif %}{% if a is starting_with(\"x\") %}5{% endif %}{% if a is containing(\"<\") %}6{% endif %}{% if a is ending_with(\"q\") %}7{% endif %}",
            Some("123456"),
        ),
        (
            "{% if \"x\" in a %}1{% endif %}{% if 3 in list %}2{% endif %}{% if \"k\" in map %}3{% endif %}{% if 9 not in list %}4{% endif %}{% if not \"x\" in a %}5{% endif %}{% if n in [1, 7] %}6{% endif %}",
            Some("12346"),
        ),
        (
            "{{ u | default(value=\"d\") }} {{ nil | default(value=3) }} {{ a | default(value=\"d\") }} {{ u.v.w | default(value=n) }} {{ empty | default(value=\"e\") }}|{{ u | default(value=\"<\") }}|{{ u | default(value=\"<\") | safe }}",
            Some("d 3 x&lt;y&#x2F;z 7 |&amp;lt;|&lt;"),
        ),
        (
            "{% for x in list %}{{ loop.index }}/{{ loop.index0 }}:{{ x }}{% if loop.last %}.{% else %}, {% endif %}{% endfor %}",
            Some("1/0:3, 2/1:1, 3/2:2."),
        ),
        (
            "{% for k, v in map %}{{ k }};{% endfor %}{% for x in [] %}x{% else %}none{% endfor %}",
            Some("in;k;two words;none"),
        ),
        (
            "{% for x in list | reverse %}{{ x }}{% if x == 1 %}{% break %}{% endif %}{% endfor %}{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
            Some("2132"),
        ),
        (
            "{% for x in range(end=3) %}{{ x }}{% endfor %}{% for x in range(start=1, end=10, step_by=4) %}{{ x }},{% endfor %}",
            Some("0121,5,9,"),
        ),
        (
            "{% set x = 1 %}{% for y in list %}{% set x = y %}{% endfor %}{{ x }}{% for y in list %}{% set_global x = y %}{% endfor %}{{ x }}",
            Some("12"),
        ),
        (
            "{% set y = a | upper %}{{ y }} {% set z = n > 3 %}{{ z }} {% set w = [1,2] %}{{ w | length }}{% set q = yes and n == 7 %}{{ q }}",
            Some("X&lt;Y&#x2F;Z true 2true"),
        ),
        ("a {%- if yes -%} b {%- endif -%} c {{- n -}} d", Some("abc7d")),
        ("x {# note #} y {#- n -#} z", Some("x  yz")),
        ("{% raw %}{{ a }} {% if %}{% endraw %}", Some("{{ a }} {% if %}")),
        ("{% filter upper %}a{{ n }}b{% endfilter %}", Some("A7B")),
        (
            "{% include \"part.html\" %}{% include \"none.html\" ignore missing %}{% include [\"none.html\", \"part.html\"] %}",
            Some("[x&lt;y&#x2F;z][x&lt;y&#x2F;z]"),
        ),
        (
            "{{ a | replace(from=\"<\", to=\"(\") }} {{ \"a-b-c\" | split(pat=\"-\") | join(sep=\"+\") }} {{ \"  t \" | trim }}|{{ \"xxaxx\" | trim_start_matches(pat=\"x\") }} {{ \"xxaxx\" | trim_end_matches(pat=\"x\") }}",
            Some("x(y&#x2F;z a+b+c t|axx xxa"),
        ),
        (
            "{{ \"hello wORLD it's\" | title }} {{ \"hELLO w\" | capitalize }} {{ \"a b/c?d=é\" | urlencode }} {{ \"a b/c_d\" | urlencode_strict }} {{ \"a'b\" | addslashes | safe }}",
            Some("Hello World It&#x27;s Hello w a%20b&#x2F;c%3Fd%3D%C3%A9 a%20b%2Fc%5Fd a\\'b"),
        ),
        (
            "{{ \"abcdef\" | truncate(length=3) }} {{ \"abc\" | truncate(length=3) }} {{ \"abcdef\" | truncate(length=2, end=\"\") }} {{ \"one two  three\" | wordcount }} {{ \"<b>x</b> y<!-- c -->\" | striptags }} {{ \"<p> <b>x </b>  </p>\" | spaceless | safe }}",
            Some("abc… abc ab 3 x y <p><b>x </b></p>"),
        ),
        (
            "{{ \"a\\nb\" | linebreaksbr | safe }} {{ \"Ab C é\" | slugify }} {{ \"12\" | int }} {{ \"1.9\" | int }} {{ \"x\" | int(default=4) }} {{ \"1.5\" | float }} {{ a | length }} {{ list | length }} {{ map | length }}",
            Some("a\\nb ab-c-e 12 1 4 1.5 5 3 3"),
        ),
        (
            "{{ list | first }}{{ list | last }}{{ list | nth(n=1) }} {{ list | sort | join(sep=\",\") }} {{ words | sort | join(sep=\",\") }} {{ words | unique | join(sep=\",\") }} {{ list | slice(start=1) | join(sep=\",\") }} {{ list | slice(end=2) | join(sep=\",\") }} {{ list | slice(start=-1) | join }} {{ list | concat(with=9) | join(sep=\",\") }}",
            Some("321 1,2,3 A,a,b b,A 1,2 3,1 2 3,1,2,9"),
        ),
        (
            "{{ maps | map(attribute=\"n\") | join(sep=\",\") }} {{ maps | filter(attribute=\"n\", value=1) | length }} {{ maps | filter(attribute=\"n\") | length }} {{ map | get(key=\"k\") }} {{ map | get(key=\"x\", default=\"y\") }}",
            Some("2,1 1 2 v y"),
        ),
        (
            "{{ day | date(format=\"%d %B %Y\") }} {{ at | date(format=\"%H:%M %z\") }} {{ day | date }} {{ 86400 | date(format=\"%F\") }}",
            Some("05 March 2024 06:07 +0200 2024-03-05 1970-01-02"),
        ),
        (
            "{{ list | json_encode | safe }} {{ map | json_encode | safe }} {{ n | as_str }} {{ 1 | pluralize }}{{ 2 | pluralize }} {{ \"é<\" | escape | safe }}",
            Some("[3,1,2] {\"in\":{\"d\":[10,20]},\"k\":\"v\",\"two words\":1} 7 s é&lt;"),
        ),
        ("{{ yes == true }} {{ not yes }} {{ n > 3 }} {{ yes and no }}", Some("true false true false")),
        ("{{ u }}", None),
        ("{{ map.u }}", None),
        ("{{ a", None),
        ("{% if yes %}", None),
        ("{% unknown %}", None),
        ("{{ a | no_filter }}", None),
        ("{{ \"a\" + 1 }}", None),
        ("{{ a > 1 }}", None),
        ("{% for x in n %}{% endfor %}", None),
        ("{{ 1 / 0 }}", Some("NaN")),
        ("{% block b %}{{ n }}{% endblock %}", Some("7")),
        ("{{ list.9 | default(value=\"-\") }}", Some("-")),
        (
            "{% if list | length > 2 %}y{% endif %}{% if a | length == 5 and list | first == 3 %}z{% endif %}",
            Some("yz"),
        ),
        ("{% if (yes or no) and (n > 3) %}p{% endif %}", Some("p")),
        (
            "{% set cls = \"a\" %}{% if yes %}{% set_global cls = \"b\" %}{% endif %}<p class=\"{{ cls }}\">",
            Some("<p class=\"b\">"),
        ),
        ("{{ \"%\" }}{{ n%2 }}", Some("%1")),
        ("{% if not list | length > 2 %}y{% else %}n{% endif %}", Some("n")),
        ("{{ n * f | round }} {{ 3 * 2 + 1 | as_str }}", Some("18 7")),
        ("{{ day | date(format=\"%Y\") | int + 1 }}", Some("2025")),
        (
            "{% import \"macros.html\" as m %}{{ m::b(x=a) }} {{ m::b(x=1, y=\"q\") }} {{ m::c(x=3) }}",
            Some("<x&lt;y&#x2F;z2> <1q> <32>"),
        ),
        (" {% import \"macros.html\" as m %} \n x {{ m::b(x=1) | upper }}", Some("x &lt;12&gt;")),
    ];
    for (template, text) in rows {
        assert_eq!(rendered(template).as_deref(), text, "{template}");
    }
}

#[test]
fn what_the_site_gives_is_asked_of_it() {
    for (template, text) in [
        ("{{ '*a*' | markdown | safe }}", Some("<p>*a*</p>\n")),
        ("{{ body | markdown(inline=true) | safe }}", Some("B")),
        ("{{ get_url(path='a/b') }} {{ get_url(path='a/b') | upper }}", Some("a/b A&#x2F;B")),
        ("{% if u %}{{ unknown() }}{% endif %}", Some("")),
        ("{{ unknown() }}", None),
    ] {
        assert_eq!(rendered(template).as_deref(), text, "{template}");
    }
}

#[test]
fn what_never_ends_gives_nothing() {
    let nested = format!("{}{}", "{% if yes %}".repeat(10_000), "{% endif %}".repeat(10_000));
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    let long = format!("{{{{ {}1 }}}}", "1 + ".repeat(100_000));
    let rounds = "{% for x in range(end=10000) %}".repeat(8);
    let rounds = format!("{rounds}x{}", "{% endfor %}".repeat(8));
    let grown = "{% set x = 'abcdefgh' %}{% for y in range(end=100) %}{% set_global x = x ~ x %}{% endfor %}";
    for template in [
        "{% include 'again.html' %}",
        "{% import 'macros.html' as m %}{{ m::again(x=1) }}",
        &nested,
        &deep,
        &long,
        &rounds,
        grown,
        "{% for x in range(end=1000000000) %}x{% endfor %}",
    ] {
        assert_eq!(rendered(template), None, "{}", template.chars().take(80).collect::<String>());
    }
    for piece in ["{{", "{%", "{#", "{{ a |", "{{ a[", "{% if", "{% raw %}", "{{ 'a", "{{ a.", "{% for x in list %}"] {
        let _ = rendered(&piece.repeat(20_000));
    }
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{%", "%}", "{#", "#}", "-", " a ", " n ", " list ", " map", ".k", "[0]", "(", ")", "|", "upper", "length",
        "default(value=1)", " if ", " endif ", " for x in ", " endfor ", " set y = ", "~", "+", "*", "/", "%", " not ", " in ",
        " is defined", " and ", " or ", "==", "<", "'t'", "\"", "1", "2.5", "é", "\n", "[", "]", ",", "::", "slice(start=-9)",
        "truncate(length=1)", "date(format='%Q %Y')", "{% if a %}", "{% endif %}", "{{ a }}", "{% for x in list %}", "{% endfor %}",
    ]), 0..30)) {
        let _ = rendered(&pieces.concat());
    }
}

#[test]
fn texts_of_later_versions_are_templates_with_components() {
    let component = "{% component fig(src: string, @n = 1, wide = false, ...rest) %}<{{ src }}{% if wide %} {{ n }}{% endif %}>{% endcomponent fig %}\
                     {% component ui.box() %}[{{ body }}]{% endcomponent %}";
    let templates = Templates::parse(&BTreeMap::from([("c.html".to_owned(), component.to_owned())]));
    for (text, made) in [
        ("{{<fig src=\"x&\" />}}", Some("<x&amp;>")),
        ("{{< fig src=\"x\" wide={true}/>}}", Some("<x 5>")),
        ("{{< fig src={n + 1} n={2} wide={1} />}}", Some("<6 2>")),
        ("{% <ui.box> %}<b>{{<fig src=\"y\"/>}}{% </ui.box> %}", Some("[<b><y>]")),
        ("{{< fig n={2} />}}", None),
        ("{{< none />}}", None),
        ("# A {#b} {% raw %}{{ x }}{% endraw %} {{ 1 if n == 5 else 2 }}{{ m?.x }}", Some("# A {#b} {{ x }} 1")),
    ] {
        let variables = vec![("n".to_owned(), Value::Int(5))];
        assert_eq!(templates.render_content(text, variables, &Plain).as_deref(), made, "{text}");
    }
}
