//! The page of a feed: how to subscribe to it, and its newest items as a reader would show them.

use std::borrow::Cow;

use maud::{Markup, html};

use super::texts::{self, Texts};
use super::{Frame, clip, date, explanation, kicker};
use crate::model::{Enclosure, Feed, Item, Label, Rhythm, WebUrl};
use crate::writers::Target;

/// Most items that a page shows.
const MOST_ITEMS: usize = 20;
/// How many bytes they may take: with what is around them a page stays under 50 KB.
const MOST_BYTES: usize = 30 << 10;
/// Addresses that are longer are no links: a page has no room for them.
const LONGEST_ADDRESS: usize = 2000;

/// What is on the page of a feed.
#[derive(Debug, Clone)]
pub struct FeedPage<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// How many of its items are in its documents.
    pub kept: usize,
    /// Its documents; at least one.
    pub documents: &'a [Target],
    /// The title of its own, without that of the site.
    pub title: &'a str,
    /// The site's title.
    pub site: &'a str,
    /// The public address of the page.
    pub address: &'a WebUrl,
    /// That of the page that lists all feeds.
    pub index: &'a WebUrl,
    /// How often its posts come.
    pub rhythm: Option<Rhythm>,
}

/// The page: UTF-8, no larger than 50 KB, a function of its argument alone.
#[must_use]
pub fn feed_page(page: &FeedPage<'_>) -> String {
    let feed = page.feed;
    let texts = Texts::of(feed.language.as_deref());
    let frame = Frame {
        texts,
        language: feed.language.as_deref(),
        title: clip::text(&feed.title, 200).into_owned(),
        address: page.address,
        feeds: page.documents.iter().map(|document| (feed.title.as_str(), document)).collect(),
        icon: feed.icon.as_ref(),
        rights: feed.rights.as_deref(),
        found: None,
    };
    let foreign = frame.foreign();
    frame.around(&html! {
        nav aria-label=(texts.feeds) {
            a href=(frame.to(page.index)) { (texts.all_feeds) }
            @if is_link(&feed.home) { a href=(feed.home) { bdi lang=[foreign] { (clip::text(page.site, 100)) } } }
        } "\n"
        main {
            header.head { "\n"
                (kicker(if page.title == page.site { texts.title } else { page.site }))
                h1 lang=[foreign] dir="auto" { (clip::text(page.title, 300)) } "\n"
                @if feed.description != feed.title {
                    p lang=[foreign] dir="auto" { (clip::text(&feed.description, 400)) } "\n"
                }
                @if let Some(rhythm) = page.rhythm { (rhythm_of(rhythm, texts)) }
            } "\n"
            section.card aria-labelledby="subscribe" { "\n"
                h2 #subscribe { (texts.subscribe) } "\n"
                (ways(page, &frame))
                (explanation(texts))
            } "\n"
            section aria-labelledby="posts" { "\n"
                h2 #posts { (texts.newest_posts) } "\n"
                @for item in items(page, &frame) { (item) }
                @if page.kept == 0 { p.quiet { (texts.no_posts) } "\n" }
            } "\n"
            p.unseen role="status" {} "\n"
        } "\n"
    })
}

/// The documents of the feed and their addresses, which can be copied without a script, too.
fn ways(page: &FeedPage<'_>, frame: &Frame<'_>) -> Markup {
    let best = page.documents.first();
    html! {
        ul.ways.copies { "\n"
            @for document in page.documents {
                li {
                    a href=(frame.to(&document.self_url)) type=(document.format.media_type()) {
                        (texts::name(document.format))
                    }
                    code { (document.self_url) }
                } "\n"
            }
        } "\n"
        @if let Some(best) = best { p { a href={ "feed:" (best.self_url) } { (frame.texts.open) } } "\n" }
    }
}

fn rhythm_of(rhythm: Rhythm, texts: &Texts) -> Markup {
    html! {
        p { (texts.newest_at) (date(rhythm.newest, texts)) @if let Some(a_year) = rhythm.a_year { " · " (texts.rate(a_year)) } } "\n"
    }
}

/// The newest items, as many as there is room for.
fn items(page: &FeedPage<'_>, frame: &Frame<'_>) -> Vec<Markup> {
    let shown = page.feed.items.iter().take(page.kept.min(MOST_ITEMS)).map(|item| article(item, frame));
    let within = shown.scan(0, |bytes, item| {
        *bytes += item.0.len();
        (*bytes <= MOST_BYTES).then_some(item)
    });
    within.collect()
}

fn article(item: &Item, frame: &Frame<'_>) -> Markup {
    let (texts, lang) = (frame.texts, frame.foreign());
    let title = clip::text(&item.title, 300);
    let labels = item.categories.iter().chain(&item.tags).map(Label::as_str).take(8);
    html! {
        article lang=[lang] dir="auto" { "\n"
            @if let Some(picture) = item.image.as_ref().filter(|picture| is_link(picture)) {
                img src=(picture) alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer"; "\n"
            }
            h3 dir="auto" { @if is_link(&item.link) { a href=(item.link) { (title) } } @else { (title) } } "\n"
            p.quiet lang=(texts.tag) dir="auto" {
                time datetime=(item.published.rfc3339()) { (texts.date(item.published)) }
                @if !item.authors.is_empty() { " · " (texts.by) (authors(item, texts)) }
            } "\n"
            @if let Some(summary) = &item.summary { p dir="auto" { (clip::text(summary, 360)) } "\n" }
            @if let Some(file) = item.enclosure.as_ref().filter(|file| is_link(&file.url)) {
                p lang=(texts.tag) { a href=(file.url) { (file_of(file, texts)) } } "\n"
            }
            @if !(item.categories.is_empty() && item.tags.is_empty()) {
                ul.labels { @for label in labels { li { bdi { (clip::text(label, 60)) } } } } "\n"
            }
        } "\n"
    }
}

fn authors(item: &Item, texts: &Texts) -> Markup {
    html! {
        @for (n, author) in item.authors.iter().take(4).enumerate() {
            @if n > 0 { (texts.listed) }
            bdi { (clip::text(&author.name, 80)) }
        }
        @if item.authors.len() > 4 { " …" }
    }
}

/// What a file is, and how large.
fn file_of(file: &Enclosure, texts: &Texts) -> String {
    let kind: Cow<'_, str> = match file.media_type.split_once('/') {
        Some(("audio", _)) => texts.audio.into(),
        Some(("video", _)) => texts.video.into(),
        _ => texts.file.into(),
    };
    match file.length {
        0 => kind.into_owned(),
        1..1_000_000 => format!("{kind} ({} kB)", file.length.div_ceil(1000)),
        _ => format!("{kind} ({}.{} MB)", file.length / 1_000_000, file.length % 1_000_000 / 100_000),
    }
}

/// Whether a page can lead there.
fn is_link(address: &WebUrl) -> bool {
    address.is_web() && address.as_str().len() <= LONGEST_ADDRESS
}
