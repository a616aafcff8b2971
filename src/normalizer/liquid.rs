//! Liquid as Jekyll has it: a template in, its text out, with what had to be left out. Pure, and bounded in every way.
//!
//! Ruby's Liquid is lax: what it does not know is nothing, and a filter that fails spoils one value, not the page. So is
//! this. Its bounds are counted, never timed, so that the same bytes always give the same text. The crate `liquid` keeps
//! none of the two promises: it ends a template at the first unknown name, its maps are in an order that changes from run
//! to run, and nothing limits its loops.

pub(super) mod budget;
mod condition;
mod expression;
mod filters;
mod node;
mod parse;
mod render;
mod scan;
mod tags;
#[cfg(test)]
mod tests;
mod token;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset};

use crate::config::Zone;
use crate::model::{Value, WebUrl};
use node::Node;

/// What stands before the `<pre>` of highlighted code, and is closed behind it.
const FIGURE: &str = "<figure class=\"highlight\">";

/// HTML with the code of `highlight` as plain blocks, without the figures that Markdown needed around them.
pub(crate) fn without_figures(html: Cow<'_, str>) -> Cow<'_, str> {
    const END: &str = "</code></pre>";
    if memchr::memmem::find(html.as_bytes(), FIGURE.as_bytes()).is_none() {
        return html;
    }
    let mut rest = &*html;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once(FIGURE) {
        plain.push_str(before);
        let code =
            after.split_once("</figure>").filter(|(code, _)| code.starts_with("<pre><code") && code.ends_with(END));
        let Some((code, behind)) = code else {
            plain.push_str(FIGURE);
            rest = after;
            continue;
        };
        plain.push_str(code);
        rest = behind;
    }
    Cow::Owned(plain + rest)
}

/// What was left out of a text, or is wrong with its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Such as `the tag "youtube" is not known`.
    pub(crate) message: String,
    /// The line of the template, from 1, of what is wrong there; `None` for what is only not known here, which is said
    /// once for the whole site.
    pub(crate) line: Option<u32>,
}

/// A template that was read.
#[derive(Debug, Default)]
pub(crate) struct Template {
    nodes: Vec<Node>,
    findings: Vec<Finding>,
}

/// The templates that others include, by path; each is read when it is first used.
#[derive(Debug, Default)]
pub(crate) struct Partials(BTreeMap<String, (String, OnceLock<Template>)>);

/// What a template is rendered with.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    /// The variables, such as `site`.
    pub(crate) globals: &'a [(&'static str, &'a Value)],
    /// The address that `absolute_url` and `relative_url` start from.
    pub(crate) site: &'a WebUrl,
    /// What of its path is the site's `baseurl`: without a final slash, empty or with one at the head.
    pub(crate) base_path: &'a str,
    /// The zone of dates that name none.
    pub(crate) zone: Zone,
    /// What `now` is: the date of the post.
    pub(crate) now: DateTime<FixedOffset>,
    pub(crate) partials: &'a Partials,
    pub(crate) host: &'a dyn Host,
}

/// What the site does for its templates.
pub(crate) trait Host {
    /// The path below the site, with its leading `/`, of the page of a file that `link` or `post_url` names.
    fn page_of(&self, target: Target<'_>) -> Option<String>;
    /// Markdown as HTML.
    fn markdown(&self, text: &str) -> String;
    /// The key among the partials of a file beside the post.
    fn beside(&self, name: &str) -> String;
}

/// The file that a tag names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// `link`: its path below the site.
    File(&'a str),
    /// `post_url`: its path below the folder of posts, without the extension.
    Post(&'a str),
}

/// Whether a text has anything for Liquid.
pub(crate) fn is_template(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%')))
}

/// The head of a template as a template of its own: blocks that it does not end are ended.
pub(crate) fn complete(head: &str) -> Cow<'_, str> {
    tags::complete(head)
}

/// The text of a template, and what was left out of it.
pub(crate) fn render(source: &str, environment: Environment<'_>) -> (String, Vec<Finding>) {
    let template = Template::parse(source);
    render::render(&template, environment)
}

impl Template {
    fn parse(source: &str) -> Self {
        parse::template(source)
    }
}

impl Partials {
    pub(crate) fn new(sources: &BTreeMap<String, String>) -> Self {
        Self(sources.iter().map(|(path, text)| (path.clone(), (text.clone(), OnceLock::new()))).collect())
    }

    fn get(&self, path: &str) -> Option<&Template> {
        self.0.get(path).map(|(source, template)| template.get_or_init(|| Template::parse(source)))
    }
}

impl Finding {
    /// Something that is not known, which is said once a name.
    fn unknown(kind: &str, name: &str) -> Self {
        Self { message: format!("Liquid's {kind} `{}` is not known here and left out", short(name)), line: None }
    }

    /// Something that is wrong in the template.
    fn fault(line: u32, message: impl Into<String>) -> Self {
        Self { message: message.into(), line: Some(line) }
    }
}

/// A name as a message shows it.
fn short(name: &str) -> String {
    let name = name.trim();
    let mut text: String = name.chars().take(60).collect();
    if text.len() < name.len() {
        text.push('…');
    }
    text
}
