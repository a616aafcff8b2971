//! What authors write between the fences, and what becomes of it.

mod agreement;
mod languages;

use crate::model::Value;

use super::*;

fn document(text: &str) -> Document<'_> {
    match parse(text.as_bytes(), Fences::Yaml) {
        Parsed::Document(document) => document,
        other => panic!("{text:?}: {other:?}"),
    }
}

fn error(text: &str) -> Diagnostic {
    match parse(text.as_bytes(), Fences::Yaml) {
        Parsed::Unusable(error) => error,
        other => panic!("{text:?}: {other:?}"),
    }
}

/// The document whose header this is, and `body` its body.
fn with_header(header: &str) -> Document<'static> {
    let text = format!("---\n{header}---\nbody\n");
    match parse(text.as_bytes(), Fences::Yaml) {
        Parsed::Document(Document { front, body, body_line, diagnostics }) => {
            assert_eq!(body, "body\n");
            Document { front, body: body.into_owned().into(), body_line, diagnostics }
        }
        other => panic!("{header:?}: {other:?}"),
    }
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

fn texts(values: &[&str]) -> Value {
    Value::List(values.iter().copied().map(text).collect())
}

/// The fields of a header that is read without a finding.
#[track_caller]
fn fields(header: &str) -> Vec<(String, Value)> {
    let document = with_header(header);
    assert_eq!(document.diagnostics, []);
    document.front.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
}

#[track_caller]
fn value(header: &str) -> Value {
    fields(header).into_iter().next().unwrap().1
}

/// The value of `key` in a header that is read with one warning, and that warning as `code line:column message`.
#[track_caller]
fn repaired(header: &str, key: &str) -> (Option<Value>, String) {
    let document = with_header(header);
    let [found] = document.diagnostics.as_slice() else { panic!("{:?}", document.diagnostics) };
    (document.front.get(key).cloned(), show(found))
}

fn show(found: &Diagnostic) -> String {
    let part = |number: Option<u32>| number.map_or("-".to_owned(), |number| number.to_string());
    format!("{} {}:{} {}", found.code.as_str(), part(found.line), part(found.column), found.message)
}

#[test]
fn a_post_is_split_at_its_fences() {
    let post = document("---\ntitle: a\n---\nbody\n---\nmore\n");
    assert_eq!((post.front.get("title"), &*post.body, post.body_line), (Some(&text("a")), "body\n---\nmore\n", 4));
}

#[test]
fn fences_may_have_blanks_behind_dots_at_the_end_crlf_and_a_byte_order_mark() {
    for post in
        ["\u{feff}--- \t\r\ntitle: a\r\n... \r\nbody", "---\ntitle: a\n---\n\n \t\nbody", "---\ntitle: a\n...\nbody"]
    {
        let post = document(post);
        assert_eq!((post.front.get("title"), &*post.body), (Some(&text("a")), "body"));
        assert_eq!(post.diagnostics, []);
    }
    assert_eq!(document("---\na: 1\n---\n\n \t\nbody").body_line, 6);
    assert_eq!(document("---\na: 1\n---").body, "");
    assert_eq!(document("---\na: 1\n---").body_line, 4);
}

#[test]
fn what_only_looks_like_a_fence_is_none() {
    assert_eq!(document("---\na: >\n  x\n --- \n----\n---\nb").body, "b");
    for file in [
        "",
        "text",
        "---",
        " ---\na: 1\n---\n",
        "----\na: 1\n---\n",
        "+++\na = 1\n+++\n",
        "{\"a\": 1}\n",
        "\n---\na: 1\n---\n",
    ] {
        let Parsed::Absent(whole) = parse(file.as_bytes(), Fences::Yaml) else { panic!("{file:?}") };
        assert_eq!((&*whole.body, whole.body_line, whole.front.is_empty()), (file, 1, true));
    }
}

#[test]
fn front_matter_that_is_unusable_is_one_error() {
    assert_eq!(show(&error("---\ntitle: a\nbody\n")), "front-matter-unterminated 1:- the front matter never ends");
    assert_eq!(error(&format!("---\na: {}\n---\n", "x".repeat(MAX_BYTES))).code, Code::FrontMatterTooLarge);
    assert_eq!(
        show(&error("---\n\n# x\n- a\n---\n")),
        "front-matter-not-a-map 4:- the front matter is a list, not keys and values"
    );
    assert_eq!(
        show(&error("---\nwords\n---\n")),
        "front-matter-not-a-map 2:- the front matter is text, not keys and values"
    );
    assert_eq!(error("---\n- \"a\"b\"\n---\n").code, Code::NotAMap);
    assert_eq!(error("---\na: &a [*a]\n---\n").code, Code::AliasBomb);
}

#[test]
fn aliases_that_multiply_are_an_error_and_cost_nothing() {
    let mut nested = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (inner, outer) in "abcdefg".chars().zip("bcdefgh".chars()) {
        nested.push_str(&format!("{outer}: &{outer} [{}]\n", vec![format!("*{inner}"); 10].join(", ")));
    }
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(30_000), "*a, ".repeat(8_000));
    for header in [nested, long] {
        assert_eq!(error(&format!("---\n{header}---\n")).code, Code::AliasBomb);
        // Also where the parser refuses another line first.
        assert_eq!(error(&format!("---\n{header}title: \"a\"b\"\n---\n")).code, Code::AliasBomb);
    }
}

#[test]
fn nothing_at_all_is_an_empty_map() {
    for header in ["", "\n", "# comment\n", "~\n", "{}\n"] {
        assert_eq!(fields(header), [], "{header:?}");
    }
}

#[test]
fn scalars_have_the_types_that_the_parser_gives() {
    for (written, expected) in [
        ("", Value::Null),
        ("~", Value::Null),
        ("null", Value::Null),
        ("true", Value::Bool(true)),
        ("yes", text("yes")),
        ("2022", Value::Int(2022)),
        ("-7", Value::Int(-7)),
        ("0x10", Value::Int(16)),
        ("0755", text("0755")),
        ("1_000", text("1_000")),
        ("1.5", Value::Float(1.5)),
        ("9223372036854775808", text("9223372036854775808")),
        ("123456789012345678901234567890", text("123456789012345678901234567890")),
        ("2022-03-31", text("2022-03-31")),
        ("2022-03-31 14:30:55 +0800", text("2022-03-31 14:30:55 +0800")),
        ("12:30", text("12:30")),
        ("\"2022\"", text("2022")),
        ("'it''s'", text("it's")),
        ("C#", text("C#")),
        ("a # comment", text("a")),
        ("[a, 1, [b]]", Value::List(vec![text("a"), Value::Int(1), texts(&["b"])])),
        ("!ruby/object:Post x", text("x")),
        ("!tag [a]", texts(&["a"])),
        ("!!binary aGk=", text("aGk=")),
        ("!!str 2022", text("2022")),
        ("|\n  a\n  b", text("a\nb\n")),
        (">-\n  a\n  b", text("a b")),
        ("\n- a\n- b", texts(&["a", "b"])),
        (
            "{1: a, true: b, ~: c, [x]: d}",
            Value::Map(vec![("1".into(), text("a")), ("true".into(), text("b")), ("null".into(), text("c"))]),
        ),
    ] {
        assert_eq!(value(&format!("key: {written}\n")), expected, "{written:?}");
    }
}

#[test]
fn merge_keys_override_what_precedes_and_not_what_follows() {
    let header = "base: &base {a: 1, b: 2}\nother: &other {a: 8, c: 9}\none:\n  a: 0\n  <<: *base\n  b: 3\nmany:\n  <<: [*base, *other]\nno:\n  <<: x\n";
    let front = with_header(header).front;
    let number = |path: &[&str]| front.get(path[0]).and_then(|map| map.get(path[1])).cloned();
    assert_eq!(number(&["one", "a"]), Some(Value::Int(1)));
    assert_eq!(number(&["one", "b"]), Some(Value::Int(3)));
    assert_eq!(number(&["many", "a"]), Some(Value::Int(1)));
    assert_eq!(number(&["many", "c"]), Some(Value::Int(9)));
    assert_eq!(number(&["no", "<<"]), Some(text("x")));
    assert_eq!(with_header("x: &x {a: 1}\n<<: *x\n").front.get("a"), Some(&Value::Int(1)));
}

#[test]
fn fields_know_their_line_and_text() {
    let front = with_header(
        "# comment\ntitle: \"a\"\n\ndate: 2022-03-31 # day\nlist:\n  - x\n'odd key': 1\nmore: |\n  title: no\n",
    )
    .front;
    assert_eq!(front.keys().collect::<Vec<_>>(), ["title", "date", "list", "odd key", "more"]);
    assert_eq!((front.line("title"), front.raw("title")), (Some(3), Some("\"a\"")));
    assert_eq!((front.line("date"), front.raw("date")), (Some(5), Some("2022-03-31 # day")));
    assert_eq!((front.line("list"), front.raw("list")), (Some(6), Some("")));
    assert_eq!((front.line("odd key"), front.raw("odd key")), (Some(8), Some("1")));
    assert_eq!((front.line("absent"), front.raw("absent")), (None, None));
    let inline = with_header("{title: a}\n").front;
    assert_eq!((inline.get("title"), inline.line("title"), inline.raw("title")), (Some(&text("a")), None, None));
}

#[test]
fn quoted_and_unquoted_are_told_apart() {
    let front = with_header("a: 2022-03-31\nb: \"2022-03-31\"\nc: '2022-03-31'\nd: &x '2022-03-31'\ne: !!str 2022-03-31\nf: |\n  2022-03-31\ng:\n").front;
    let quoted: Vec<_> = front.keys().filter(|key| front.is_quoted(key)).collect();
    assert_eq!(quoted, ["b", "c", "d", "e", "f"]);
}

#[test]
fn control_characters_are_left_out_without_a_word() {
    assert_eq!(value("title: ab\u{b}c\u{0}d\u{fffe}\u{7f}\u{80}\u{9f}e\n"), text("abcde"));
    assert_eq!(value("title: \"a\u{1}b\"\n"), text("ab"));
    assert_eq!(with_header("ti\u{0}tle: a\n").front.line("title"), Some(2));
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_and_reported_once() {
    let Parsed::Document(post) = parse(b"---\ntitle: \xe4\xbd\xa0 caf\xe9\n---\nb\xff\xfe\n", Fences::Yaml) else {
        panic!()
    };
    assert_eq!((post.front.get("title"), &*post.body), (Some(&text("你 caf\u{fffd}")), "b\u{fffd}\u{fffd}\n"));
    let [found] = post.diagnostics.as_slice() else { panic!() };
    assert_eq!((found.code, found.line, found.column), (Code::NotUtf8, Some(2), Some(13)));
    let Parsed::Absent(post) = parse(b"\xef\xbb\xbfa\nb\xff", Fences::Yaml) else { panic!() };
    assert_eq!((post.diagnostics[0].line, post.diagnostics[0].column), (Some(2), Some(2)));
}

#[test]
fn a_key_that_stands_twice_has_its_last_value() {
    let document = with_header("title: a\ntags: [x]\ntitle: b\nmap:\n  k: 1\n  k: 2\ntitle: c\n");
    assert_eq!(document.front.get("title"), Some(&text("c")));
    assert_eq!(document.front.line("title"), Some(8));
    assert_eq!(document.front.get("tags"), Some(&texts(&["x"])));
    assert_eq!(document.front.get("map").and_then(|map| map.get("k")), Some(&Value::Int(2)));
    assert_eq!(
        document.diagnostics.iter().map(show).collect::<Vec<_>>(),
        [
            "duplicate-key 4:- `title` stands twice; the last one counts",
            "duplicate-key 5:- `k` stands twice in `map`; the last one counts",
        ]
    );
}

#[test]
fn a_broken_field_costs_only_itself() {
    let header = "title: \"abc\"def\" 全面\"落地\"\"\ndate: 2022-03-31\ntags: [a, b]\nauthor:\n  name: x\n";
    let document = with_header(header);
    assert_eq!(document.front.get("title"), Some(&text("abc\"def\" 全面\"落地\"")));
    assert_eq!(document.front.raw("title"), Some("\"abc\"def\" 全面\"落地\"\""));
    assert_eq!(document.front.get("date"), Some(&text("2022-03-31")));
    assert_eq!(document.front.get("tags"), Some(&texts(&["a", "b"])));
    assert_eq!(document.front.get("author").and_then(|map| map.get("name")), Some(&text("x")));
    assert_eq!(
        document.diagnostics.iter().map(show).collect::<Vec<_>>(),
        ["front-matter-repaired 2:13 `title` has quotes inside quotes"]
    );
}

#[test]
fn what_the_parser_refuses_is_read_by_lines_and_explained() {
    for (header, key, expected, warning) in [
        ("t: 'don't'\n", "t", Some(text("don't")), "2:9 `t` has quotes inside quotes"),
        ("t: \"a \\\"b\\\" \"c\"\"\n", "t", Some(text("a \"b\" \"c\"")), "2:14 `t` has quotes inside quotes"),
        ("tags:\n\t- a\n\t- b\n", "tags", Some(texts(&["a", "b"])), "3:1 a tab is used as indentation"),
        ("tags:\n  - a\n\t- b\n", "tags", Some(texts(&["a", "b"])), "4:1 a tab is used as indentation"),
        (
            "author:\n\tname: x\n",
            "author",
            Some(Value::Map(vec![("name".into(), text("x"))])),
            "3:1 a tab is used as indentation",
        ),
        ("author:\n  name: x\n\tmail: y\n", "author", None, "4:1 a tab is used as indentation"),
        ("a: b\n\tc: d\n", "a", Some(text("b")), "3:1 a tab is used as indentation"),
        ("t: foo: bar # no\n", "t", Some(text("foo: bar")), "2:7 `t` has a colon inside that needs quotes"),
        ("t: @foo\n", "t", Some(text("@foo")), "2:4 `t` has a `@` that needs quotes"),
        ("t: 'abc\nb: 1\n", "t", Some(text("abc")), "2:4 `t` has a quote that is never closed"),
        ("t: *x\nb: 1\n", "t", None, "2:4 `t` refers to an anchor that is defined nowhere"),
        ("t: **bold** x\n", "t", Some(text("**bold** x")), "2:5 `t` begins with a `*` that needs quotes"),
        ("t: [转载] bar\n", "t", Some(text("[转载] bar")), "2:9 `t` begins with a bracket and needs quotes"),
        ("t: [a, \"b\"\nc: d\n", "t", Some(texts(&["a", "b"])), "2:4 `t` has a bracket that is never closed"),
        ("t: {a, b\nc: d\n", "t", Some(text("{a, b")), "2:4 `t` has a bracket that is never closed"),
        (
            "a: b\ndate:2022\nc: d\n",
            "date",
            Some(Value::Int(2022)),
            "3:1 a line has no key with a colon and a space behind it",
        ),
        ("a: b\nwords here\nc: d\n", "c", Some(text("d")), "3:1 a line has no key with a colon and a space behind it"),
        (
            "a: \"x\\qy\"\n",
            "a",
            Some(text("x\\qy")),
            "2:6 `a` has a backslash in double quotes that stands for nothing",
        ),
        (
            "a: !!int x\n",
            "a",
            Some(text("!!int x")),
            "2:4 `a` cannot be read: a: invalid value: string \"x\", expected an integer",
        ),
        ("a:\n  b: 1\n c: 2\n", "a", None, "4:2 `a` is not indented like what stands around it"),
        ("a: - b\n", "a", Some(text("- b")), "2:4 `a` is not indented like what stands around it"),
        ("a: x\u{2028}b\n", "a", Some(text("x\u{2028}b")), "2:6 `a` has an invisible line separator"),
        ("a: 1\n--- b\n", "a", Some(Value::Int(1)), "-:- a line of the front matter begins with three dashes"),
        (
            "%a: 1\nb: 2\n",
            "b",
            Some(Value::Int(2)),
            "2:3 the front matter cannot be read: found unexpected non-alphabetical character",
        ),
    ] {
        let (value, found) = repaired(header, key);
        assert_eq!((value, found), (expected, format!("front-matter-repaired {warning}")), "{header:?}");
    }
}

#[test]
fn a_key_twice_is_reported_beside_a_repair() {
    let document = with_header("t: 'don't'\na: 1\na: 2\n");
    assert_eq!(document.front.get("a"), Some(&Value::Int(2)));
    let codes: Vec<_> = document.diagnostics.iter().map(|found| (found.code, found.line)).collect();
    assert_eq!(codes, [(Code::FrontMatterRepaired, Some(2)), (Code::DuplicateKey, Some(4))]);
}

#[test]
fn many_brackets_are_read_field_by_field() {
    let row = "x: [a, {b: c}]\n";
    let header: String = (0..1000).map(|number| format!("k{number}{row}")).collect();
    let document = with_header(&header);
    assert_eq!(document.diagnostics, []);
    assert_eq!(document.front.iter().count(), 1000);
}

#[test]
fn a_merge_key_beside_a_repair_is_no_key_twice() {
    let document = with_header("t: 'don't'\na: 1\n<<: {a: 2, b: 3}\na: 4\n");
    assert_eq!((document.front.get("a"), document.front.get("b")), (Some(&Value::Int(4)), Some(&Value::Int(3))));
    let codes: Vec<_> = document.diagnostics.iter().map(|found| (found.code, found.line)).collect();
    assert_eq!(codes, [(Code::FrontMatterRepaired, Some(2)), (Code::DuplicateKey, Some(5))]);
}

#[test]
fn hostile_nesting_never_reaches_the_parser() {
    for pattern in ["[", "{", "k: [\n", "? [\n", "[ \"]\", "] {
        let header = format!("title: x\na: {}\n", pattern.repeat(60_000 / pattern.len()));
        let document = with_header(&header);
        assert_eq!(document.front.get("title"), Some(&text("x")));
        assert!(document.diagnostics.iter().any(|found| found.code == Code::FrontMatterRepaired));
    }
}
