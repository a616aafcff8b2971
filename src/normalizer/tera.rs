//! The templates of Zola's sites: Tera's language, run within bounds. A template that asks for what is not here gives nothing.

mod evaluate;
mod expression;
mod filters;
mod node;
mod parse;
mod render;
#[cfg(test)]
mod tests;
mod tests_of_values;
mod token;

use std::collections::BTreeMap;

use crate::model::Value;
use node::Template;
use render::Run;

/// The templates of a site by their paths; those that are none that is understood here are there, and give nothing.
#[derive(Debug, Default)]
pub(crate) struct Templates(BTreeMap<String, Option<Template>>);

/// What templates ask their site.
pub(crate) trait Site {
    /// What a function gives; `None` for one that is not known, or that fails.
    fn call(&self, name: &str, arguments: &[(String, Value)]) -> Option<Value>;
    /// Markdown as HTML.
    fn markdown(&self, source: &str) -> String;
    /// A text as part of an address.
    fn slug(&self, text: &str) -> String;
}

impl Templates {
    /// Reads them.
    pub(crate) fn parse(texts: &BTreeMap<String, String>) -> Self {
        Self(texts.iter().map(|(name, text)| (name.clone(), parse::parse(text))).collect())
    }

    /// Whether there is a template of this name, understood or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What a template gives with these variables; `None` where it cannot be told. Values in HTML are escaped by the name's
    /// ending, as in Tera.
    pub(crate) fn render(&self, name: &str, variables: Vec<(String, Value)>, site: &dyn Site) -> Option<String> {
        let template = self.get(name)?;
        Run::new(self, site, [".html", ".htm", ".xml"].iter().any(|end| name.ends_with(end))).all(template, variables)
    }

    fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)?.as_ref()
    }
}
