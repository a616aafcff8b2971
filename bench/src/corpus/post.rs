//! One post: a regular draft, spoilt where its turn has come, and written out.

use std::fmt::Write as _;

use super::calendar::{Local, SPAN, START};
use super::irregular::{Fate, Kind, spoil};
use super::labels::{Labels, quoted};
use super::text::Voice;
use super::{Layout, Options, liquid};
use crate::rng::Rng;

/// The host of the site; every link that the corpus makes absolute leads there.
pub(crate) const SITE_URL: &str = "https://news.example.com";

/// A finished post and what is known of it.
#[derive(Debug)]
pub(crate) struct Post {
    /// Below the site, with `/`.
    pub(crate) path: String,
    /// What the file holds; `None` is a link to nowhere.
    pub(crate) bytes: Option<Vec<u8>>,
    /// The ranks of its labels.
    pub(crate) labels: Vec<usize>,
    pub(crate) fate: Fate,
    /// When it counts as published, in seconds since 1970.
    pub(crate) instant: i64,
}

/// The parts of a post that an irregularity can reach.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    labels: &'a Labels,
    ranks: Vec<usize>,
    pub(crate) id: String,
    pub(crate) instant: i64,
    /// The file name without its ending.
    pub(crate) name: String,
    pub(crate) title_text: String,
    pub(crate) title: String,
    pub(crate) date: String,
    pub(crate) tags: String,
    categories: String,
    /// Further lines of the front matter, each with its line end.
    pub(crate) extra: String,
    /// Stands for all lines between the fences.
    pub(crate) whole_head: Option<String>,
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    pub(crate) body: String,
    pub(crate) line_end: &'static str,
    pub(crate) final_line_end: bool,
    pub(crate) prefix: &'static [u8],
    pub(crate) suffix: &'static [u8],
    pub(crate) dangling: bool,
}

/// The eighteen digits that name the post of this number: its day, and the number.
pub(crate) fn id(number: usize, posts: usize) -> String {
    let Local { year, month, day, .. } = Local::at(instant(number, posts));
    format!("{year:04}{month:02}{day:02}{number:010}")
}

fn instant(number: usize, posts: usize) -> i64 {
    START + (number as i128 * i128::from(SPAN) / posts.max(1) as i128) as i64
}

/// The post of this number: a function of the options and the number alone, whichever thread asks.
pub(crate) fn write(number: usize, options: &Options, labels: &Labels) -> Post {
    // The text and the label must not depend on the share of irregular posts or on the layout: Hugo reads the same posts.
    let rng = &mut Rng::of(options.seed, 2 * number as u64);
    let chance = &mut Rng::of(options.seed, 2 * number as u64 + 1);
    let draft = Draft::regular(rng, number, options, labels);
    if options.layout == Layout::Hugo {
        return draft.into_hugo();
    }
    let kind = (chance.share() < options.irregular).then(|| Kind::ALL.get(chance.below(Kind::ALL.len())).copied());
    draft.into_jekyll(options.layout, kind.flatten())
}

impl<'a> Draft<'a> {
    fn regular(rng: &mut Rng, number: usize, options: &Options, labels: &'a Labels) -> Self {
        let (id, instant) = (id(number, options.posts), instant(number, options.posts));
        let rank = deal(rng, number, options.posts, labels);
        let voice = Voice::pick(rng);
        let title_text = format!("{} {number}", voice.phrase(rng));
        let body = match rng.below(100) {
            0..85 => {
                let size = rng.between(1_000, 8_000);
                let text = voice.html(rng, size);
                format!(
                    "{text}\n\n<{SITE_URL}/share.html?code=NW{id}>\n\n[返回](//news.example.com/category/)｜[首页](//news.example.com/)"
                )
            }
            85..95 => voice.markdown(rng, number),
            _ => {
                let size = rng.between(20_000, 60_000);
                voice.html(rng, size)
            }
        };
        let body = if options.layout == Layout::JekyllLiquid { liquid::body(&body, number) } else { body };
        let wall = Local::at(instant);
        let Local { year, month, day, .. } = wall;
        Self {
            ranks: vec![rank],
            categories: format!("categories: {}", one_label(labels.name(rank))),
            labels,
            name: format!("{year:04}-{month:02}-{day:02}-{id}"),
            id,
            instant,
            title: format!("title: \"{title_text}\""),
            title_text,
            date: format!("date: {wall} +0800"),
            tags: format!("tags: {}消息", voice.word(rng)),
            extra: String::new(),
            whole_head: None,
            open: "---",
            close: "---",
            body,
            line_end: "\n",
            final_line_end: true,
            prefix: b"",
            suffix: b"",
            dangling: false,
        }
    }

    /// Leaves the front matter without a usable date: midnight of the day in the file name counts.
    pub(crate) fn date_from_name(&mut self, date: &str) {
        date.clone_into(&mut self.date);
        self.instant -= Local::at(self.instant).second_of_day();
    }

    pub(crate) fn list_two_labels(&mut self) {
        self.add_label(self.ranks.first().map_or(0, |rank| rank * 7 + 3));
        let items: String = self.names().map(|name| format!("\n  - {}", quoted(name))).collect();
        self.categories = format!("categories:{items}");
    }

    pub(crate) fn join_two_labels(&mut self) {
        self.add_label(self.ranks.first().map_or(0, |rank| rank * 5 + 2));
        if self.names().all(is_plain) {
            self.categories = format!("categories: {}", self.names().collect::<Vec<_>>().join("  "));
        } else {
            self.list_two_labels();
        }
    }

    pub(crate) fn forget_labels(&mut self) {
        self.ranks.clear();
        self.categories = "categories: []".into();
    }

    fn add_label(&mut self, rank: usize) {
        let rank = rank % self.labels.len().max(1);
        if !self.ranks.contains(&rank) {
            self.ranks.push(rank);
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.ranks.iter().map(|&rank| self.labels.name(rank))
    }

    fn into_jekyll(mut self, layout: Layout, kind: Option<Kind>) -> Post {
        let folder = match layout {
            Layout::JekyllDated => {
                let Local { year, month, .. } = Local::at(self.instant);
                format!("_posts/{year:04}/{month:02}")
            }
            Layout::JekyllFlat | Layout::JekyllLiquid | Layout::Hugo => "_posts".to_owned(),
        };
        if let Some(kind) = kind {
            spoil(&mut self, kind);
        }
        let head = self.whole_head.take().unwrap_or_else(|| {
            let Self { title, date, categories, tags, extra, .. } = &self;
            format!("layout: post\n{title}\n{date}\n{categories}\n{tags}\n{extra}")
        });
        Post {
            path: format!("{folder}/{}.md", self.name),
            fate: kind.map_or(Fate::Kept, Kind::fate),
            instant: self.instant,
            bytes: (!self.dangling).then(|| self.bytes(&head)),
            labels: self.ranks,
        }
    }

    fn into_hugo(self) -> Post {
        let date = Local::at(self.instant).to_string().replace(' ', "T");
        let label = quoted(self.names().next().unwrap_or_default());
        let head = format!("{}\ndate: {date}+08:00\ncategories: [{label}]\n{}\n", self.title, self.tags);
        Post {
            path: format!("content/posts/{}.md", self.id),
            fate: Fate::Kept,
            instant: self.instant,
            bytes: Some(self.bytes(&head)),
            labels: self.ranks,
        }
    }

    fn bytes(&self, head: &str) -> Vec<u8> {
        let mut text = String::with_capacity(head.len() + self.body.len() + 16);
        for (line, end) in [(self.open, "\n"), (head, ""), (self.close, "\n"), (&self.body, "")] {
            if !line.is_empty() {
                let _ = write!(text, "{line}{end}");
            }
        }
        if self.final_line_end {
            text.push('\n');
        }
        if self.line_end != "\n" {
            text = text.replace('\n', self.line_end);
        }
        [self.prefix, text.as_bytes(), self.suffix].concat()
    }
}

/// Zipf's law, except that a corpus large enough gives every label one post first, so that no category is missing.
fn deal(rng: &mut Rng, number: usize, posts: usize, labels: &Labels) -> usize {
    let rank = labels.deal(rng);
    let step = posts / labels.len().max(1);
    if step >= 10 && number.is_multiple_of(step) && number / step < labels.len() { number / step } else { rank }
}

/// Jekyll splits a plain string at white space, so all but plain labels stand in a list.
fn one_label(label: &str) -> String {
    if is_plain(label) { label.to_owned() } else { format!("[{}]", quoted(label)) }
}

fn is_plain(label: &str) -> bool {
    label.chars().all(|c| c.is_alphanumeric() || c == '_') && label.chars().any(char::is_alphabetic)
}
