//! Markdown as the generators render it: the golden files are kramdown's and Hugo's own (`scripts/expect-markdown`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syndicated::normalizer::body::markdown::{Flavor, KramdownOptions, to_html};
use syndicated::normalizer::front_matter::{self, Fences, Parsed};
use syndicated::normalizer::text::decode;

/// A tag with its attributes in the order of their names, or text with single spaces.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Tag(String),
    Text(String),
}

fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if rest.starts_with('<') {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            pieces.push(Piece::Tag(tag(&rest[..end])));
            rest = &rest[end..];
            continue;
        }
        let end = rest.find('<').unwrap_or(rest.len());
        let text = decode(&rest[..end]).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        rest = &rest[end..];
    }
    pieces
}

fn tag(source: &str) -> String {
    let inside = source.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = BTreeMap::new();
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        attributes.insert(key.trim(), decode(value).split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        rest = after;
    }
    attributes.iter().fold(name.to_owned(), |tag, (key, value)| format!("{tag} {key}={value:?}"))
}

/// The first piece that differs, with what is before it.
fn first_difference(expected: &[Piece], ours: &[Piece]) -> Option<String> {
    let at = (0..expected.len().max(ours.len())).find(|&at| expected.get(at) != ours.get(at))?;
    let before = &expected[at.saturating_sub(3)..at];
    Some(format!("after {before:?}\n  expected {:?}\n  ours     {:?}", expected.get(at), ours.get(at)))
}

fn check(folder: &str, render: impl Fn(&str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/markdown").join(folder);
    let mut differences = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        count += 1;
        let expected = fs::read_to_string(path.with_extension("html")).unwrap();
        let ours = render(&fs::read_to_string(&path).unwrap());
        if let Some(difference) = first_difference(&pieces(&expected), &pieces(&ours)) {
            differences.push(format!("{}: {difference}", path.file_name().unwrap().display()));
        }
    }
    assert!(count >= 8, "{} is nearly empty", folder.display());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn jekylls_markdown_is_rendered_as_kramdown_does() {
    let options = KramdownOptions::default();
    check("kramdown", |text| to_html(text, Flavor::Kramdown(&options)));
}

#[test]
fn kramdowns_options_count_as_jekylls_configuration_states_them() {
    check("kramdown-options", |text| {
        let Parsed::Document(document) = front_matter::parse(text.as_bytes(), Fences::Yaml) else { panic!("{text}") };
        let options = KramdownOptions::of(document.front.get("kramdown"));
        to_html(&document.body, Flavor::Kramdown(&options))
    });
}

#[test]
fn hugos_markdown_is_rendered_as_goldmark_does() {
    check("goldmark", |text| to_html(text, Flavor::Goldmark { emoji: false, raw_html: true }));
}
