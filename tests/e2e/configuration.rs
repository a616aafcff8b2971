//! Where the configuration is looked for, what wins over what, and how it is refused.

use crate::fixture::{Site, short};

/// A site that says its own title and limit, in the current folder.
fn here() -> Site {
    Site::bare()
        .file("_config.yml", "title: Own\nurl: https://own.example\ntimezone: UTC\nfeed:\n  posts_limit: 3\n")
        .file("_posts/2022-01-01-a.md", short("A", "news"))
        .file("_posts/2022-01-02-b.md", short("B", "news"))
        .file("_posts/2022-01-03-c.md", short("C", "news"))
        .file("_posts/2022-01-04-d.md", short("D", "news"))
}

fn title(site: &Site) -> String {
    site.feed("rss.xml").title
}

#[test]
fn the_file_that_is_named_comes_first_then_syndicated_toml_then_config_toml() {
    let file = |title: &str| format!("[site]\ntitle = \"{title}\"\n[source]\npath = \".\"\n");
    let site = here().file("config.toml", file("Third"));
    site.run_cmd(["build"]).exits(0);
    assert_eq!(title(&site), "Third");
    let site = site.file("syndicated.toml", file("Second"));
    site.run_cmd(["build"]).exits(0);
    assert_eq!(title(&site), "Second");
    let site = site.file("named.toml", file("First"));
    site.run_cmd(["build", "--config", "named.toml"]).exits(0);
    assert_eq!(title(&site), "First");
}

#[test]
fn a_config_toml_without_a_source_table_is_the_site_s_own() {
    let site = here().file("config.toml", "baseURL = \"https://hugo.example\"\n");
    site.run_cmd(["build"]).exits(2).complains("[source]");
    site.run_cmd(["build", "--site", "."]).exits(0);
    assert_eq!(title(&site), "Own");
}

#[test]
fn a_site_s_folder_may_hold_a_configuration() {
    let site = Site::bare()
        .file("blog/_config.yml", "url: https://own.example\ntimezone: UTC\n")
        .file("blog/_posts/2022-01-01-a.md", short("A", "news"))
        .file("blog/syndicated.toml", "[site]\ntitle = \"Theirs\"\n");
    site.run_cmd(["build", "--site", "blog"]).exits(0);
    assert_eq!(title(&site), "Theirs");
}

/// Jekyll's `Site#limit_posts!` keeps the last of its posts, before anything is made of them.
#[test]
fn a_site_with_limit_posts_has_its_newest_posts_in_every_feed() {
    let site = Site::bare()
        .file("_config.yml", "title: Own\nurl: https://own.example\ntimezone: UTC\nlimit_posts: 2\n")
        .file("_posts/2022-01-01-a.md", short("A", "news"))
        .file("_posts/2022-01-02-b.md", short("B", "old"))
        .file("_posts/2022-01-03-c.md", short("C", "news"))
        .file("_posts/2022-01-04-d.md", short("D", "news"));
    let build = |site: &Site| site.run_cmd(["build", "--site", ".", "-v"]).exits(0);
    let titles = |site: &Site, path: &str| -> Vec<String> {
        site.feed(path).titles().iter().map(|&title| title.to_owned()).collect()
    };
    build(&site).says("2 older than the site's limit_posts");
    assert_eq!(titles(&site, "rss.xml"), ["D", "C"]);
    assert_eq!(titles(&site, "news/rss.xml"), ["D", "C"]);
    assert!(!site.exists("feeds/old/rss.xml"));
    let inspected = site.run_cmd(["inspect", "--site", ".", "_posts/2022-01-01-a.md"]).exits(0);
    inspected.says("in none: the site's limit_posts keeps only posts that are newer");

    site.write("_posts/2022-01-05-e.md", short("E", "old"));
    build(&site);
    assert_eq!(titles(&site, "rss.xml"), ["E", "D"]);
    assert_eq!(titles(&site, "news/rss.xml"), ["D"]);

    site.remove("_posts/2022-01-05-e.md");
    site.remove("_posts/2022-01-04-d.md");
    site.write("_posts/2022-01-01-a.md", short("Old", "news"));
    build(&site);
    assert_eq!(titles(&site, "rss.xml"), ["C", "B"]);
    assert_eq!(titles(&site, "old/rss.xml"), ["B"]);
    let published = site.published();
    site.run_cmd(["build", "--site", ".", "--full", "--state", "fresh"]).exits(0);
    assert_eq!(site.published(), published);
}

#[test]
fn paths_in_a_configuration_are_relative_to_it() {
    let site = Site::bare()
        .file("srv/blog/_config.yml", "title: Own\nurl: https://own.example\ntimezone: UTC\n")
        .file("srv/blog/_posts/2022-01-01-a.md", short("A", "news"))
        .file("srv/etc/c.toml", "[source]\npath = \"../blog\"\n[output]\npath = \"../www/feeds\"\n");
    site.run_cmd(["build", "--config", "srv/etc/c.toml"]).exits(0);
    assert!(site.exists("srv/www/feeds/news/rss.xml") && site.exists("srv/www/.syndicated/feeds/lock"));
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_file_over_the_site_over_the_defaults() {
    let site = here();
    site.run_cmd(["build", "--site", "."]).exits(0);
    assert_eq!(site.feed("rss.xml").items.len(), 3, "the site's own, not the default of 20");
    let site = site.file(
        "syndicated.toml",
        "[source]\npath = \".\"\n[content]\nlimit = 2\n[site]\nurl = \"https://file.example\"\n",
    );
    site.run_cmd(["build"]).exits(0);
    assert_eq!(site.feed("rss.xml").items.len(), 2, "the file wins over the site");
    assert_eq!(site.feed("rss.xml").own_url, "https://file.example/feeds/rss.xml");
    let site = site.env("SYNDICATED_CONTENT_LIMIT", "1").env("SYNDICATED_SITE_URL", "https://env.example");
    site.run_cmd(["build"]).exits(0);
    assert_eq!(site.feed("rss.xml").items.len(), 1, "the environment wins over the file");
    assert_eq!(site.feed("rss.xml").own_url, "https://env.example/feeds/rss.xml");
    site.run_cmd(["build", "--base-url", "https://line.example"]).exits(0);
    assert_eq!(site.feed("rss.xml").own_url, "https://line.example/feeds/rss.xml");
}

#[test]
fn an_unknown_key_is_refused_with_line_caret_and_the_nearest_key() {
    let site = here().file("syndicated.toml", "[source]\npath = \".\"\n[content]\nlimt = 5\n");
    let ran = site
        .run_cmd(["build"])
        .exits(2)
        .complains("syndicated.toml:4:1")
        .complains("limt = 5")
        .complains("`content.limit`?");
    let caret = ran.stderr.lines().find(|line| line.trim_start_matches([' ', '|']).starts_with('^'));
    assert!(caret.is_some(), "{}", ran.stderr);
    assert!(!site.exists("feeds") && !site.exists(".syndicated"));
}

#[test]
fn a_wrong_type_is_refused_with_its_line() {
    let site = here().file("syndicated.toml", "[source]\npath = \".\"\n[content]\nlimit = \"many\"\n");
    site.run_cmd(["build"]).exits(2).complains("syndicated.toml:4:9").complains("limit = \"many\"");
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let site = here().file("syndicated.toml", "[source]\npath = \".\n");
    site.run_cmd(["build"]).exits(2).complains("syndicated.toml:2");
}

#[test]
fn a_wrong_variable_is_named_and_an_unknown_one_told() {
    let site = here().env("SYNDICATED_CONTENT_LIMIT", "many");
    site.run_cmd(["build", "--site", "."]).exits(2).complains("SYNDICATED_CONTENT_LIMIT");
    let site = here().env("SYNDICATED_CONTENT_LIMT", "5");
    site.run_cmd(["build", "--site", "."]).exits(0).says("did you mean SYNDICATED_CONTENT_LIMIT?");
}

#[test]
fn a_site_without_an_address_says_so() {
    let site = Site::bare().file("_config.yml", "title: T\n").file("_posts/2022-01-01-a.md", short("A", "news"));
    site.run_cmd(["build", "--site", "."]).exits(2).complains("--base-url");
    site.run_cmd(["build", "--site", ".", "--base-url", "https://line.example/blog"]).exits(0);
    assert_eq!(site.feed("rss.xml").own_url, "https://line.example/blog/feeds/rss.xml");
}

#[test]
fn the_zone_of_the_machine_is_said_once_where_the_site_has_none() {
    let site = Site::bare()
        .file("_config.yml", "title: T\nurl: https://own.example\n")
        .file("_posts/2022-01-01-a.md", short("A", "news"));
    let ran = site.run_cmd(["build", "--site", "."]).exits(0);
    assert_eq!(ran.stdout.matches("timezone").count(), 1, "{}", ran.stdout);
}

#[test]
fn no_configuration_says_where_it_was_looked_for() {
    let ran = Site::bare().run_cmd(["build"]).exits(2);
    ran.complains("syndicated.toml").complains("config.toml").complains("--site");
}

#[test]
fn a_ready_layout_gives_the_addresses_of_another_generator() {
    let site =
        here().file("syndicated.toml", "[source]\npath = \".\"\n[output]\nlayout = \"wordpress\"\nfeeds_url = \"/\"\n");
    site.run_cmd(["build"]).exits(0);
    let files = site.published();
    assert!(files.keys().any(|path| path.contains("category/news/feed")), "{:?}", files.keys());
}
