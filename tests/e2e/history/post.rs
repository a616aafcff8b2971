//! The files of a history: few names and few values, so that they meet often.

use std::fmt::Write as _;

use proptest::prelude::*;

pub(super) const FOLDERS: [&str; 10] = [
    "_posts",
    "_posts/sub",
    "_posts/sub/deep",
    "news/_posts",
    "News/_posts",
    "news",
    "old/news/_posts",
    "_drafts",
    ".hidden/_posts",
    "_posts/other",
];
const NAMES: [&str; 12] = [
    "2024-01-01-a.md",
    "2024-01-01-b.md",
    "2024-01-02-a.md",
    "2024-01-02-c.html",
    "2024-03-05-d.markdown",
    "2024-03-05-e.md",
    "2024-09-09-f.md",
    "2024-01-01-a.zh.md",
    "24-1-1-a.md",
    "undated.md",
    "index.md",
    "picture.png",
];
/// Where the sound of posts may lie.
pub(super) const SOUNDS: [&str; 4] = ["media/a.mp3", "media/sub/b.mp3", "media/b.mp3", "public/media/a.mp3"];
pub(super) const PAGES: [&str; 4] = ["tech.md", "categories/tech.html", "news/index.md", "a page.md"];

/// Instants around which dates and clocks lie, in seconds since 1970: noon of days in 2024, in UTC.
pub(super) const INSTANTS: [i64; 6] =
    [1_704_110_400, 1_704_196_800, 1_709_640_000, 1_718_452_800, 1_725_883_200, 1_735_646_400];
const DATES: [&str; 16] = [
    "",
    "date: 2024-01-02 12:00:00 +0000\nlast_modified_at: 2024-03-05 12:00:00 +0000\n",
    "date: 2024-01-01 12:00:00\n",
    "date: 2024-01-01 12:00:00 +0000\n",
    "date: '2024-01-02 12:00'\n",
    "date: 2024-03-05T12:00:00Z\n",
    "date: 2024-06-15 12:00:00\n",
    "date: 2024-06-15 12:00:00 +0200\n",
    "date: 2024-09-09 12:00:00 +0000\n",
    "date: 2024-12-31 12:00:00\n",
    "date: 2024-06-15\n",
    "date:\n",
    "date: never\n",
    "date: 2023-11-05 01:30:00\nlast_modified_at: 2024-06-15\n",
    "date: 2024-06-15 12:00:00\nexpires: 2024-09-09 12:00:00\n",
    "date: 2024-01-02 12:00\nexpiry_date: 2024-03-05 12:00\n",
];
const LABELS: [&str; 16] = [
    "",
    "category: Tech\n",
    "category: tech\n",
    "category: TECH\n",
    "category: tEcH\n",
    "categories: [Tech, c++]\n",
    "categories: [c, C++, tech]\n",
    "categories: news tech\n",
    "categories: News, tech\n",
    "categories: [新聞, News]\n",
    "category: a b\n",
    "category: 'A  B'\n",
    "category: 新聞\ntags: [x, Tech]\n",
    "categories: [.NET]\ntags: X\n",
    "tags: [x, y]\nauthor: Ann\n",
    "category: tech\nauthors: [Ann, ANN, Bob]\n",
];
const IDENTITIES: [&str; 14] = [
    "",
    "",
    "",
    "",
    "",
    "permalink: /same/\n",
    "permalink: /same/\nfeed_id: urn:x:3\n",
    "permalink: /other/\n",
    "permalink: /:categories/:title/\n",
    "permalink: 'http://['\n",
    "feed_id: urn:x:1\n",
    "feed_id: urn:x:2\n",
    "feed_id: no iri\n",
    "slug: same\n",
];
const TITLES: [&str; 6] = [
    "",
    "title: One\n",
    "title: Two\n",
    "title: ''\n",
    "title: \"He said \"no\"\"\n",
    "title: One\ntitle: <b>Two</b> & ]]>\n",
];
const SWITCHES: [&str; 10] = [
    "",
    "",
    "",
    "audio: /media/a.mp3\n",
    "enclosure: { url: /media/sub/b.mp3 }\n",
    "audio: [/media/b.mp3, /media/a.mp3]\n",
    "draft: true\n",
    "published: false\n",
    "feed: false\n",
    "\tindented: x\n",
];
const BODIES: [&str; 7] = [
    "",
    "Hello.\n",
    "First *words*.\n\nSecond paragraph with [a link](/x) <script>no</script>\n",
    "# Head\n\n- one\n- two\n\n<div>raw</div>\n",
    "A longer text, more words than any other body has, so that the sizes of the feeds differ, too. \u{1F600}\n",
    "Leads [there]({{< ref \"2024-01-01-a\" >}}) and {{% relref path=\"/2024-01-02-a\" lang=\"en\" %}}.\n",
    "To [one]({% post_url 2024-01-01-a %}), [two]({% link _posts/2024-01-02-a.md %}) and [a page]({% link tech.md %}).\n",
];

/// How many bodies there are: those of the table, and each again several times with a line that makes it another.
pub(super) const BODY_COUNT: u8 = 28;

pub(super) fn body(n: u8) -> String {
    let body = BODIES[usize::from(n) % BODIES.len()];
    if usize::from(n) < BODIES.len() { body.to_owned() } else { format!("{body}\nNumber {n}.\n") }
}

/// A file's content, as indexes into the tables above.
#[derive(Debug, Clone, Copy)]
pub(super) struct Post {
    date: u8,
    labels: u8,
    identity: u8,
    title: u8,
    switch: u8,
    body: u8,
    /// Whole, without front matter, not UTF-8, broken in several ways, empty.
    shape: u8,
}

impl Arbitrary for Post {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        (any::<[u8; 6]>(), prop_oneof![10 => Just(0), 3 => 1..8_u8])
            .prop_map(|([date, labels, identity, title, switch, body], shape)| Self {
                date: date % 16,
                labels: labels % 16,
                identity: identity % 14,
                title: title % 6,
                switch: switch % 10,
                body: body % BODY_COUNT,
                shape,
            })
            .boxed()
    }
}

impl Post {
    /// A whole post with a row of each of these tables.
    pub(super) fn of(date: u8, labels: u8, identity: u8, body: u8) -> Self {
        Self { date, labels, identity, title: 0, switch: 0, body, shape: 0 }
    }

    /// The same with another row of the table of switches.
    pub(super) fn switched(self, switch: u8) -> Self {
        Self { switch, ..self }
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        let mut text = String::from("---\n");
        for part in [
            TITLES[usize::from(self.title)],
            DATES[usize::from(self.date)],
            LABELS[usize::from(self.labels)],
            IDENTITIES[usize::from(self.identity)],
            SWITCHES[usize::from(self.switch)],
        ] {
            text.push_str(part);
        }
        let _ = write!(text, "---\n{}", body(self.body));
        match self.shape {
            0 => text.into_bytes(),
            1 => body(self.body).into_bytes(),
            2 => [text.as_bytes(), b"\xff\xfe tail\n"].concat(),
            3 => text.replacen("---\n", "---\nnever: \"closed\n", 1).into_bytes(),
            4 => text.trim_start_matches("---").replace("---\n", "").replacen('\n', "---\n", 1).into_bytes(),
            5 => text.replacen("---\n", "---\n- a\n- list\n", 1).into_bytes(),
            6 => text.replace('\n', "\r\n").into_bytes(),
            _ => Vec::new(),
        }
    }
}

/// Where a post may lie.
pub(super) fn place(n: u8) -> String {
    let (folder, name) = (usize::from(n) / NAMES.len(), usize::from(n) % NAMES.len());
    format!("{}/{}", FOLDERS[folder % FOLDERS.len()], NAMES[name])
}

/// A page of the site.
pub(super) fn page(label: u8) -> String {
    let layout = if label < 200 { "category" } else { "default" };
    let name = ["Tech", "tech", "TECH", "c++", "News", "新聞", "a b", "Nobody's"][usize::from(label) % 8];
    let title = ["", "title: The page\n", "title: Another <i>page</i>\n"][usize::from(label) % 3];
    let permalink = ["", "permalink: /c/page/\n"][usize::from(label / 8) % 2];
    format!("---\nlayout: {layout}\ncategory: \"{name}\"\n{title}{permalink}---\ntext\n")
}

/// The site's configuration.
pub(super) fn site_config(n: u8) -> String {
    let title = ["Site", "Another site"][usize::from(n) % 2];
    let permalink = ["date", "pretty", "/:categories/:title.html", "none"][usize::from(n / 2) % 4];
    let zone = ["UTC", "Asia/Shanghai", "America/New_York"][usize::from(n / 8) % 3];
    let future = ["", "future: true\n", "", "show_drafts: true\n"][usize::from(n / 24) % 4];
    format!("url: https://news.example\ntitle: {title}\npermalink: {permalink}\ntimezone: {zone}\n{future}")
}

/// A Hugo site of the same files, in two languages by folder and by file name.
pub(super) const HUGO: &str = "baseURL = 'https://news.example/'\ntitle = 'Site'\n[frontmatter]\ndate = [':filename', ':default']\n\
    [languages.en]\ncontentDir = '_posts'\n[languages.zh]\ncontentDir = 'news'\ntitle = '新聞'\n";

/// Old paths of feeds: of some that are always there, of some that come and go, and in the place of others.
const ALIASES: [&str; 4] = [
    "",
    "'old/rss.xml' = 'rss.xml'\n'old/atom.xml' = 'tech/atom.xml'\n",
    "'tech/rss.xml' = 'news/rss.xml'\n'own.xml' = 'own/atom.xml'\n'more/feed' = 'news/rss.xml'\n",
    "'c' = 'tech/rss.xml'\n'deep/er/feed.xml' = '_tag/x/rss.xml'\n'_lang/zh/feed.xml' = 'c/rss.xml'\n",
];

/// What the first configuration says beside the site's own.
pub(super) fn settings(dialect: &str, from: &str, aliases: u8) -> String {
    let html = aliases < 192;
    // Half of these sites keep their whole history, in every format.
    let archive = aliases % 4 > 1;
    let json = if archive { ", \"json\"" } else { "" };
    let aliases = ALIASES[usize::from(aliases) % ALIASES.len()];
    format!(
        "[site]\nurl = \"https://news.example\"\n[source]\ndialect = \"{dialect}\"\n[output]\narchive = {archive}\nhtml = {html}\nformats = [\"rss\", \"atom\"{json}]\n[content]\nlimit = 3\nfrom = \"{from}\"\npages = \"../built\"\nremove = \"nav, .share\"\n[categories]\ntags = true\nauthors = true\n\
         [categories.label.\"a b\"]\ntitle = \"A and B\"\n\
         [[feed]]\npath = \"own/{{format}}.xml\"\ntitle = \"Own\"\nany.categories = [\"tech\", \"c\"]\nnone.tags = [\"x\"]\nlimit = 5\nmode = \"excerpt\"\n\
         [[feed]]\npath = \"sub-{{format}}.xml\"\ntitle = \"Sub\"\nall.paths = [\"_posts/sub/**\"]\nlimit = 1\nmode = \"none\"\n\
         [websub]\nhubs = [\"https://hub.example/\"]\n[state]\nthreads = 2\n[aliases]\n{aliases}"
    )
}
