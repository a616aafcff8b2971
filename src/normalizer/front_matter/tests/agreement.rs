//! The shortcut and the parser agree, and no input makes either panic.

use proptest::prelude::*;

use super::super::*;

/// Lines around YAML's indicators, plain enough that the shortcut answers often.
fn header() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "a", "b", "title", "date", "null", "true", "_x-1", "0", "<<", "é", "a b", "\"q\"", "yes",
    ]);
    let space = prop::sample::select(vec![" ", "  ", "", "\t"]);
    let scalar = prop_oneof![
        6 => prop::sample::select(vec![
            "", "x", "a b", "2022-03-31", "2022-03-31 14:30:55 +0800", "1", "01", "1e3", "0x1f", "0o7", "-1", "+1", ".5", "1.", "~", "null", "True",
            "nullx", "False", "\"q\"", "'q'", "\"\"", "''", "'a\"b'", "\"a'b\"", "a:b", "a: b", "a:", "a #b", "a#b", "[a]", "{a: b}", "*a",
            "&a b", "!t b", "|", ">", "@a", "`a`", "%a", "-a", "- a", "?a", "=", "<<", "C++", "，：", "\u{a0}x", "\u{feff}", "a\u{2028}b",
            "1_0", "123456789012345678", "1234567890123456789", "99999999999999999999", "inf", "nan", ".inf", "12e", "1-1", "0.0.1",
            "'a' b", "\"a\\n\"", "'it''s'", "\"", "'",
        ]).prop_map(str::to_owned),
        2 => "[-a-z0-9:#\\[\\]{}&*!|>'\"%@` ,.~?=\\\\]{0,6}",
        1 => any::<String>(),
    ];
    let line = prop_oneof![
        8 => (key, space.clone(), scalar.clone(), prop::sample::select(vec!["", " ", "\r", "\t"]))
            .prop_map(|(key, space, value, end)| format!("{key}:{space}{value}{end}")),
        4 => (prop::sample::select(vec!["", " ", "  ", "    "]), space, scalar).prop_map(|(indent, space, value)| format!("{indent}-{space}{value}")),
        1 => prop::sample::select(vec!["", "#c", " #c", "  ", "...x", "--- x", " a", "a", "\t"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.into_iter().map(|line| line + "\n").collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_shortcut_says_what_the_parser_says(header in header()) {
        if let Some(fields) = plain::read(&header) {
            let (front, diagnostics) = read_any_yaml(&header).unwrap();
            prop_assert_eq!(diagnostics, []);
            prop_assert_eq!(FrontMatter::new(header.into(), fields), front);
        }
    }

    #[test]
    fn no_header_makes_it_panic(header in header()) {
        let _ = parse(format!("---\n{header}---\n").as_bytes(), Fences::Yaml);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, Fences::All);
        let _ = parse(&[b"+++\n", &*bytes, b"\n+++\n"].concat(), Fences::All);
        let _ = parse(&[b"{\"a\": ", &*bytes, b"}\n"].concat(), Fences::All);
        let _ = parse(&[b"---\n", &*bytes, b"\n---\n"].concat(), Fences::Yaml);
        let _ = parse(&[b" \n\t+++\n", &*bytes, b"\n +++\n"].concat(), Fences::Indented);
    }
}

#[test]
fn the_shortcut_takes_what_posts_are_made_of() {
    let header = "layout: post\ntitle: \"大连市启动推进企业上市云对接暨“百家券商进万企”活动\"\ndate: 2022-03-31 14:30:55 +0800\ncategories: zhengquanshibaowang\ntags:\n- 证券时报网新闻\n- b\nn: 3\npublished: true\n";
    assert!(plain::read(header).is_some());
}
