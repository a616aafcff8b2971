//! Puts what shortcodes give in their places: Markdown into the text, HTML as words that stand for it.

use std::collections::HashMap;

use super::{Call, Piece, pieces};
use crate::normalizer::body::markdown::zola::Inserts;
use crate::normalizer::shortcode::builtin::embedded;

/// How deep shortcodes may stand in each other; deeper ones are left out.
const MAX_DEPTH: usize = 16;
/// How much the site's own templates may make of the shortcodes of one text, in bytes.
const MAX_TEMPLATED: usize = 4 << 20;

/// What gives a shortcode's text.
pub(crate) trait Runs {
    /// What a site's own shortcode gives in its so-manieth use, with the text that it holds: `None` for one that it does not
    /// have, else whether that is Markdown, and what it is where that can be told.
    fn run(&self, call: &Call<'_>, nth: i64, body: Option<&str>) -> Option<(bool, Option<String>)>;
}

/// A text without shortcodes.
pub(crate) struct Expanded {
    pub(crate) text: String,
    /// What its words stand for.
    pub(crate) inserts: Inserts,
    /// The names of shortcodes that nobody here knows, each once.
    pub(crate) left_out: Vec<String>,
}

/// The text with its shortcodes expanded; `None` when it has none, which takes no time to tell.
pub(crate) fn expand(source: &str, runs: &dyn Runs) -> Option<Expanded> {
    ["{{", "{%"].iter().find(|mark| memchr::memmem::find(source.as_bytes(), mark.as_bytes()).is_some())?;
    let mut expander = Expander {
        runs,
        inserts: Inserts::of(source),
        left_out: Vec::new(),
        counts: HashMap::new(),
        left: MAX_TEMPLATED,
    };
    let text = expander.expand(&pieces(source), 0);
    Some(Expanded { text, inserts: expander.inserts, left_out: expander.left_out })
}

struct Expander<'a> {
    runs: &'a dyn Runs,
    inserts: Inserts,
    left_out: Vec<String>,
    /// How often each shortcode was used.
    counts: HashMap<String, i64>,
    /// What is left of [`MAX_TEMPLATED`].
    left: usize,
}

impl Expander<'_> {
    fn expand(&mut self, pieces: &[Piece<'_>], depth: usize) -> String {
        let mut text = String::new();
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            at += 1;
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Escaped { open, inside, close } => text.extend([*open, *inside, *close]),
                Piece::Inline(call) => self.shortcode(call, None, depth, &mut text),
                Piece::Start(call, None) => self.leave_out(call),
                Piece::Start(call, Some(end)) => {
                    let inside = pieces.get(at..at + end - 1).unwrap_or_default();
                    at += end;
                    if depth < MAX_DEPTH {
                        self.shortcode(call, Some(inside), depth, &mut text);
                    }
                }
            }
        }
        text
    }

    fn leave_out(&mut self, call: &Call<'_>) {
        if !self.left_out.iter().any(|name| name == call.name) {
            self.left_out.push(call.name.to_owned());
        }
    }

    fn shortcode(&mut self, call: &Call<'_>, inside: Option<&[Piece<'_>]>, depth: usize, text: &mut String) {
        let count = self.counts.entry(call.name.to_owned()).or_default();
        *count += 1;
        let nth = *count;
        // Within another one, whichever kind it is, what it gives is part of the text that the other holds.
        let inner = inside.map(|inside| self.expand(inside, depth + 1).trim().to_owned());
        let own = self.runs.run(call, nth, inner.as_deref());
        let is_known = own.is_some();
        let (is_markdown, made) = own.unwrap_or((false, None));
        let made = made.filter(|made| made.len() <= self.left).or_else(|| builtin(call).filter(|_| !is_known));
        let Some(made) = made else {
            self.leave_out(call);
            text.push_str(inner.as_deref().unwrap_or_default());
            return;
        };
        self.left = self.left.saturating_sub(made.len());
        if is_markdown || depth > 0 {
            text.push_str(&made);
        } else {
            text.push_str(&self.inserts.add(made));
        }
    }
}

/// What a shortcode gives that Zola once brought along, each what is embedded as a link; `None` for any other.
fn builtin(call: &Call<'_>) -> Option<String> {
    let link = |key: &str, before: &str| embedded(call.text(key).map(|id| format!("{before}{id}")));
    Some(match call.name {
        "youtube" => link("id", "https://www.youtube.com/watch?v="),
        "vimeo" => link("id", "https://vimeo.com/"),
        "streamable" => link("id", "https://streamable.com/"),
        "gist" => link("url", ""),
        _ => return None,
    })
}
