//! A template's parts, out of its text.

use super::expression::Words;
use super::node::{Expr, Macro, Node, Template};
use super::token::tokens;

/// How deep blocks may nest.
const MAX_DEPTH: usize = 32;

/// The parts of a template; `None` where it is none that Tera would take, or extends another one.
pub(super) fn parse(text: &str) -> Option<Template> {
    parsed(text, false)
}

/// The same of a text of a page, in which `{#x}` is the id of a heading.
pub(super) fn parse_content(text: &str) -> Option<Template> {
    parsed(text, true)
}

fn parsed(text: &str, is_content: bool) -> Option<Template> {
    let mut parser = Parser { rest: text, is_content, trims: false, depth: 0, template: Template::default() };
    let (nodes, end) = parser.block(&[])?;
    end.is_none().then_some(())?;
    Some(Template { nodes, ..parser.template })
}

struct Parser<'a> {
    rest: &'a str,
    is_content: bool,
    /// Whether white space that comes next goes.
    trims: bool,
    depth: usize,
    template: Template,
}

/// A tag that ends a part of a block: its first word, and those that follow.
type End = (String, Words);

impl<'a> Parser<'a> {
    /// What comes up to one of these tags, or up to the end of the text.
    fn block(&mut self, ends: &[&str]) -> Option<(Vec<Node>, Option<End>)> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut nodes = Vec::new();
        let end = loop {
            let Some(open) = self.text_before_tag(&mut nodes) else { break None };
            match open {
                "{#" => self.comment()?,
                "{{" if self.rest.trim_start().starts_with('<') => {
                    let mut words = self.words("}}")?;
                    words.take_sign("<").then_some(())?;
                    let call = words.component(&["/", ">"])?;
                    (words.take_sign("/") && words.take_sign(">")).then_some(())?;
                    nodes.push(Node::Component { call, body: None });
                }
                "{{" => {
                    let mut words = self.words("}}")?;
                    nodes.push(Node::Show(words.expression()?));
                    words.end()?;
                }
                _ => {
                    let mut words = self.words("%}")?;
                    let is_component = words.take_sign("<");
                    if is_component && !words.take_sign("/") {
                        let call = words.component(&[">"])?;
                        nodes.push(Node::Component { call, body: Some(self.body("/")?) });
                        continue;
                    }
                    let name = if is_component { "/".to_owned() } else { words.name()? };
                    if ends.contains(&&*name) {
                        break Some((name, words));
                    }
                    self.tag(&name, words, &mut nodes)?;
                }
            }
        };
        self.depth -= 1;
        (ends.is_empty() || end.is_some()).then_some((nodes, end))
    }

    /// The text up to the next tag, which is kept, and what opens that tag; `None` where there is none.
    fn text_before_tag(&mut self, nodes: &mut Vec<Node>) -> Option<&'static str> {
        let all = self.rest;
        let opens = ["{{", "{%", "{#"];
        let found = memchr::memchr_iter(b'{', all.as_bytes())
            .filter(|at| !(self.is_content && all.get(*at..).is_some_and(is_heading_id)))
            .find_map(|at| opens.iter().find(|open| all.get(at..at + 2) == Some(open)).map(|open| (at, *open)));
        let (at, open) = match found {
            Some((at, open)) => (at, Some(open)),
            None => (all.len(), None),
        };
        let text = all.get(..at).unwrap_or_default();
        let rest = all.get(at + open.map_or(0, str::len)..).unwrap_or_default();
        let text = if std::mem::take(&mut self.trims) { text.trim_start() } else { text };
        let (rest, text) = match rest.strip_prefix('-').filter(|_| open.is_some()) {
            Some(rest) => (rest, text.trim_end()),
            None => (rest, text),
        };
        self.rest = rest;
        if !text.is_empty() {
            nodes.push(Node::Text(text.to_owned()));
        }
        open
    }

    fn words(&mut self, end: &str) -> Option<Words> {
        let (words, trims, rest) = tokens(self.rest, end)?;
        (self.rest, self.trims) = (rest, trims);
        Some(Words::new(words))
    }

    fn comment(&mut self) -> Option<()> {
        let (inside, rest) = self.rest.split_once("#}")?;
        (self.rest, self.trims) = (rest, inside.ends_with('-'));
        Some(())
    }

    /// Up to the tag with this name alone.
    fn body(&mut self, end: &'static str) -> Option<Vec<Node>> {
        let (nodes, _) = self.block(&[end])?;
        Some(nodes)
    }

    fn tag(&mut self, name: &str, mut words: Words, nodes: &mut Vec<Node>) -> Option<()> {
        match name {
            "if" => nodes.push(self.branches(words)?),
            "for" => nodes.push(self.rounds(words)?),
            "set" | "set_global" => {
                let target = words.name()?;
                words.take_sign("=").then_some(())?;
                nodes.push(Node::Set { name: target, value: words.expression()?, is_global: name == "set_global" });
                words.end()?;
            }
            "break" => nodes.push(Node::Break),
            "continue" => nodes.push(Node::Continue),
            "include" => nodes.push(include(&mut words)?),
            "filter" => {
                let call = words.filter()?;
                words.end()?;
                nodes.push(Node::Filter { call, body: self.body("endfilter")? });
            }
            "block" => nodes.push(Node::Block(self.body("endblock")?)),
            "raw" => nodes.push(self.raw()?),
            "import" => {
                let path = words.text()?;
                words.take_name("as").then_some(())?;
                self.template.imports.push((words.name()?, path));
                words.end()?;
                self.trims = true;
                nodes.retain(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
            }
            "macro" => {
                let name = words.name()?;
                let parameters = words.parameters()?;
                words.end()?;
                let body = self.body("endmacro")?;
                self.template.macros.push((name, Macro { parameters, body }));
            }
            "component" => {
                let name = words.dotted_name()?;
                let parameters = words.parameters()?;
                let body = self.body("endcomponent")?;
                self.template.components.push((name, Macro { parameters, body }));
            }
            _ => return None,
        }
        Some(())
    }

    fn branches(&mut self, mut words: Words) -> Option<Node> {
        let mut arms: Vec<(Expr, Vec<Node>)> = Vec::new();
        loop {
            let condition = words.expression()?;
            words.end()?;
            let (body, end) = self.block(&["elif", "else", "endif"])?;
            arms.push((condition, body));
            let (name, next) = end?;
            match &*name {
                "elif" => words = next,
                "else" => return Some(Node::If { arms, otherwise: self.body("endif")? }),
                _ => return Some(Node::If { arms, otherwise: Vec::new() }),
            }
        }
    }

    fn rounds(&mut self, mut words: Words) -> Option<Node> {
        let first = words.name()?;
        let second = if words.take_sign(",") { Some(words.name()?) } else { None };
        words.take_name("in").then_some(())?;
        let over = words.expression()?;
        words.end()?;
        let (body, end) = self.block(&["else", "endfor"])?;
        let otherwise = if end?.0 == "else" { self.body("endfor")? } else { Vec::new() };
        let (key, value) = match second {
            Some(second) => (Some(first), second),
            None => (None, first),
        };
        Some(Node::For { key, value, over, body, otherwise })
    }

    /// The text up to `endraw`, as it stands.
    fn raw(&mut self) -> Option<Node> {
        let mut from = 0;
        loop {
            let open = from + self.rest.get(from..)?.find("{%")?;
            let inside = self.rest.get(open + 2..)?;
            let inside = inside.strip_prefix('-').unwrap_or(inside);
            if let Some(rest) = inside.trim_start().strip_prefix("endraw") {
                let (between, rest) = rest.split_once("%}")?;
                let text = self.rest.get(..open)?.to_owned();
                (self.rest, self.trims) = (rest, between.ends_with('-'));
                return Some(Node::Text(text));
            }
            from = open + 2;
        }
    }
}

/// Whether a text begins with `{#x}`.
fn is_heading_id(text: &str) -> bool {
    let inside = text.strip_prefix("{#").and_then(|text| text.split_once('}')).map(|(inside, _)| inside);
    inside.is_some_and(|inside| !inside.is_empty() && !inside.ends_with('#') && !inside.contains(char::is_whitespace))
}

fn include(words: &mut Words) -> Option<Node> {
    let mut names = Vec::new();
    if words.take_sign("[") {
        while !words.take_sign("]") {
            names.push(words.text()?);
            words.take_sign(",");
        }
    } else {
        names.push(words.text()?);
    }
    let may_miss = words.take_name("ignore") && words.take_name("missing");
    words.end()?;
    Some(Node::Include { names, may_miss })
}
