//! Sites in several languages: one set of feeds a language, wherever feeds are told of.

use serde_json::Value;

use crate::fixture::Site;

fn post(title: &str, day: u32, front: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2024-01-{day:02}\n{front}---\nText.\n")
}

/// An English site with Chinese posts.
fn site() -> Site {
    Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file(
            "site/hugo.toml",
            "baseURL = 'https://example.com/'\ntitle = 'Site'\n[languages.en]\n[languages.zh]\ntitle = '站点'\nlocale = 'zh-cn'\n",
        )
        .file("site/content/posts/a.md", post("One", 1, "categories: [Tech]\n"))
        .file("site/content/posts/b.md", post("Two", 2, "categories: [Tech]\n"))
        .file("site/content/posts/a.zh.md", post("一", 3, "categories: [tech]\ntags: [x]\n"))
        .file("site/content/categories/tech/_index.zh.md", "---\ntitle: 技术\n---\n")
}

#[test]
fn each_language_has_its_own_feeds_titles_and_home() {
    let site = site().config(
        "[categories]\ntags = true\n[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.tags = [\"none\"]",
    );
    site.build();
    site.assert_sound();
    assert_eq!(site.feed("rss.xml").titles(), ["Two", "One"]);
    assert_eq!(site.feed("_lang/zh/rss.xml").titles(), ["一"]);
    let chinese = site.text("feeds/_lang/zh/rss.xml");
    for said in ["<title>站点</title>", "<link>https://example.com/zh/</link>", "<language>zh-CN</language>"] {
        assert!(chinese.contains(said), "{said}: {chinese}");
    }
    assert_eq!(site.feed("tech/rss.xml").title, "Tech | Site");
    assert_eq!(site.feed("_lang/zh/tech/rss.xml").title, "技术 | 站点");
    assert_eq!(site.feed("_lang/zh/_tag/x/rss.xml").title, "x | 站点");
    assert!(site.exists("feeds/own/rss.xml") && site.exists("feeds/_lang/zh/own/rss.xml"), "also without posts");
    let opml = site.text("feeds/feeds.opml");
    assert!(opml.find("feeds/own/rss.xml") < opml.find("feeds/_lang/zh/rss.xml"), "{opml}");
    site.write("site/content/posts/a.zh.md", post("一", 3, "categories: [另]\n"));
    site.build();
    assert!(!site.exists("feeds/_lang/zh/tech") && site.exists("feeds/_lang/zh/另/rss.xml"));
}

#[test]
fn commands_tell_of_languages() {
    let site = site();
    let list: Value = serde_json::from_str(&site.run_cmd(["list", "--json"]).exits(0).stdout).unwrap();
    let told =
        |feed: &Value| format!("{} {} {}", feed["language"], feed["label"], feed["paths"]["rss"]).replace('"', "");
    assert_eq!(
        list.as_array().unwrap().iter().map(told).collect::<Vec<_>>(),
        ["en Site rss.xml", "en Tech tech/rss.xml", "zh-CN 站点 _lang/zh/rss.xml", "zh-CN tech _lang/zh/tech/rss.xml",]
    );
    let snippets = site.run_cmd(["snippets"]).exits(0).stdout;
    assert!(snippets.contains("hreflang=\"en\" title=\"Site\""), "{snippets}");
    assert!(snippets.contains("hreflang=\"zh-CN\" title=\"站点\""), "{snippets}");
    assert_eq!(site.run_cmd(["snippets", "--category", "tech"]).exits(0).stdout.lines().count(), 4);
    let inspected = site.run_cmd(["inspect", "site/content/posts/a.zh.md"]).exits(0).stdout;
    for said in
        ["language    zh\n            from the file's name", "category tech in zh: number 1 (_lang/zh/tech/rss.xml"]
    {
        assert!(inspected.contains(said), "{said}: {inspected}");
    }
    site.run_cmd(["inspect", "site/content/posts/a.md"]).exits(0).says("language    en");
}

#[test]
fn a_path_that_meets_the_folder_of_a_language_is_an_error() {
    let site = site().config("[output.layout]\ncategory = \"_lang/{slug}/{format}.xml\"");
    site.run_cmd(["build"]).exits(2).complains("can meet the folder of the language zh");
    let own = self::site().config("[[feed]]\npath = \"_lang/zh/{format}.xml\"\ntitle = \"Own\"");
    own.run_cmd(["build"]).exits(2).complains("meets the path of the feeds in the language zh");
}

#[test]
fn a_running_service_follows_the_main_section_and_the_posts_that_others_link_to() {
    let site = site().file(
        "site/content/posts/links.md",
        "---\ntitle: Links\ndate: 2024-01-05\n---\n[x]({{< ref \"a\" >}}) [y]({{< ref path=\"a\" lang=\"zh\" >}})\n",
    );
    let running = site.start();
    let feed = || site.text("feeds/rss.xml");
    running.until("the links are there", || feed().contains("\"https://example.com/zh/posts/a/\""));
    site.write("site/content/posts/a.zh.md", post("一", 3, "slug: one\n"));
    running.until("the link follows the slug", || feed().contains("\"https://example.com/zh/posts/one/\""));
    site.remove("site/content/posts/a.md");
    site.write("site/content/posts/a.en.md", post("One", 1, "url: /first/\n"));
    running.until("the link follows the file", || feed().contains("\"https://example.com/first/\""));
    for n in 1..=4 {
        site.write(&format!("site/content/notes/{n}.md"), post(&format!("Note {n}"), n + 10, ""));
    }
    running.until("the notes are the posts", || feed().contains("Note 4"));
    assert!(!feed().contains("Links"), "{}", feed());
    site.write("site/content/notes/1.zh.md", post("记", 11, ""));
    site.write("site/content/notes/2.zh.md", post("又记", 12, ""));
    running.until("in each language", || site.text("feeds/_lang/zh/rss.xml").contains("又记"));
    running.as_built(&site);
}

#[test]
fn languages_of_a_zola_site_in_our_layout() {
    let page = |title: &str, link: &str| format!("+++\ntitle = '{title}'\ndate = 2024-01-02\n+++\n[x](@/{link})\n");
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.paths = [\"content/posts/*\"]\n")
        .file("site/config.toml", "base_url = 'https://example.com'\ntitle = 'Site'\n[languages.pt-BR]\ntitle = 'Sítio'\n")
        .file("site/content/posts/_index.pt-BR.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("site/content/posts/a.md", page("One", "posts/a.pt-BR.md#b"))
        .file("site/content/posts/a.pt-BR.md", page("Um", "posts/_index.pt-BR.md"));
    site.build();
    site.assert_sound();
    for (path, title, link) in [
        ("rss.xml", "One", "https://example.com/pt-BR/posts/a/#b"),
        ("own/rss.xml", "One", "https://example.com/pt-BR/posts/a/#b"),
        ("_lang/pt-BR/rss.xml", "Um", "https://example.com/pt-BR/posts/"),
        ("_lang/pt-BR/own/rss.xml", "Um", "https://example.com/pt-BR/posts/"),
    ] {
        assert_eq!(site.feed(path).titles(), [title], "{path}");
        assert!(site.text(&format!("feeds/{path}")).contains(&format!("\"{link}\"")), "{path}");
    }
    assert_eq!(site.feed("_lang/pt-BR/rss.xml").title, "Sítio");
    assert_eq!(site.published().keys().filter(|path| path.ends_with("rss.xml")).count(), 4, "no feeds of sections");
    site.run_cmd(["inspect", "site/content/posts/a.pt-BR.md"]).exits(0).says("language    pt-BR");
}
