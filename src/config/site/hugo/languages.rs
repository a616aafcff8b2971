//! The languages of a Hugo site: which are built, in which order, and what each says over what the site says.

use super::super::jekyll::text_of;
use super::super::{LanguageFacts, address};
use super::{author, files, strings};
use crate::model::{Language, Value};

/// The language of a site that names none.
const UNNAMED: &str = "en";

/// A site's languages.
pub(super) struct Languages<'a> {
    pub(super) default: Own<'a>,
    /// By weight, then by code; those without a weight come last.
    pub(super) others: Vec<Own<'a>>,
    /// The codes of those that are not built.
    pub(super) disabled: Vec<String>,
    /// Whether the default one has a folder, too.
    default_in_folder: bool,
    /// Whether each has an address of its own.
    is_multihost: bool,
}

/// One language's own configuration, and the site's.
pub(super) struct Own<'a> {
    /// In lower case.
    pub(super) code: String,
    pub(super) site: &'a Value,
    own: Option<&'a Value>,
}

impl<'a> Languages<'a> {
    pub(super) fn of(config: &'a Value) -> Self {
        let stated = match config.get("languages") {
            Some(Value::Map(languages)) => languages.as_slice(),
            _ => &[],
        };
        let off = config.get("disablelanguages").map(strings).unwrap_or_default();
        let is_off = |(code, own): &(String, Value)| {
            own.get("disabled").and_then(Value::as_bool) == Some(true)
                || off.iter().any(|off| off.eq_ignore_ascii_case(code))
        };
        let (disabled, mut built): (Vec<_>, Vec<_>) = stated.iter().partition(|language| is_off(language));
        let weight = |own: &Value| match own.get("weight") {
            Some(Value::Int(weight)) if *weight != 0 => *weight,
            _ => i64::MAX,
        };
        built.sort_by(|(a, one), (b, other)| (weight(one), a).cmp(&(weight(other), b)));
        let default = config.get("defaultcontentlanguage").and_then(text_of).map(|code| code.to_lowercase());
        let default = default.unwrap_or_else(|| UNNAMED.to_owned());
        // Hugo takes the first where the default one is not among them.
        let at = built.iter().position(|(code, _)| *code == default).unwrap_or(0);
        let is_multihost = built.len() > 1 && built.iter().any(|(_, own)| own.get("baseurl").is_some());
        let mut all: Vec<Own<'a>> =
            built.into_iter().map(|(code, own)| Own { code: code.clone(), site: config, own: Some(own) }).collect();
        let default = if all.is_empty() { Own { code: default, site: config, own: None } } else { all.remove(at) };
        Self {
            default,
            others: all,
            disabled: disabled.into_iter().map(|(code, _)| code.clone()).collect(),
            default_in_folder: config.get("defaultcontentlanguageinsubdir").and_then(Value::as_bool) == Some(true),
            is_multihost,
        }
    }

    /// The folder of a language's pages below its address; empty for none.
    pub(super) fn folder(&self, own: &Own<'_>) -> String {
        if self.is_multihost { String::new() } else { self.feeds_folder(own) }
    }

    /// The folder of a language in what Hugo writes; empty for none.
    pub(super) fn feeds_folder(&self, own: &Own<'_>) -> String {
        let has_none = own.code == self.default.code && !self.default_in_folder && !self.is_multihost;
        if has_none { String::new() } else { format!("{}/", own.code) }
    }

    /// What a further language says of the site where that is not what the default one says; `None` when its code is none.
    pub(super) fn facts(&self, own: &Own<'_>) -> Option<LanguageFacts> {
        // What the site says is news only where the default language says something else.
        let value = |key: &[&str]| {
            let by_site = || self.default.stated(key).and_then(|_| own.site.at(key));
            own.stated(key).or_else(by_site)
        };
        let text = |key: &[&str]| value(key).and_then(text_of);
        let url = own.stated(&["baseurl"]).and_then(text_of).and_then(|url| address::parse_base(&url).ok());
        Some(LanguageFacts {
            language: Language::new(&own.code)?,
            folder: self.folder(own),
            // A code that stands outside of the languages is that of the default one.
            tag: ["locale", "languagecode"]
                .iter()
                .find_map(|key| own.stated(&[key]).and_then(text_of))
                .unwrap_or_else(|| own.code.clone()),
            title: text(&["title"]),
            description: text(&["params", "description"]),
            author: value(&["params", "author"]).or_else(|| value(&["author"])).and_then(|it| author(it, url.as_ref())),
            rights: text(&["copyright"]),
            url,
        })
    }
}

impl<'a> Own<'a> {
    /// What the language itself says.
    fn stated(&self, key: &[&str]) -> Option<&'a Value> {
        self.own?.at(key)
    }

    /// What it says, else what the site says. Keys in lower case.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.stated(&[key]).or_else(|| self.site.get(key))
    }

    pub(super) fn param(&self, key: &str) -> Option<&'a Value> {
        self.stated(&["params", key]).or_else(|| self.site.at(&["params", key]))
    }

    /// Its parameters laid over the site's: only these are merged.
    pub(super) fn params(&self) -> Value {
        let mut params = self.site.get("params").cloned().unwrap_or_default();
        match self.stated(&["params"]) {
            Some(own) if matches!(params, Value::Map(_)) => files::merge(&mut params, own.clone()),
            Some(own) => params = own.clone(),
            None => {}
        }
        params
    }
}
