//! HTML that stands in a text as a word until Markdown is HTML, so that Markdown cannot change it.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event};

use crate::normalizer::text;

/// What the words begin with; as with Zola's own they begin and end with signs, by which emphasis is told.
const WORD: &str = "@@SHORTCODE";
const WORD_END: &str = "X@@";

/// HTML, and the words in a text that stand for it.
#[derive(Debug, Default)]
pub struct Inserts {
    /// What a word begins with: nothing else in the text does.
    word: String,
    html: Vec<String>,
}

impl Inserts {
    /// Words for a text: ones that it does not hold.
    #[must_use]
    pub fn of(source: &str) -> Self {
        Self { word: text::unused_word(WORD, source), html: Vec::new() }
    }

    /// The word for some HTML.
    pub fn add(&mut self, html: String) -> String {
        self.html.push(html);
        format!("{}{}{WORD_END}", self.word, self.html.len() - 1)
    }

    /// What is before the first word of a text, what that stands for, and what is behind it.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &str, &'t str)> {
        if self.html.is_empty() {
            return None;
        }
        let (before, behind) = text.split_once(&self.word)?;
        let (number, behind) = behind.split_once(WORD_END)?;
        Some((before, self.html.get(number.parse::<usize>().ok()?)?, behind))
    }

    /// Whether a text is one word and nothing else.
    pub(super) fn is_word(&self, text: &str) -> bool {
        self.split(text.trim()).is_some_and(|(before, _, behind)| before.is_empty() && behind.is_empty())
    }

    /// The text with what its words stand for.
    #[must_use]
    pub fn restored<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut restored = String::new();
        let mut rest = text;
        while let Some((before, html, behind)) = self.split(rest) {
            restored.push_str(before);
            restored.push_str(html);
            rest = behind;
        }
        if rest.len() == text.len() {
            return text.into();
        }
        restored.push_str(rest);
        restored.into()
    }

    /// A text with words in it as events: what they stand for is HTML. `None` where there are none.
    pub(super) fn events<'t>(&self, text: &str, is_html: bool) -> Option<Vec<Event<'t>>> {
        self.split(text)?;
        let plain = |text: &str| {
            let text = CowStr::from(text.to_owned());
            if is_html { Event::Html(text) } else { Event::Text(text) }
        };
        let mut events = Vec::new();
        let mut rest = text;
        while let Some((before, html, behind)) = self.split(rest) {
            events.extend((!before.is_empty()).then(|| plain(before)));
            events.extend((!html.is_empty()).then(|| Event::Html(html.to_owned().into())));
            rest = behind;
        }
        events.extend((!rest.is_empty()).then(|| plain(rest)));
        Some(events)
    }
}
