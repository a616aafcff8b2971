//! The configuration as templates see it: with what the theme says of itself below what the site says.

use super::super::{Facts, Lookup, data};
use crate::config::site::jekyll::text_of;
use crate::model::Value;

/// All that the site says, `extra` laid over that of its theme, and what Zola fills in.
pub(super) fn merged(lookup: Lookup<'_>, config: &Value, theme: Option<&str>, facts: &mut Facts) -> Value {
    let Value::Map(stated) = config else { return Value::Null };
    let mut pairs = stated.clone();
    let mut extra = config.get("extra").cloned().unwrap_or_else(|| Value::Map(Vec::new()));
    if let Some(theme) = theme.filter(|name| !name.is_empty() && !name.contains("..") && !name.starts_with('/')) {
        let path = lookup.dir.join(format!("themes/{theme}/theme.toml"));
        // What is wrong with a theme's own file is not the site's.
        let text = data::read(&path).ok().flatten();
        facts.files.push(path);
        let said = text.and_then(|text| data::parse(&text, "toml").ok());
        if let Some(below) = said.as_ref().and_then(|said| said.get("extra")) {
            lay_below(&mut extra, below);
        }
    }
    set(&mut pairs, "extra", extra);
    let base = config.get("base_url").and_then(text_of).unwrap_or_default();
    set(&mut pairs, "base_url", Value::String(base));
    for (key, default) in [
        ("default_language", Value::String("en".to_owned())),
        ("title", Value::Null),
        ("description", Value::Null),
        ("author", Value::Null),
        ("mode", Value::String("build".to_owned())),
    ] {
        if config.get(key).is_none() {
            set(&mut pairs, key, default);
        }
    }
    Value::Map(pairs)
}

fn set(pairs: &mut Vec<(String, Value)>, key: &str, value: Value) {
    match pairs.iter_mut().find(|(known, _)| known == key) {
        Some((_, known)) => *known = value,
        None => pairs.push((key.to_owned(), value)),
    }
}

/// Adds what is not said yet, table by table.
fn lay_below(over: &mut Value, below: &Value) {
    let (Value::Map(over), Value::Map(below)) = (over, below) else { return };
    for (key, value) in below {
        match over.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => lay_below(known, value),
            None => over.push((key.clone(), value.clone())),
        }
    }
}
