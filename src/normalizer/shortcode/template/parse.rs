//! The templates that can be told apart from programs, cut into text and actions.

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Text(&'a str),
    Action(Action<'a>),
    /// `with` or `if`.
    Branch {
        is_with: bool,
        condition: Pipeline<'a>,
        yes: Vec<Node<'a>>,
        no: Vec<Node<'a>>,
    },
}

#[derive(Debug)]
pub(super) enum Action<'a> {
    Show(Pipeline<'a>),
    Set(&'a str, Pipeline<'a>),
}

/// `.Get "x" | markdownify`.
#[derive(Debug)]
pub(super) struct Pipeline<'a> {
    pub(super) operand: Operand<'a>,
    pub(super) functions: Vec<Function<'a>>,
}

#[derive(Debug)]
pub(super) enum Operand<'a> {
    Place(usize),
    Name(&'a str),
    Inner,
    Quoted(&'a str),
    Variable(&'a str),
    Dot,
}

#[derive(Debug)]
pub(super) enum Function<'a> {
    Markdownify,
    Safe,
    Default(&'a str),
}

/// How deep branches may nest.
const MAX_DEPTH: usize = 16;

/// The parts of a template; `None` where it does anything else.
pub(super) fn parse(template: &str) -> Option<Vec<Node<'_>>> {
    let mut rest = template;
    // Twice in each of several within one another would be without bound.
    if template.matches(".Inner").count() > 2 {
        return None;
    }
    let (nodes, end) = block(&mut rest, 0)?;
    (end == Stop::Template).then_some(nodes)
}

#[derive(PartialEq, Eq)]
enum Stop {
    Template,
    Else,
    End,
}

/// What comes up to an `else`, an `end`, or the end of the template.
fn block<'a>(rest: &mut &'a str, depth: usize) -> Option<(Vec<Node<'a>>, Stop)> {
    let mut nodes = Vec::new();
    while let Some((before, after)) = rest.split_once("{{") {
        let (trims_before, after) = after.strip_prefix("- ").map_or((false, after), |after| (true, after));
        let (inside, behind) = after.split_once("}}")?;
        let (inside, trims_behind) = inside.strip_suffix(" -").map_or((inside, false), |inside| (inside, true));
        nodes.push(Node::Text(if trims_before { before.trim_end() } else { before }));
        *rest = if trims_behind { behind.trim_start() } else { behind };
        let inside = inside.trim();
        match inside {
            "end" => return Some((nodes, Stop::End)),
            "else" => return Some((nodes, Stop::Else)),
            comment if comment.starts_with("/*") && comment.ends_with("*/") => continue,
            _ => {}
        }
        let branch = [("with ", true), ("if ", false)]
            .iter()
            .find_map(|(word, is_with)| Some((*is_with, inside.strip_prefix(word)?)));
        let Some((is_with, condition)) = branch else {
            nodes.push(Node::Action(action(inside)?));
            continue;
        };
        if depth == MAX_DEPTH {
            return None;
        }
        let condition = pipeline(condition)?;
        let (yes, end) = block(rest, depth + 1)?;
        let no = match end {
            Stop::Else => {
                let (no, end) = block(rest, depth + 1)?;
                (end == Stop::End).then_some(no)?
            }
            Stop::End => Vec::new(),
            Stop::Template => return None,
        };
        nodes.push(Node::Branch { is_with, condition, yes, no });
    }
    nodes.push(Node::Text(std::mem::take(rest)));
    Some((nodes, Stop::Template))
}

fn action(inside: &str) -> Option<Action<'_>> {
    match inside.split_once(":=") {
        Some((name, value)) => Some(Action::Set(variable(name.trim())?, pipeline(value)?)),
        None => Some(Action::Show(pipeline(inside)?)),
    }
}

fn pipeline(text: &str) -> Option<Pipeline<'_>> {
    // A bar in quotes ends a part too soon, which then is none that is known.
    let mut parts = text.split('|').map(str::trim);
    let operand = operand(parts.next()?)?;
    let functions = parts.filter(|part| *part != "safeURL").map(function).collect::<Option<_>>()?;
    Some(Pipeline { operand, functions })
}

fn operand(text: &str) -> Option<Operand<'_>> {
    let own = text.strip_prefix('$').filter(|own| own.starts_with('.')).unwrap_or(text);
    if let Some(argument) = own.strip_prefix(".Get ").map(str::trim) {
        return argument.parse().map(Operand::Place).ok().or_else(|| quoted(argument).map(Operand::Name));
    }
    match own {
        ".Inner" => Some(Operand::Inner),
        "." => Some(Operand::Dot),
        _ => quoted(text).map(Operand::Quoted).or_else(|| variable(text).map(Operand::Variable)),
    }
}

fn function(text: &str) -> Option<Function<'_>> {
    match text {
        "markdownify" | "$.Page.RenderString" | ".Page.RenderString" => Some(Function::Markdownify),
        "safeHTML" => Some(Function::Safe),
        _ => text.strip_prefix("default ").and_then(|text| quoted(text.trim())).map(Function::Default),
    }
}

/// A text in quotes without anything in it that would have to be read.
fn quoted(text: &str) -> Option<&str> {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inside| !inside.contains(quote));
    inside('"').filter(|inside| !inside.contains('\\')).or_else(|| inside('`'))
}

fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')).then_some(text)
}
