//! The page that lists all feeds.

use maud::{Markup, html};

use super::texts::{Texts, number};
use super::{Frame, clip, day, explanation, kicker};
use crate::model::{Rhythm, WebUrl};
use crate::writers::Target;

/// What is on the page that lists all feeds.
#[derive(Debug, Clone)]
pub struct IndexPage<'a> {
    /// The site's title.
    pub title: &'a str,
    /// What it is about.
    pub description: Option<&'a str>,
    /// Its home page.
    pub home: &'a WebUrl,
    /// Its language, a BCP 47 tag.
    pub language: Option<&'a str>,
    /// A small square picture.
    pub icon: Option<&'a WebUrl>,
    /// Copyright line.
    pub rights: Option<&'a str>,
    /// The public address of the page.
    pub address: &'a WebUrl,
    /// That of the list that readers import.
    pub opml: Option<&'a WebUrl>,
    /// The feeds, those of a section together.
    pub feeds: &'a [Listing],
}

/// A feed in the list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Where it stands.
    pub section: Section,
    /// Its title without that of the site.
    pub title: String,
    /// Its language, a BCP 47 tag, where that is not the site's.
    pub language: Option<String>,
    /// Its page.
    pub page: Option<WebUrl>,
    /// Its best document.
    pub feed: Target,
    /// When its posts come.
    pub rhythm: Option<Rhythm>,
}

/// Of which posts the feeds of a part of the list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// All of a language.
    All,
    /// What the configuration selects.
    Own,
    /// Of a category.
    Category,
    /// With a tag.
    Tag,
    /// By an author.
    Author,
}

impl Section {
    fn title(self, texts: &Texts) -> &'static str {
        match self {
            Self::All => texts.all_posts,
            Self::Own => texts.own,
            Self::Category => texts.categories,
            Self::Tag => texts.tags,
            Self::Author => texts.authors,
        }
    }
}

/// The page: UTF-8, a function of its argument alone. The first feed of all posts stands out.
#[must_use]
pub fn index_page(page: &IndexPage<'_>) -> String {
    let texts = Texts::of(page.language);
    let frame = Frame {
        texts,
        language: page.language,
        title: format!("{} · {}", clip::text(page.title, 200), texts.feeds),
        address: page.address,
        feeds: page
            .feeds
            .iter()
            .filter(|feed| feed.section == Section::All)
            .map(|all| (page.title, &all.feed))
            .collect(),
        icon: page.icon,
        rights: page.rights,
        found: Some(texts.found.replace("{all}", &number(page.feeds.len() as u64))),
    };
    let lang = frame.foreign();
    let (all, rest) = match page.feeds.split_first() {
        Some((all, rest)) if all.section == Section::All => (Some(all), rest),
        _ => (None, page.feeds),
    };
    frame.around(&html! {
        nav aria-label=(texts.feeds) {
            a href=(page.home) { bdi lang=[lang] { (clip::text(page.title, 100)) } }
        } "\n"
        main {
            header.head { "\n"
                (kicker(texts.feeds))
                h1 lang=[lang] dir="auto" { (clip::text(page.title, 300)) } "\n"
                @if let Some(about) = page.description { p lang=[lang] dir="auto" { (clip::text(about, 400)) } "\n" }
            } "\n"
            div.card { "\n"
                @if let Some(all) = all { (hero(all, &frame)) }
                (explanation(texts))
                @if let Some(opml) = page.opml { p { a href=(frame.to(opml)) { (texts.opml) } } "\n" }
            } "\n"
            @if rest.len() > 1 {
                search hidden { label for="q" { (texts.find) } input #q type="search" autocomplete="off" spellcheck="false"; } "\n"
            }
            p role="status" {} "\n"
            @for feeds in rest.chunk_by(|one, two| one.section == two.section) { (section(feeds, &frame)) }
            @if rest.iter().any(|feed| feed.rhythm.is_some()) { p { small { (texts.often_means) } } "\n" }
        } "\n"
    })
}

/// The feed of all posts.
fn hero(all: &Listing, frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    html! {
        ul.ways.copies { "\n"
            li {
                a href=(frame.to(&all.feed.self_url)) type=(all.feed.format.media_type()) { (texts.subscribe_to_all) }
                code { (all.feed.self_url) }
            } "\n"
        } "\n"
        p.quiet {
            @if let Some(page) = &all.page { a href=(frame.to(page)) { (texts.newest_posts) } }
            @if let Some(rhythm) = all.rhythm {
                @if all.page.is_some() { " · " }
                (super::date(rhythm.newest, texts))
                @if let Some(a_year) = rhythm.a_year { " · " (texts.rate(a_year)) }
            }
        } "\n"
    }
}

/// Feeds of one kind. All that is in a row is there once a feed: thousands of them are one page.
fn section(feeds: &[Listing], frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    let Some(title) = feeds.first().map(|feed| feed.section.title(texts)) else { return Markup::default() };
    html! {
        section { "\n"
            h2 { (title) " " small { (number(feeds.len() as u64)) } } "\n"
            table.copies aria-label=(title) {
                thead { tr {
                    th scope="col" { (texts.title) }
                    th scope="col" { (texts.often) }
                    th scope="col" { (texts.newest) }
                    th scope="col" { (texts.subscribe) }
                } } "\n"
                tbody { "\n" @for feed in feeds { (row(feed, frame)) "\n" } }
            } "\n"
        } "\n"
    }
}

fn row(feed: &Listing, frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    let title = clip::text(&feed.title, 200);
    let lang = feed.language.as_deref().or_else(|| frame.foreign());
    html! {
        tr {
            th scope="row" lang=[lang] dir="auto" {
                @if let Some(page) = &feed.page { a href=(frame.to(page)) { (title) } } @else { (title) }
                @if let Some(language) = &feed.language { " " small { (language) } }
            }
            td { @if let Some(a_year) = feed.rhythm.and_then(|rhythm| rhythm.a_year) { (texts.rate(a_year)) } }
            td { @if let Some(rhythm) = feed.rhythm { time { (day(rhythm.newest)) } } @else { (texts.none_yet) } }
            td { a href=(frame.to(&feed.feed.self_url)) { (texts.subscribe) } }
        }
    }
}
