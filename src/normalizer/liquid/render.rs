//! From nodes to text.

mod include;
mod lookup;
mod loops;

pub(super) use lookup::pair_of;

use std::borrow::Cow;
use std::collections::HashMap;

use super::budget::{Budget, MAX_TEXT};
use super::expression::{Chain, Expression};
use super::filters::{self, Arguments};
use super::node::Node;
use super::{Environment, FIGURE, Finding, Template, value};
use crate::model::Value;

/// How deep blocks and included templates may nest, together: a limit of the stack's.
const MAX_DEPTH: u32 = 200;
/// The most findings of one text.
const MAX_FINDINGS: usize = 50;

/// A value of the environment, or one that was made here.
pub(super) type Found<'a> = Cow<'a, Value>;

/// Renders a template with what it says of itself.
pub(super) fn render(template: &Template, environment: Environment<'_>) -> (String, Vec<Finding>) {
    let mut renderer = Renderer {
        environment,
        scopes: Vec::new(),
        assigned: HashMap::new(),
        counts: HashMap::new(),
        cycles: HashMap::new(),
        offsets: HashMap::new(),
        shown: String::new(),
        interrupt: None,
        depth: 0,
        includes: 0,
        budget: Budget::new(),
        findings: template.findings.clone(),
    };
    let mut out = String::new();
    renderer.nodes(&template.nodes, &mut out);
    if renderer.budget.is_spent() {
        renderer.find(Finding::fault(1, "Liquid has too much to do here: what it makes is cut off"));
    }
    (out, renderer.findings)
}

/// What `break` and `continue` leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interrupt {
    Break,
    Continue,
}

/// A text under way.
pub(super) struct Renderer<'a> {
    pub(super) environment: Environment<'a>,
    /// The variables of loops and includes, the innermost last.
    scopes: Vec<Vec<(String, Found<'a>)>>,
    /// What `assign` and `capture` set, wherever they stand.
    assigned: HashMap<String, Found<'a>>,
    counts: HashMap<String, i64>,
    cycles: HashMap<String, usize>,
    /// Where `offset: continue` goes on.
    offsets: HashMap<String, usize>,
    /// What `ifchanged` showed last.
    shown: String,
    interrupt: Option<Interrupt>,
    depth: u32,
    includes: u32,
    pub(super) budget: Budget,
    findings: Vec<Finding>,
}

impl<'a> Renderer<'a> {
    fn nodes(&mut self, nodes: &[Node], out: &mut String) {
        if self.depth == MAX_DEPTH {
            self.find(Finding::fault(1, "Liquid's blocks and includes are nested too deeply"));
            return;
        }
        self.depth += 1;
        for node in nodes {
            self.budget.step();
            if self.is_stopped() {
                break;
            }
            self.node(node, out);
        }
        self.depth -= 1;
    }

    fn is_stopped(&self) -> bool {
        self.interrupt.is_some() || self.budget.is_spent()
    }

    fn node(&mut self, node: &Node, out: &mut String) {
        match node {
            Node::Text(text) => self.write(text, out),
            // A range is a list wherever else it stands.
            Node::Output(Chain { value: Expression::Range(ends), filters }) if filters.is_empty() => {
                let (first, last) = self.range(ends);
                self.write(&format!("{first}..{last}"), out);
            }
            Node::Output(chain) => {
                let value = self.chain(chain);
                self.write(&value::text(&value), out);
            }
            Node::Assign(name, chain) => {
                let value = self.chain(chain);
                self.assigned.insert(name.clone(), value);
            }
            Node::Capture(name, body) => {
                let text = self.inside(body);
                self.assigned.insert(name.clone(), Cow::Owned(Value::String(text)));
            }
            Node::If(branches) => {
                let holds = |renderer: &mut Self, condition: &super::condition::Condition| {
                    condition.holds(&mut |expression| renderer.evaluate(expression))
                };
                let branch = branches.iter().find(|(condition, _)| condition.as_ref().is_none_or(|it| holds(self, it)));
                if let Some((_, body)) = branch {
                    self.nodes(body, out);
                }
            }
            Node::Case(of, branches) => self.case(of, branches, out),
            Node::For(each) => self.each(each, out),
            Node::TableRow(each) => self.rows(each, out),
            Node::Cycle(group, values) => self.cycle(group, values, out),
            Node::Count(name, by) => self.count(name, *by, out),
            Node::Break => self.interrupt = Some(Interrupt::Break),
            Node::Continue => self.interrupt = Some(Interrupt::Continue),
            Node::Include(include) => self.include(include, out),
            Node::Link(file, is_post) => self.link(file, *is_post, out),
            Node::Code(language, body) => {
                let code = self.inside(body);
                self.write(&code_block(language, &code), out);
            }
            Node::IfChanged(body) => {
                let text = self.inside(body);
                if text != self.shown {
                    self.write(&text, out);
                    self.shown = text;
                }
            }
        }
    }

    /// The text of a block by itself.
    fn inside(&mut self, body: &[Node]) -> String {
        let mut text = String::new();
        self.nodes(body, &mut text);
        text
    }

    fn write(&mut self, text: &str, out: &mut String) {
        if self.budget.pay(text.len()) && out.len() + text.len() <= MAX_TEXT {
            out.push_str(text);
        } else {
            self.budget.pay(usize::MAX);
        }
    }

    fn case(&mut self, of: &Expression, branches: &[(Option<Vec<Expression>>, Vec<Node>)], out: &mut String) {
        let value = self.evaluate(of);
        let mut is_met = false;
        for (values, body) in branches {
            let Some(values) = values else {
                if !is_met {
                    self.nodes(body, out);
                }
                continue;
            };
            // As in Ruby, every branch that is met shows, once for each of its values that is.
            for expression in values {
                if value::equal(&self.evaluate(expression), &value) {
                    is_met = true;
                    self.nodes(body, out);
                }
            }
        }
    }

    fn cycle(&mut self, group: &Expression, values: &[Expression], out: &mut String) {
        let group = value::text(&self.evaluate(group)).into_owned();
        let at = self.cycles.entry(group).or_default();
        let place = *at;
        *at = (place + 1) % values.len().max(1);
        if let Some(expression) = values.get(place) {
            let value = self.evaluate(expression);
            self.write(&value::text(&value), out);
        }
    }

    /// `increment` shows the count and then adds; `decrement` subtracts first.
    fn count(&mut self, name: &str, by: i64, out: &mut String) {
        let count = self.counts.entry(name.to_owned()).or_default();
        let before = *count;
        *count = before.saturating_add(by);
        let shown = if by < 0 { *count } else { before };
        self.write(&shown.to_string(), out);
    }

    pub(super) fn chain(&mut self, chain: &Chain) -> Found<'a> {
        let mut value = self.evaluate(&chain.value);
        for filter in &chain.filters {
            self.budget.step();
            if self.budget.is_spent() {
                return Cow::Owned(Value::Null);
            }
            let arguments: Vec<Found<'a>> = filter.arguments.iter().map(|it| self.evaluate(it)).collect();
            // What a filter that is not known was given goes on as it is.
            if let Some(result) = filters::apply(self, &filter.name, &value, Arguments(&arguments)) {
                value = Cow::Owned(self.budget.pay_for(result));
            }
        }
        value
    }

    /// Does something while a variable has a value.
    pub(super) fn with<T>(&mut self, name: &str, value: Found<'a>, then: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(vec![(name.to_owned(), value)]);
        let result = then(self);
        self.scopes.pop();
        result
    }

    pub(super) fn find(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// Highlighted code without the highlighting; empty lines around it count for nothing, as in Jekyll. It is in a figure, as
/// there, since Markdown reads a bare `<pre>` within a line as text.
fn code_block(language: &str, code: &str) -> String {
    let code = filters::escape(code.trim_matches(['\n', '\r']));
    let class = match language {
        "" => String::new(),
        // `Tags::HighlightBlock#add_code_tag`.
        language => format!(" class=\"language-{}\"", filters::escape(language).replace('+', "-")),
    };
    format!("\n{FIGURE}<pre><code{class}>{code}</code></pre></figure>\n")
}
