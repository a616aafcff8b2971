//! The files of a Hugo site's configuration, merged: one in its folder, those of `config/_default`, of `config/production`.

use std::path::Path;

use super::super::{Facts, Lookup, data};
use crate::config::ConfigError;
use crate::model::Value;

/// The names of the file in the site's folder; the first that is there is read.
const NAMES: [&str; 2] = ["hugo", "config"];
const EXTENSIONS: [&str; 4] = ["toml", "yaml", "yml", "json"];
/// Hugo builds for production unless it is told otherwise.
const FOLDERS: [&str; 2] = ["config/_default", "config/production"];

/// The whole configuration as one map, its keys in lower case.
pub(super) fn read(lookup: Lookup<'_>, facts: &mut Facts) -> Result<Value, ConfigError> {
    let mut config = Value::Map(Vec::new());
    let names = NAMES.iter().flat_map(|name| EXTENSIONS.map(|extension| format!("{name}.{extension}")));
    let names: Vec<String> = names.collect();
    facts.files.extend(names.iter().map(|name| lookup.dir.join(name)));
    for name in &names {
        if let Some(value) = read_file(lookup, name)? {
            merge(&mut config, value);
            break;
        }
    }
    for folder in FOLDERS {
        facts.files.push(lookup.dir.join(folder));
        for name in files_in(&lookup.dir.join(folder)) {
            let path = format!("{folder}/{name}");
            facts.files.push(lookup.dir.join(&path));
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_lowercase();
            if let Some(value) = read_file(lookup, &path)? {
                merge(&mut config, placed(&stem, value));
            }
        }
    }
    Ok(config)
}

/// Its configuration files, by name.
fn files_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| EXTENSIONS.iter().any(|extension| name.ends_with(&format!(".{extension}"))))
        .collect();
    // The site's own file comes before those that are about one key of it.
    names.sort_by_key(|name| (!NAMES.iter().any(|own| name.starts_with(&format!("{own}."))), name.clone()));
    names
}

fn read_file(lookup: Lookup<'_>, name: &str) -> Result<Option<Value>, ConfigError> {
    let path = lookup.dir.join(name);
    let Some(text) = data::read(&path).map_err(|fault| lookup.fault(name, "", &fault))? else { return Ok(None) };
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let value = data::parse(&text, extension).map_err(|fault| lookup.fault(name, &text, &fault))?;
    Ok(Some(value.with_lowercase_keys()))
}

/// Where a file of a configuration folder belongs: `params.toml` is the key `params`, `params.en.toml` that of a
/// language, `hugo.en.toml` all of a language.
fn placed(stem: &str, value: Value) -> Value {
    let under = |key: &str, value| Value::Map(vec![(key.to_owned(), value)]);
    match stem.split_once('.') {
        _ if NAMES.contains(&stem) => value,
        Some((key, language)) if NAMES.contains(&key) => under("languages", under(language, value)),
        Some((key, language)) => under("languages", under(language, under(key, value))),
        None => under(stem, value),
    }
}

/// Lays one value over another, maps key by key.
pub(super) fn merge(below: &mut Value, over: Value) {
    match (below, over) {
        (Value::Map(below), Value::Map(over)) => {
            for (key, value) in over {
                match below.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, known)) => merge(known, value),
                    None => below.push((key, value)),
                }
            }
        }
        (below, over) => *below = over,
    }
}
