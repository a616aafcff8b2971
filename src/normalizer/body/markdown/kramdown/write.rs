//! The tree as HTML, to the space as kramdown indents it.

use super::Document;
use super::cjk;
use super::escape;
use super::ids;
use super::notes::Notes;
use super::tags;
use super::toc::{self, Entry};
use super::tree::{Alignment, Attributes, Kind, Level, Model, Node, Part};

pub(super) fn html(document: &Document, root: &Node) -> String {
    let mut writer = Writer::new(document);
    writer.children(root, 0);
    let notes = writer.notes();
    let toc = writer.toc();
    let mut html = writer.html;
    let mut insertions = vec![(writer.place_of_notes.unwrap_or(html.len()), notes)];
    insertions.extend(writer.place_of_toc.map(|place| (place.at, toc)));
    insertions.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for (at, text) in insertions {
        html.insert_str(at, &text);
    }
    html
}

/// Where the list stood that the table of contents replaces.
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) ordered: bool,
    pub(super) attributes: Attributes,
}

pub(super) struct Writer<'d> {
    pub(super) document: &'d Document,
    pub(super) html: String,
    pub(super) notes: Notes<'d>,
    pub(super) headings: Vec<Entry>,
    pub(super) place_of_toc: Option<Place>,
    place_of_notes: Option<usize>,
    own_ids: ids::Own,
}

impl<'d> Writer<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            html: String::new(),
            notes: Notes::default(),
            headings: Vec::new(),
            place_of_toc: None,
            place_of_notes: None,
            own_ids: ids::Own::default(),
        }
    }

    pub(super) fn children(&mut self, node: &Node, indent: usize) {
        for child in &node.children {
            self.node(child, node, indent);
        }
    }

    pub(super) fn node(&mut self, node: &Node, parent: &Node, indent: usize) {
        match &node.kind {
            Kind::Root => self.children(node, indent),
            Kind::Blank(_) => self.html.push('\n'),
            Kind::Paragraph { transparent: true } => self.children(node, indent),
            Kind::Paragraph { .. } => self.paragraph(node, indent),
            Kind::Heading { level, text } => self.heading(node, *level, text, indent),
            Kind::Quote => self.container("blockquote", node, indent),
            Kind::Code(code) => self.code(node, code, indent),
            Kind::Rule => {
                self.indent(indent);
                self.open("hr", &node.attributes, " />\n");
            }
            Kind::List { ordered } => self.list(node, *ordered, indent),
            Kind::Item => self.item("li", node, indent),
            Kind::Definition => self.item("dd", node, indent),
            Kind::Definitions => self.container("dl", node, indent),
            Kind::Term(text) => self.term(node, text, parent, indent),
            Kind::Table(alignment) => self.table(node, alignment, indent),
            Kind::Html { name, level, model, closed } => match level {
                Level::Span => self.span_html(name, node, indent),
                Level::Block => self.block_html(name, node, (*model, *closed), parent.is_raw_html(), indent),
            },
            Kind::Comment(text, level) => self.comment(text, *level == Level::Block && !parent.is_raw_html(), indent),
            Kind::Raw(html) => self.html.push_str(html),
            Kind::Math(formula, level) => self.math(node, formula, *level, indent),
            Kind::Text(text) if self.document.options.joins_cjk => escape::text(&cjk::joined(text), &mut self.html),
            Kind::Text(text) => escape::text(text, &mut self.html),
            Kind::Emphasis => self.span("em", node, indent),
            Kind::Strong => self.span("strong", node, indent),
            Kind::Link => self.span("a", node, indent),
            Kind::Image => self.open("img", &node.attributes, " />"),
            Kind::CodeSpan(code) => {
                self.open("code", &node.attributes, ">");
                escape::all(code, &mut self.html);
                self.html.push_str("</code>");
            }
            Kind::Entity { shown, .. } => self.html.push_str(shown),
            Kind::Symbol(symbol) => escape::text(symbol, &mut self.html),
            Kind::NoteMark(name) => self.note_mark(name),
            Kind::Break => self.html.push_str("<br />"),
            Kind::Abbreviation(text) => self.abbreviation(text),
            Kind::Section(_) | Kind::Row | Kind::Cell | Kind::Boundary(_) | Kind::Source(_) => {}
        }
    }

    pub(super) fn indent(&mut self, indent: usize) {
        self.html.extend(std::iter::repeat_n(' ', indent));
    }

    /// `<name …` and `end`.
    pub(super) fn open(&mut self, name: &str, attributes: &Attributes, end: &str) {
        self.html.push('<');
        self.html.push_str(name);
        escape::attributes(attributes, &mut self.html);
        self.html.push_str(end);
    }

    pub(super) fn close(&mut self, name: &str, end: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push_str(end);
    }

    fn span(&mut self, name: &str, node: &Node, indent: usize) {
        self.open(name, &node.attributes, ">");
        self.children(node, indent + 2);
        self.close(name, ">");
    }

    fn block(&mut self, name: &str, attributes: &Attributes, node: &Node, indent: usize) {
        self.indent(indent);
        self.open(name, attributes, ">");
        self.children(node, indent + 2);
        self.close(name, ">\n");
    }

    pub(super) fn container(&mut self, name: &str, node: &Node, indent: usize) {
        self.indent(indent);
        self.open(name, &node.attributes, ">\n");
        self.children(node, indent + 2);
        self.indent(indent);
        self.close(name, ">\n");
    }

    /// A picture alone that asks for it by `{:standalone}` is a figure.
    fn paragraph(&mut self, node: &Node, indent: usize) {
        match node.children.as_slice() {
            [image] if matches!(image.kind, Kind::Image) && image.list_names("standalone") => {
                let mut own = node.attributes.clone();
                let mut attributes = image.attributes.clone();
                for name in ["class", "id"] {
                    if own.get(name).is_none()
                        && let Some(value) = attributes.remove(name)
                    {
                        own.set(name, value);
                    }
                }
                self.indent(indent);
                self.open("figure", &own, ">\n");
                self.indent(indent + 2);
                self.open("img", &attributes, " />\n");
                self.indent(indent + 2);
                self.html.push_str("<figcaption>");
                self.html.push_str(attributes.get("alt").unwrap_or_default());
                self.html.push_str("</figcaption>\n");
                self.indent(indent);
                self.close("figure", ">\n");
            }
            _ => self.block("p", &node.attributes, node, indent),
        }
    }

    fn heading(&mut self, node: &Node, level: u8, text: &str, indent: usize) {
        let options = &self.document.options;
        let mut attributes = node.attributes.clone();
        if options.auto_ids && attributes.get("id").is_none_or(str::is_empty) && attributes.get("id").is_none() {
            attributes.set("id", self.own_ids.next(text, &options.auto_id_prefix));
        }
        let hidden =
            attributes.get("class").unwrap_or_default().split_ascii_whitespace().any(|class| class == "no_toc");
        if let Some(id) = attributes.get("id").filter(|_| self.document.wants_toc && !hidden)
            && options.toc_levels.get(usize::from(level)) == Some(&true)
        {
            self.headings.push(Entry { level, id: id.to_owned(), children: toc::entry(&node.children) });
        }
        let level = level.saturating_add_signed(options.header_offset).clamp(1, 6);
        self.block(&format!("h{level}"), &attributes, node, indent);
    }

    fn code(&mut self, node: &Node, code: &str, indent: usize) {
        let mut attributes = node.attributes.clone();
        let language = attributes.get("class").and_then(|classes| {
            classes
                .split_ascii_whitespace()
                .find(|class| class.len() > 9 && class.starts_with("language-"))
                .map(str::to_owned)
        });
        if let Some(language) = &language {
            let classes = attributes.remove("class").unwrap_or_default().replacen(language.as_str(), "", 1);
            if !classes.trim().is_empty() {
                attributes.set("class", classes.trim());
            }
        }
        self.indent(indent);
        self.open("pre", &attributes, "><code");
        let mut class = Attributes::default();
        if let Some(language) = language.or_else(|| self.document.options.code_class.clone()) {
            class.set("class", language);
        }
        escape::attributes(&class, &mut self.html);
        self.html.push('>');
        escape::all(code.strip_suffix('\n').unwrap_or(code), &mut self.html);
        self.html.push_str("\n</code></pre>\n");
    }

    fn list(&mut self, node: &Node, ordered: bool, indent: usize) {
        if self.place_of_toc.is_none() && node.list_names("toc") {
            let attributes = node.attributes.clone();
            self.place_of_toc = Some(Place { at: self.html.len(), ordered, attributes });
        } else if self.place_of_notes.is_none() && node.list_names("footnotes") {
            self.place_of_notes = Some(self.html.len());
        } else {
            self.container(if ordered { "ol" } else { "ul" }, node, indent);
        }
    }

    pub(super) fn item(&mut self, name: &str, node: &Node, indent: usize) {
        self.indent(indent);
        self.open(name, &node.attributes, ">");
        let start = self.html.len();
        let is_tight =
            matches!(node.children.first(), None | Some(Node { kind: Kind::Paragraph { transparent: true }, .. }));
        if !is_tight {
            self.html.push('\n');
        }
        self.children(node, indent + 2);
        if !is_tight || self.html.len() > start && self.html.ends_with('\n') {
            self.indent(indent);
        }
        self.close(name, ">\n");
    }

    fn term(&mut self, node: &Node, text: &str, list: &Node, indent: usize) {
        let mut attributes = node.attributes.clone();
        let names = list.list.iter().flat_map(|list| &list.names);
        if let Some(prefix) = names.filter_map(|name| name.strip_prefix("auto_ids")).next()
            && attributes.get("id").is_none()
        {
            attributes.set("id", format!("{}{}", prefix.strip_prefix('-').unwrap_or(""), ids::own(text)));
        }
        self.block("dt", &attributes, node, indent);
    }

    fn table(&mut self, node: &Node, alignment: &[Alignment], indent: usize) {
        self.indent(indent);
        self.open("table", &node.attributes, ">\n");
        for section in &node.children {
            let (name, cell) = match section.kind {
                Kind::Section(Part::Head) => ("thead", "th"),
                Kind::Section(Part::Foot) => ("tfoot", "td"),
                _ => ("tbody", "td"),
            };
            self.indent(indent + 2);
            self.open(name, &section.attributes, ">\n");
            for row in &section.children {
                self.indent(indent + 4);
                self.html.push_str("<tr>\n");
                for (n, content) in row.children.iter().enumerate() {
                    self.cell(cell, content, alignment.get(n).copied(), indent + 6);
                }
                self.indent(indent + 4);
                self.html.push_str("</tr>\n");
            }
            self.indent(indent + 2);
            self.close(name, ">\n");
        }
        self.indent(indent);
        self.close("table", ">\n");
    }

    fn cell(&mut self, name: &str, node: &Node, alignment: Option<Alignment>, indent: usize) {
        let mut attributes = node.attributes.clone();
        if let Some(side) = alignment.and_then(Alignment::name) {
            attributes.set("style", format!("text-align: {side}"));
        }
        self.indent(indent);
        self.open(name, &attributes, ">");
        let start = self.html.len();
        self.children(node, indent + 2);
        if self.html.len() == start {
            self.html.push('\u{A0}');
        }
        self.close(name, ">\n");
    }

    fn span_html(&mut self, name: &str, node: &Node, indent: usize) {
        if node.children.is_empty() && tags::is_empty(name) {
            self.open(name, &node.attributes, " />");
        } else {
            self.span(name, node, indent);
        }
    }

    fn block_html(&mut self, name: &str, node: &Node, (model, closed): (Model, bool), in_raw: bool, indent: usize) {
        if !in_raw {
            self.indent(indent);
        }
        let is_short = closed && model == Model::Raw || node.children.is_empty() && tags::is_empty(name);
        if is_short {
            self.open(name, &node.attributes, " />");
        } else {
            self.open(name, &node.attributes, if model == Model::Block { ">\n" } else { ">" });
            let start = self.html.len();
            self.children(node, indent + 2);
            if model == Model::Block && self.html.len() == start {
                self.html.pop();
            } else if model == Model::Block {
                if !self.html.ends_with('\n') {
                    self.html.push('\n');
                }
                self.indent(indent);
            }
            self.close(name, ">");
        }
        if !in_raw {
            self.html.push('\n');
        }
    }

    fn comment(&mut self, text: &str, on_lines: bool, indent: usize) {
        if on_lines {
            self.indent(indent);
        }
        self.html.push_str(text);
        if on_lines {
            self.html.push('\n');
        }
    }

    /// As the MathJax engine writes it.
    fn math(&mut self, node: &Node, formula: &str, level: Level, indent: usize) {
        let (open, close) = if level == Level::Block { ("\\[", "\\]\n") } else { ("\\(", "\\)") };
        let has_attributes = !node.attributes.is_empty();
        if has_attributes && level == Level::Span {
            self.open("span", &node.attributes, ">");
            self.html.push_str(&format!("${formula}$</span>"));
            return;
        }
        if has_attributes {
            self.indent(indent);
            self.open("div", &node.attributes, ">");
        }
        self.html.push_str(open);
        escape::all(formula, &mut self.html);
        self.html.push_str(close);
        if has_attributes {
            self.close("div", ">\n");
        }
    }

    fn abbreviation(&mut self, text: &str) {
        let mut attributes = Attributes::default();
        if let Some(known) = self.document.abbreviations.get(text) {
            self.document.apply(&known.list, &mut attributes);
            if !known.title.is_empty() {
                attributes.set("title", known.title.as_str());
            }
        }
        self.open("abbr", &attributes, ">");
        self.html.push_str(text);
        self.close("abbr", ">");
    }
}
