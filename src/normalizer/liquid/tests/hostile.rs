//! Templates that want much, nest deeply or are no templates.

use proptest::prelude::*;

use super::{rendered, templates};
use crate::config::Templates;

#[test]
fn no_template_takes_more_than_its_share() {
    for source in [
        "{% for a in (1..1000000000) %}{% for b in (1..1000000000) %}{% endfor %}{% endfor %}".to_owned(),
        "{% for a in (1..1000000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}".to_owned(),
        format!("{{% assign x = 'ab' %}}{}{{{{ x }}}}", "{% assign x = x | append: x %}".repeat(60)),
        format!("{{% assign x = 'ab' %}}{}{{{{ x }}}}", "{% assign x = x | replace: '', x %}".repeat(60)),
        format!("{{% assign x = 'a' | split: '' %}}{}", "{% assign x = x | push: x %}".repeat(5_000)),
        "{% for a in (1..100000) %}{% assign x = site.data | jsonify %}{% endfor %}".to_owned(),
        "{{ (1..9223372036854775807) | join }}".to_owned(),
        "{{ 'now' | date: '%99999999d' }}".to_owned(),
        "{% include loop.html n=-100000 %}".to_owned(),
        format!("{}x{}", "{% if true %}".repeat(50_000), "{% endif %}".repeat(50_000)),
        format!("{{{{ {}1{} }}}}", "a[".repeat(50_000), "]".repeat(50_000)),
        format!("{{{{ {}1{} }}}}", "(".repeat(50_000), "..1)".repeat(50_000)),
        "{{".repeat(100_000),
        "{%".repeat(100_000),
        "{% raw %}".repeat(20_000),
        "{% comment %}".repeat(20_000),
        "{{ 'a".repeat(20_000),
        format!("{{{{ x {} }}}}", "| \"'".repeat(20_000)),
        format!("{{% if {} %}}x{{% endif %}}", "'\"a ".repeat(20_000)),
    ] {
        let (text, _) = rendered(&source, &templates());
        assert!(text.len() <= 4 << 20, "{}", source.get(..60).unwrap_or_default());
    }
}

proptest! {
    #[test]
    fn any_text_is_rendered(source in "([{]{2}|[}]{2}|[{]%-?|-?%[}]|[a-z]{1,3}| |if |endif|for x in |endfor|assign |case |when |raw|else|include |[|:,=.'\"\\[\\]()0-9-]|\\PC){0,60}") {
        let (text, _) = rendered(&source, &Templates::default());
        prop_assert!(text.len() <= 4 << 20);
    }

    #[test]
    fn text_without_markup_stays_as_it_is(source in "([{] |[}]|%|\\PC|\n){0,60}") {
        prop_assume!(!super::is_template(&source));
        prop_assert_eq!(rendered(&source, &Templates::default()).0, source);
    }
}
