//! Pages for people: one that lists all feeds, and one a feed. A page loads nothing but the pictures that posts name, and runs
//! nothing but its own script: all of a post that is on it is text.

mod clip;
mod feed;
mod index;
mod texts;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::texts::Texts;
use super::{Target, xml};
use crate::model::{Timestamp, WebUrl};

pub use feed::{FeedPage, feed_page};
pub use index::{IndexPage, Listing, Section, index_page};

pub(super) const STYLE: &str = include_str!("page.css");
pub(super) const SCRIPT: &str = include_str!("page.js");

/// Waves that leave a point, as readers draw feeds.
const WAVES: &str = "M3 10.5A2.5 2.5 0 1 0 3 15.5 2.5 2.5 0 1 0 3 10.5M.5 5.5v2.8a7.2 7.2 0 0 1 7.2 7.2h2.8A10 10 0 0 0 \
                     .5 5.5M.5.5v2.8A12.2 12.2 0 0 1 12.7 15.5h2.8A15 15 0 0 0 .5.5";

/// What a page may do (Content Security Policy, level 3): show pictures, and use the one style and the one script that are its own.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; img-src http: https: data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

static ICON: LazyLock<String> = LazyLock::new(|| {
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='-3 -3 22 22'%3E%3Crect x='-3' y='-3' width='22' \
         height='22' rx='5' fill='%23a33a0a'/%3E%3Cpath fill='%23fff' d='{WAVES}'/%3E%3C/svg%3E"
    )
});

/// The picture of a page that has none.
pub(super) fn icon() -> &'static str {
    &ICON
}

/// What stands around the texts of a page.
struct Frame<'a> {
    texts: &'static Texts,
    /// Of the texts that are not ours.
    language: Option<&'a str>,
    title: String,
    /// Its public address.
    address: &'a WebUrl,
    /// The feeds that it is about, each with its title.
    feeds: Vec<(&'a str, &'a Target)>,
    icon: Option<&'a WebUrl>,
    rights: Option<&'a str>,
    /// What is said of a search.
    found: Option<String>,
}

impl Frame<'_> {
    fn around(&self, body: &Markup) -> String {
        let icon = self.icon.filter(|icon| icon.is_web()).map_or(icon(), WebUrl::as_str);
        let texts = self.texts;
        let page = html! {
            (DOCTYPE) "\n"
            html lang=(self.language.filter(|language| texts.speak(language)).unwrap_or(texts.tag)) {
                head { "\n"
                    meta charset="utf-8"; "\n"
                    meta http-equiv="Content-Security-Policy" content=(*POLICY); "\n"
                    meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                    title { (self.title) } "\n"
                    link rel="canonical" href=(self.address); "\n"
                    link rel="icon" href=(icon); "\n"
                    @for (title, feed) in &self.feeds {
                        link rel="alternate" type=(feed.format.media_type()) title=(clip::text(title, 200)) href=(self.to(&feed.self_url)); "\n"
                    }
                    style { (PreEscaped(STYLE)) } "\n"
                }
                body data-copy=(texts.copy) data-copied=(texts.copied) data-found=[&self.found] { "\n"
                    (body)
                    @if let Some(rights) = self.rights {
                        footer lang=[self.foreign()] dir="auto" { (clip::text(rights, 200)) } "\n"
                    }
                    script { (PreEscaped(SCRIPT)) } "\n"
                }
            }
            "\n"
        };
        page.into_string()
    }

    /// The language of what is not ours, where it is another.
    fn foreign(&self) -> Option<&str> {
        self.language.filter(|language| !self.texts.speak(language))
    }

    /// A link from here: relative, so that it leads there from a copy of the pages, too, wherever that is.
    fn to(&self, there: &WebUrl) -> String {
        let relative = self.address.url().make_relative(there.url()).filter(|relative| !relative.is_empty());
        match relative {
            // What is before a colon would be a scheme.
            Some(relative) if relative.split('/').next().is_some_and(|first| first.contains(':')) => {
                format!("./{relative}")
            }
            Some(relative) => relative,
            None => there.as_str().to_owned(),
        }
    }
}

/// What a feed is, and how one is subscribed to.
fn explanation(texts: &Texts) -> Markup {
    html! {
        details { "\n"
            summary { (texts.what) } "\n"
            p { (texts.feed_is) } "\n"
            ol { @for step in texts.steps { li { (step) } "\n" } } "\n"
        } "\n"
    }
}

fn kicker(name: &str) -> Markup {
    html! {
        p.kicker { svg viewBox="0 0 16 16" aria-hidden="true" { path d=(WAVES) {} } bdi { (clip::text(name, 100)) } } "\n"
    }
}

/// A date, for people and programs.
fn date(at: Timestamp, texts: &Texts) -> Markup {
    html! { time datetime=(day(at)) { (texts.date(at)) } }
}

/// A date as ISO 8601 has it.
fn day(at: Timestamp) -> String {
    at.date_time().format("%Y-%m-%d").to_string()
}

/// A text without what may not stand on a page.
fn text(text: &str) -> std::borrow::Cow<'_, str> {
    xml::legal(text)
}
