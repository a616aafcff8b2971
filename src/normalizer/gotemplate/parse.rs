//! The actions of a template as a tree.

use super::lex::{self, Part, Token};

/// How deep blocks and parentheses may nest.
const MAX_DEPTH: usize = 32;

#[derive(Debug)]
pub(super) enum Node<'a> {
    Text(&'a str),
    Show(Pipe<'a>),
    Set {
        name: &'a str,
        is_new: bool,
        pipe: Pipe<'a>,
    },
    /// `if` and `with`; the variable that the value of the condition is given.
    Branch {
        is_with: bool,
        variable: Option<&'a str>,
        condition: Pipe<'a>,
        yes: Vec<Node<'a>>,
        no: Vec<Node<'a>>,
    },
    Range {
        variables: Vec<&'a str>,
        over: Pipe<'a>,
        body: Vec<Node<'a>>,
        none: Vec<Node<'a>>,
    },
    Return(Pipe<'a>),
    Break,
    Continue,
}

/// Commands, each of which gets the value of the one before.
pub(super) type Pipe<'a> = Vec<Vec<Operand<'a>>>;

/// A value, and the fields behind it.
#[derive(Debug)]
pub(super) struct Operand<'a> {
    pub(super) base: Base<'a>,
    pub(super) fields: Vec<&'a str>,
}

#[derive(Debug)]
pub(super) enum Base<'a> {
    Dot,
    Variable(&'a str),
    Name(&'a str),
    Pipe(Pipe<'a>),
    Text(String),
    Int(i64),
    Float(f64),
}

/// The tree of a template; `None` where it is none that is known.
pub(super) fn parse(template: &str) -> Option<Vec<Node<'_>>> {
    let mut parts = lex::parts(template)?.into_iter();
    let (nodes, end) = block(&mut parts, 0)?;
    matches!(end, Stop::Template).then_some(nodes)
}

enum Stop<'a> {
    Template,
    /// What follows `else`: nothing, or another branch.
    Else(Vec<Token<'a>>),
    End,
}

type Parts<'a> = std::vec::IntoIter<Part<'a>>;

/// What comes up to an `else`, an `end`, or the end of the template.
fn block<'a>(parts: &mut Parts<'a>, depth: usize) -> Option<(Vec<Node<'a>>, Stop<'a>)> {
    let mut nodes = Vec::new();
    while let Some(part) = parts.next() {
        let mut tokens = match part {
            Part::Text(text) => {
                nodes.push(Node::Text(text));
                continue;
            }
            Part::Action(tokens) => tokens,
        };
        let Some(first) = tokens.first() else { continue };
        let word = match first {
            Token::Name(word) => *word,
            _ => "",
        };
        match word {
            "end" => return Some((nodes, Stop::End)),
            "else" => {
                tokens.remove(0);
                return Some((nodes, Stop::Else(tokens)));
            }
            "if" | "with" | "range" => nodes.push(branch(tokens, parts, depth + 1)?),
            "return" => {
                tokens.remove(0);
                nodes.push(Node::Return(whole_pipe(tokens)?));
            }
            "break" => nodes.push(Node::Break),
            "continue" => nodes.push(Node::Continue),
            "define" | "block" | "template" => return None,
            _ => nodes.push(action(tokens)?),
        }
    }
    Some((nodes, Stop::Template))
}

/// A block that its tokens begin, up to its `end`.
fn branch<'a>(mut tokens: Vec<Token<'a>>, parts: &mut Parts<'a>, depth: usize) -> Option<Node<'a>> {
    if depth > MAX_DEPTH || tokens.is_empty() {
        return None;
    }
    let Token::Name(word) = tokens.remove(0) else { return None };
    let variables = declared(&mut tokens)?;
    let condition = whole_pipe(tokens)?;
    let (yes, end) = block(parts, depth)?;
    let no = match end {
        Stop::Else(more) if more.is_empty() => {
            let (no, end) = block(parts, depth)?;
            matches!(end, Stop::End).then_some(no)?
        }
        Stop::Else(more) => vec![branch(more, parts, depth + 1)?],
        Stop::End => Vec::new(),
        Stop::Template => return None,
    };
    Some(match word {
        "range" => Node::Range { variables, over: condition, body: yes, none: no },
        _ => Node::Branch { is_with: word == "with", variable: variables.first().copied(), condition, yes, no },
    })
}

/// The variables before a `:=` or `=`, which are taken off.
fn declared<'a>(tokens: &mut Vec<Token<'a>>) -> Option<Vec<&'a str>> {
    let Some(at) = tokens.iter().position(|token| matches!(token, Token::Declare | Token::Set)) else {
        return Some(Vec::new());
    };
    let names = tokens.drain(..=at).filter(|token| !matches!(token, Token::Comma | Token::Declare | Token::Set));
    names.map(|token| if let Token::Variable(name) = token { Some(name) } else { None }).collect()
}

fn action(mut tokens: Vec<Token<'_>>) -> Option<Node<'_>> {
    let is_new = match tokens.get(1) {
        Some(Token::Declare) => true,
        Some(Token::Set) => false,
        _ => return Some(Node::Show(whole_pipe(tokens)?)),
    };
    let name = *declared(&mut tokens)?.first()?;
    Some(Node::Set { name, is_new, pipe: whole_pipe(tokens)? })
}

fn whole_pipe(tokens: Vec<Token<'_>>) -> Option<Pipe<'_>> {
    let mut tokens = tokens.into_iter().peekable();
    let pipe = pipe(&mut tokens, 0)?;
    tokens.next().is_none().then_some(pipe)
}

type Tokens<'a> = std::iter::Peekable<std::vec::IntoIter<Token<'a>>>;

/// Commands up to a closing parenthesis, which stays, or the end.
fn pipe<'a>(tokens: &mut Tokens<'a>, depth: usize) -> Option<Pipe<'a>> {
    let mut pipe = vec![Vec::new()];
    while let Some(token) = tokens.next_if(|token| !matches!(token, Token::Close)) {
        let base = match token {
            Token::Bar => {
                pipe.push(Vec::new());
                continue;
            }
            Token::Open if depth < MAX_DEPTH => {
                let inside = self::pipe(tokens, depth + 1)?;
                matches!(tokens.next()?, Token::Close).then_some(())?;
                Base::Pipe(inside)
            }
            Token::Field { name, is_first: true } => {
                pipe.last_mut()?.push(Operand { base: Base::Dot, fields: vec![name] });
                continue;
            }
            Token::Field { name, is_first: false } => {
                pipe.last_mut()?.last_mut()?.fields.push(name);
                continue;
            }
            Token::Dot => Base::Dot,
            Token::Variable(name) => Base::Variable(name),
            Token::Name(name) => Base::Name(name),
            Token::Text(text) => Base::Text(text),
            Token::Int(number) => Base::Int(number),
            Token::Float(number) => Base::Float(number),
            Token::Open | Token::Close | Token::Comma | Token::Set | Token::Declare => return None,
        };
        pipe.last_mut()?.push(Operand { base, fields: Vec::new() });
    }
    pipe.iter().all(|command| !command.is_empty()).then_some(pipe)
}
