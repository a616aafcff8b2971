//! Other templates, and the addresses of other files of the site.

use std::borrow::Cow;

use super::{MAX_DEPTH, Renderer};
use crate::model::Value;
use crate::normalizer::liquid::node::{Include, Node};
use crate::normalizer::liquid::{Finding, Target, filters};

/// How deep templates may include each other.
const MAX_INCLUDES: u32 = 100;

impl Renderer<'_> {
    pub(super) fn include(&mut self, include: &Include, out: &mut String) {
        let name = self.inside(&include.file);
        let name = name.trim();
        let key = if include.is_relative { self.environment.host.beside(name) } else { name.to_owned() };
        let Some(template) = self.environment.partials.get(&key).filter(|_| is_inside(name)) else {
            self.find(Finding::unknown(if include.is_relative { "include_relative" } else { "include" }, name));
            return;
        };
        if self.includes == MAX_INCLUDES || self.depth == MAX_DEPTH {
            self.find(Finding::fault(1, format!("the template `{name}` is included too deeply")));
            return;
        }
        for finding in template.findings.iter().cloned() {
            let message = match finding.line {
                Some(line) => format!("{key}, line {line}: {}", finding.message),
                None => finding.message,
            };
            self.find(Finding { message, line: None });
        }
        let mut scope = Vec::new();
        if !include.parameters.is_empty() {
            let mut parameters: Vec<(String, Value)> = Vec::with_capacity(include.parameters.len());
            for (name, expression) in &include.parameters {
                let value = self.evaluate(expression).into_owned();
                let value = self.budget.pay_for(value);
                parameters.retain(|(known, _)| known != name);
                parameters.push((name.clone(), value));
            }
            scope.push(("include".to_owned(), Cow::Owned(Value::Map(parameters))));
        }
        self.scopes.push(scope);
        self.includes += 1;
        self.nodes(&template.nodes, out);
        self.includes -= 1;
        self.scopes.pop();
    }

    pub(super) fn link(&mut self, file: &[Node], is_post: bool, out: &mut String) {
        let name = self.inside(file);
        let name = name.trim();
        let target = if is_post { Target::Post(name) } else { Target::File(name) };
        match self.environment.host.page_of(target) {
            Some(path) => {
                let address = filters::relative_url(self.environment.base_path, &path);
                self.write(&address, out);
            }
            None => self.find(Finding::unknown(if is_post { "post_url" } else { "link" }, name)),
        }
    }
}

/// Whether a name stays in its folder, as Jekyll demands.
fn is_inside(name: &str) -> bool {
    !name.contains("..") && !name.contains("./") && !name.contains("//") && !name.starts_with('/')
}
