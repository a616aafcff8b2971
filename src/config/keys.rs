//! Every key of the configuration, in one table: what is read, suggested, documented and written by `init`.

use std::fmt::Write as _;

use super::websub::Signature;

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its dotted path; `*` stands for a name of the user's, and `feed.` for each `[[feed]]`.
    pub path: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// What holds when it is not given: a TOML value, or words.
    pub default: Fallback,
    /// The command-line option that wins over it.
    pub flag: Option<&'static str>,
    /// What it is for, in a sentence.
    pub doc: &'static str,
}

/// The shape of a value. What the value means is checked where it is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number of at least this.
    Count(i64),
    /// A whole number, or a string such as `1 MiB` or `0644`.
    NumberOrText,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list of strings.
    List,
    /// A list of strings, or one string.
    Texts,
    /// A list of some of these strings.
    Choices(&'static [&'static str]),
}

/// What holds when a key is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// This TOML value.
    Value(&'static str),
    /// What these words say; the TOML value after them is an example.
    Words(&'static str, &'static str),
}

impl Fallback {
    /// A TOML value to show in a configuration file: the default where it is one, else an example.
    #[must_use]
    pub fn sample(self) -> &'static str {
        match self {
            Self::Value(toml) | Self::Words(_, toml) => toml,
        }
    }
}

impl Key {
    /// Whether it stands once in a configuration, and so has an environment variable.
    #[must_use]
    pub fn is_single(&self) -> bool {
        !self.path.starts_with("feed.") && !self.path.contains('*')
    }

    /// Its environment variable, such as `SYNDICATED_OUTPUT_PATH`; `None` in `[[feed]]` and under a label.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        self.is_single().then(|| format!("SYNDICATED_{}", self.path.replace('.', "_").to_ascii_uppercase()))
    }

    /// Whether it is one part of a key that can also be given whole, such as `site.author.name` of `site.author`.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.path.rsplit_once('.').is_some_and(|(parent, _)| Self::find(parent).is_some())
    }

    /// The key with this path.
    #[must_use]
    pub fn find(path: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.path == path)
    }

    /// The key that was probably meant by an unknown one.
    ///
    /// It is the nearest by edits, within a third of its length; else the first of the same name in another table.
    #[must_use]
    pub fn nearest(unknown: &str) -> Option<&'static str> {
        // No key is as long as this, and the distance takes time in the product of both lengths.
        if unknown.len() > 64 {
            return None;
        }
        let close = KEYS
            .iter()
            .map(|key| (strsim::damerau_levenshtein(unknown, key.path), key.path))
            .filter(|&(distance, path)| distance <= (path.len() / 3).min(4))
            .min();
        let name = unknown.rsplit('.').next();
        close
            .map(|(_, path)| path)
            .or_else(|| KEYS.iter().find(|key| key.path.rsplit('.').next() == name).map(|key| key.path))
    }
}

/// The table of keys for the README: key, default, environment variable, option, meaning.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = String::from("| key | default | environment, option | what it is for |\n|---|---|---|---|\n");
    for key in KEYS {
        let default = match key.default {
            Fallback::Value(toml) => format!("`{toml}`"),
            Fallback::Words(words, _) => words.to_owned(),
        };
        let others: Vec<_> = key.variable().into_iter().chain(key.flag.map(str::to_owned)).collect();
        let others = others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}` | {default} | {others} | {} |", key.path, key.doc.replace('|', "\\|"));
    }
    table
}

/// Dialects that a site may name.
const DIALECTS: &[&str] = &["auto", "jekyll", "plain", "hugo", "zola"];
pub(super) const LAYOUTS: &[&str] = &["default", "jekyll-feed", "hugo", "zola", "wordpress"];
const FORMATS: &[&str] = &["rss", "atom", "json"];
const MODES: &[&str] = &["full", "excerpt", "none"];

const fn key(path: &'static str, kind: Kind, default: Fallback, doc: &'static str) -> Key {
    Key { path, kind, default, flag: None, doc }
}

const fn with_flag(flag: &'static str, key: Key) -> Key {
    Key { flag: Some(flag), ..key }
}

use Fallback::{Value, Words};
use Kind::{Bool, Choice, Choices, Count, List, NumberOrText, Text, Texts};

const SITE_SAYS: &str = "what the site says";
const NONE: &str = "none";

/// Every key, in the order of the documentation.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    with_flag("--base-url", key("site.url", Text, Words("the site's own (Jekyll's `url` and `baseurl`, Hugo's `baseURL`), else its `CNAME`", "\"https://news.example.com\""),
        "The address of the site's root, base path and all.")),
    key("site.title", Text, Words("the site's title, else its host", "\"My site\""),
        "The title of the feed of all posts."),
    key("site.description", Text, Words(SITE_SAYS, "\"What it is about\""),
        "What the feed of all posts is about."),
    key("site.language", Text, Words(SITE_SAYS, "\"en\""),
        "The language of the posts, as a BCP 47 tag."),
    key("site.timezone", Text, Words("what the site says, else the machine's", "\"Europe/Berlin\""),
        "The zone of dates that state none, as an IANA name."),
    key("site.author", Text, Words(SITE_SAYS, "\"Example Press\""),
        "Who stands for posts that name no author: a name, or a table with its parts."),
    key("site.author.name", Text, Words(NONE, "\"Example Press\""),
        "The author's name."),
    key("site.author.email", Text, Words(NONE, "\"editors@example.com\""),
        "The author's e-mail address."),
    key("site.author.uri", Text, Words(NONE, "\"https://news.example.com/about/\""),
        "A page about the author."),
    key("site.icon", Text, Words(SITE_SAYS, "\"/icon.png\""),
        "A small square picture: its URL, or its path on the site."),
    key("site.logo", Text, Words(SITE_SAYS, "\"/logo.png\""),
        "A larger picture: its URL, or its path on the site."),
    key("site.rights", Text, Words(SITE_SAYS, "\"© Example Press\""),
        "The copyright line."),

    with_flag("--site", key("source.path", Text, Value("\".\""),
        "The site's folder, relative to this file.")),
    key("source.dialect", Choice(DIALECTS), Value("\"auto\""),
        "How posts are read: `jekyll`, `hugo`, `zola`, `plain`, or `auto` to find out."),
    key("source.exclude", List, Value("[]"),
        "Globs below the site's folder of files that are no posts, beside those that the site excludes; a folder's name excludes all in it."),
    key("source.future", Bool, Words("what the site says, else `false`", "false"),
        "Whether posts with a future date are shown before it comes."),
    key("source.drafts", Bool, Words("what the site says, else `false`", "false"),
        "Whether drafts are shown."),
    key("source.follow_symlinks", Choice(&["never", "inside", "all"]), Value("\"inside\""),
        "Which symbolic links are followed: those whose target is inside the site's folder, all, or none."),
    key("source.poll", Text, Value("\"auto\""),
        "How often `run` looks at everything, such as `5 s`, watching nothing: for containers and network shares whose changes give no events. `auto` watches, and looks only where there are none."),
    key("source.permalink", Text, Value("\":year/:month/:slug/\""),
        "The path of a post's page on a plain site; its placeholders are those of Jekyll and some more (docs/posts.md)."),

    with_flag("--out", key("output.path", Text, Value("\"feeds\""),
        "The folder that feeds are written to, relative to this file (to the current folder with `--site`).")),
    key("output.feeds_url", Text, Words("the site's address and `feeds/`; with `jekyll-feed` and `zola` its address alone", "\"https://news.example.com/feeds/\""),
        "The public address of that folder: a URL, or a path on the site."),
    key("output.formats", Choices(FORMATS), Value("[\"rss\", \"atom\"]"),
        "The formats that each feed is written in: `rss`, `atom`, `json` (JSON Feed 1.1)."),
    key("output.layout", Choice(LAYOUTS), Value("\"default\""),
        "The paths of feeds: `default`, those of `jekyll-feed`, `hugo`, `zola` or `wordpress`, or a table of templates."),
    key("output.layout.all", Text, Value("\"{format}.xml\""),
        "The path of the feed of all posts; `{format}` is `rss`, `atom` or `json` (`{format}.xml` then `feed.json`), `{ext}` `xml` or `json`."),
    key("output.layout.category", Text, Value("\"{slug}/{format}.xml\""),
        "The path of a category's feed; `{slug}` is its name made safe."),
    key("output.layout.tag", Text, Value("\"_tag/{slug}/{format}.xml\""),
        "The path of a tag's feed."),
    key("output.layout.author", Text, Value("\"_author/{slug}/{format}.xml\""),
        "The path of an author's feed."),
    key("output.layout.archive", Text, Value("\"_archive/{period}\""),
        "The folder of a page of a feed's archive, from the folder of the feed; `{period}` is a year, month or day."),
    key("output.archive", Bool, Value("false"),
        "Whether each feed has all its posts beside it, in linked pages by year or month (RFC 5005; docs/archives.md)."),
    key("output.mode", NumberOrText, Words("0666 less the umask", "\"0644\""),
        "The permissions of feeds, in octal."),
    key("output.opml", Bool, Value("true"),
        "Whether `feeds.opml` in that folder lists all feeds, for readers to import."),
    key("output.html", Bool, Words("`true` with `server.listen`, else `false`", "true"),
        "Whether pages for people lie beside the feeds: one that lists them all, and one a feed (docs/html.md)."),

    key("content.mode", Choice(MODES), Words("`\"excerpt\"` where the site's feeds hold excerpts only, else `\"full\"`", "\"full\""),
        "How much of a post is in a feed: `full`, `excerpt`, or `none` for the summary alone."),
    key("content.limit", Count(1), Words("the site's `feed.posts_limit`, else `20`, or `10` with the layout `jekyll-feed`", "20"),
        "How many posts a feed holds."),
    key("content.max_size", NumberOrText, Value("\"1 MiB\""),
        "How large a feed may be; it holds fewer posts when it would be larger."),
    key("content.from", Choice(&["source", "page"]), Value("\"source\""),
        "Where the text of a post comes from: its `source`, or the `page` that the site's generator has built."),
    key("content.pages", Text, Words("where Jekyll writes, which is `_site` unless it says otherwise; on other sites `public`", "\"public\""),
        "The folder of built pages, relative to the site."),
    key("content.select", Text, Words("`.h-entry .e-content`, else `[itemprop~=articleBody]`, else `article`, else `main`", "\".post-content\""),
        "A CSS selector: what of a built page is the post's text."),
    key("content.remove", Text, Words(NONE, "\".share, nav\""),
        "A CSS selector: what is left out of it."),
    key("content.iframes", Choice(&["link", "keep"]), Value("\"link\""),
        "Whether an `<iframe>` becomes a link or is kept."),
    key("content.first_picture", Bool, Value("false"),
        "Whether the first picture of its text stands for a post that names none."),

    key("identity.keys", List, Value("[]"),
        "Front matter keys that hold a post's id, after `feed_id` and `identity.ids`."),
    key("identity.ids", Text, Words("`ids.tsv` in the site's folder", "\"ids.tsv\""),
        "The file of the ids that posts keep, relative to this file."),

    key("categories.fold_case", Bool, Value("true"),
        "Whether labels that differ only in case are one category; `false` with the layout `jekyll-feed`."),
    key("categories.split", Choice(&["dialect", "comma", "none"]), Value("\"dialect\""),
        "How a string of labels is split: as the site's generator does, at commas, or not."),
    key("categories.tags", Bool, Value("false"),
        "Whether each tag has its feeds too; with the layout `jekyll-feed` also where the site's `feed.tags` says so."),
    key("categories.authors", Bool, Value("false"),
        "Whether each author has feeds too."),
    key("categories.label.*.title", Text, Words("the title of the category's page, else the label", "\"Technology\""),
        "The title of this category's feed."),
    key("categories.label.*.url", Text, Words("the category's page, else the site's address", "\"/category/tech.html\""),
        "The page of this category: a URL, or a path on the site."),

    key("feed.path", Text, Words("must be given", "\"chips/{format}.xml\""),
        "The path of a feed of your own."),
    key("feed.title", Text, Words("must be given", "\"Chips without gossip\""),
        "Its title."),
    key("feed.description", Text, Words(NONE, "\"All about semiconductors\""),
        "What it is about."),
    key("feed.any.categories", List, Value("[]"), "It holds posts with one of these categories,"),
    key("feed.any.tags", List, Value("[]"), "or one of these tags,"),
    key("feed.any.authors", List, Value("[]"), "or by one of these authors,"),
    key("feed.any.paths", List, Value("[]"), "or whose file matches one of these globs;"),
    key("feed.all.categories", List, Value("[]"), "of them, those with all of these categories,"),
    key("feed.all.tags", List, Value("[]"), "all of these tags,"),
    key("feed.all.authors", List, Value("[]"), "by all of these authors,"),
    key("feed.all.paths", List, Value("[]"), "whose file matches all of these globs,"),
    key("feed.none.categories", List, Value("[]"), "and none of these categories,"),
    key("feed.none.tags", List, Value("[]"), "none of these tags,"),
    key("feed.none.authors", List, Value("[]"), "by none of these authors,"),
    key("feed.none.paths", List, Value("[]"), "whose file matches none of these globs."),
    key("feed.limit", Count(1), Words("`content.limit`", "50"),
        "How many posts it holds."),
    key("feed.mode", Choice(MODES), Words("`content.mode`", "\"full\""),
        "How much of a post it holds."),

    key("aliases.*", Text, Words(NONE, "\"atom.xml\""),
        "An old path below the output (with a leading `/`, on the site) that is kept as a copy of the feed with the path that follows (docs/aliases.md)."),

    with_flag("--state", key("state.path", Text, Words("`.syndicated/` and the output's name, beside the output", "\".syndicated/feeds\""),
        "The folder of the catalog and the lock; it can be deleted, unless `run` is a hub, whose subscriptions are in it.")),
    key("state.threads", Count(0), Value("0"),
        "How many threads read and write; 0 for one a core."),

    with_flag("--listen", key("server.listen", Texts, Words("none for `run`; `127.0.0.1:8080` for `serve`", "\"127.0.0.1:8080\""),
        "Where feeds are served by HTTP: `IP:PORT`, `localhost:PORT`, `unix:/PATH`, or `systemd` for the sockets that it hands over (`systemd:NAME` for those of that name).")),
    with_flag("--admin", key("server.admin", Texts, Words(NONE, "\"127.0.0.1:9090\""),
        "Where operators look (docs/metrics.md): metrics, health and a status page, for everybody who can connect. Written as `server.listen`; `systemd` is the socket named `admin`.")),
    key("server.metrics_per_feed", Count(0), Value("0"),
        "How many feeds have metrics of their own, those that are asked for most."),
    key("server.socket_mode", NumberOrText, Value("\"0666\""),
        "The permissions of a Unix socket, in octal."),
    key("server.cache", NumberOrText, Value("\"64 MiB\""),
        "How much memory feeds and their compressed forms may take; the rest is read again when asked for."),
    key("server.canonical", Bool, Value("false"),
        "Whether who asks for a feed under another host or scheme than that of `output.feeds_url` is sent there."),
    key("server.trusted_proxies", List, Value("[\"127.0.0.1\", \"::1\", \"unix\"]"),
        "Addresses and networks of reverse proxies, whose `Forwarded` and `X-Forwarded-*` are believed and whose connections are not counted; `unix` is who comes by a Unix socket."),
    key("server.connections", Count(1), Value("16384"),
        "How many connections may be open at once; never more than the limit on open files leaves."),
    key("server.connections_per_client", Count(1), Value("64"),
        "How many of them one address (IPv6: one network of 64 bits) may have."),
    key("server.header_timeout", Text, Value("\"10 s\""),
        "How long a client may take to send the head of a request."),
    key("server.idle_timeout", Text, Value("\"75 s\""),
        "How long a connection stays open between two requests."),
    key("server.write_timeout", Text, Value("\"30 s\""),
        "How long a client may take for each 16 KiB of a response."),

    key("websub.hubs", List, Value("[]"),
        "WebSub hubs that feeds announce, and that are told when one has changed (docs/websub.md)."),
    key("websub.batch", List, Value("[]"),
        "Those of the hubs that take many feeds in one message, beside `pubsubhubbub.appspot.com`."),
    with_flag("--hub", key("websub.hub", Bool, Value("false"),
        "Whether `run` is a hub for the site's feeds itself; it needs `server.listen`, and a state folder that is kept.")),
    key("websub.hub_url", Text, Words("`_hub` below `output.feeds_url`", "\"https://news.example.com/feeds/_hub\""),
        "The public address of that hub: a URL, or a path on the site."),
    key("websub.lease", Text, Value("\"10 days\""),
        "How long a subscription holds whose subscriber asks for no time."),
    key("websub.longest_lease", Text, Words("`30 days`, or `websub.lease` where that is longer", "\"30 days\""),
        "How long a subscription holds at most, whatever its subscriber asks for."),
    key("websub.deliver", Choice(&["full", "changes"]), Value("\"full\""),
        "What subscribers get: the whole feed, or `changes`, of RSS and Atom only the entries that they do not have in that form."),
    key("websub.signature", Choice(Signature::NAMES), Value("\"sha256\""),
        "How that is signed for subscribers with a secret."),
    key("websub.allow_private_callbacks", Bool, Value("false"),
        "Whether subscribers may be on this machine and in private networks."),
    key("websub.subscriptions", Count(1), Value("100000"),
        "How many subscriptions there may be."),
    key("websub.subscriptions_per_host", Count(1), Value("10000"),
        "How many of them one host may have."),

    key("log.format", Choice(&["text", "json"]), Value("\"text\""),
        "How `run` logs."),
    key("log.level", Choice(&["error", "warn", "info", "debug", "trace"]), Value("\"info\""),
        "The least that `run` logs."),
];
