//! What `check` says of a post beyond what its reading finds: what a feed validator, or a reader, would stumble over.
//!
//! The feeds themselves are sound whatever a post holds. These findings are about what had to be left out for that, and
//! about what is sound and still no use to a reader. `docs/check.md` has the W3C's messages and what stands for each.

mod fields;
mod html;
mod locate;
mod markup;
#[cfg(test)]
mod tests;

use super::{Normalizer, Origin};
use crate::config::ContentMode;
use crate::model::{Code, Diagnostic, LeftOut, SitePath};
use locate::Text;

/// How many findings of one post are told.
const MOST: usize = 50;

/// What `check` says of a post.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lint {
    /// By line.
    pub findings: Vec<Diagnostic>,
    /// Whether it is a post for which nobody is named as its author, neither by itself nor by the site.
    pub is_nameless: bool,
}

impl Normalizer {
    /// Looks at a post and its text as of `now`, in microseconds since 1970. What [`Normalizer::read`] finds is not
    /// found again.
    #[must_use]
    pub fn lint(&self, path: &SitePath, bytes: &[u8], now: i64) -> Lint {
        let mut known = Vec::new();
        let Ok((read, head)) = self.head(path, self.parse(bytes), &mut known) else { return Lint::default() };
        let (document, site) = (&read.document, &self.config.site);
        let (html, unrendered) = self.dialect.html(&read.source(path), &head);
        let text = Text { body: &document.body, first_line: document.body_line };
        let mut findings = fields::findings(&document.front, &head, site, now);
        findings.extend(unrendered.into_iter().map(|markup| {
            let (code, place) = match markup.line {
                Some(line) => (Code::LeftOutMarkup, Some((line, None))),
                None => (Code::UnknownMarkup, text.name(&markup.message)),
            };
            let (line, column) = place.unzip();
            Diagnostic::new(code, markup.message).at(line).column(column.flatten())
        }));
        if known.iter().all(|finding| finding.code != Code::NotUtf8) {
            findings.extend(locate::replacement_characters(bytes));
        }
        let (flaws, shows_something) = html::flaws(&html, &document.body, &head.link.value);
        findings.extend(flaws.into_iter().map(|flaw| flaw.at(&text, &html)));
        let has_more = self.article.is_some()
            || self.config.content.mode == ContentMode::None
            || self.dialect.names_media(&document.front);
        if !shows_something && !has_more {
            findings.push(Diagnostic::new(Code::NoText, "it has no text").at(document.front.line("title")));
        }
        findings.sort_by(|a, b| (a.line, a.column, a.code.as_str()).cmp(&(b.line, b.column, b.code.as_str())));
        findings.dedup();
        findings.truncate(MOST);
        Lint { findings, is_nameless: head.authors.is_empty() }
    }

    /// The line and column of what a post has its id or its address from; `None` where that is not its front matter.
    #[must_use]
    pub fn place_of_id(&self, path: &SitePath, bytes: &[u8]) -> Option<(u32, Option<u32>)> {
        let read: Result<_, LeftOut> = self.head(path, self.parse(bytes), &mut Vec::new());
        let (read, head) = read.ok()?;
        let front = &read.document.front;
        let stated = [&head.id.from, &head.link.from].into_iter().find_map(|origin| match origin {
            Origin::FrontMatter { key, .. } => Some(key.as_str()),
            _ => None,
        });
        let key = stated.or_else(|| ["slug", "url"].into_iter().find(|key| front.get(key).is_some()))?;
        Some((front.line(key)?, front.column(key)))
    }
}
