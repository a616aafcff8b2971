//! Templates in posts against what Jekyll makes of them.

use std::path::Path;

use super::*;
use crate::config::{self, Overrides, load};
use crate::model::SitePath;
use crate::normalizer::body::markdown::Flavor;
use crate::normalizer::dialect::Dialect as _;
use crate::normalizer::front_matter::{self, Fences, Parsed};

/// The front matter that `tests/golden/liquid/make` gives each case.
const FRONT: &str = "title: A Case\ndate: 2020-02-03 04:05:06 +0000\ncategories: [news]\ntags: [x, y]\nlist: [3, 1, 2]\n\
                     num: 5\nmap: {k: v}\npermalink: /case/:title/";

/// `tests/golden/liquid/make` wrote what Jekyll 4.3.1 makes of each.
#[test]
fn templates_are_what_jekyll_makes_of_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/liquid/site");
    let config = load(&Overrides { site: Some(folder.clone()), ..Overrides::default() }, &[], &folder, Some("UTC"));
    let config = config.unwrap();
    let config::Dialect::Jekyll(site) = &config.source.dialect else { panic!("no Jekyll site") };
    let jekyll = Jekyll::new(&config, site);
    let cases = include_str!("../../../../../tests/golden/liquid/cases.txt").trim_end_matches('\n');
    let expected = include_str!("../../../../../tests/golden/liquid/expected.txt");
    let mut wrong = Vec::new();
    for (n, (case, expected)) in cases.split("\n=====\n").zip(expected.split("\n=====\n")).enumerate() {
        let path = format!("_posts/2020-02-03-case-{n}.html");
        let text = body(&jekyll, &path, &format!("---\n{FRONT}\n---\n{case}"));
        if text.trim_end_matches('\n') != expected.trim_end_matches('\n') {
            wrong.push(format!("{case}\n--- Jekyll:\n{expected}\n--- here:\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn body(jekyll: &Jekyll, path: &str, text: &str) -> String {
    let Parsed::Document(document) = front_matter::parse(text.as_bytes(), Fences::Yaml) else {
        panic!("no front matter")
    };
    let site_path = SitePath::from_bytes(path.as_bytes());
    let source =
        Source { others: &crate::normalizer::Alone, path: &site_path, document: &document, has_front_matter: true };
    let head = jekyll.head(&source, &mut Vec::new()).unwrap();
    let name = Name::of(path, "", &[]).unwrap();
    let fields = Fields { front: &document.front, defaults: &Value::Null };
    let base = head.link.value.clone();
    let (flavor, source_kind) = (Flavor::Kramdown(&jekyll.kramdown), render::Kind::Html);
    let options = render::Options { base: &base, source: source_kind, flavor, keep_iframes: false };
    Liquid::new(jekyll, &source, fields, &name, &head, options).body().into_owned()
}
