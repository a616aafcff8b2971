//! What a template is made of.

use super::condition::Condition;
use super::expression::{Chain, Expression};

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    /// `{{ … }}`.
    Output(Chain),
    Assign(String, Chain),
    Capture(String, Vec<Node>),
    /// The first branch whose condition holds; `None` is `else`.
    If(Vec<(Option<Condition>, Vec<Node>)>),
    /// The value, and each branch with the values it is for; `None` is `else`.
    Case(Expression, Vec<(Option<Vec<Expression>>, Vec<Node>)>),
    For(Box<Loop>),
    TableRow(Box<Loop>),
    /// The group, and the values that it goes through.
    Cycle(Expression, Vec<Expression>),
    /// `increment` and `decrement`.
    Count(String, i64),
    Break,
    Continue,
    Include(Box<Include>),
    /// `link` and `post_url`: the file, itself a template, and whether it is a post.
    Link(Vec<Node>, bool),
    /// `highlight`: the language, and the code.
    Code(String, Vec<Node>),
    /// What shows only when it differs from the last time.
    IfChanged(Vec<Node>),
}

/// `for` and `tablerow`.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) variable: String,
    pub(super) items: Expression,
    pub(super) name: String,
    pub(super) reversed: bool,
    pub(super) limit: Option<Expression>,
    pub(super) offset: Option<Expression>,
    /// `offset: continue`.
    pub(super) goes_on: bool,
    pub(super) columns: Option<Expression>,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// `include` and `include_relative`.
#[derive(Debug)]
pub(super) struct Include {
    /// The file's name, itself a template.
    pub(super) file: Vec<Node>,
    pub(super) parameters: Vec<(String, Expression)>,
    pub(super) is_relative: bool,
}

impl Node {
    /// Whether it can show nothing but white space. Ruby's Liquid shows nothing at all of blocks of only such.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Assign(..) | Self::Capture(..) | Self::Break | Self::Continue => true,
            Self::If(branches) => branches.iter().all(|(_, body)| are_blank(body)),
            Self::Case(_, branches) => branches.iter().all(|(_, body)| are_blank(body)),
            Self::For(each) => are_blank(&each.body) && are_blank(&each.otherwise),
            _ => false,
        }
    }
}

/// Whether all of them can show nothing but white space.
pub(super) fn are_blank(nodes: &[Node]) -> bool {
    nodes.iter().all(Node::is_blank)
}

/// Takes the white space out of the branches of a block that show nothing else.
pub(super) fn tidy<'n>(branches: impl Iterator<Item = &'n mut Vec<Node>>) {
    let branches: Vec<&mut Vec<Node>> = branches.collect();
    if branches.iter().all(|body| are_blank(body)) {
        for body in branches {
            body.retain(|node| !matches!(node, Node::Text(_)));
        }
    }
}
