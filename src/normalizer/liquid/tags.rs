//! The tags: what each makes of its markup.

use std::borrow::Cow;
use std::collections::HashSet;

use super::condition::Condition;
use super::expression::{Chain, Expression, is_name};
use super::node::{Include, Loop, Node, tidy};
use super::parse::{End, Parser, tidied};
use super::scan::Scan;
use super::token::{Token, Tokens};
use super::{Finding, short};

/// The tags with an end of their own.
const BLOCKS: [&str; 10] =
    ["if", "unless", "case", "for", "tablerow", "capture", "highlight", "ifchanged", "raw", "comment"];

/// The head of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'s> {
    pub(super) name: &'s str,
    pub(super) rest: &'s str,
    pub(super) line: u32,
    /// The tags that part it.
    pub(super) between: &'static [&'static str],
}

/// The excerpt of a template, with the blocks ended that it does not end itself (Jekyll's `Excerpt#sanctify_liquid_tags`).
pub(super) fn complete(excerpt: &str) -> Cow<'_, str> {
    let mut tokens = Tokens::new(excerpt);
    let mut open: Vec<&str> = Vec::new();
    let mut ended: HashSet<&str> = HashSet::new();
    while let Some((token, _)) = tokens.next() {
        if let Token::Tag(name @ ("raw" | "comment"), _) = token {
            if !tokens.until_end(name, name == "comment").1 {
                open.push(name);
            }
        } else if let Token::Tag(name, _) = token {
            open.extend(BLOCKS.iter().copied().find(|block| *block == name));
            ended.extend(name.strip_prefix("end"));
        }
    }
    open.retain(|name| !ended.contains(name));
    if open.is_empty() {
        return excerpt.into();
    }
    let ends: String = open.iter().rev().map(|name| format!("\n{{% end{name} %}}")).collect();
    format!("{excerpt}{ends}").into()
}

/// Whether a tag ends or parts a block that is known.
fn ends_known_block(name: &str) -> bool {
    matches!(name, "else" | "elsif" | "when") || name.strip_prefix("end").is_some_and(|name| BLOCKS.contains(&name))
}

impl<'s> Parser<'s> {
    pub(super) fn tag(&mut self, name: &'s str, rest: &'s str, line: u32, nodes: &mut Vec<Node>) {
        let block = |between| Block { name, rest, line, between };
        let node = match name {
            "assign" => self.assign(rest, line),
            "capture" => self.capture(block(&[])),
            "if" | "unless" => Some(self.conditional(block(&["elsif", "else"]))),
            "case" => Some(self.case(block(&["when", "else"]))),
            "for" | "tablerow" => self.each(block(&["else"])),
            "cycle" => cycle(rest),
            "increment" => Some(Node::Count(rest.to_owned(), 1)),
            "decrement" => Some(Node::Count(rest.to_owned(), -1)),
            "break" => Some(Node::Break),
            "continue" => Some(Node::Continue),
            "echo" => Some(self.echo(rest)),
            "include" | "include_cached" => Some(self.include(rest, false)),
            "include_relative" => Some(self.include(rest, true)),
            "link" => Some(Node::Link(self.inner(rest), false)),
            "post_url" => Some(Node::Link(self.inner(rest), true)),
            "highlight" => Some(self.plain_block(block(&[]), Node::Code)),
            "ifchanged" => Some(self.plain_block(block(&[]), |_, body| Node::IfChanged(body))),
            "raw" | "comment" => self.verbatim(name, line),
            "" if rest.starts_with('#') => None,
            _ => {
                self.unknown(name, line);
                None
            }
        };
        nodes.extend(node);
    }

    /// A tag that is not known; the end of one says nothing that its beginning has not said.
    fn unknown(&mut self, name: &str, line: u32) {
        if name.is_empty() {
            self.fault(line, "a Liquid tag has no name");
        } else if ends_known_block(name) {
            self.fault(line, format!("there is no block that `{{% {} %}}` could end or part", short(name)));
        } else if !name.starts_with("end") {
            self.find(Finding::unknown("tag", name));
        }
    }

    fn assign(&mut self, rest: &str, line: u32) -> Option<Node> {
        let Some((name, value)) = rest.split_once('=').filter(|(name, _)| is_name(name.trim())) else {
            self.fault(line, "`assign` needs a name, `=` and a value");
            return None;
        };
        let chain = Chain::parse(value);
        self.check(&chain);
        Some(Node::Assign(name.trim().to_owned(), chain))
    }

    fn echo(&mut self, rest: &str) -> Node {
        let chain = Chain::parse(rest);
        self.check(&chain);
        Node::Output(chain)
    }

    fn capture(&mut self, block: Block<'s>) -> Option<Node> {
        let name = block.rest.trim_matches(['"', '\'']).to_owned();
        let mut body = Vec::new();
        self.block(block, &mut |_, _, nodes| body = nodes);
        if name.is_empty() {
            self.fault(block.line, "`capture` needs a name");
            return None;
        }
        Some(Node::Capture(name, body))
    }

    fn plain_block(&mut self, block: Block<'s>, node: impl FnOnce(String, Vec<Node>) -> Node) -> Node {
        let mut body = Vec::new();
        self.block(block, &mut |_, _, nodes| body = nodes);
        node(block.rest.split_whitespace().next().unwrap_or_default().to_lowercase(), body)
    }

    fn verbatim(&mut self, name: &'s str, line: u32) -> Option<Node> {
        let is_raw = name == "raw";
        let (text, is_ended) = self.tokens.until_end(name, !is_raw);
        if !is_ended {
            self.never_ended(name, line);
        }
        (is_raw && !text.is_empty()).then(|| Node::Text(text.to_owned()))
    }

    fn conditional(&mut self, block: Block<'s>) -> Node {
        let mut branches = Vec::new();
        self.block(block, &mut |parser, head: End<'_>, body| {
            if head.name == "else" {
                branches.push((None, body));
                return;
            }
            let condition = Condition::parse(head.rest);
            if condition.is_none() {
                parser.fault(head.line, format!("`{}` asks nothing that can be read: {}", head.name, short(head.rest)));
            }
            let condition = condition.unwrap_or_default();
            branches.push((Some(if head.name == "unless" { condition.negated() } else { condition }), body));
        });
        Node::If(tidied(branches))
    }

    fn case(&mut self, block: Block<'s>) -> Node {
        let mut branches = Vec::new();
        self.block(block, &mut |_, head: End<'_>, body| match head.name {
            "when" => branches.push((Some(alternatives(head.rest)), body)),
            "else" => branches.push((None, body)),
            // What stands before the first `when` is never shown.
            _ => {}
        });
        Node::Case(Expression::parse(block.rest), tidied(branches))
    }

    fn each(&mut self, block: Block<'s>) -> Option<Node> {
        let head = Loop::parse(block.rest);
        let (mut body, mut otherwise) = (Vec::new(), Vec::new());
        self.block(block, &mut |_, head, nodes| {
            if head.name == "else" { otherwise = nodes } else { body = nodes }
        });
        let Some(mut head) = head else {
            self.fault(block.line, format!("`{}` needs a name, `in` and what it goes through", block.name));
            return None;
        };
        if block.name == "tablerow" {
            head.body = body;
            return Some(Node::TableRow(Box::new(head)));
        }
        tidy([&mut body, &mut otherwise].into_iter());
        (head.body, head.otherwise) = (body, otherwise);
        Some(Node::For(Box::new(head)))
    }

    /// `file.html name="text" other=variable`; the file's name may be made of outputs.
    fn include(&mut self, rest: &str, is_relative: bool) -> Node {
        let end = match rest.rfind("}}") {
            // Behind the last output the name goes on to the next blank.
            Some(at) if !rest.get(..at).unwrap_or_default().contains('=') => {
                let from = at + 2;
                rest.get(from..).and_then(|tail| tail.find(char::is_whitespace)).map(|blank| from + blank)
            }
            _ => rest.find(char::is_whitespace),
        };
        let (file, parameters) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        let include = Include { file: self.inner(file), parameters: self::parameters(parameters), is_relative };
        Node::Include(Box::new(include))
    }
}

impl Loop {
    fn parse(rest: &str) -> Option<Self> {
        let mut scan = Scan(rest);
        let variable = scan.name().to_owned();
        if variable.is_empty() || !scan.eat_word("in") {
            return None;
        }
        let items = scan.fragment(false);
        let mut found = Self {
            name: format!("{variable}-{items}"),
            variable,
            items: Expression::parse(items),
            reversed: false,
            limit: None,
            offset: None,
            goes_on: false,
            columns: None,
            body: Vec::new(),
            otherwise: Vec::new(),
        };
        while !scan.is_at_end() {
            let name = scan.name();
            if name.is_empty() {
                scan.fragment(false);
                scan.take(scan.0.chars().next().map_or(0, char::len_utf8));
            } else if name == "reversed" {
                found.reversed = true;
            } else if scan.eat(":") {
                let value = scan.fragment(false);
                match name {
                    "limit" => found.limit = Some(Expression::parse(value)),
                    "offset" if value == "continue" => found.goes_on = true,
                    "offset" => found.offset = Some(Expression::parse(value)),
                    "cols" => found.columns = Some(Expression::parse(value)),
                    _ => {}
                }
            }
        }
        Some(found)
    }
}

/// The values of `when`, between `or` or commas.
fn alternatives(text: &str) -> Vec<Expression> {
    let mut scan = Scan(text);
    let mut values = Vec::new();
    while !scan.is_at_end() {
        let value = scan.fragment(false);
        if value.is_empty() {
            scan.take(scan.0.chars().next().map_or(0, char::len_utf8));
        } else if value != "or" {
            values.push(Expression::parse(value));
        }
    }
    values
}

fn cycle(text: &str) -> Option<Node> {
    let mut scan = Scan(text);
    let mut ahead = scan;
    let group = Scan(ahead.until(':')).fragment(false);
    let group = ahead.eat(":").then(|| {
        scan = ahead;
        Expression::parse(group)
    });
    let mut values = Vec::new();
    while !scan.is_at_end() {
        values.push(Expression::parse(scan.until(',')));
        scan.eat(",");
    }
    (!values.is_empty()).then(|| Node::Cycle(group.unwrap_or_else(|| Expression::text(text)), values))
}

/// `name="text" other='text' third=variable`.
fn parameters(text: &str) -> Vec<(String, Expression)> {
    let mut scan = Scan(text);
    let mut parameters = Vec::new();
    while !scan.is_at_end() {
        let name = scan.name();
        if name.is_empty() || !scan.eat("=") {
            scan.take(scan.0.chars().next().map_or(0, char::len_utf8));
            continue;
        }
        let value = scan.escaped().map_or_else(|| Expression::parse(scan.fragment(false)), Expression::Literal);
        parameters.push((name.to_owned(), value));
    }
    parameters
}
