//! Who a `User-Agent` field says that it is: a reader, an aggregator with so many subscribers, a crawler.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Most bytes of a field that are looked at.
const MOST: usize = 512;
/// Most bytes of the name of an aggregator, and of its name for a feed.
const MOST_NAME: usize = 40;
/// More subscribers than this are not believed.
const MOST_SUBSCRIBERS: u32 = 100_000_000;

/// What kind of client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A feed reader of one person, or one that does not say how many it stands for.
    Reader,
    /// A service that asks for many people, and says so.
    Aggregator,
    /// A search engine and its kind: nobody reads the feed there.
    Crawler,
    /// A browser.
    Browser,
    /// Anything else: scripts, and who does not say.
    Other,
}

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent<'a> {
    /// The kind of client.
    pub class: Class,
    /// How many it stands for, where it says so.
    pub report: Option<Report<'a>>,
}

/// What an aggregator says of its subscribers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its own name for the feed, which may be none; it may know one feed by several.
    pub feed_id: &'a str,
    /// How many they are.
    pub subscribers: u32,
}

/// What a word in the field hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    Subscribers,
    FeedId,
    Crawler,
    Reader,
    /// It only looks like one of the others.
    Nothing,
}

/// Words by which clients are known, whatever their case. Of several at one place, the first counts.
const WORDS: &[(&str, Hint)] = &[
    ("subscriber", Hint::Subscribers),
    (" readers", Hint::Subscribers),
    ("feed-id", Hint::FeedId),
    ("feedid", Hint::FeedId),
    // A make of telephones.
    ("cubot", Hint::Nothing),
    ("bot", Hint::Crawler),
    ("crawl", Hint::Crawler),
    ("spider", Hint::Crawler),
    ("slurp", Hint::Crawler),
    ("scrapy", Hint::Crawler),
    ("archiver", Hint::Crawler),
    ("externalhit", Hint::Crawler),
    ("preview", Hint::Crawler),
    ("monitor", Hint::Crawler),
    ("uptime", Hint::Crawler),
    ("validator", Hint::Crawler),
    ("feed", Hint::Reader),
    ("rss", Hint::Reader),
    ("reader", Hint::Reader),
    ("reeder", Hint::Reader),
    ("podcast", Hint::Reader),
    ("newsb", Hint::Reader),
    ("newswire", Hint::Reader),
    ("miniflux", Hint::Reader),
    ("akregator", Hint::Reader),
    ("liferea", Hint::Reader),
    ("thunderbird", Hint::Reader),
    ("inoreader", Hint::Reader),
    ("bazqux", Hint::Reader),
    ("netvibes", Hint::Reader),
    ("vienna", Hint::Reader),
    ("yarr/", Hint::Reader),
];

/// One pass over the field finds all of them. Without the automaton, which has always been built so far, nobody is known.
static KNOWN: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst);
    // Most fields have a word of these: to look for where one may be takes longer than to look.
    builder.kind(Some(AhoCorasickKind::DFA)).prefilter(false);
    builder.build(WORDS.iter().map(|(word, _)| word)).ok()
});

impl<'a> Agent<'a> {
    /// What a field says; no field is an empty one.
    #[must_use]
    pub fn of(field: &'a str) -> Self {
        if field.is_empty() {
            return Self { class: Class::Other, report: None };
        }
        let field = field.get(..MOST).unwrap_or(field);
        let (mut is_crawler, mut is_reader, mut subscribers, mut feed_id) = (false, false, None, None);
        for found in KNOWN.iter().flat_map(|known| known.find_iter(field)) {
            let (before, after) = (field.get(..found.start()), field.get(found.end()..).unwrap_or_default());
            match WORDS.get(found.pattern().as_usize()).map_or(Hint::Nothing, |(_, hint)| *hint) {
                Hint::Subscribers => {
                    is_reader = true;
                    subscribers = subscribers.or(before.and_then(number_at_end));
                }
                Hint::FeedId => feed_id = feed_id.or(Some(identifier(after))),
                Hint::Crawler => is_crawler = true,
                Hint::Reader => is_reader = true,
                Hint::Nothing => {}
            }
        }
        let class = match (subscribers, feed_id) {
            (None, None) if is_crawler => Class::Crawler,
            (None, None) if is_reader => Class::Reader,
            (None, None) if field.starts_with("Mozilla/") || field.starts_with("Opera/") => Class::Browser,
            (None, None) => Class::Other,
            _ => Class::Aggregator,
        };
        let report = |subscribers| Report { name: name(field), feed_id: feed_id.unwrap_or_default(), subscribers };
        Self { class, report: subscribers.map(report) }
    }
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Aggregator, Self::Crawler, Self::Browser, Self::Other];

    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Aggregator => "aggregator",
            Self::Crawler => "crawler",
            Self::Browser => "browser",
            Self::Other => "other",
        }
    }
}

/// The number that a text ends with, before blanks.
fn number_at_end(text: &str) -> Option<u32> {
    let text = text.trim_ascii_end();
    let begin = text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |last| last + 1);
    text.get(begin..)?.parse().ok().filter(|number| *number <= MOST_SUBSCRIBERS)
}

/// The identifier that follows `feed-id`.
fn identifier(text: &str) -> &str {
    let text = text.trim_start_matches([':', '=', ' ']);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(text.len());
    text.get(..end.min(MOST_NAME)).unwrap_or_default()
}

/// The name of the product; of one that pretends to be a browser, what it says in the comment.
fn name(field: &str) -> &str {
    let own = match field.split_once("compatible;") {
        Some((_, rest)) if field.starts_with("Mozilla/") => rest.trim_ascii_start(),
        _ => field,
    };
    // A name may be of several words, up to its version, an address or a remark.
    let end = own.find(['/', ';', '(', ')', ':', '+', ',', '[']).unwrap_or(own.len());
    let name = own.get(..end).unwrap_or_default();
    let name = name.find(" - ").and_then(|end| name.get(..end)).unwrap_or(name);
    let name = name.split(" feed-id").next().unwrap_or(name).trim_ascii();
    name.get(..MOST_NAME).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregators_say_for_how_many_they_ask() {
        for (field, name, feed_id, subscribers) in [
            (
                "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)",
                "Feedly",
                "",
                16,
            ),
            (
                "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google; 1 subscriber)",
                "Feedly",
                "",
                1,
            ),
            ("Feedbin feed-id:1234 - 5 subscribers", "Feedbin", "1234", 5),
            (
                "NewsBlur Feed Fetcher - 12 subscribers - http://www.newsblur.com/site/1/x (\"Mozilla/5.0 (X11)\")",
                "NewsBlur Feed Fetcher",
                "",
                12,
            ),
            ("Mozilla/5.0 (compatible; inoreader.com/1.0; 3 subscribers; feed-id=a_B-9)", "inoreader.com", "a_B-9", 3),
            (
                "Mozilla/5.0 (compatible; theoldreader.com; 1022 subscribers; feed-id=00f)",
                "theoldreader.com",
                "00f",
                1022,
            ),
            ("BazQux/2.4 (+https://bazqux.com/fetcher; 40 subscribers)", "BazQux", "", 40),
            ("Netvibes (http://www.netvibes.com; 7 subscribers; feedID: 88)", "Netvibes", "88", 7),
            ("LiveJournal.com (webmaster@livejournal.com; for http://x/; 9 readers)", "LiveJournal.com", "", 9),
            ("AggBot/1.0 (0 subscribers)", "AggBot", "", 0),
        ] {
            let agent = Agent::of(field);
            assert_eq!(agent, Agent { class: Class::Aggregator, report: Some(Report { name, feed_id, subscribers }) });
        }
    }

    #[test]
    fn everybody_else_is_of_one_kind() {
        for (field, class) in [
            ("newsboat/2.32.0 (Linux x86_64)", Class::Reader),
            ("NetNewsWire (RSS Reader; https://netnewswire.com/)", Class::Reader),
            ("Mozilla/5.0 (compatible; Miniflux/2.0; +https://miniflux.app)", Class::Reader),
            ("FreshRSS/1.23 (Linux; https://freshrss.org)", Class::Reader),
            ("FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)", Class::Reader),
            ("Superfeedr bot/2.0 http://superfeedr.com - feed-id:77", Class::Aggregator),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Class::Crawler),
            ("Mozilla/5.0 (compatible; Yahoo! Slurp)", Class::Crawler),
            ("facebookexternalhit/1.1", Class::Crawler),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", Class::Browser),
            ("Mozilla/5.0 (Linux; Android 9; CUBOT_P30) AppleWebKit/537.36", Class::Browser),
            ("curl/8.0", Class::Other),
            ("", Class::Other),
            // No number, or none that can be.
            ("Thing (many subscribers)", Class::Reader),
            ("Thing (99999999999 subscribers)", Class::Reader),
        ] {
            assert_eq!(Agent::of(field), Agent { class, report: None }, "{field}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_a_client_sends_is_long_or_wrong(field in "([ -~]|subscribers|feed-id[:=]|[0-9]{1,12} ){0,200}") {
            if let Some(report) = Agent::of(&field).report {
                assert!(report.name.len() <= MOST_NAME && report.feed_id.len() <= MOST_NAME);
                assert!(report.subscribers <= MOST_SUBSCRIBERS);
            }
        }
    }
}
