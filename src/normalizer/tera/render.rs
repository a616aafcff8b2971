//! Runs a template: what its parts put out, and which variables hold where.

use super::node::{Call, Node, Template};
use super::{Site, Templates};
use crate::model::Value;
use crate::normalizer::liquid::budget::{Budget, MAX_TEXT, weight};
use crate::normalizer::text::escape;

/// How deep templates and macros may call each other.
const MAX_CALLS: usize = 16;
/// How deep values may nest.
const MAX_NESTING: usize = 32;

/// How a part ended.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Flow {
    Goes,
    Breaks,
    Continues,
}

/// A template that runs.
pub(super) struct Run<'a> {
    pub(super) templates: &'a Templates,
    pub(super) site: &'a dyn Site,
    /// Whether values in the output are escaped.
    escapes: bool,
    /// Whether what is told now is what is put out.
    pub(super) is_shown: bool,
    /// Whether `body` is what was put out before, as in components.
    has_html_body: bool,
    pub(super) budget: Budget,
    /// The variables, those of the innermost loop last.
    frames: Vec<Vec<(String, Value)>>,
    /// The templates whose macros the one that runs may call, by its names for them.
    imports: Vec<&'a Template>,
    calls: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(templates: &'a Templates, site: &'a dyn Site, escapes: bool) -> Self {
        Self {
            templates,
            site,
            escapes,
            is_shown: false,
            has_html_body: false,
            budget: Budget::new(),
            frames: Vec::new(),
            imports: Vec::new(),
            calls: 0,
        }
    }

    pub(super) fn all(mut self, template: &'a Template, variables: Vec<(String, Value)>) -> Option<String> {
        self.frames.push(variables);
        self.imports.push(template);
        let mut out = String::new();
        self.nodes(&template.nodes, &mut out)?;
        Some(out)
    }

    fn nodes(&mut self, nodes: &'a [Node], out: &mut String) -> Option<Flow> {
        for node in nodes {
            self.budget.step();
            if self.budget.is_spent() || out.len() > MAX_TEXT {
                return None;
            }
            let flow = self.node(node, out)?;
            if flow != Flow::Goes {
                return Some(flow);
            }
        }
        Some(Flow::Goes)
    }

    fn node(&mut self, node: &'a Node, out: &mut String) -> Option<Flow> {
        match node {
            Node::Text(text) => self.push(text, out)?,
            Node::Show(expression) => {
                self.is_shown = self.escapes;
                let value = self.value(expression);
                self.is_shown = false;
                let value = value?;
                let text = text_of(&value)?;
                let is_body = || self.has_html_body && expression.is_variable("body");
                if self.escapes && expression.is_escaped() && matches!(value, Value::String(_)) && !is_body() {
                    self.push(&escaped(&text), out)?;
                } else {
                    self.push(&text, out)?;
                }
            }
            Node::Set { name, value, is_global } => {
                let value = self.value(value)?;
                self.set(name, value, *is_global);
            }
            Node::If { arms, otherwise } => {
                for (condition, body) in arms {
                    if self.is_true(condition)? {
                        return self.nodes(body, out);
                    }
                }
                return self.nodes(otherwise, out);
            }
            Node::For { .. } => self.rounds(node, out)?,
            Node::Break => return Some(Flow::Breaks),
            Node::Continue => return Some(Flow::Continues),
            Node::Include { names, may_miss } => match names.iter().find(|name| self.templates.has(name)) {
                Some(name) => self.include(name, out)?,
                None => may_miss.then_some(())?,
            },
            Node::Filter { call, body } => {
                let mut inside = String::new();
                self.nodes(body, &mut inside)?;
                let value = self.filtered(Value::String(inside), call)?;
                self.push(&text_of(&value)?, out)?;
            }
            Node::Block(body) => return self.nodes(body, out),
            Node::Component { call, body } => {
                let made = self.component(call, body.as_deref())?;
                self.push(&made, out)?;
            }
        }
        Some(Flow::Goes)
    }

    fn push(&mut self, text: &str, out: &mut String) -> Option<()> {
        out.push_str(text);
        self.budget.pay(text.len()).then_some(())
    }

    /// A template in the place of a tag: it sees the same variables.
    fn include(&mut self, name: &str, out: &mut String) -> Option<()> {
        let template = self.templates.get(name)?;
        self.called(|run| {
            run.imports.push(template);
            run.frames.push(Vec::new());
            let done = run.nodes(&template.nodes, out);
            run.frames.pop();
            run.imports.pop();
            done.map(|_| ())
        })
    }

    /// A macro with what it is given, which is all that it knows.
    pub(super) fn macro_call(&mut self, space: &str, call: &'a Call) -> Option<String> {
        let own = *self.imports.last()?;
        let template = match space {
            "self" => own,
            space => self.templates.get(&own.imports.iter().find(|(name, _)| name == space)?.1)?,
        };
        let (_, found) = template.macros.iter().find(|(name, _)| *name == call.name)?;
        let mut known = Vec::new();
        for parameter in &found.parameters {
            let stated = call.arguments.iter().find(|(stated, _)| *stated == parameter.name).map(|(_, value)| value);
            let value = self.value(stated.or(parameter.default.as_ref())?)?;
            known.push((parameter.name.clone(), value));
        }
        self.with_only(known, template, &found.body)
    }

    /// A component of Tera 2, wherever it is defined: it knows what it is given, and of the caller what it says.
    fn component(&mut self, call: &'a Call, body: Option<&'a [Node]>) -> Option<String> {
        let (file, template, found) = self.templates.component(&call.name)?;
        let mut known = self.named_values(&call.arguments)?;
        for parameter in &found.parameters {
            if known.iter().any(|(name, _)| *name == parameter.name) {
                continue;
            }
            let ambient = parameter.is_ambient.then(|| self.variable(&parameter.name).cloned()).flatten();
            let value = match (ambient, &parameter.default) {
                (Some(value), _) => value,
                (None, default) => self.value(default.as_ref()?)?,
            };
            known.push((parameter.name.clone(), value));
        }
        if let Some(body) = body {
            let mut inside = String::new();
            self.nodes(body, &mut inside)?;
            known.push(("body".to_owned(), Value::String(inside)));
        }
        let escapes = std::mem::replace(&mut self.escapes, super::is_escaped(file));
        let has_html_body = std::mem::replace(&mut self.has_html_body, true);
        let made = self.with_only(known, template, &found.body);
        (self.escapes, self.has_html_body) = (escapes, has_html_body);
        made
    }

    /// What a part of a template gives that knows nothing else.
    fn with_only(&mut self, known: Vec<(String, Value)>, template: &'a Template, body: &'a [Node]) -> Option<String> {
        let frames = std::mem::replace(&mut self.frames, vec![known]);
        let mut out = String::new();
        let done = self.called(|run| {
            run.imports.push(template);
            let done = run.nodes(body, &mut out);
            run.imports.pop();
            done.map(|_| ())
        });
        self.frames = frames;
        done.map(|()| out)
    }

    fn called(&mut self, call: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if self.calls == MAX_CALLS {
            return None;
        }
        self.calls += 1;
        let done = call(self);
        self.calls -= 1;
        done
    }

    fn rounds(&mut self, node: &'a Node, out: &mut String) -> Option<()> {
        let Node::For { key, value, over, body, otherwise } = node else { return None };
        let items: Vec<(Value, Value)> = match self.value(over)? {
            Value::List(items) => items.into_iter().map(|item| (Value::Null, item)).collect(),
            Value::Map(pairs) => pairs.into_iter().map(|(name, item)| (Value::String(name), item)).collect(),
            Value::String(text) => {
                text.chars().map(|letter| (Value::Null, Value::String(letter.to_string()))).collect()
            }
            _ => return None,
        };
        if items.is_empty() {
            return self.nodes(otherwise, out).map(|_| ());
        }
        let count = items.len();
        for (at, (name, item)) in items.into_iter().enumerate() {
            self.budget.step();
            let mut frame = vec![(value.clone(), item), ("loop".to_owned(), place(at, count))];
            if let Some(key) = key {
                frame.push((key.clone(), name));
            }
            self.frames.push(frame);
            let flow = self.nodes(body, out);
            self.frames.pop();
            if flow? == Flow::Breaks {
                break;
            }
        }
        Some(())
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        let known = self.frames.iter().rev().find_map(|frame| frame.iter().rev().find(|(known, _)| known == name));
        known.map(|(_, value)| value)
    }

    fn set(&mut self, name: &str, value: Value, is_global: bool) {
        let frame = if is_global { self.frames.first_mut() } else { self.frames.last_mut() };
        let Some(frame) = frame else { return };
        match frame.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => frame.push((name.to_owned(), value)),
        }
    }

    /// Pays for a value that is made.
    pub(super) fn made(&mut self, value: Value) -> Option<Value> {
        let weight = weight(&value, MAX_NESTING)?;
        self.budget.pay(weight).then_some(value)
    }
}

/// What a loop says of a round.
fn place(at: usize, count: usize) -> Value {
    let number = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    Value::Map(vec![
        ("index".to_owned(), number(at + 1)),
        ("index0".to_owned(), number(at)),
        ("first".to_owned(), Value::Bool(at == 0)),
        ("last".to_owned(), Value::Bool(at + 1 == count)),
    ])
}

/// A value as it is put out.
pub(super) fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => String::new(),
        Value::Bool(is_so) => is_so.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(text_of).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(_) => "[object]".to_owned(),
    })
}

/// As Tera escapes for HTML: two characters more.
pub(super) fn escaped(text: &str) -> String {
    escape(text).replace('\'', "&#x27;").replace('/', "&#x2F;")
}
