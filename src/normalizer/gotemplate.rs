//! Go's templates, as far as those of Hugo's shortcodes and render hooks need them: blocks, variables, partials, and the functions that
//! make text of text. What asks for other pages, files or the network is not known here, and ends a template without a result.

mod escape;
mod functions;
mod lex;
mod objects;
mod parse;
mod patterns;
mod strings;
#[cfg(test)]
mod tests;
mod value;

use std::rc::Rc;

use escape::Context;
use parse::{Base, Node, Operand, Pipe};

pub(crate) use functions::on_site;
pub(crate) use value::{Call, Kind, Notes, Object, Value};

use crate::model;

/// The most that a template gives, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The most steps that it takes.
const MAX_STEPS: usize = 50_000;
/// How deep partials may call each other.
const MAX_PARTIALS: usize = 12;

/// What templates ask of the page and its site.
pub(crate) trait Host {
    /// Markdown as HTML.
    fn markdown(&self, source: &str) -> String;
    /// A parameter of the page or the site, by its path.
    fn param(&self, name: &str) -> Option<String>;
    /// The address of another page.
    fn link(&self, target: &str, language: Option<&str>) -> Option<String>;
    /// A field of the page, such as `Title`.
    fn page(&self, _field: &str) -> Option<String> {
        None
    }
    fn page_param(&self, _key: &str) -> Option<model::Value> {
        None
    }
    /// A field of the site, such as `BaseURL`.
    fn site(&self, _field: &str) -> Option<String> {
        None
    }
    fn site_param(&self, _key: &str) -> Option<model::Value> {
        None
    }
    /// The template of a partial.
    fn partial(&self, _name: &str) -> Option<&str> {
        None
    }
    /// A text of the site in the page's language, by its key.
    fn phrase(&self, _key: &str) -> Option<String> {
        None
    }
    /// The address of a file beside the page, which is assumed to be there.
    fn resource(&self, _name: &str) -> Option<String> {
        None
    }
}

/// What a template gives for `dot`; `None` for one that is not known. `notes` are those of the page.
pub(crate) fn render(template: &str, dot: &Value, host: &dyn Host, notes: &Notes) -> Option<String> {
    let mut run = Run { host, steps: MAX_STEPS, partials: 0, notes: Rc::clone(notes) };
    match run.template(template, dot)? {
        Value::Text(html, _) => Some(html.to_string()),
        other => other.to_text().map(|text| text.to_string()),
    }
}

struct Run<'h> {
    host: &'h dyn Host,
    /// What is left of [`MAX_STEPS`].
    steps: usize,
    partials: usize,
    notes: Notes,
}

/// The variables and the output of one template.
struct Frame<'a> {
    variables: Vec<(&'a str, Value)>,
    html: String,
    /// The template's own part of it since it was last between tags, which says where in HTML a value stands.
    own: String,
    /// Whether it is inside a comment of the template's own, which Go's templates leave out.
    is_comment: bool,
}

/// How a block ends.
enum Flow {
    On,
    Break,
    Continue,
    Return(Value),
}

impl Run<'_> {
    fn template(&mut self, template: &str, dot: &Value) -> Option<Value> {
        let nodes = parse::parse(template)?;
        let mut frame =
            Frame { variables: vec![("", dot.clone())], html: String::new(), own: String::new(), is_comment: false };
        match self.nodes(&nodes, dot, &mut frame)? {
            Flow::Return(value) => Some(value),
            _ => Some(Value::html(frame.html)),
        }
    }

    fn step(&mut self) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        Some(())
    }

    fn nodes<'a>(&mut self, nodes: &[Node<'a>], dot: &Value, frame: &mut Frame<'a>) -> Option<Flow> {
        let known = frame.variables.len();
        for node in nodes {
            self.step()?;
            let flow = self.node(node, dot, frame)?;
            if !matches!(flow, Flow::On) {
                frame.variables.truncate(known);
                return Some(flow);
            }
        }
        frame.variables.truncate(known);
        Some(Flow::On)
    }

    fn node<'a>(&mut self, node: &Node<'a>, dot: &Value, frame: &mut Frame<'a>) -> Option<Flow> {
        match node {
            Node::Text(text) => frame.text(text),
            Node::Show(pipe) => {
                let value = self.pipe(pipe, dot, frame)?;
                frame.show(&value)?;
            }
            Node::Set { name, is_new, pipe } => {
                let value = self.pipe(pipe, dot, frame)?;
                match frame.variables.iter_mut().rev().find(|(known, _)| known == name) {
                    Some((_, known)) if !is_new => *known = value,
                    _ => frame.variables.push((name, value)),
                }
            }
            Node::Branch { is_with, variable, condition, yes, no } => {
                let value = self.pipe(condition, dot, frame)?;
                let known = frame.variables.len();
                frame.variables.extend(variable.map(|name| (name, value.clone())));
                let flow = match value.is_true() {
                    true if *is_with => self.nodes(yes, &value, frame),
                    true => self.nodes(yes, dot, frame),
                    false => self.nodes(no, dot, frame),
                };
                frame.variables.truncate(known);
                return flow;
            }
            Node::Range { variables, over, body, none } => return self.range(variables, over, body, none, dot, frame),
            Node::Return(pipe) => return Some(Flow::Return(self.pipe(pipe, dot, frame)?)),
            Node::Break => return Some(Flow::Break),
            Node::Continue => return Some(Flow::Continue),
        }
        Some(Flow::On)
    }

    fn range<'a>(
        &mut self,
        variables: &[&'a str],
        over: &Pipe<'a>,
        body: &[Node<'a>],
        none: &[Node<'a>],
        dot: &Value,
        frame: &mut Frame<'a>,
    ) -> Option<Flow> {
        let items = self.pipe(over, dot, frame)?.items()?;
        if items.is_empty() {
            return self.nodes(none, dot, frame);
        }
        let known = frame.variables.len();
        for (key, item) in items {
            match variables {
                [value] => frame.variables.push((value, item.clone())),
                [place, value] => frame.variables.extend([(*place, key), (*value, item.clone())]),
                _ => {}
            }
            let flow = self.nodes(body, &item, frame)?;
            frame.variables.truncate(known);
            match flow {
                Flow::Break => break,
                Flow::Return(value) => return Some(Flow::Return(value)),
                Flow::On | Flow::Continue => {}
            }
        }
        Some(Flow::On)
    }

    fn pipe<'a>(&mut self, pipe: &Pipe<'a>, dot: &Value, frame: &Frame<'a>) -> Option<Value> {
        let mut last = None;
        for command in pipe {
            last = Some(self.command(command, last, dot, frame)?);
        }
        last
    }

    fn command<'a>(
        &mut self,
        command: &[Operand<'a>],
        piped: Option<Value>,
        dot: &Value,
        frame: &Frame<'a>,
    ) -> Option<Value> {
        self.step()?;
        let (first, rest) = command.split_first()?;
        if let Base::Name(name @ ("and" | "or")) = first.base {
            return self.short(name == "and", rest, piped, dot, frame);
        }
        let mut arguments = Vec::with_capacity(rest.len() + 1);
        for operand in rest {
            arguments.push(self.operand(operand, Vec::new(), dot, frame)?);
        }
        arguments.extend(piped);
        self.operand(first, arguments, dot, frame)
    }

    /// `and` and `or`, which look no further than they have to.
    fn short<'a>(
        &mut self,
        is_and: bool,
        operands: &[Operand<'a>],
        piped: Option<Value>,
        dot: &Value,
        frame: &Frame<'a>,
    ) -> Option<Value> {
        let mut last = None;
        for operand in operands {
            let value = self.operand(operand, Vec::new(), dot, frame)?;
            if value.is_true() != is_and {
                return Some(value);
            }
            last = Some(value);
        }
        piped.or(last)
    }

    fn operand<'a>(
        &mut self,
        operand: &Operand<'a>,
        arguments: Vec<Value>,
        dot: &Value,
        frame: &Frame<'a>,
    ) -> Option<Value> {
        let (last, before) = match operand.fields.split_last() {
            Some((last, before)) => (Some(*last), before),
            None => (None, &[][..]),
        };
        let is_called = last.is_some();
        let mut value = match &operand.base {
            Base::Dot => dot.clone(),
            Base::Variable(name) => frame.variables.iter().rev().find(|(known, _)| known == name)?.1.clone(),
            Base::Pipe(pipe) => self.pipe(pipe, dot, frame)?,
            Base::Text(text) => Value::plain(text),
            Base::Int(number) => Value::Int(*number),
            Base::Float(number) => Value::Float(*number),
            Base::Name(name) if is_called => self.call(name, Vec::new())?,
            Base::Name(name) => return self.call(name, arguments),
        };
        for field in before {
            value = self.field(&value, field, &[])?;
        }
        match last {
            Some(last) => self.field(&value, last, &arguments),
            None => arguments.is_empty().then_some(value),
        }
    }

    /// What a partial gives for a value.
    fn partial(&mut self, name: &str, dot: &Value) -> Option<Value> {
        let template = self.host.partial(name)?;
        if self.partials == MAX_PARTIALS {
            return None;
        }
        self.partials += 1;
        let value = self.template(template, dot);
        self.partials -= 1;
        value
    }
}

impl Frame<'_> {
    /// Writes a part of the template itself.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        loop {
            if self.is_comment {
                let Some((_, behind)) = rest.split_once("-->") else { return };
                rest = behind;
                self.is_comment = false;
            }
            let (before, behind) = rest.split_once("<!--").map_or((rest, None), |(before, rest)| (before, Some(rest)));
            self.html.push_str(before);
            self.own.push_str(before);
            let Some(behind) = behind else { return };
            rest = behind;
            self.is_comment = true;
        }
    }

    /// Writes a value where the template stands.
    fn show(&mut self, value: &Value) -> Option<()> {
        if self.is_comment {
            return Some(());
        }
        let text = value.to_text()?;
        let kind = if let Value::Text(_, kind) = value { *kind } else { Kind::Plain };
        let context = Context::at_end_of(&self.own);
        let shown = context.shown(&text, kind);
        if context == Context::Text {
            self.own.clear();
        } else {
            // Where an attribute is written by a value, what follows stands behind it.
            self.own.push_str(&context.shown("x", Kind::Plain));
        }
        self.html.push_str(&shown);
        (self.html.len() <= MAX_BYTES).then_some(())
    }
}

/// The value that a shortcode's template starts with.
pub(crate) fn of_call(call: Rc<Call>) -> Value {
    Value::Object(Object::Call(call))
}
