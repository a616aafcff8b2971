//! Pages for people in a browser: from a server and from a disk, in every look, used, held against the rules of axe-core, attacked.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::fixture::{Ran, Site, front, has_tool, short, skipped};
use crate::service::Running;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/torture/browser.mjs");
const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/pages");

const TITLES: [&str; 8] = [
    "The lighthouse keeps its own time",
    "A <b>bold</b> claim & 'quoted' words <img src=x onerror='window.ran=1'>",
    "Why the ferry was late: a pneumonoultramicroscopicsilicovolcanoconiosis of small delays that nobody planned, told at length",
    "שלום עולם: a right-to-left beginning",
    "مرحبا بالعالم من الميناء",
    "SupercalifragilisticexpialidociousSupercalifragilisticexpialidociousSupercalifragilisticexpialidocious",
    "港口与灯塔：一份很长的中文标题，用来看看页面怎样换行，换行以后是不是还好看",
    "What we learned from running one server for ten years",
];

/// Pictures, files, hostile texts, both directions, tags, authors, and a feed with none.
fn review() -> Site {
    let config = "[output]\nhtml = true\nformats = [\"rss\", \"atom\", \"json\"]\n[categories]\ntags = true\nauthors = true\n\
                  [[feed]]\npath = \"quiet/{format}.xml\"\ntitle = \"Nothing yet\"\nany.tags = [\"nobody has this\"]";
    let site = Site::jekyll()
        .file("site/_config.yml", "title: The Harbour Review\nurl: https://harbour.example\ndescription: Notes on ships, computers and the weather.\nlang: en-GB\ntimezone: UTC\n")
        .config(config);
    for n in 0..24 {
        let title = TITLES[n % TITLES.len()].replace('"', "'");
        let image =
            ["", "image: https://pictures.example/a.png\n", "image: https://pictures.example/gone.png\n"][n % 3];
        let label = ["Ships", "R&D <lab>", "日本語", "Crème brûlée"][n % 4];
        let author = ["Ann Bell", "陈晨", "Omar <O>"][n % 3];
        let lines = format!(
            "title: {title:?}\ncategories: [\"{label}\", All about it]\ntags: [sea]\nauthor: {author}\n{image}"
        );
        let text = "The sea was calm when we left the harbour, and nobody spoke of the wind until evening came. "
            .repeat(n % 5 + 1);
        site.write(
            &format!("site/_posts/2026-03-{:02}-p{n}.md", n + 1),
            front(&lines, &format!("{text}<script>window.ran = 1</script>")),
        );
    }
    site
}

/// Two thousand categories.
fn many() -> Site {
    let site = Site::jekyll()
        .file("site/_config.yml", "title: Everything Daily\nurl: https://daily.example\nlang: en\ntimezone: UTC\n")
        .config("[output]\nhtml = true");
    for n in 0..250 {
        let labels: Vec<String> =
            (0..8).map(|k| format!("{} {}", word(n * 8 + k), word((n * 8 + k) * 7 + 3))).collect();
        let date = format!("{:04}-{:02}-{:02}", 2016 + n / 25, n % 12 + 1, n % 28 + 1);
        site.write(&format!("site/_posts/{date}-n{n}.md"), short(&format!("News {n}"), &labels.join(", ")));
    }
    site
}

/// The n-th of many words.
fn word(n: usize) -> String {
    let syllable = |n: usize| {
        ["ba", "co", "di", "fe", "ga", "ho", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "ve", "wa"][n % 16]
    };
    format!("{}{}{}{}", syllable(n), syllable(n / 16), syllable(n / 256 + n), syllable(n * 5 + 1))
}

fn chinese() -> Site {
    let posts = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/finance-news");
    Site::bare().file(
        "syndicated.toml",
        format!("[source]\npath = {:?}\n[output]\nhtml = true\n[[feed]]\npath = \"none/{{format}}.xml\"\ntitle = \"没有文章的专题\"\nany.tags = [\"没有\"]\n", posts.to_str().unwrap()),
    )
}

/// What the browser is to open of a site, below an address.
fn pages(name: &str, at: &str, feeds: &str, wanted: &[(&str, &str, &str, usize)]) -> Vec<Value> {
    let page = |&(page, file, feed, count): &(&str, &str, &str, usize)| json!({ "name": format!("{name}-{page}"), "url": format!("{at}{file}"), "feed": format!("{feeds}{feed}"), "count": count, "slow": count > 500 });
    wanted.iter().map(page).collect()
}

#[test]
fn people_can_use_the_pages() {
    let Ok(modules) = std::env::var("SYNDICATED_BROWSER") else {
        return skipped(
            "browser",
            "SYNDICATED_BROWSER names no folder of modules (`scripts/torture browser` makes one)",
        );
    };
    if !has_tool("node", &["--version"]) || !has_tool("chromium", &["--version"]) {
        return;
    }
    std::fs::create_dir_all(PICTURES).unwrap();
    let sites = [review(), many(), chinese(), Site::jekyll().config("[output]\nhtml = true")];
    let [review, many, chinese, none] = &sites;
    many.build();
    let start = |site: &Site| {
        let running = Running::spawn(site.command(["run", "--allow-empty", "--listen", "127.0.0.1:0"]));
        running.logs("ready");
        let line = running.logs("listening");
        let address = line.split_once("address=\"").unwrap().1.split('"').next().unwrap().to_owned();
        (running, format!("http://{address}/feeds/"))
    };
    let served: Vec<(Running, String)> = [review, chinese, none].into_iter().map(start).collect();
    let [(_, of_review), (_, of_chinese), (_, of_none)] = &served[..] else { panic!("three") };
    let disk = format!("file://{}/", many.path("feeds").display());
    let all = [
        pages(
            "review",
            of_review,
            "https://harbour.example/feeds/",
            &[
                ("index", "", "rss.xml", 10),
                ("feed", "feed.html", "rss.xml", 0),
                ("none", "quiet/feed.html", "quiet/rss.xml", 0),
            ],
        ),
        pages(
            "chinese",
            of_chinese,
            "https://finance.example.com/feeds/",
            &[
                ("index", "", "rss.xml", 8),
                ("feed", "feed.html", "rss.xml", 0),
                ("none", "none/feed.html", "none/rss.xml", 0),
            ],
        ),
        pages(
            "none",
            of_none,
            "https://example.com/feeds/",
            &[("index", "", "rss.xml", 0), ("feed", "feed.html", "rss.xml", 0)],
        ),
        pages("many", &disk, "https://daily.example/feeds/", &[("index", "index.html", "rss.xml", 2000)]),
    ];
    let all = Value::from(all.concat()).to_string();
    let mut node = Command::new("node");
    let ran = Ran::from(node.args([SCRIPT, &all, PICTURES]).env("SYNDICATED_BROWSER", modules).output().unwrap());
    super::tell(&ran.stdout);
    ran.exits(0).says("all of it holds");
}
