//! The tree that kramdown makes of a text.

use std::borrow::Cow;

/// The most attributes that one element keeps; a real one has a handful.
const MOST_ATTRIBUTES: usize = 256;

/// The attributes of an element, in the order in which they were first set.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        if let Some((_, old)) = self.0.iter_mut().find(|(key, _)| key == name) {
            *old = value.into();
        } else if self.0.len() < MOST_ATTRIBUTES {
            self.0.push((name.to_owned(), value.into()));
        }
    }

    /// Classes add up; every other attribute is replaced.
    pub(super) fn merge(&mut self, name: &str, value: &str) {
        match self.get(name).filter(|_| name == "class") {
            Some(classes) => {
                let classes = format!("{classes} {value}");
                self.set(name, classes.trim_start_matches(' '));
            }
            None => self.set(name, value),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What stands between `{:` and `}`: attributes, and names of lists of attributes.
#[derive(Debug, Clone, Default)]
pub(super) struct AttributeList {
    pub(super) names: Vec<String>,
    pub(super) attributes: Attributes,
}

impl AttributeList {
    pub(super) fn names(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.names.extend(other.names);
        for (name, value) in other.attributes.iter() {
            self.attributes.merge(name, value);
        }
    }
}

/// Whether an element stands among blocks or in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Block,
    Span,
}

/// What kramdown reads the content of an HTML element as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    Raw,
    Span,
    Block,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alignment {
    Default,
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Head,
    Body,
    Foot,
}

/// What ended a block without leaving an element. Attribute lists behind a definition are the definition's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Boundary {
    /// A line with nothing but `^`.
    Mark,
    List,
    Link(String),
    Abbreviation(String),
    Note(String),
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Root,
    /// Blank lines as they were written.
    Blank(String),
    /// A transparent one has no tags: the text of an item of a tight list.
    Paragraph {
        transparent: bool,
    },
    /// `text` is what an id is made of.
    Heading {
        level: u8,
        text: String,
    },
    Quote,
    Code(String),
    Rule,
    List {
        ordered: bool,
    },
    Item,
    Definitions,
    /// With the text that an id is made of.
    Term(String),
    Definition,
    Table(Vec<Alignment>),
    Section(Part),
    Row,
    Cell,
    Html {
        name: String,
        level: Level,
        model: Model,
        closed: bool,
    },
    /// A comment, with its delimiters.
    Comment(String, Level),
    /// HTML that is written as it stands.
    Raw(String),
    Math(String, Level),
    Boundary(Boundary),
    /// Text that has not been looked at for spans yet.
    Source(String),
    Text(String),
    Emphasis,
    Strong,
    CodeSpan(String),
    Link,
    Image,
    /// A character reference as it is written, and what it stands for.
    Entity {
        shown: String,
        meant: Option<char>,
    },
    /// A typographic character.
    Symbol(Cow<'static, str>),
    NoteMark(String),
    Break,
    Abbreviation(String),
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) attributes: Attributes,
    /// The attribute lists that were given to it.
    pub(super) list: Option<Box<AttributeList>>,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, attributes: Attributes::default(), list: None, children: Vec::new() }
    }

    pub(super) fn with(kind: Kind, children: Vec<Self>) -> Self {
        Self { kind, attributes: Attributes::default(), list: None, children }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Blank(_))
    }

    pub(super) fn is_paragraph(&self) -> bool {
        matches!(self.kind, Kind::Paragraph { .. })
    }

    pub(super) fn is_raw_html(&self) -> bool {
        matches!(self.kind, Kind::Html { model: Model::Raw, .. })
    }

    pub(super) fn list_names(&self, name: &str) -> bool {
        self.list.as_ref().is_some_and(|list| list.names(name))
    }

    /// The source of the spans that it begins with.
    pub(super) fn first_source(&mut self) -> Option<&mut String> {
        match self.children.first_mut() {
            Some(Self { kind: Kind::Source(text), .. }) => Some(text),
            _ => None,
        }
    }
}

/// Text behind the last of `nodes`, or as one of its own.
pub(super) fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node { kind: Kind::Text(last), .. }) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => nodes.push(Node::new(Kind::Text(text.to_owned()))),
    }
}
