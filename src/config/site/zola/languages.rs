//! The languages of a Zola site: which there are, and what each says of itself.

use super::super::LanguageFacts;
use super::super::jekyll::text_of;
use crate::model::{Language, Value};

/// The language of a site that names none.
const UNNAMED: &str = "en";

/// A site's languages.
pub(super) struct Languages<'a> {
    pub(super) default: Own<'a>,
    /// Each with the code that feeds have it under.
    pub(super) others: Vec<(Language, Own<'a>)>,
    /// The codes that no feed can have.
    pub(super) left_out: Vec<String>,
}

/// What a site says in one language.
pub(super) struct Own<'a> {
    /// As it is written.
    pub(super) code: String,
    /// What is said outside of the languages is about the default one.
    site: Option<&'a Value>,
    own: Option<&'a Value>,
}

impl<'a> Languages<'a> {
    pub(super) fn of(config: &'a Value) -> Self {
        let default = config.get("default_language").and_then(text_of).unwrap_or_else(|| UNNAMED.to_owned());
        let stated = match config.get("languages") {
            Some(Value::Map(languages)) => languages.as_slice(),
            _ => &[],
        };
        let own = stated.iter().find(|(code, _)| *code == default).map(|(_, own)| own);
        let (mut others, mut left_out): (Vec<(Language, Own<'a>)>, _) = (Vec::new(), Vec::new());
        for (code, own) in stated.iter().filter(|(code, _)| *code != default) {
            // Two that differ only in case would share a folder on some file systems.
            let is_taken = |language: &Language| {
                let is_it = |other: &str| other.eq_ignore_ascii_case(language.code());
                is_it(&default) || others.iter().any(|(other, _)| is_it(other.code()))
            };
            match Language::new(code).filter(|language| !is_taken(language)) {
                Some(language) => others.push((language, Own { code: code.clone(), site: None, own: Some(own) })),
                None => left_out.push(code.clone()),
            }
        }
        Self { default: Own { code: default, site: Some(config), own }, others, left_out }
    }
}

impl<'a> Own<'a> {
    /// For the default language what the site says, else what it says of that language: Zola takes the two together.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.site.and_then(|site| site.get(key)).or_else(|| self.own?.get(key))
    }

    /// The folder of its pages below the site's address; empty for none.
    pub(super) fn prefix(&self) -> String {
        if self.site.is_some() { String::new() } else { format!("{}/", self.code) }
    }

    /// What a further language says of the site.
    pub(super) fn facts(&self, language: &Language) -> LanguageFacts {
        LanguageFacts {
            language: language.clone(),
            url: None,
            folder: self.prefix(),
            tag: self.code.clone(),
            title: self.get("title").and_then(text_of),
            description: self.get("description").and_then(text_of),
            author: None,
            rights: None,
        }
    }
}
