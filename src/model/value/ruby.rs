//! Plain scalars as Ruby's YAML parser types them: YAML 1.1's booleans, octal numbers and sexagesimal ones.

use super::Value;

impl Value {
    /// The value of a plain scalar (Psych 4's `ScalarScanner#tokenize`, as `Psych.safe_load` uses it); dates and times are text.
    #[must_use]
    pub fn of_ruby(text: &str) -> Self {
        scalar(text)
    }
}

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
