//! Whatever bytes are in the files and the environment, the answer is a configuration or an error.

use proptest::prelude::*;

use super::{Fixture, MINIMAL};
use crate::config::language_tag;

/// Text that is often nearly a configuration.
fn nearly_toml() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "site",
        "url",
        "output",
        "layout",
        "all",
        "feed",
        "path",
        "categories",
        "label",
        "any",
        "x",
        "*",
    ]);
    let value = prop_oneof![
        Just("\"https://example.com\"".to_owned()),
        "\"[a-z{}./*\\[]{0,12}\"",
        "-?[0-9]{1,20}",
        Just("true".to_owned()),
        Just("[1, \"x\"]".to_owned()),
        Just("{ all = 1, categories = [\"\"] }".to_owned()),
        Just("2026-01-01".to_owned()),
    ];
    let line = prop_oneof![
        (prop::collection::vec(key.clone(), 1..4), value)
            .prop_map(|(keys, value)| format!("{} = {value}", keys.join("."))),
        prop::collection::vec(key.clone(), 1..4).prop_map(|keys| format!("[{}]", keys.join("."))),
        key.prop_map(|key| format!("[[{key}]]")),
        "\\PC{0,20}",
    ];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_configuration(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let fixture = Fixture::new();
        std::fs::write(fixture.path().join("syndicated.toml"), bytes).unwrap();
        let _ = fixture.try_load();
    }

    #[test]
    fn nearly_a_configuration(text in nearly_toml()) {
        let _ = Fixture::with(&text).try_load();
    }

    #[test]
    fn any_bytes_as_the_site_s_configuration(bytes in prop::collection::vec(any::<u8>(), 0..400), name in "_config\\.(yml|toml)") {
        let fixture = Fixture::new().file("site/_posts/x", "").site("site");
        std::fs::write(fixture.path().join("site").join(name), bytes).unwrap();
        let _ = fixture.try_load();
    }

    #[test]
    fn any_value_in_the_environment(name in prop::sample::select(vec!["SITE_URL", "SOURCE_EXCLUDE", "OUTPUT_LAYOUT_CATEGORY", "OUTPUT_MODE", "SITE_LANGUAGE"]), value in "\\PC{0,40}") {
        let _ = Fixture::with(MINIMAL).env(&format!("SYNDICATED_{name}"), &value).try_load();
    }

    #[test]
    fn a_language_tag_stays_one(text in "[a-zA-Z0-9_-]{0,24}") {
        if let Some(tag) = language_tag(&text) {
            prop_assert_eq!(language_tag(&tag), Some(tag));
        }
    }
}
