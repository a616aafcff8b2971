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
        *value = scalar(text);
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

/// The value of a plain scalar (Psych 4's `ScalarScanner#tokenize`, as `Psych.safe_load` uses it); dates and times are text.
fn scalar(text: &str) -> Value {
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match text.bytes().next() {
        None => Value::Null,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            let number = sexagesimal(text).or_else(|| float(text)).or_else(|| integer(text)).or_else(|| day(text));
            number.unwrap_or_else(|| match text.trim_start_matches('+') {
                _ if is_one_of(&[".nan"]) => Value::String("NaN".to_owned()),
                rest if rest.eq_ignore_ascii_case(".inf") => Value::String("Infinity".to_owned()),
                rest if rest.eq_ignore_ascii_case("-.inf") => Value::String("-Infinity".to_owned()),
                _ => Value::String(text.to_owned()),
            })
        }
        _ if is_one_of(&["~", "null"]) => Value::Null,
        _ if is_one_of(&["yes", "true", "on"]) => Value::Bool(true),
        _ if is_one_of(&["no", "false", "off"]) => Value::Bool(false),
        _ => Value::String(text.to_owned()),
    }
}

/// `2020-1-2` as Ruby's `Date` writes it.
fn day(text: &str) -> Option<Value> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str| matches!(part.len(), 1 | 2) && is_digits(part);
    if year.len() != 4 || !is_digits(year) || !is_number(month) || !is_number(day) {
        return None;
    }
    let date = chrono::NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some(Value::String(date.format("%Y-%m-%d").to_string()))
}

/// `12:30` and `1:02:03`, counted in hours, minutes and seconds, and with a fraction behind.
fn sexagesimal(text: &str) -> Option<Value> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut parts = whole.split(':');
    let first = parts.next()?;
    let digits = first.strip_prefix(['+', '-']).unwrap_or(first);
    let rest: Vec<&str> = parts.collect();
    let is_part =
        |part: &&str| is_digits(part) && (part.len() == 1 || part.len() == 2 && part.as_bytes().first() <= Some(&b'5'));
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        || !matches!(rest.len(), 1 | 2)
        || !rest.iter().all(is_part)
        || fraction.is_some_and(|digits| !digits.bytes().all(|b| b.is_ascii_digit() || b == b'_'))
    {
        return None;
    }
    let mut sum = first.replace('_', "").parse::<i64>().ok()?.checked_mul(3600)?;
    let mut weight = 60;
    for part in &rest {
        sum = sum.checked_add(part.parse::<i64>().ok()? * weight)?;
        weight /= 60;
    }
    let Some(fraction) = fraction else { return Some(Value::Int(sum)) };
    let part: f64 = format!("0.{}", fraction.replace('_', "")).parse().unwrap_or(0.0);
    let weight = if rest.len() == 1 { 60.0 } else { 1.0 };
    #[expect(clippy::cast_precision_loss, reason = "Ruby counts in floats, too")]
    Some(Value::Float(sum as f64 + part * weight))
}

/// `1.5`, `1_000.5`, `.5`, `5.` and `1.5e+3`.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = unsigned.split_once('.')?;
    let (fraction, exponent) = rest.find(['e', 'E']).map_or((rest, ""), |at| rest.split_at(at));
    let is_whole = whole.is_empty()
        || whole.starts_with(|c: char| c.is_ascii_digit())
            && whole.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b','));
    let is_exponent = exponent.is_empty()
        || exponent
            .get(1..)
            .and_then(|rest| rest.strip_prefix(['+', '-']))
            .is_some_and(|digits| !digits.is_empty() && is_digits(digits));
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    if !is_whole || !is_exponent || !has_digits || !is_digits(fraction) {
        return None;
    }
    text.replace(['_', ','], "").parse().ok().map(Value::Float)
}

/// `1_000`, `1,000`, `010`, `0x1f` and `0b11`.
fn integer(text: &str) -> Option<Value> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        _ => ("", text),
    };
    let plain = digits.replace(['_', ','], "");
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', rest @ ..] if !rest.is_empty() => (16, plain.get(2..)?),
        [b'0', b'b', rest @ ..] if !rest.is_empty() => (2, plain.get(2..)?),
        [b'0', _, ..] => (8, plain.as_str()),
        // Each comma or underscore stands before a digit.
        [b'0'..=b'9', ..] if !digits.ends_with(['_', ',']) && !has_two_marks(digits) => (10, plain.as_str()),
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|b| char::from(b).is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(&format!("{sign}{digits}"), radix).ok()?;
    Some(i64::try_from(number).map_or_else(|_| Value::String(number.to_string()), Value::Int))
}

fn has_two_marks(digits: &str) -> bool {
    let is_mark = |b: &u8| matches!(b, b'_' | b',');
    digits.as_bytes().windows(2).any(|pair| pair.iter().all(is_mark))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
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
