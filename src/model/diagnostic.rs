//! What is wrong with a post, for the person who wrote it.

use std::fmt;

use super::printable;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The post is in its feeds, or left out as its generator would.
    Warning,
    /// The post is left out of the feeds because of it.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A finding about one input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagnostic {
    /// Its kind, which settles its severity.
    pub code: Code,
    /// The line it is about, from 1; `None` when it is about the file.
    pub line: Option<u32>,
    /// The column, in characters from 1.
    pub column: Option<u32>,
    /// What is wrong, in one line that can be printed.
    pub message: String,
}

impl Diagnostic {
    /// A finding about the whole file.
    #[must_use]
    pub fn new(code: Code, message: impl AsRef<str>) -> Self {
        Self { code, line: None, column: None, message: printable(message.as_ref()).into_owned() }
    }

    /// The same finding at a line, from 1.
    #[must_use]
    pub fn at(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }

    /// The same finding at a column, in characters from 1.
    #[must_use]
    pub fn column(mut self, column: Option<u32>) -> Self {
        self.column = column;
        self
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident $text:literal $severity:ident $effect:literal $help:literal;)*) => {
        /// The kinds of findings. Each has one severity, one effect on the post and one piece of advice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// Its stable name, as in `build --json`.
            #[must_use]
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $text,)* } }

            /// The code with this name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> { match text { $($text => Some(Self::$name),)* _ => None } }

            /// What is wrong, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str { match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* } }

            /// How much it matters.
            #[must_use]
            pub fn severity(self) -> Severity { match self { $(Self::$name => Severity::$severity,)* } }

            /// What happens to the post.
            #[must_use]
            pub fn effect(self) -> &'static str { match self { $(Self::$name => $effect,)* } }

            /// What its author can do.
            #[must_use]
            pub fn help(self) -> &'static str { match self { $(Self::$name => $help,)* } }
        }
    };
}

codes! {
    /// The front matter is not valid, and was read line by line.
    FrontMatterRepaired "front-matter-repaired" Warning
        "kept: the fields that can be read line by line are used; the site's generator may have no such page until it is mended"
        "quote the value, or indent with spaces";
    /// A key stands twice.
    DuplicateKey "duplicate-key" Warning "kept: the last one counts" "remove one of the two";
    /// Bytes that are not UTF-8.
    NotUtf8 "not-utf8" Warning
        "kept: those bytes are shown as U+FFFD; the site's generator may have no such page until it is mended"
        "save the file as UTF-8";
    /// The date cannot be read; the file name has one.
    BadDate "bad-date" Warning "kept: dated by its file name" "write the date as 2022-03-31 14:30:55 +0800";
    /// A date before 1990, when there was no web to publish on.
    ImplausibleDate "implausible-date" Warning "kept: with that date, which readers may not believe"
        "check the year";
    /// A date so far in the future that its year is probably a slip.
    FarFuture "far-future" Warning "kept: shown when its time comes, or at once where future posts are"
        "check the year";
    /// A `title` without a word in it.
    EmptyTitle "empty-title" Warning "kept: its first sentence, or the name of its file, stands for a title"
        "give it a title";
    /// Neither text nor a picture, sound or film.
    NoText "no-text" Warning "kept: readers see its title and nothing else"
        "write its text, or keep it out of feeds with feed: false";
    /// A link or picture whose address leads nowhere for a reader.
    DeadLink "dead-link" Warning "kept: for readers that link or picture leads nowhere"
        "write a full address such as https://example.com/page, or a path on the site";
    /// Something that only runs on the site's own pages.
    LeftOutElement "left-out-element" Warning "kept: without that part, which readers would not run"
        "link to what it shows";
    /// A tag that is none of HTML's.
    UnknownElement "unknown-element" Warning "kept: readers show no such tag, and may leave out what it holds"
        "write &lt; where text is meant, or put code between backquotes";
    /// An element without an end.
    UnclosedElement "unclosed-element" Warning "kept: readers may take all that follows for a part of it" "close it";
    /// Markup of the site's generator that is wrong.
    LeftOutMarkup "left-out-markup" Warning "kept: without that markup; the text around it stands"
        "mend it: the site's generator may stop at it";
    /// Markup of a plugin or theme that is not known here.
    UnknownMarkup "unknown-markup" Warning "kept: without that markup; the text around it stands"
        "nothing, if it is not missed; content.from = \"page\" takes the text from the built page";
    /// A sign that stands for a letter which was lost (U+FFFD).
    ReplacementCharacter "replacement-character" Warning "kept: readers see that sign, too" "write the letter that was lost";
    /// A comma in a white-space separated list of labels.
    CommaInLabels "comma-in-labels" Warning "kept: the comma is part of the label, as Jekyll reads it"
        "write a list: [news, releases]";
    /// More labels than the post can be in feeds of.
    TooManyLabels "too-many-labels" Warning "kept: with the first 200 of its categories, and of its tags"
        "name what it is about in fewer labels";
    /// Another post has the same permalink.
    SamePermalink "same-permalink" Warning "both kept: their links lead to one page" "give one of them another permalink";
    /// A Jekyll post without a date in its name.
    NoDateInName "no-date-in-name" Warning "left out: Jekyll does not publish it"
        "name it YYYY-MM-DD-title.md";
    /// The text of the post is not to be had from its built page.
    NoArticle "no-article" Warning "kept: with the text of its source" "build the site; `content.pages` and `content.select` say where the text is";
    /// The file that comes with the post is not there.
    MissingFile "missing-file" Warning "kept: with that file, of length 0" "add the file, or state its `length` in bytes";
    /// `feed_id` is no absolute IRI.
    BadFeedId "bad-feed-id" Warning "kept: with the id that it has without it"
        "write an absolute IRI such as https://example.com/posts/1";
    /// An id that breaks the rule of its own scheme.
    MalformedId "malformed-id" Warning "kept: with that id, which validators complain about"
        "write it by the rule, unless readers know it already: an id must never change";
    /// A field has a value of the wrong kind.
    BadField "bad-field" Warning "kept: without that field" "see the message";
    /// A row of `ids.tsv` that cannot hold.
    IdsRow "ids-row" Warning "every other row counts" "mend the line, or write the file anew with `syndicated ids pin`";
    /// What the site's configuration says cannot stand in a feed.
    SiteSetting "site-setting" Warning "feeds are written without it" "mend it where it is stated";
    /// The site does not say what its feeds should.
    SiteIncomplete "site-incomplete" Warning "feeds have what stands in for it" "state it, or set it under [site]";
    /// Another post has the same id.
    SameId "same-id" Error "left out: readers would show only one of the two" "give one of them another permalink or feed_id";
    /// No usable date anywhere.
    NoDate "no-date" Error "left out: a feed needs its date" "add a line such as date: 2022-03-31 14:30:55 +0800";
    /// The front matter never ends.
    Unterminated "front-matter-unterminated" Error "left out" "end it with a line of three dashes";
    /// The front matter, in TOML or JSON, cannot be read.
    FrontMatterInvalid "front-matter-invalid" Error "left out" "mend it at the place that is shown";
    /// The front matter is not a map of keys and values.
    NotAMap "front-matter-not-a-map" Error "left out" "write lines of the form key: value";
    /// The front matter expands without bound.
    AliasBomb "front-matter-expands" Error "left out" "remove the nested aliases";
    /// The front matter is over 64 KiB.
    FrontMatterTooLarge "front-matter-too-large" Error "left out" "move the text below the front matter";
    /// The file cannot be read, or is not a regular file.
    Unreadable "unreadable" Error "left out" "make it a regular file that this user can read";
    /// The file is over 16 MiB.
    TooLarge "too-large" Error "left out" "split the post";
    /// The post has no permalink that a page could have.
    BadPermalink "bad-permalink" Error "left out: it has no address" "mend its permalink";
}
