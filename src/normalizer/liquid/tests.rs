//! Templates beside what Jekyll's golden files hold.

mod hostile;

use std::path::Path;

use super::*;
use crate::config::{Dialect, Overrides, Templates, load};

/// A site whose pages are where Jekyll's fixture has them.
#[derive(Debug)]
pub(super) struct Pages;

impl Host for Pages {
    fn page_of(&self, target: Target<'_>) -> Option<String> {
        Some(match target {
            Target::Post(name) => format!("/post/{name}/"),
            Target::File(path) => format!("/file/{path}"),
        })
    }

    fn markdown(&self, text: &str) -> String {
        use crate::normalizer::body::markdown;
        markdown::to_html(text, markdown::Flavor::Kramdown(&markdown::KramdownOptions::default()))
    }

    fn beside(&self, name: &str) -> String {
        format!("./_posts/{name}")
    }
}

pub(super) fn page() -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let list = |texts: &[&str]| Value::List(texts.iter().map(|it| text(it)).collect());
    let pairs = [
        ("title", text("A Case")),
        ("date", text("2020-02-03 04:05:06 +0000")),
        ("categories", list(&["news"])),
        ("tags", list(&["x", "y"])),
        ("list", Value::List([3, 1, 2].map(Value::Int).to_vec())),
        ("num", Value::Int(5)),
        ("map", Value::Map(vec![("k".to_owned(), text("v"))])),
    ];
    Value::Map(pairs.map(|(key, value)| (key.to_owned(), value)).to_vec())
}

/// Renders with the site of the golden files.
pub(super) fn rendered(source: &str, templates: &Templates) -> (String, Vec<Finding>) {
    let page = page();
    let partials = Partials::new(&templates.partials);
    let globals = [("site", &templates.site), ("page", &page)];
    let site = WebUrl::parse("https://example.com/base/").unwrap();
    let now = DateTime::parse_from_rfc3339("2020-02-03T04:05:06+00:00").unwrap();
    let (base_path, zone) = ("/base", Zone::UTC);
    let environment =
        Environment { globals: &globals, site: &site, base_path, zone, now, partials: &partials, host: &Pages };
    render(source, environment)
}

pub(super) fn templates() -> Templates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/liquid/site");
    let overrides = Overrides { site: Some(folder.clone()), ..Overrides::default() };
    let config = load(&overrides, &[], &folder, Some("UTC")).unwrap();
    let Dialect::Jekyll(site) = &config.source.dialect else { panic!("no Jekyll site") };
    Templates::clone(&site.templates)
}

#[test]
fn what_is_not_known_is_left_out_and_named_once() {
    for (source, text, findings) in [
        ("a{% youtube x %}b{% youtube y %}c", "abc", vec!["Liquid's tag `youtube` is not known here and left out"]),
        ("{% note %}kept{% endnote %}", "kept", vec!["Liquid's tag `note` is not known here and left out"]),
        ("{{ 'x' | shout }}", "x", vec!["Liquid's filter `shout` is not known here and left out"]),
        (
            "{{ site.posts.size }}{% for p in site.posts %}x{% endfor %}",
            "",
            vec!["Liquid's variable `site.posts` is not known here and left out"],
        ),
        ("{{ page.previous.url }}", "", vec!["Liquid's variable `page.previous` is not known here and left out"]),
        ("a{% include none.html %}b", "ab", vec!["Liquid's include `none.html` is not known here and left out"]),
        ("{% include ../x %}", "", vec!["Liquid's include `../x` is not known here and left out"]),
        ("{{ site.none }}{{ page.none }}{{ none }}", "", vec![]),
    ] {
        let (found, said) = rendered(source, &Templates::default());
        let said: Vec<_> = said.into_iter().map(|finding| finding.message).collect();
        assert_eq!((found.as_str(), said), (text, findings.iter().map(|it| (*it).to_owned()).collect()), "{source}");
    }
}

#[test]
fn what_is_wrong_has_a_line_and_the_text_stays() {
    for (source, text, line) in [
        ("a\n{{ b\nc", "a\n\nc", 2),
        ("a\n\n{% if\nc", "a\n\n\nc", 3),
        ("a\n{% if x %}b{% endfor %}c", "a\nbc", 2),
        ("a\n{% for %}b{% endfor %}c", "a\nc", 2),
        ("a{% endif %}b{% else %}", "ab", 1),
        ("{% raw %}\n{{ b }}", "\n", 1),
        ("{% assign %}x", "x", 1),
        ("{% if a ~ b %}x{% else %}y{% endif %}", "y", 1),
    ] {
        let (found, said) = rendered(source, &Templates::default());
        assert_eq!((found.as_str(), said.first().and_then(|it| it.line)), (text, Some(line)), "{source}");
    }
}

#[test]
fn code_is_a_plain_block_with_its_language() {
    let source = "{% highlight Ruby linenos %}\n\ndef x\n  1 < 2\nend\n{% endhighlight %}";
    let code = "\n<figure class=\"highlight\"><pre><code class=\"language-ruby\">def x\n  1 &lt; 2\nend</code></pre></figure>\n";
    assert_eq!(rendered(source, &Templates::default()), (code.to_owned(), Vec::new()));
}

#[test]
fn an_excerpt_ends_the_blocks_that_it_does_not_end_itself() {
    for (head, whole) in [
        ("a {% if x %}b", "a {% if x %}b\n{% endif %}"),
        ("{% for a in b %}{% if x %}", "{% for a in b %}{% if x %}\n{% endif %}\n{% endfor %}"),
        ("{% raw %}{% if %}{% endraw %}", "{% raw %}{% if %}{% endraw %}"),
        ("{% comment %}{% if %}", "{% comment %}{% if %}\n{% endcomment %}"),
        ("{% if x %}a{% endif %}", "{% if x %}a{% endif %}"),
        ("{% assign a = 1 %}{% unknown %}", "{% assign a = 1 %}{% unknown %}"),
    ] {
        assert_eq!(complete(head), whole);
    }
}
