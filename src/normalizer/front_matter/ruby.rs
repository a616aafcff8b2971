//! Scalars as Ruby's YAML parser types them: YAML 1.1's booleans, octal numbers and sexagesimal ones.

use std::ops::Range;

use super::FrontMatter;
use super::fields::Field;
use crate::model::Value;

impl FrontMatter {
    /// The same values as Jekyll gets them from Psych, at the top level and in lists there. Quoted text stays text.
    pub(super) fn typed_as_ruby(mut self) -> Self {
        for Field { value, raw, .. } in self.fields.iter_mut().filter(|field| field.line.is_some()) {
            match value {
                Value::List(items) if items.iter().any(may_differ) => retype_items(&self.source, raw, items),
                value if may_differ(value) => retype(value, self.source.get(raw.clone()).unwrap_or_default()),
                _ => {}
            }
        }
        self
    }
}

/// Whether Psych may have another value for what this was written as.
fn may_differ(value: &Value) -> bool {
    match value {
        Value::Int(_) | Value::Float(_) => true,
        Value::String(text) => match text.bytes().next() {
            // No number has a blank inside, as nearly all dates have.
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => !text.contains(' '),
            Some(first) => text.len() <= 5 && b"yYtToOnNfF".contains(&first),
            None => false,
        },
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => false,
    }
}

/// Types a plain scalar anew; `written` may have a comment behind it.
fn retype(value: &mut Value, written: &str) {
    let text = match written.split_once(" #") {
        Some((text, _)) => text.trim_end(),
        None => written,
    };
    // Quoted, tagged, anchored, or only a part of what it says.
    let is_whole = match &*value {
        Value::String(own) => own == text,
        _ => !text.is_empty() && !text.starts_with(['"', '\'', '!', '&', '*', '|', '>', '[', '{']),
    };
    if is_whole {
        *value = Value::of_ruby(text);
    }
}

/// The same for the items of a list that stands on its key's line, or on lines of `- text` below it.
fn retype_items(source: &str, raw: &Range<usize>, items: &mut [Value]) {
    let inline = source.get(raw.clone()).unwrap_or_default();
    let texts: Vec<&str> = if inline.is_empty() || inline.starts_with('#') {
        let lines = source.get(raw.end..).unwrap_or_default().lines().skip(1).map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map_while(|line| line.strip_prefix("- ")).map(str::trim_start).collect()
    } else {
        let inside = inline.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or("", |(inside, _)| inside);
        inside.trim().trim_end_matches(',').split(',').map(str::trim).collect()
    };
    // A comma or a bracket inside of an item makes another number of them, or one that is not what it says.
    if texts.len() == items.len() {
        items.iter_mut().zip(texts).filter(|(item, _)| may_differ(item)).for_each(|(item, text)| retype(item, text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fences, Parsed, parse};
    use crate::model::Value;

    /// What Psych 4.0.4 makes of each, as text (`null` where it is nil).
    #[rustfmt::skip]
    const SCALARS: [(&str, &str); 64] = [
        ("yes", "true"), ("Yes", "true"), ("YES", "true"), ("on", "true"), ("On", "true"), ("true", "true"),
        ("TRUE", "true"), ("tRUE", "true"), ("no", "false"), ("off", "false"), ("OFF", "false"), ("false", "false"),
        ("y", "y"), ("n", "n"), ("Y", "Y"), ("N", "N"), ("yess", "yess"), ("nope", "nope"), ("one", "one"),
        ("null", "null"), ("Null", "null"), ("NULL", "null"), ("~", "null"), ("010", "8"), ("0755", "493"),
        ("08", "08"), ("0", "0"), ("00", "0"), ("-010", "-8"), ("0o17", "0o17"), ("0x1F", "31"), ("0xFg", "0xFg"),
        ("0b101", "5"), ("1_000", "1000"), ("1,000", "1000"), ("1__0", "1__0"), ("1_", "1_"), ("+5", "5"),
        ("-5", "-5"), ("12345678901234567890", "12345678901234567890"), ("12:30", "45000"), ("1:02:03", "3723"),
        ("-1:30", "-1800"), ("12:60", "12:60"), ("123:5", "443100"), ("1:30.5", "5430.0"), ("1.10", "1.1"),
        ("1.0", "1.0"), (".5", "0.5"), ("5.", "5.0"), ("1.5e+3", "1500.0"), ("1.5e3", "1.5e3"), ("1e3", "1e3"),
        ("1_0.5", "10.5"), (".", "."), ("2020-01-01", "2020-01-01"), ("2020-1-2", "2020-01-02"),
        ("2020-13-01", "2020-13-01"), (".inf", "Infinity"), ("-.inf", "-Infinity"), (".nan", "NaN"),
        ("1.2.3", "1.2.3"), ("1-2", "1-2"), ("v1", "v1"),
    ];

    fn fields(text: &str) -> Vec<Value> {
        let text = format!("---\n{text}\n---\n");
        let Parsed::Document(document) = parse(text.as_bytes(), Fences::Jekyll) else { panic!("{text}") };
        document.front.iter().map(|(_, value)| value.clone()).collect()
    }

    fn text(value: &Value) -> String {
        value.to_text().unwrap_or_else(|| "null".to_owned())
    }

    #[test]
    fn a_plain_scalar_is_what_psych_makes_of_it() {
        for (written, expected) in SCALARS {
            for field in [format!("a: {written}"), format!("a:   {written}   # why")] {
                assert_eq!(fields(&field).iter().map(text).collect::<Vec<_>>(), [expected], "{field}");
            }
            for list in [format!("a:\n- {written}\n- x"), format!("a: # why\n  # so\n  - {written}\n\n  - x\nb:")] {
                let Some(Value::List(items)) = fields(&list).into_iter().next() else { panic!("{list}") };
                assert_eq!(items.iter().map(text).collect::<Vec<_>>(), [expected, "x"], "{list}");
            }
            if !written.contains(',') {
                let list = format!("a: [ x, {written} ]");
                let Some(Value::List(items)) = fields(&list).into_iter().next() else { panic!("{list}") };
                assert_eq!(items.iter().map(text).collect::<Vec<_>>(), ["x", expected], "{list}");
            }
        }
    }

    #[test]
    fn quoted_text_and_parts_of_a_scalar_stay() {
        for (written, expected) in [
            ("a: 'yes'", "yes"),
            ("a: \"010\"", "010"),
            ("a: !!str 010", "010"),
            ("a: 12:30 o'clock", "12:30 o'clock"),
            ("a: 010\n  011", "010 011"),
            ("a: |-\n  010", "010"),
        ] {
            assert_eq!(fields(written).first().and_then(Value::to_text).as_deref(), Some(expected), "{written}");
        }
        let list = "a: ['yes', \"010\", 1.2.3]\nb:\n- 'no'\n- '1_0'";
        let expected = [vec!["yes", "010", "1.2.3"], vec!["no", "1_0"]];
        let found: Vec<Vec<String>> = fields(list).iter().map(|list| list.items().iter().map(text).collect()).collect();
        assert_eq!(found, expected);
    }
}
