//! What the file, the environment and the command line say, each value checked for its shape and marked with its place.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Origin, Report};
use super::keys::{KEYS, Key, Kind};

/// A value with the place where it was written.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) written: Written,
    pub(super) origin: Origin,
}

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Written {
    Text(String),
    Bool(bool),
    Int(i64),
    List(Vec<Setting>),
    /// A value that no key takes, by the name of its type.
    Other(&'static str),
}

/// The values of one table, by their key's path.
pub(super) type Values = BTreeMap<&'static str, Setting>;

/// Everything that was said; where two said something, what wins.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Keys that stand once.
    pub(super) values: Values,
    /// `[categories.label."…"]`: the label as written, where, and its keys.
    pub(super) labels: Vec<(String, Origin, Values)>,
    /// `[[feed]]`, in the order of the file.
    pub(super) feeds: Vec<(Origin, Values)>,
    /// `[aliases]`: the old path as written, where, and its value.
    pub(super) aliases: Vec<(String, Origin, Setting)>,
}

impl Settings {
    /// Reads a parsed file; what is unknown or of the wrong shape is reported.
    pub(super) fn from_file(table: &DeTable<'_>, report: &mut Report) -> Self {
        let mut settings = Self::default();
        for (key, value) in table {
            if key.get_ref().as_ref() == "feed" {
                settings.read_feeds(value, report);
            } else {
                let mut values = std::mem::take(&mut settings.values);
                settings.read_entry("", key, value, &mut values, report);
                settings.values = values;
            }
        }
        settings
    }

    /// Lays the environment over what is there. An empty variable counts as none.
    ///
    /// Returns notes on variables that were probably meant for us. Other unknown ones are left alone: Kubernetes, for
    /// one, sets `SYNDICATED_PORT` in every container beside a service of that name.
    pub(super) fn overlay_environment(&mut self, env: &[(String, String)], report: &mut Report) -> Vec<String> {
        // In the order of the table, a whole key comes before its parts, which are then laid over it.
        for key in KEYS {
            let Some(name) = key.variable() else { continue };
            let Some((_, text)) = env.iter().find(|(variable, text)| *variable == name && !text.trim().is_empty())
            else {
                continue;
            };
            let origin = Origin::Variable(name);
            self.overlay(key, Setting { written: from_text(key.kind, text, &origin), origin }, report);
        }
        env.iter().filter_map(|(name, _)| misspelt(name)).collect()
    }

    /// Lays one value over what is there, the parts of its key included.
    pub(super) fn overlay(&mut self, key: &'static Key, setting: Setting, report: &mut Report) {
        if check(key.path, key.kind, &setting, report) {
            self.values.retain(|path, _| path.strip_prefix(key.path).is_none_or(|rest| !rest.starts_with('.')));
            self.values.insert(key.path, setting);
        }
    }

    fn read_feeds(&mut self, value: &Spanned<DeValue<'_>>, report: &mut Report) {
        let tables: Option<Vec<_>> = value
            .get_ref()
            .as_array()
            .map(|array| array.iter().map(|item| (item.span(), item.get_ref().as_table())).collect());
        for (span, table) in tables.unwrap_or_else(|| vec![(value.span(), None)]) {
            let Some(table) = table else {
                report.add(&Origin::File(span), "`feed` is a list of tables, each beginning with `[[feed]]`");
                continue;
            };
            let mut values = Values::new();
            for (key, value) in table {
                self.read_entry("feed.", key, value, &mut values, report);
            }
            self.feeds.push((Origin::File(span), values));
        }
    }

    fn read_labels(&mut self, table: &DeTable<'_>, report: &mut Report) {
        for (label, value) in table {
            let Some(table) = value.get_ref().as_table() else {
                report.add(
                    &Origin::File(value.span()),
                    &format!("`categories.label.\"{}\"` must be a table", label.get_ref()),
                );
                continue;
            };
            let mut values = Values::new();
            for (key, value) in table {
                self.read_entry("categories.label.*.", key, value, &mut values, report);
            }
            self.labels.push((label.get_ref().to_string(), Origin::File(label.span()), values));
        }
    }

    fn read_aliases(&mut self, table: &DeTable<'_>) {
        let entry = |(old, now): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
            (old.get_ref().to_string(), Origin::File(old.span()), from_toml(now))
        };
        self.aliases.extend(table.iter().map(entry));
    }

    /// Reads one entry of the table whose path, with a dot at its end, is `prefix`. Depth is bounded by the table of keys.
    fn read_entry(
        &mut self,
        prefix: &str,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        values: &mut Values,
        report: &mut Report,
    ) {
        let path = format!("{prefix}{}", name.get_ref());
        let below = format!("{path}.");
        let is_table = !name.get_ref().contains('.') && KEYS.iter().any(|key| key.path.starts_with(&below));
        // A quoted key may hold dots, which must not pass for a path.
        let known = if name.get_ref().contains('.') { None } else { Key::find(&path) };
        match (value.get_ref(), known) {
            (DeValue::Table(table), _) if is_table && path == "categories.label" => self.read_labels(table, report),
            (DeValue::Table(table), _) if is_table && path == "aliases" => self.read_aliases(table),
            (DeValue::Table(table), _) if is_table => {
                for (name, value) in table {
                    self.read_entry(&below, name, value, values, report);
                }
            }
            (_, Some(key)) => {
                let setting = from_toml(value);
                if check(key.path, key.kind, &setting, report) {
                    values.insert(key.path, setting);
                }
            }
            (_, None) if is_table => report.add(&Origin::File(value.span()), &format!("`{path}` must be a table")),
            (_, None) => {
                let near = if report.is_full() { None } else { Key::nearest(&path) };
                let meant = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                report.add(&Origin::File(name.span()), &format!("unknown key `{}`{meant}", clip(&path)));
            }
        }
    }
}

/// Whether the value has the shape that its key needs; what has not is reported.
fn check(path: &str, kind: Kind, setting: &Setting, report: &mut Report) -> bool {
    let expected = match (kind, &setting.written) {
        (Kind::Text, Written::Text(_)) | (Kind::Bool, Written::Bool(_)) => return true,
        (Kind::NumberOrText, Written::Text(_) | Written::Int(_)) => return true,
        (Kind::Count(least), Written::Int(number)) if *number >= least => return true,
        (Kind::Choice(names), Written::Text(text)) if names.contains(&text.as_str()) => return true,
        (Kind::Texts, Written::Text(_)) => return true,
        (Kind::List | Kind::Texts, Written::List(items)) => {
            return all(items, |item| check(path, Kind::Text, item, report));
        }
        (Kind::Choices(names), Written::List(items)) => {
            return all(items, |item| check(path, Kind::Choice(names), item, report));
        }
        (Kind::Text, _) => "a string".to_owned(),
        (Kind::Bool, _) => "`true` or `false`".to_owned(),
        (Kind::NumberOrText, _) => "a string or a whole number".to_owned(),
        (Kind::Count(least), _) => format!("a whole number from {least}"),
        (Kind::Choice(names), _) => one_of(names),
        (Kind::List | Kind::Choices(_), _) => "a list of strings".to_owned(),
        (Kind::Texts, _) => "a string, or a list of strings".to_owned(),
    };
    let found = match &setting.written {
        Written::Text(text) => match kind {
            Kind::Choice(names) => match nearest_choice(text, names) {
                Some(near) => format!("`{}`; did you mean `{near}`?", clip(text)),
                None => format!("`{}`", clip(text)),
            },
            _ => "a string".to_owned(),
        },
        Written::Bool(value) => format!("`{value}`"),
        Written::Int(number) => format!("the number {number}"),
        Written::List(_) => "a list".to_owned(),
        Written::Other(name) => (*name).to_owned(),
    };
    report.add(&setting.origin, &format!("`{path}` must be {expected}, not {found}"));
    false
}

/// Whether it holds for all, each of them asked, so that each is reported.
fn all(items: &[Setting], mut holds: impl FnMut(&Setting) -> bool) -> bool {
    items.iter().filter(|item| !holds(item)).count() == 0
}

fn from_toml(value: &Spanned<DeValue<'_>>) -> Setting {
    let written = match value.get_ref() {
        DeValue::String(text) => Written::Text(text.to_string()),
        DeValue::Boolean(value) => Written::Bool(*value),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Written::Int(number),
            Err(_) => Written::Other("a number of that size"),
        },
        DeValue::Array(items) => Written::List(items.iter().map(from_toml).collect()),
        DeValue::Float(_) => Written::Other("a fraction"),
        DeValue::Datetime(_) => Written::Other("a date"),
        DeValue::Table(_) => Written::Other("a table"),
    };
    Setting { written, origin: Origin::File(value.span()) }
}

/// A value from the environment: TOML where that has the right shape, else the text itself; lists also with commas.
fn from_text(kind: Kind, text: &str, origin: &Origin) -> Written {
    let plain = text.trim();
    let toml = DeValue::parse(plain).ok().map(|value| moved(from_toml(&value), origin).written);
    match (kind, toml) {
        (Kind::Text | Kind::Choice(_) | Kind::NumberOrText, Some(Written::Text(text))) => Written::Text(text),
        (Kind::Text | Kind::Choice(_), _) => Written::Text(plain.to_owned()),
        (Kind::List | Kind::Texts | Kind::Choices(_), Some(list @ Written::List(_))) => list,
        (Kind::List | Kind::Texts | Kind::Choices(_), _) => Written::List(
            plain
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Setting { written: Written::Text(item.to_owned()), origin: origin.clone() })
                .collect(),
        ),
        // `0644` is no TOML number, and `1 MiB` none either.
        (Kind::NumberOrText, Some(Written::Int(number))) => Written::Int(number),
        (Kind::NumberOrText, _) => Written::Text(plain.to_owned()),
        (Kind::Bool | Kind::Count(_), Some(value)) => value,
        (Kind::Bool | Kind::Count(_), None) => Written::Text(plain.to_owned()),
    }
}

/// The same value as if written there.
fn moved(setting: Setting, origin: &Origin) -> Setting {
    let written = match setting.written {
        Written::List(items) => Written::List(items.into_iter().map(|item| moved(item, origin)).collect()),
        other => other,
    };
    Setting { written, origin: origin.clone() }
}

fn one_of(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn nearest_choice<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    if text.len() > 64 {
        return None;
    }
    let (distance, near) = names.iter().map(|&name| (strsim::damerau_levenshtein(text, name), name)).min()?;
    (distance <= (near.len() / 3).max(1)).then_some(near)
}

fn misspelt(name: &str) -> Option<String> {
    if name.len() > 64 || !name.starts_with("SYNDICATED_") {
        return None;
    }
    let known = KEYS.iter().filter_map(Key::variable);
    let (distance, near) = known.map(|key| (strsim::damerau_levenshtein(name, &key), key)).min()?;
    (1..=2).contains(&distance).then(|| format!("{name} in the environment sets nothing; did you mean {near}?"))
}

/// As much of a text as a message can carry.
fn clip(text: &str) -> String {
    text.chars().take(80).collect()
}
