//! The languages of a Jekyll site whose translations jekyll-polyglot tells apart.

use super::super::LanguageFacts;
use super::{is_set, strings, text_of};
use crate::config::Polyglot;
use crate::model::{Language, Value};

/// The plugin, by the name of its gem and of the file that it is loaded by.
const PLUGIN: [&str; 2] = ["jekyll-polyglot", "polyglot"];

/// What the plugin is told; `None` where the site does not name it, nor all that it alone asks for, or is in one language.
pub(super) fn of(config: &Value) -> Option<Polyglot> {
    let plugins = ["plugins", "gems"].iter().flat_map(|key| strings(config.get(key)));
    let is_named = plugins.into_iter().any(|name| PLUGIN.contains(&name.as_str()));
    if !is_named && (config.get("languages").is_none() || config.get("default_lang").is_none()) {
        return None;
    }
    let default = config.get("default_lang").and_then(text_of).unwrap_or_else(|| "en".to_owned());
    let mut others: Vec<Language> = Vec::new();
    for code in strings(config.get("languages")) {
        // Two that differ only in case would share a folder on some file systems.
        let is_taken = |other: &str| other.eq_ignore_ascii_case(&code);
        if !is_taken(&default) && !others.iter().any(|other| is_taken(other.code())) {
            others.extend(Language::new(&code));
        }
    }
    let from_path = is_set(config.get("lang_from_path"));
    (!others.is_empty()).then_some(Polyglot { default, others, from_path })
}

/// What the site says of itself in a language: such texts are written as maps, by the language.
pub(super) fn text_in(config: &Value, key: &str, code: &str) -> Option<String> {
    config.at(&[key, code]).and_then(text_of)
}

/// What further languages say of the site.
pub(super) fn facts(config: &Value, polyglot: &Polyglot) -> Vec<LanguageFacts> {
    let facts = |language: &Language| LanguageFacts {
        language: language.clone(),
        url: None,
        folder: format!("{language}/"),
        tag: language.code().to_owned(),
        title: text_in(config, "title", language.code()),
        description: text_in(config, "description", language.code()),
        author: None,
        rights: None,
    };
    polyglot.others.iter().map(facts).collect()
}

/// The data of the default language over those of none, as templates of posts in it see them.
pub(super) fn add_data(data: &mut Value, polyglot: &Polyglot) {
    if let Some(own) = data.get(&polyglot.default).cloned() {
        merge(data, own);
    }
}

fn merge(into: &mut Value, own: Value) {
    let Value::Map(own) = own else {
        *into = own;
        return;
    };
    let Value::Map(pairs) = into else {
        *into = Value::Map(own);
        return;
    };
    for (key, value) in own {
        match pairs.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => merge(known, value),
            None => pairs.push((key, value)),
        }
    }
}
