//! A site's own Hugo shortcode, as far as its template only puts parameters and text into HTML: `.Get`, `.Inner`, `with`, `if`,
//! variables, and a few functions. Any other template is none that is known here.

mod escape;
mod parse;

use std::borrow::Cow;
use std::collections::HashMap;

use super::Site;
use super::tags::Tag;
use escape::Context;
use parse::{Action, Function, Node, Operand, Pipeline};

/// The most that a shortcode gives, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// A value in a template.
#[derive(Debug, Clone)]
struct Text<'a> {
    text: Cow<'a, str>,
    /// Whether it is HTML, and not text that has to be escaped.
    is_html: bool,
}

/// What the template gives for a use of its shortcode; `None` for a template that is not known.
pub(super) fn render(template: &str, tag: &Tag<'_>, inner: Option<&str>, site: &dyn Site) -> Option<String> {
    let nodes = parse::parse(template)?;
    let mut run = Run { tag, inner, site, variables: HashMap::new(), html: String::new(), own: String::new() };
    run.nodes(&nodes, None)?;
    Some(run.html)
}

struct Run<'a> {
    tag: &'a Tag<'a>,
    inner: Option<&'a str>,
    site: &'a dyn Site,
    variables: HashMap<&'a str, Text<'a>>,
    html: String,
    /// The template's own part of it, which says where in HTML a value stands.
    own: String,
}

impl<'a> Run<'a> {
    fn nodes(&mut self, nodes: &'a [Node<'a>], dot: Option<&Text<'a>>) -> Option<()> {
        for node in nodes {
            match node {
                Node::Text(text) => {
                    self.html.push_str(text);
                    self.own.push_str(text);
                }
                Node::Action(Action::Show(pipeline)) => {
                    let value = self.value(pipeline, dot)?;
                    let shown = Context::at_end_of(&self.own)?.shown(&value.text, value.is_html);
                    self.html.push_str(&shown);
                    if self.html.len() > MAX_BYTES {
                        return None;
                    }
                }
                Node::Action(Action::Set(name, pipeline)) => {
                    let value = self.value(pipeline, dot)?;
                    self.variables.insert(name, value);
                }
                Node::Branch { is_with, condition, yes, no } => {
                    let value = self.value(condition, dot)?;
                    match value.text.is_empty() {
                        true => self.nodes(no, dot)?,
                        false if *is_with => self.nodes(yes, Some(&value))?,
                        false => self.nodes(yes, dot)?,
                    }
                }
            }
        }
        Some(())
    }

    fn value(&self, pipeline: &Pipeline<'a>, dot: Option<&Text<'a>>) -> Option<Text<'a>> {
        let plain = |text: &'a str| Text { text: text.into(), is_html: false };
        let mut value = match &pipeline.operand {
            Operand::Place(place) => plain(self.tag.at(*place).unwrap_or_default()),
            Operand::Name(name) => plain(self.tag.named(name).unwrap_or_default()),
            Operand::Inner => Text { text: self.inner.unwrap_or_default().into(), is_html: true },
            Operand::Quoted(text) => plain(text),
            Operand::Variable(name) => self.variables.get(name)?.clone(),
            Operand::Dot => dot?.clone(),
        };
        for function in &pipeline.functions {
            value = match function {
                Function::Markdownify => {
                    Text { text: inline(&self.site.markdown(&value.text)).to_owned().into(), is_html: true }
                }
                Function::Safe => Text { is_html: true, ..value },
                Function::Default(text) if value.text.is_empty() => plain(text),
                Function::Default(_) => value,
            };
        }
        Some(value)
    }
}

/// Rendered Markdown without the paragraph around it, where it is one.
fn inline(html: &str) -> &str {
    let html = html.trim();
    let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).unwrap_or(html)
}
