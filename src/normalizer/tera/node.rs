//! What a template is made of.

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    /// `{{ x }}`
    Show(Expr),
    /// `{% set x = … %}`; a global one also counts behind the loop that it is in.
    Set {
        name: String,
        value: Expr,
        is_global: bool,
    },
    If {
        arms: Vec<(Expr, Vec<Node>)>,
        otherwise: Vec<Node>,
    },
    For {
        key: Option<String>,
        value: String,
        over: Expr,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Break,
    Continue,
    /// The first of these templates that is there.
    Include {
        names: Vec<String>,
        may_miss: bool,
    },
    /// `{% filter upper %} … {% endfilter %}`
    Filter {
        call: Call,
        body: Vec<Node>,
    },
    /// `{% block x %}`, which nothing extends here.
    Block(Vec<Node>),
    /// `{{<x a="b" />}}`, or `{% <x> %} … {% </x> %}` with what it holds.
    Component {
        call: Call,
        body: Option<Vec<Node>>,
    },
}

/// A value, and what is done with it.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) is_negated: bool,
    pub(super) value: Operand,
    pub(super) filters: Vec<Call>,
}

#[derive(Debug)]
pub(super) enum Operand {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Nothing,
    Name(Path),
    List(Vec<Expr>),
    Map(Vec<(String, Expr)>),
    /// `a if b else c`
    Either {
        condition: Box<Expr>,
        yes: Box<Expr>,
        no: Box<Expr>,
    },
    /// `a ~ b`
    Joined(Vec<Expr>),
    Call(Call),
    /// `space::name(…)`
    Macro {
        space: String,
        call: Call,
    },
    Test {
        path: Path,
        is_negated: bool,
        name: String,
        arguments: Vec<Expr>,
    },
    In {
        item: Box<Expr>,
        is_negated: bool,
        list: Box<Expr>,
    },
    Math(Box<Expr>, Math, Box<Expr>),
    Compared(Box<Expr>, Comparison, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    /// What stands in parentheses.
    Group(Box<Expr>),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Math {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// `name(a=1, b=x)`
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Expr)>,
}

/// `a.b["c"][d].0`
#[derive(Debug)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
    /// `a?.b`: nothing where a part of it is not there.
    pub(super) may_miss: bool,
}

#[derive(Debug)]
pub(super) enum Step {
    /// A key, or the place in a list.
    Key(String),
    /// What a variable says.
    By(Path),
}

/// A macro, or a component of later versions.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Vec<Node>,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// What it is where a call does not say.
    pub(super) default: Option<Expr>,
    /// Whether it is then what the caller has by this name.
    pub(super) is_ambient: bool,
}

/// A template that could be read.
#[derive(Debug, Default)]
pub(super) struct Template {
    pub(super) nodes: Vec<Node>,
    /// The templates whose macros it uses, by the name that it has for each.
    pub(super) imports: Vec<(String, String)>,
    pub(super) macros: Vec<(String, Macro)>,
    pub(super) components: Vec<(String, Macro)>,
}

impl Expr {
    pub(super) fn plain(value: Operand) -> Self {
        Self { is_negated: false, value, filters: Vec::new() }
    }

    pub(super) fn has_filter(&self, name: &str) -> bool {
        self.filters.iter().any(|filter| filter.name == name)
    }
}
