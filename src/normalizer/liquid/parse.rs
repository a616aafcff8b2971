//! From tokens to nodes. What is wrong is said with its line, and the rest of the template read all the same.

use super::expression::Chain;
use super::node::{Node, tidy};
use super::tags::Block;
use super::token::{Token, Tokens};
use super::{Finding, Template};

/// How deep blocks may nest, as in Ruby's Liquid.
const MAX_DEPTH: usize = 100;
/// The most findings of one template: more say nothing new.
const MAX_FINDINGS: usize = 50;

/// Reads a template. Where a block never ends, nobody knows what belongs to it: then the template is its text alone.
pub(super) fn template(source: &str) -> Template {
    let mut parser = Parser { tokens: Tokens::new(source), findings: Vec::new(), depth: 0, is_broken: false };
    let mut nodes = Vec::new();
    parser.nodes(&mut nodes, &[]);
    if parser.is_broken {
        nodes = only_text(source);
    }
    Template { nodes, findings: parser.findings }
}

fn only_text(source: &str) -> Vec<Node> {
    let mut tokens = Tokens::new(source);
    let mut nodes = Vec::new();
    while let Some((token, _)) = tokens.next() {
        if let Token::Text(text) = token {
            nodes.push(Node::Text(text.to_owned()));
        }
    }
    nodes
}

/// A template being read.
pub(super) struct Parser<'s> {
    pub(super) tokens: Tokens<'s>,
    findings: Vec<Finding>,
    depth: usize,
    is_broken: bool,
}

/// The tag that ended a piece of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'s> {
    pub(super) name: &'s str,
    pub(super) rest: &'s str,
    pub(super) line: u32,
}

impl<'s> Parser<'s> {
    /// Reads nodes up to one of the tags `ends`; `None` at the end of the source.
    fn nodes(&mut self, nodes: &mut Vec<Node>, ends: &[&str]) -> Option<End<'s>> {
        while let Some((token, line)) = self.tokens.next() {
            match token {
                Token::Text("") => {}
                Token::Text(text) => nodes.push(Node::Text(text.to_owned())),
                Token::Output("") => {}
                Token::Output(text) => {
                    let chain = Chain::parse(text);
                    self.check(&chain);
                    nodes.push(Node::Output(chain));
                }
                Token::Open => self.fault(line, "Liquid's markup is not closed in this line or below"),
                Token::Tag(name, rest) => {
                    if ends.contains(&name) {
                        return Some(End { name, rest, line });
                    }
                    self.tag(name, rest, line, nodes);
                }
            }
        }
        None
    }

    /// Reads a block to its end; `each` gets what lies between two of its tags, and the tag before it.
    pub(super) fn block(&mut self, block: Block<'s>, each: &mut dyn FnMut(&mut Self, End<'s>, Vec<Node>)) {
        if self.depth == MAX_DEPTH {
            self.fault(block.line, "Liquid's blocks are nested too deeply here");
            self.is_broken = true;
            return;
        }
        self.depth += 1;
        let end = format!("end{}", block.name);
        let ends: Vec<&str> = block.between.iter().copied().chain([end.as_str()]).collect();
        let mut before = End { name: block.name, rest: block.rest, line: block.line };
        loop {
            let mut nodes = Vec::new();
            let found = self.nodes(&mut nodes, &ends);
            each(self, before, nodes);
            match found {
                Some(found) if found.name != end => before = found,
                Some(_) => break,
                None => {
                    self.never_ended(block.name, block.line);
                    break;
                }
            }
        }
        self.depth -= 1;
    }

    /// Notes filters that are not known, which are left out.
    pub(super) fn check(&mut self, chain: &Chain) {
        for filter in &chain.filters {
            if !super::filters::is_known(&filter.name) {
                self.find(Finding::unknown("filter", &filter.name));
            }
        }
    }

    pub(super) fn never_ended(&mut self, name: &str, line: u32) {
        self.is_broken = true;
        self.fault(line, format!("Liquid's block `{{% {name} %}}` is never ended"));
    }

    pub(super) fn fault(&mut self, line: u32, message: impl Into<String>) {
        self.find(Finding::fault(line, message));
    }

    pub(super) fn find(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// A template within a tag, such as the name of a file.
    pub(super) fn inner(&mut self, text: &str) -> Vec<Node> {
        if !super::is_template(text) {
            return vec![Node::Text(text.to_owned())];
        }
        let Template { nodes, findings } = template_of_outputs(text);
        findings.into_iter().for_each(|finding| self.find(finding));
        nodes
    }
}

/// A template in which tags are nothing: file names have outputs only.
fn template_of_outputs(text: &str) -> Template {
    let mut tokens = Tokens::new(text);
    let mut nodes = Vec::new();
    while let Some((token, _)) = tokens.next() {
        match token {
            Token::Text(text) => nodes.push(Node::Text(text.to_owned())),
            Token::Output(text) => nodes.push(Node::Output(Chain::parse(text))),
            Token::Tag(..) | Token::Open => {}
        }
    }
    Template { nodes, findings: Vec::new() }
}

/// The branches of a block, with the white space out of those that show nothing else.
pub(super) fn tidied<T>(mut branches: Vec<(T, Vec<Node>)>) -> Vec<(T, Vec<Node>)> {
    tidy(branches.iter_mut().map(|(_, body)| body));
    branches
}
