//! The ways in which a post can be irregular, and what has to become of each.

use super::calendar::{Local, OFFSET};
use super::post::Draft;

/// What has to become of a post, and how loudly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// In its feeds, with nothing to report.
    Kept,
    /// In its feeds, with a warning.
    KeptWithWarning,
    /// In no feed, and counted only.
    LeftOut,
    /// In no feed, with a warning.
    LeftOutWithWarning,
    /// In no feed, with an error.
    LeftOutWithError,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $fate:ident,)*) => {
        /// One way of being irregular.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// What has to become of such a post.
            #[must_use]
            pub fn fate(self) -> Fate {
                match self { $(Self::$kind => Fate::$fate,)* }
            }
        }
    };
}

kinds! {
    /// A byte order mark.
    Bom => Kept,
    /// Windows line ends.
    CrLf => Kept,
    /// `...` ends the front matter.
    DotsFence => Kept,
    /// Blanks after the fences.
    BlankAfterFence => Kept,
    /// The file ends without a line end.
    NoFinalNewline => Kept,
    /// An unquoted date without offset, which is UTC.
    NoOffset => Kept,
    /// A quoted date without offset, which is in the site's zone.
    QuotedNoOffset => Kept,
    /// Folded and literal scalars.
    BlockScalars => Kept,
    /// A list of two labels.
    LabelList => Kept,
    /// One string that names two labels.
    LabelString => Kept,
    /// Numbers and booleans as tags.
    OddTags => Kept,
    /// In the feed of all posts only.
    NoCategory => Kept,
    /// A title of no characters.
    EmptyTitle => Kept,
    /// A title of ten thousand characters.
    LongTitle => Kept,
    /// Markup and entities in the title.
    MarkupTitle => Kept,
    /// Characters that XML forbids.
    ControlCharacters => Kept,
    /// Characters beyond the basic plane.
    Emoji => Kept,
    /// `]]>` in the body.
    CdataEnd => Kept,
    /// Script, handlers, a frame.
    Script => Kept,
    /// `<>` in Markdown.
    EmptyAutolink => Kept,
    /// Inner quotes that nobody escaped.
    QuotesInTitle => KeptWithWarning,
    /// A tab as indentation.
    Tab => KeptWithWarning,
    /// An alias without an anchor.
    UnknownAnchor => KeptWithWarning,
    /// The same key twice.
    DuplicateKey => KeptWithWarning,
    /// Bytes that are not UTF-8.
    BadUtf8 => KeptWithWarning,
    /// A date that is a zone only; the file name has one.
    EmptyDate => KeptWithWarning,
    /// The thirty-first of February; the file name has a date.
    ImpossibleDate => KeptWithWarning,
    /// Jekyll does not publish it.
    NoDateInName => LeftOutWithWarning,
    /// Neither the file name nor the front matter has one.
    NoDateAtAll => LeftOutWithError,
    /// The front matter never ends.
    Unterminated => LeftOutWithError,
    /// The front matter is a list.
    NotAMap => LeftOutWithError,
    /// Aliases that expand to billions of nodes.
    AliasBomb => LeftOutWithError,
    /// Front matter over 64 KiB.
    HugeFrontMatter => LeftOutWithError,
    /// A link to nowhere.
    DanglingLink => LeftOutWithError,
    /// A text file that is no post.
    NoFrontMatter => LeftOut,
    /// `published: false`.
    Unpublished => LeftOut,
    /// `draft: true`.
    Draft => LeftOut,
    /// Dated 2099.
    Future => LeftOut,
}

/// Makes a regular post irregular.
pub(crate) fn spoil(post: &mut Draft, kind: Kind) {
    let wall = Local::at(post.instant);
    match kind {
        Kind::Bom => post.prefix = b"\xEF\xBB\xBF",
        Kind::CrLf => post.line_end = "\r\n",
        Kind::DotsFence => post.close = "...",
        Kind::BlankAfterFence => (post.open, post.close) = ("---  ", "--- \t"),
        Kind::NoFinalNewline => post.final_line_end = false,
        Kind::NoOffset => {
            post.date = format!("date: {wall}");
            post.instant += OFFSET;
        }
        Kind::QuotedNoOffset => post.date = format!("date: '{wall}'"),
        Kind::BlockScalars => {
            post.title = format!("title: >-\n  {}\n  {}\ndescription: |\n  {0}\n  {0}", post.title_text, post.id);
        }
        Kind::LabelList => post.list_two_labels(),
        Kind::LabelString => post.join_two_labels(),
        Kind::OddTags => post.tags = "tags: [2024, 3.5, true, ~, 0755, yes]".into(),
        Kind::NoCategory => post.forget_labels(),
        Kind::EmptyTitle => post.title = "title: \"\"".into(),
        Kind::LongTitle => {
            let times = 10_000 / post.title_text.chars().count().max(1) + 1;
            post.title = format!("title: \"{}\"", post.title_text.repeat(times));
        }
        Kind::MarkupTitle => post.title = format!("title: '<i>{}</i> R&D 1 < 2 &amp; &nbsp; ]]>'", post.title_text),
        Kind::ControlCharacters => {
            post.title = format!("title: a\u{b}b {}", post.title_text);
            post.body.insert_str(0, "\u{0}\u{1}\u{c}\u{1b}\u{fffe}\u{9f}");
        }
        Kind::Emoji => post.body.push_str("\n\n𠮷 📈 👩\u{200d}💻 👍🏽 שלום"),
        Kind::CdataEnd => post.body.push_str("\n\n`m[i[0]]>n` ]]> <![CDATA[z]]>"),
        Kind::Script => post.body.push_str(
            "\n\n<p onclick=\"f()\">a</p><script>f(\"</p>\")</script><a href=\" javascript:f()\">b</a><iframe src=\"//x.example/\"></iframe>",
        ),
        Kind::EmptyAutolink => post.body.push_str("\n\n<>\n"),
        Kind::QuotesInTitle => post.title = format!("title: \"所谓\"{}\"，再次\"回落\"\"", post.title_text),
        Kind::Tab => post.extra = "source:\n\tname: desk\n".into(),
        Kind::UnknownAnchor => post.extra = "source: *desk\n".into(),
        Kind::DuplicateKey => post.extra = "layout: news\n".into(),
        Kind::BadUtf8 => post.suffix = b"\n\xFF\xFE \xC3\x28 \xE2\x82\n",
        Kind::EmptyDate => post.date_from_name("date:  +0800"),
        Kind::ImpossibleDate => post.date_from_name("date: 2024-02-31 10:00:00 +0800"),
        Kind::NoDateInName => post.name = format!("-{}", post.id),
        Kind::NoDateAtAll => {
            post.name = format!("-{}", post.id);
            post.date_from_name("date:  +0800");
        }
        Kind::Unterminated => post.close = "",
        Kind::NotAMap => post.whole_head = Some("- one\n- two\n".into()),
        Kind::AliasBomb => post.extra = alias_bomb(),
        Kind::HugeFrontMatter => post.extra = format!("notes: {}\n", "x".repeat(65_536)),
        Kind::DanglingLink => post.dangling = true,
        Kind::NoFrontMatter => (post.open, post.close, post.whole_head) = ("", "", Some(String::new())),
        Kind::Unpublished => post.extra = "published: false\n".into(),
        Kind::Draft => post.extra = "draft: true\n".into(),
        Kind::Future => post.date = "date: 2099-01-01 00:00:00 +0800".into(),
    }
}

fn alias_bomb() -> String {
    let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*l{}", level - 1); 8].join(", ");
        bomb.push_str(&format!("l{level}: &l{level} [{aliases}]\n"));
    }
    bomb
}
