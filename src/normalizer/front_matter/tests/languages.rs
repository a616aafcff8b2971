//! TOML and JSON between their own fences, where the generator knows them.

use super::super::*;
use crate::model::Value;

fn document(text: &str) -> Document<'_> {
    match parse(text.as_bytes(), Fences::All) {
        Parsed::Document(document) => document,
        other => panic!("{text:?}: {other:?}"),
    }
}

fn text(document: &Document<'_>, key: &str) -> String {
    document.front.get(key).and_then(Value::to_text).unwrap_or_else(|| panic!("no {key}: {document:?}"))
}

#[test]
fn toml_has_its_dates_tables_and_lines() {
    let post = document(
        "\u{feff}+++ \r\ntitle = 'A \"b\"'\r\ndate = 2024-01-02T03:04:05Z\nday = 2024-01-02\nn = 1\ntags = ['a', 'b']\n\
         [params]\nauthor = 'x'\n+++\n\nbody\n",
    );
    assert_eq!(post.body, "body\n");
    assert_eq!(post.body_line, 11);
    for (key, expected) in [("title", "A \"b\""), ("date", "2024-01-02T03:04:05Z"), ("day", "2024-01-02"), ("n", "1")] {
        assert_eq!(text(&post, key), expected);
    }
    assert_eq!(post.front.get("tags").unwrap().items().len(), 2);
    assert_eq!(post.front.get("params").unwrap().get("author").and_then(Value::as_str), Some("x"));
    assert_eq!((post.front.line("date"), post.front.column("date")), (Some(3), Some(8)));
}

#[test]
fn json_ends_with_its_brace() {
    let post = document("{\n\"title\": \"a } \\\" {\", \"n\": 12, \"m\": {\"x\": null}}\n\nbody {\n");
    assert_eq!((post.body.as_ref(), post.body_line), ("body {\n", 4));
    assert_eq!(text(&post, "title"), "a } \" {");
    assert_eq!(document("{} body").body, " body");
    for text in ["{{< x >}}\n", "{ a }", "{", ""] {
        assert!(matches!(parse(text.as_bytes(), Fences::All), Parsed::Absent(_)), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_told_at_its_place() {
    for (text, code, line, column) in [
        ("+++\ntitle = 'a'\ndate = x\n+++\n", Code::FrontMatterInvalid, 3, Some(8)),
        ("+++\na = 1\na = 2\n+++\n", Code::FrontMatterInvalid, 3, Some(1)),
        ("{\"a\": 1,\n \"b\": }\n", Code::FrontMatterInvalid, 2, Some(7)),
        ("+++\na = 1\n", Code::Unterminated, 1, None),
        ("{\"a\": \"}\n", Code::Unterminated, 1, None),
    ] {
        let Parsed::Unusable(error) = parse(text.as_bytes(), Fences::All) else { panic!("{text:?}") };
        assert_eq!((error.code, error.line, error.column), (code, Some(line), column), "{text:?}: {}", error.message);
    }
}

#[test]
fn a_generator_that_knows_yaml_alone_sees_no_front_matter() {
    for text in ["+++\na = 1\n+++\n", "{\"a\": 1}\n"] {
        assert!(matches!(parse(text.as_bytes(), Fences::Yaml), Parsed::Absent(_)));
    }
}

#[test]
fn hugos_first_fence_may_stand_behind_blank_lines_and_blanks() {
    for text in ["\n\n---\na: 1\n---\nbody", "\u{feff}\n \t+++\na = 1\n+++\n\nbody", " \r\n{\"a\":\n1}\nbody"] {
        let post = document(text);
        assert_eq!((post.front.get("a"), post.body.as_ref()), (Some(&Value::Int(1)), "body"), "{text:?}");
        assert_eq!(post.body_line as usize, text.lines().count(), "{text:?}");
    }
    let Parsed::Unusable(error) = parse(b"\n---\na: 1\n ---\nbody\n", Fences::All) else { panic!() };
    assert_eq!(error.code, Code::Unterminated);
    assert!(matches!(parse(b"\n---\na: 1\n---\n", Fences::Jekyll), Parsed::Absent(_)));
}

#[test]
fn keys_in_lower_case_are_one() {
    let front = document("---\nTitle: a\nparams:\n  Author: x\ntitle: b\n---\n").front.with_lowercase_keys();
    assert_eq!(front.keys().collect::<Vec<_>>(), ["title", "params"]);
    assert_eq!(front.get("title").and_then(Value::as_str), Some("b"));
    assert_eq!(front.get("params").unwrap().get("author").and_then(Value::as_str), Some("x"));
}

#[test]
fn zolas_fences_may_stand_behind_blank_lines_and_blanks() {
    let text = "\n \r\n  +++ \n  title = 'A'\n  date = x-1\n +++\n\n\nbody\n";
    let Parsed::Unusable(error) = parse(text.as_bytes(), Fences::Indented) else { panic!("no TOML") };
    assert_eq!((error.line, error.column), (Some(5), Some(10)));
    let text = text.replace("x-1", "2024-01-02");
    let Parsed::Document(post) = parse(text.as_bytes(), Fences::Indented) else { panic!("{text:?}") };
    assert_eq!((post.body.as_ref(), post.body_line), ("body\n", 9));
    assert_eq!((post.front.line("date"), post.front.column("date")), (Some(5), Some(10)));
    let Parsed::Document(post) = parse(b"\n---\ntitle: a\ntitle: b\n---\n", Fences::Indented) else { panic!() };
    assert_eq!(post.diagnostics.iter().map(|found| found.line).collect::<Vec<_>>(), [Some(4)]);
    for text in ["{\"a\": 1}\n", "\n\nbody\n", "", "\n", "  "] {
        assert!(matches!(parse(text.as_bytes(), Fences::Indented), Parsed::Absent(_)), "{text:?}");
    }
    let Parsed::Unusable(error) = parse(b"\n\n+++\na = 1\n", Fences::Indented) else { panic!() };
    assert_eq!(error.line, Some(3));
}
