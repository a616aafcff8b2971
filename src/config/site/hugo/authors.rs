//! What a Hugo site knows of its authors: `data/authors`, as a file or a folder of files, and `params.authors`.

use std::path::Path;

use super::super::authors::{Authors, author_of};
use super::super::{Facts, Lookup, data};
use super::folder_below;
use crate::model::Value;

const LANGUAGES: [&str; 4] = ["yaml", "yml", "toml", "json"];
/// How many files of authors are read.
const MOST: usize = 10_000;

/// Every author by their key; a file that cannot be read is noted.
pub(super) fn read(lookup: Lookup<'_>, params: &Value, data_dir: &Option<String>, facts: &mut Facts) -> Authors {
    let folder = data_dir.as_deref().and_then(folder_below).unwrap_or_else(|| "data".to_owned());
    let mut authors = Authors::new();
    let mut add = |key: &str, value: &Value, facts: &Facts| {
        let author = author_of(value, Some(key), facts.address.as_ref().ok());
        authors.extend(author.map(|author| (key.to_lowercase(), author)));
    };
    if let Some(Value::Map(pairs)) = params.get("authors") {
        pairs.iter().for_each(|(key, value)| add(key, value, facts));
    }
    for language in LANGUAGES {
        let name = format!("{folder}/authors.{language}");
        facts.files.push(lookup.dir.join(&name));
        if let Some(Value::Map(pairs)) = value(lookup, &name, language, facts) {
            pairs.iter().for_each(|(key, value)| add(key, value, facts));
        }
    }
    let own = format!("{folder}/authors");
    facts.folders.push(lookup.dir.join(&own));
    for file in files(&lookup.dir.join(&own)) {
        let Some((key, language)) = file.rsplit_once('.') else { continue };
        if LANGUAGES.contains(&language)
            && let Some(value) = value(lookup, &format!("{own}/{file}"), language, facts)
        {
            add(key, &value, facts);
        }
    }
    authors
}

fn value(lookup: Lookup<'_>, name: &str, language: &str, facts: &mut Facts) -> Option<Value> {
    let text = data::read(&lookup.dir.join(name));
    match text.and_then(|text| text.map(|text| data::parse(&text, language)).transpose()) {
        Ok(value) => value.map(|value| value.with_lowercase_keys()),
        Err(fault) => {
            let line = fault.place.map_or(String::new(), |(line, _)| format!(":{line}"));
            facts.notes.push(format!("{}{line} is not used: {}", lookup.show(name), fault.message));
            None
        }
    }
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.take(MOST).collect();
    names.sort();
    names
}
