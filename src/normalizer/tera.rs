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
use node::{Macro, Template};
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
        Run::new(self, site, is_escaped(name)).all(template, variables)
    }

    /// What a text of a page gives that is a template itself, as from Zola 0.23 on.
    pub(crate) fn render_content(
        &self,
        text: &str,
        variables: Vec<(String, Value)>,
        site: &dyn Site,
    ) -> Option<String> {
        let template = parse::parse_content(text)?;
        Run::new(self, site, false).all(&template, variables)
    }

    /// The component of this name, with the template that it is in, and that one's path.
    fn component(&self, name: &str) -> Option<(&str, &Template, &Macro)> {
        self.0.iter().find_map(|(file, template)| {
            let template = template.as_ref()?;
            let (_, found) = template.components.iter().find(|(known, _)| known == name)?;
            Some((&**file, template, found))
        })
    }

    fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)?.as_ref()
    }
}

/// Whether values in the output of this template are escaped.
fn is_escaped(name: &str) -> bool {
    [".html", ".htm", ".xml"].iter().any(|end| name.ends_with(end))
}
