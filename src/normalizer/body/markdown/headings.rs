//! Ids of headings, so that links to a section of a page find it in the feed too.

use std::collections::{HashMap, VecDeque};

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::config::HugoHeadingIds;

/// Which ids headings have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    /// Hugo's, by their texts, in one of its styles.
    Hugos(HugoHeadingIds),
    /// GitHub's, by their texts.
    GitHubs,
    /// Those that they state, as on a Hugo site that makes none.
    Stated,
}

/// The same events, each heading with the id that its text gives it: Hugo's rule, or that of GitHub.
pub(super) fn with_ids<'a>(events: impl Iterator<Item = Event<'a>>, ids: Ids) -> impl Iterator<Item = Event<'a>> {
    Headings {
        events,
        hugo: ids != Ids::GitHubs,
        style: if let Ids::Hugos(style) = ids { style } else { HugoHeadingIds::default() },
        is_by_text: ids != Ids::Stated,
        ready: VecDeque::new(),
        seen: HashMap::new(),
    }
}

struct Headings<'a, I> {
    events: I,
    hugo: bool,
    style: HugoHeadingIds,
    is_by_text: bool,
    /// The rest of a heading that has been read ahead for its text.
    ready: VecDeque<Event<'a>>,
    /// How often each id was wanted so far.
    seen: HashMap<String, usize>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Headings<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(event);
        }
        match self.events.next()? {
            Event::Start(Tag::Heading { level, id: None, classes, attrs }) => {
                let text = self.read_heading();
                let id = text.filter(|_| self.is_by_text).and_then(|text| self.unique_id(&text));
                let attrs = attrs.into_iter().map(|(name, value)| (name, value.map(unquoted))).collect();
                Some(Event::Start(Tag::Heading { level, id, classes, attrs }))
            }
            Event::Start(Tag::Heading { level, id, classes, attrs }) if self.hugo => {
                let attrs = attrs.into_iter().map(|(name, value)| (name, value.map(unquoted))).collect();
                Some(Event::Start(Tag::Heading { level, id, classes, attrs }))
            }
            event => Some(event),
        }
    }
}

/// The value of an attribute of a heading, which may be written in quotes.
fn unquoted(value: CowStr<'_>) -> CowStr<'_> {
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(inside) => inside.to_owned().into(),
        None => value,
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Headings<'a, I> {
    /// Reads to the end of the heading and returns its text, without that for pictures; `None` when Hugo has no id for it.
    fn read_heading(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut shown = HugosText::default();
        let mut pictures = 0_usize;
        for event in self.events.by_ref() {
            let done = matches!(event, Event::End(TagEnd::Heading(_)));
            match &event {
                event if self.hugo => shown.take(event),
                Event::Text(piece) | Event::Code(piece) if pictures == 0 => text.push_str(piece),
                Event::Start(Tag::Image { .. }) => pictures += 1,
                Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
                _ => {}
            }
            self.ready.push_back(event);
            if done {
                break;
            }
        }
        if self.hugo { (self.ready.len() > 1).then_some(shown.text) } else { Some(text) }
    }

    fn unique_id(&mut self, text: &str) -> Option<CowStr<'a>> {
        let id = match if self.hugo { hugo_slug(text, self.style) } else { slug(text) } {
            id if !id.is_empty() => id,
            _ if self.hugo => "heading".to_owned(),
            _ => return None,
        };
        let before = self.seen.entry(id.clone()).or_default();
        let suffix = *before;
        *before += 1;
        Some(if suffix == 0 { id } else { format!("{id}-{suffix}") }.into())
    }
}

/// The text of a heading as Hugo's ids have it: of an element in it only what is first, of addresses nothing, and of a
/// heading of several lines the last.
#[derive(Default)]
struct HugosText {
    text: String,
    /// Of each element that is open, whether nothing more of it counts.
    open: Vec<bool>,
}

impl HugosText {
    fn take(&mut self, event: &Event<'_>) {
        if matches!(event, Event::End(_)) {
            self.open.pop();
            return;
        }
        let is_direct = self.open.is_empty();
        let is_left_out = self.open.last_mut().is_some_and(|is_over| std::mem::replace(is_over, true));
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => self.open.push(true),
            Event::Start(_) => self.open.push(is_left_out),
            Event::SoftBreak | Event::HardBreak if is_direct => self.text.clear(),
            Event::Text(piece) | Event::Code(piece) if is_direct => self.text.push_str(piece),
            Event::Code(piece) if !is_left_out => self.text.push_str(piece),
            Event::Text(piece) if !is_left_out => self.text.push_str(first_node(piece)),
            _ => {}
        }
    }
}

/// The part of a text that is one node to goldmark: up to a typographic sign, or with what might have been emphasis.
fn first_node(text: &str) -> &str {
    let end = text.char_indices().find_map(|(at, c)| match c {
        '’' | '‘' | '“' | '”' | '–' | '—' | '…' | '«' | '»' => Some(at),
        '_' | '*' | '~' => Some(at + 1),
        _ => None,
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// kramdown-parser-gfm, `generate_gfm_header_id`: lower case, nothing but `\p{Word}`, `-` and spaces, which become `-`.
pub(super) fn slug(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower
        .filter_map(|c| if matches!(c, ' ' | '\t') { Some('-') } else { (c == '-' || is_word(c)).then_some(c) })
        .collect()
}

/// Hugo's `github` style: letters and digits in lower case, `_`; `-` and spaces as `-`. `github-ascii` leaves out accents and what is
/// not ASCII then; `blackfriday` makes whatever is between letters and digits one `-`.
fn hugo_slug(text: &str, style: HugoHeadingIds) -> String {
    match style {
        HugoHeadingIds::GitHub => {}
        HugoHeadingIds::Ascii => {
            let is_mark = |c: &char| c.general_category() == GeneralCategory::NonspacingMark;
            let plain: String = text.trim().nfd().filter(|c| !is_mark(c)).filter(char::is_ascii).collect();
            return hugo_slug(&plain, HugoHeadingIds::GitHub);
        }
        HugoHeadingIds::Blackfriday => {
            let is_kept = |c: char| {
                matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
            };
            let words: Vec<&str> = text.split(|c| !is_kept(c)).filter(|word| !word.is_empty()).collect();
            return words.join("-").to_lowercase();
        }
    }
    let is_kept = |c: char| {
        let group = c.general_category_group();
        c == '_' || group == GeneralCategoryGroup::Letter || c.general_category() == GeneralCategory::DecimalNumber
    };
    let kept = text.trim().chars().filter_map(|c| match c {
        '-' | ' ' => Some('-'),
        c => is_kept(c).then_some(c),
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Unicode UTS #18, annex C: letters of every script, marks, decimal digits, connectors such as `_`, joiners.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphabetic()
        || matches!(c, '\u{200C}' | '\u{200D}')
        || c.general_category_group() == GeneralCategoryGroup::Mark
        || matches!(c.general_category(), GeneralCategory::DecimalNumber | GeneralCategory::ConnectorPunctuation)
}
