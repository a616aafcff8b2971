//! Options of kramdown's: those of the site's configuration, and those that a text sets for itself with `{::options … /}`.

use std::borrow::Cow;

use super::quotes::Quote;
use super::tree::Attributes;
use crate::model::Value;
use crate::normalizer::text;

/// How kramdown reads and writes the texts of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub(super) auto_ids: bool,
    pub(super) auto_id_prefix: String,
    pub(super) parse_block_html: bool,
    pub(super) parse_span_html: bool,
    pub(super) footnote_nr: usize,
    /// What leads back from a footnote, as HTML; nothing does where it is empty.
    pub(super) footnote_backlink: Cow<'static, str>,
    pub(super) header_offset: i8,
    /// Whether a heading of each level, from 0, is listed in a table of contents.
    pub(super) toc_levels: [bool; 7],
    /// Left and right single quotes, then double ones.
    pub(super) quotes: [Cow<'static, str>; 4],
    /// What `typographic_symbols` names, by kramdown's name.
    pub(super) symbols: Vec<(String, String)>,
    /// Whether the end of a line is a line break.
    pub(super) hard_wrap: bool,
    /// Whether lines of Chinese or Japanese are joined without a space.
    pub(super) joins_cjk: bool,
    /// The class of blocks of code that name no language.
    pub(super) code_class: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            auto_ids: true,
            auto_id_prefix: String::new(),
            parse_block_html: false,
            parse_span_html: true,
            footnote_nr: 1,
            footnote_backlink: Cow::Borrowed("&#8617;"),
            header_offset: 0,
            toc_levels: [true; 7],
            quotes: ["‘", "’", "“", "”"].map(Cow::Borrowed),
            symbols: Vec::new(),
            hard_wrap: false,
            joins_cjk: false,
            code_class: None,
        }
    }
}

impl Options {
    /// Those under `kramdown` in a site's configuration, over Jekyll's defaults.
    #[must_use]
    pub fn of(configured: Option<&Value>) -> Self {
        let mut options = Self::default();
        let Some(Value::Map(pairs)) = configured else { return options };
        for (name, value) in pairs {
            match (name.as_str(), value) {
                ("typographic_symbols", Value::Map(symbols)) => {
                    let symbol = |(name, shown): &(String, Value)| Some((name.clone(), shown.to_text()?));
                    options.symbols = symbols.iter().filter_map(symbol).collect();
                }
                ("syntax_highlighter_opts", value @ Value::Map(_)) => {
                    let stated = value.at(&["block", "default_lang"]).or_else(|| value.get("default_lang"));
                    options.code_class = stated.and_then(Value::to_text).map(|name| format!("language-{name}"));
                }
                // The parser asks for this one before it reads a text.
                ("hard_wrap", value) => options.hard_wrap = value.as_bool().unwrap_or(*value != Value::Null),
                (name, Value::List(items)) => {
                    options.state(name, &items.iter().filter_map(Value::to_text).collect::<Vec<_>>().join(","));
                }
                (name, value) => match (value.as_bool(), value.to_text()) {
                    (Some(flag), _) => options.state(name, &flag.to_string()),
                    (None, Some(text)) => options.state(name, &text),
                    (None, None) => {}
                },
            }
        }
        options
    }

    /// How a typographic quote is written.
    pub(super) fn quote(&self, quote: Quote) -> &Cow<'static, str> {
        let [open_single, close_single, open_double, close_double] = &self.quotes;
        match quote {
            Quote::OpenSingle => open_single,
            Quote::CloseSingle => close_single,
            Quote::OpenDouble => open_double,
            Quote::CloseDouble => close_double,
        }
    }

    /// Those of a text.
    pub(super) fn set(&mut self, stated: &Attributes) {
        stated.iter().for_each(|(name, value)| self.state(name, value));
    }

    /// An option that changes what a feed says; any other is left alone, as is a value that is none.
    fn state(&mut self, name: &str, value: &str) {
        let flag = value.trim() != "false";
        match name {
            "auto_ids" => self.auto_ids = flag,
            "auto_id_prefix" => value.clone_into(&mut self.auto_id_prefix),
            "parse_block_html" => self.parse_block_html = flag,
            "parse_span_html" => self.parse_span_html = flag,
            "footnote_nr" => self.footnote_nr = value.trim().parse().unwrap_or(self.footnote_nr),
            "footnote_backlink" => self.footnote_backlink = Cow::Owned(escaped(value)),
            "header_offset" => self.header_offset = value.trim().parse().unwrap_or(self.header_offset),
            "toc_levels" => self.toc_levels = levels(value).unwrap_or(self.toc_levels),
            "smart_quotes" => self.quotes = quotes(value).unwrap_or_else(|| self.quotes.clone()),
            "remove_line_breaks_for_cjk" => self.joins_cjk = flag,
            _ => {}
        }
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    super::escape::text(text, &mut html);
    html
}

/// `2..4` or `2,3`.
fn levels(value: &str) -> Option<[bool; 7]> {
    let mut levels = [false; 7];
    let stated: Vec<usize> = match value.split_once("..") {
        Some((first, last)) => (first.trim().parse().ok()?..=last.trim().parse().ok()?).take(levels.len()).collect(),
        None => value.split(',').map(|level| level.trim().parse().ok()).collect::<Option<_>>()?,
    };
    for level in stated {
        *levels.get_mut(level)? = true;
    }
    Some(levels)
}

/// Four names of entities or code points, as `lsquo,rsquo,ldquo,rdquo`.
fn quotes(value: &str) -> Option<[Cow<'static, str>; 4]> {
    let quote = |name: &str| {
        let name = name.trim();
        let is_number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
        let reference = if is_number { format!("&#{name};") } else { format!("&{name};") };
        let meant = text::decode(&reference).into_owned();
        (meant != reference).then_some(Cow::Owned(meant))
    };
    value.split(',').map(quote).collect::<Option<Vec<_>>>()?.try_into().ok()
}
