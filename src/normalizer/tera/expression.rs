//! Expressions, out of the words of a tag.

use super::node::{Call, Comparison, Expr, Math, Operand, Parameter, Path, Step};
use super::token::Token;

/// How deep expressions may nest.
const MAX_DEPTH: usize = 32;
/// How many operands may follow each other.
const MAX_LENGTH: usize = 200;

/// Reads words one after the other.
pub(super) struct Words {
    words: std::vec::IntoIter<Token>,
    depth: usize,
    left: usize,
}

impl Words {
    pub(super) fn new(words: Vec<Token>) -> Self {
        Self { words: words.into_iter(), depth: 0, left: MAX_LENGTH }
    }

    fn peek(&self) -> Option<&Token> {
        self.words.as_slice().first()
    }

    fn is_name(&self, at: usize, name: &str) -> bool {
        matches!(self.words.as_slice().get(at), Some(Token::Name(found)) if found == name)
    }

    fn is_sign(&self, at: usize, sign: &str) -> bool {
        matches!(self.words.as_slice().get(at), Some(Token::Sign(found)) if *found == sign)
    }

    pub(super) fn take_name(&mut self, name: &str) -> bool {
        let is_it = self.is_name(0, name);
        if is_it {
            self.words.next();
        }
        is_it
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let is_it = self.is_sign(0, sign);
        if is_it {
            self.words.next();
        }
        is_it
    }

    pub(super) fn name(&mut self) -> Option<String> {
        match self.words.next()? {
            Token::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn text(&mut self) -> Option<String> {
        match self.words.next()? {
            Token::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.words.as_slice().is_empty()
    }

    /// The words behind which there is nothing.
    pub(super) fn end(&self) -> Option<()> {
        self.is_at_end().then_some(())
    }

    /// A whole expression. In Tera `and` binds tighter than `or`.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.conjunction()?;
        while self.take_name("or") {
            let right = self.conjunction()?;
            left = Expr::plain(Operand::Or(Box::new(left), Box::new(right)));
        }
        if self.take_name("if") {
            let condition = Box::new(self.conjunction()?);
            self.take_name("else").then_some(())?;
            let no = Box::new(self.expression()?);
            left = Expr::plain(Operand::Either { condition, yes: Box::new(left), no });
        }
        self.depth -= 1;
        Some(left)
    }

    fn conjunction(&mut self) -> Option<Expr> {
        let mut left = self.condition()?;
        while self.take_name("and") {
            let right = self.condition()?;
            left = Expr::plain(Operand::And(Box::new(left), Box::new(right)));
        }
        Some(left)
    }

    /// `not a`, `a in b`, `a == b` or a value.
    fn condition(&mut self) -> Option<Expr> {
        self.left = self.left.checked_sub(1)?;
        let is_negated = self.take_name("not");
        let left = self.sum()?;
        let is_not_in = self.is_name(0, "not") && self.is_name(1, "in");
        if is_not_in {
            self.words.next();
        }
        let mut found = if self.take_name("in") {
            let list = Box::new(self.sum()?);
            Expr::plain(Operand::In { item: Box::new(left), is_negated: is_not_in, list })
        } else if let Some(comparison) = self.comparison() {
            let right = self.sum()?;
            Expr::plain(Operand::Compared(Box::new(left), comparison, Box::new(right)))
        } else {
            left
        };
        found.is_negated ^= is_negated;
        Some(found)
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let Some(Token::Sign(sign)) = self.peek() else { return None };
        let comparison = match *sign {
            "==" => Comparison::Equal,
            "!=" => Comparison::Different,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::More,
            ">=" => Comparison::MoreOrEqual,
            _ => return None,
        };
        self.words.next();
        Some(comparison)
    }

    /// Filters are about all of a calculation before them; what is calculated with that is another one.
    fn sum(&mut self) -> Option<Expr> {
        let mut left = self.calculation()?;
        loop {
            left = self.filtered(left)?;
            let Some(sign) = self.math(&["+", "-", "*", "/", "%"]) else { return Some(left) };
            let right = self.calculation()?;
            let right = self.filtered(right)?;
            left = Expr::plain(Operand::Math(Box::new(left), sign, Box::new(right)));
        }
    }

    fn calculation(&mut self) -> Option<Expr> {
        let mut left = self.product()?;
        while let Some(sign) = self.math(&["+", "-"]) {
            left = Expr::plain(Operand::Math(Box::new(left), sign, Box::new(self.product()?)));
        }
        Some(left)
    }

    fn product(&mut self) -> Option<Expr> {
        let mut left = self.joined()?;
        while let Some(sign) = self.math(&["*", "/", "%"]) {
            left = Expr::plain(Operand::Math(Box::new(left), sign, Box::new(self.joined()?)));
        }
        Some(left)
    }

    fn math(&mut self, signs: &[&str]) -> Option<Math> {
        let sign = signs.iter().find(|sign| self.is_sign(0, sign))?;
        self.words.next();
        Some(match *sign {
            "+" => Math::Add,
            "-" => Math::Subtract,
            "*" => Math::Multiply,
            "/" => Math::Divide,
            _ => Math::Modulo,
        })
    }

    /// `a ~ b ~ c`
    fn joined(&mut self) -> Option<Expr> {
        let first = self.operand()?;
        if !self.is_sign(0, "~") {
            return Some(first);
        }
        let mut parts = vec![first];
        while self.take_sign("~") {
            parts.push(self.operand()?);
        }
        Some(Expr::plain(Operand::Joined(parts)))
    }

    fn operand(&mut self) -> Option<Expr> {
        self.left = self.left.checked_sub(1)?;
        let value = match self.words.next()? {
            Token::Text(text) => Operand::Text(text),
            Token::Int(number) => Operand::Int(number),
            Token::Float(number) => Operand::Float(number),
            Token::Sign("-") => match self.words.next()? {
                Token::Int(number) => Operand::Int(-number),
                Token::Float(number) => Operand::Float(-number),
                _ => return None,
            },
            Token::Sign("(") => {
                let inside = self.expression()?;
                self.take_sign(")").then_some(())?;
                Operand::Group(Box::new(inside))
            }
            Token::Sign("[") => Operand::List(self.list("]")?),
            Token::Sign("{") => Operand::Map(self.map()?),
            Token::Sign(_) => return None,
            Token::Name(name) if matches!(&*name, "true" | "True") => Operand::Bool(true),
            Token::Name(name) if matches!(&*name, "false" | "False") => Operand::Bool(false),
            Token::Name(name) if name == "None" => Operand::Nothing,
            Token::Name(name) => self.named(name)?,
        };
        Some(Expr::plain(value))
    }

    /// What begins with a name: a call, a macro's, a test, or a variable.
    fn named(&mut self, name: String) -> Option<Operand> {
        if self.take_sign("(") {
            return Some(Operand::Call(Call { name, arguments: self.arguments()? }));
        }
        if self.take_sign("::") {
            let own = self.name()?;
            self.take_sign("(").then_some(())?;
            return Some(Operand::Macro { space: name, call: Call { name: own, arguments: self.arguments()? } });
        }
        let path = self.path(name)?;
        if !self.take_name("is") {
            return Some(Operand::Name(path));
        }
        let is_negated = self.take_name("not");
        let name = self.name()?;
        let arguments = if self.take_sign("(") { self.list(")")? } else { Vec::new() };
        Some(Operand::Test { path, is_negated, name, arguments })
    }

    fn path(&mut self, name: String) -> Option<Path> {
        let (mut steps, mut may_miss) = (Vec::new(), false);
        loop {
            self.left = self.left.checked_sub(1)?;
            may_miss |= self.take_sign("?");
            if self.take_sign(".") {
                match self.words.next()? {
                    Token::Name(key) => steps.push(Step::Key(key)),
                    Token::Int(place) => steps.push(Step::Key(place.to_string())),
                    // `a.0.1`
                    Token::Float(places) => {
                        steps.extend(places.to_string().split('.').map(|place| Step::Key(place.to_owned())));
                    }
                    _ => return None,
                }
            } else if self.take_sign("[") {
                let step = match self.words.next()? {
                    Token::Text(key) => Step::Key(key),
                    Token::Int(place) => Step::Key(place.to_string()),
                    Token::Name(name) => Step::By(self.path(name)?),
                    _ => return None,
                };
                self.take_sign("]").then_some(())?;
                steps.push(step);
            } else {
                return Some(Path { name, steps, may_miss });
            }
        }
    }

    /// Behind an opening one: expressions up to the closing one.
    fn list(&mut self, close: &str) -> Option<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.take_sign(close) {
            // Tests name what they are given in later versions.
            if matches!(self.peek(), Some(Token::Name(_))) && self.is_sign(1, "=") {
                self.words.nth(1);
            }
            items.push(self.expression()?);
            if !self.take_sign(",") && !self.is_sign(0, close) {
                return None;
            }
        }
        Some(items)
    }

    /// Behind `(`.
    fn arguments(&mut self) -> Option<Vec<(String, Expr)>> {
        let mut arguments = Vec::new();
        while !self.take_sign(")") {
            let name = self.name()?;
            self.take_sign("=").then_some(())?;
            arguments.push((name, self.expression()?));
            if !self.take_sign(",") && !self.is_sign(0, ")") {
                return None;
            }
        }
        Some(arguments)
    }

    fn filtered(&mut self, mut value: Expr) -> Option<Expr> {
        while self.take_sign("|") {
            let call = self.filter()?;
            value.filters.push(call);
        }
        Some(value)
    }

    /// `name` or `name(a=1)`
    pub(super) fn filter(&mut self) -> Option<Call> {
        self.left = self.left.checked_sub(1)?;
        let name = self.name()?;
        let arguments = if self.take_sign("(") { self.arguments()? } else { Vec::new() };
        Some(Call { name, arguments })
    }

    /// Behind `{`: keys and values.
    fn map(&mut self) -> Option<Vec<(String, Expr)>> {
        let mut pairs = Vec::new();
        while !self.take_sign("}") {
            let key = self.text()?;
            self.take_sign(":").then_some(())?;
            pairs.push((key, self.expression()?));
            if !self.take_sign(",") && !self.is_sign(0, "}") {
                return None;
            }
        }
        Some(pairs)
    }

    /// `a.b`, as a component is called.
    pub(super) fn dotted_name(&mut self) -> Option<String> {
        let mut name = self.name()?;
        while self.take_sign(".") {
            name = format!("{name}.{}", self.name()?);
        }
        Some(name)
    }

    /// Behind `<`: the use of a component, up to one of the signs that may end it.
    pub(super) fn component(&mut self, ends: &[&str]) -> Option<Call> {
        let name = self.dotted_name()?;
        let mut arguments = Vec::new();
        while !ends.iter().any(|end| self.is_sign(0, end)) {
            let name = self.name()?;
            let value = match self.take_sign("=") {
                // The variable of that name.
                false => Expr::plain(Operand::Name(Path { name: name.clone(), steps: Vec::new(), may_miss: false })),
                true if self.take_sign("{") => {
                    let value = self.expression()?;
                    self.take_sign("}").then_some(())?;
                    value
                }
                true => Expr::plain(Operand::Text(self.text()?)),
            };
            arguments.push((name, value));
        }
        Some(Call { name, arguments })
    }

    /// Behind the name of a macro or a component: its parameters, whose types count for nothing.
    pub(super) fn parameters(&mut self) -> Option<Vec<Parameter>> {
        self.take_sign("(").then_some(())?;
        let mut parameters = Vec::new();
        while !self.take_sign(")") {
            // What else is given, which is told nothing of.
            let is_rest = self.take_sign("...");
            let is_ambient = self.take_sign("@");
            let name = self.name()?;
            if self.take_sign(":") {
                while !["=", ",", ")"].iter().any(|sign| self.is_sign(0, sign)) {
                    self.words.next()?;
                }
            }
            let default = match self.take_sign("=") {
                true => Some(self.operand()?),
                false => is_rest.then(|| Expr::plain(Operand::Map(Vec::new()))),
            };
            parameters.push(Parameter { name, default, is_ambient });
            if !self.take_sign(",") && !self.is_sign(0, ")") {
                return None;
            }
        }
        Some(parameters)
    }
}
