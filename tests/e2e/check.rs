//! `check`: what it finds, where, and how it says so in each format.

use serde_json::Value;

use crate::fixture::{Site, front, golden, short};

/// A site that says everything of itself.
fn site() -> Site {
    Site::jekyll().file(
        "site/_config.yml",
        "title: Example\ndescription: A site\nauthor: Ann\nurl: https://example.com\ntimezone: UTC\n",
    )
}

/// One post with an error, one with a warning, one sound.
fn findings() -> Site {
    site()
        .post("2022-01-01-sound.md", short("Sound", "news"))
        .post("2022-03-31-quotes.md", "---\ntitle: \"所谓\"泡沫\"，再见\"\n---\nx\n")
        .post("2022-04-01-open.md", "---\ntitle: Open\n\nText\n")
        .post("2022-04-02-date.md", front("title: Date\ndate: 2022-02-31 10:00:00 +0800", "x"))
}

/// A post, or a file of the configuration, for each kind of finding that a feed validator would have.
fn what_a_validator_would_say() -> Site {
    Site::jekyll()
        .file("site/_config.yml", "url: https://example.com\ntimezone: UTC\nlang: cn\nfeed:\n  logo: \"http://[\"\n")
        .file("site/ids.tsv", "<<<<<<< HEAD\n")
        .post("1980-01-01-old.md", front("title: Old", "x {% youtube a %}"))
        .post("2022-01-01-empty.md", front("title: Empty", ""))
        .post("2022-01-02-title.md", front("title: \"\"", "x {% youtube b %}"))
        .post(
            "2022-01-03-links.md",
            front("title: Links", "a [b](www.example.com/x) and ![c](http://localhost:4000/c.png)"),
        )
        .post(
            "2022-01-04-tags.md",
            front("title: Tags", "a Vec<String>\n\n<script src=\"https://x.example/a.js\"></script>"),
        )
        .post("2022-01-05-open.html", front("title: Open", "<p>中文</p><div>x"))
        .post(
            "2022-01-06-sound.md",
            front("title: Sound\naudio: {url: /a.mp3, length: 3 MB}\nimage: \"http://[\"", "x"),
        )
        .post("2022-01-07-lost.md", front("title: Lost", "caf\u{fffd}"))
        .post("2022-01-08-twin.html", front("title: Twin\nslug: twin", "x"))
        .post("2022-01-08-twin.md", front("title: Twin\nslug: twin", "x"))
        .post("2022-01-09-id.md", front("title: Id\nfeed_id: urn:uuid:1", "x"))
        .post("2022-01-10-far.md", front("title: Far\ndate: 9022-01-10", "x"))
        .post(
            "2022-01-11-author.md",
            front("title: Mail\nauthor: {name: Bob, email: bob@localhost}", "{% if a b %}x{% endif %}"),
        )
}

#[test]
fn what_a_validator_would_say_is_said_with_its_line_in_every_format() {
    let site = what_a_validator_would_say();
    for (format, file) in [("text", "check-all.txt"), ("json", "check-all.json"), ("github", "check-all.github")] {
        let said = site.run_cmd(["check", "--format", format]).exits(1).stdout;
        golden(file, &said.replace(&format!("{}/", site.path("").display()).replace("//", "/"), "/…/"));
    }
}

#[test]
fn the_feeds_of_such_posts_are_sound_all_the_same() {
    let site = what_a_validator_would_say();
    site.build();
    site.assert_sound();
    for (path, bytes) in site.published() {
        let text = String::from_utf8(bytes).unwrap();
        let refused = [
            "localhost:4000/c.png\" onerror",
            "<script",
            "&lt;script",
            "bob@localhost",
            "<language>cn",
            "xml:lang=\"cn",
        ];
        assert!(refused.iter().all(|part| !text.contains(part)), "{path}: {text}");
    }
}

#[test]
fn the_order_of_findings_is_that_of_files_and_lines() {
    let site = what_a_validator_would_say();
    let first = site.run_cmd(["check", "--format", "json"]).stdout;
    for threads in ["1", "4"] {
        let again =
            site.command(["check", "--format", "json"]).env("SYNDICATED_STATE_THREADS", threads).output().unwrap();
        assert_eq!(String::from_utf8(again.stdout).unwrap(), first, "{threads}");
    }
    let found: Vec<Value> = serde_json::from_str(&first).unwrap();
    let posts: Vec<(&str, u64)> = found
        .iter()
        .map(|found| (found["path"].as_str().unwrap(), found["line"].as_u64().unwrap_or_default()))
        .filter(|(path, _)| path.starts_with("_posts"))
        .collect();
    assert!(posts.is_sorted(), "{posts:?}");
}

#[test]
fn a_file_of_the_configuration_outside_the_site_has_its_whole_path() {
    let site = site().post("2022-01-01-a.md", short("A", "news")).file("pins/ids.tsv", "x\n");
    let site = site.config("[identity]\nids = \"pins/ids.tsv\"");
    let found: Vec<Value> = serde_json::from_str(&site.run_cmd(["check", "--format", "json"]).exits(0).stdout).unwrap();
    let path = site.path("pins/ids.tsv").canonicalize().unwrap();
    assert_eq!((found[0]["path"].as_str(), found[0]["line"].as_u64()), (path.to_str(), Some(1)));
    let ran = site.run_cmd(["check", "--format", "github"]).exits(0);
    ran.says("::warning file=pins/ids.tsv,line=1,title=ids-row::");
    // Who asks for a post is told of that post.
    assert_eq!(site.run_cmd(["check", "--format", "json", "site/_posts"]).exits(0).stdout.trim(), "[]");
}

#[test]
fn an_unwritten_title_or_description_is_told_at_our_own_file() {
    let site = Site::plain().file("site/2022-01-01-a.md", "x");
    site.run_cmd(["check"])
        .exits(0)
        .says("--> syndicated.toml")
        .says("no description")
        .says("no author")
        .says("2 warnings");
    let said = Site::plain()
        .file("syndicated.toml", "[site]\nurl = \"https://example.com\"\ntitle = \"T\"\ndescription = \"D\"\nauthor.name = \"A\"\ntimezone = \"UTC\"\n[source]\npath = \"site\"\n")
        .file("site/2022-01-01-a.md", "x");
    said.run_cmd(["check", "--deny", "warnings"]).exits(0).says("0 errors, 0 warnings");
}

#[test]
fn check_shows_line_and_caret_what_happens_and_what_to_do() {
    let ran = findings().run_cmd(["check"]).exits(1);
    golden("check.txt", &ran.stdout);
}

#[test]
fn check_writes_nothing() {
    let site = findings();
    site.run_cmd(["check"]).exits(1);
    assert!(!site.exists("feeds") && !site.exists(".syndicated"));
}

#[test]
fn check_as_json_holds_path_line_severity_code_and_message() {
    let site = findings();
    let ran = site.run_cmd(["check", "--format", "json"]).exits(1);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let open = found.as_array().unwrap().iter().find(|found| found["path"] == "_posts/2022-04-01-open.md").unwrap();
    assert_eq!((open["line"].as_u64(), open["severity"].as_str()), (Some(1), Some("error")));
    assert_eq!(open["code"], "front-matter-unterminated");
    assert!(!open["message"].as_str().unwrap().is_empty());
    assert_eq!(found, site.build().0["diagnostics"], "build says the same");
}

#[test]
fn check_for_github_annotates_lines() {
    findings()
        .run_cmd(["check", "--format", "github"])
        .exits(1)
        .says("::error file=site/_posts/2022-04-01-open.md,line=1")
        .says("::warning file=site/_posts/2022-03-31-quotes.md,line=2,col=");
}

#[test]
fn check_reports_on_the_paths_that_it_is_given() {
    let site = findings().post("en/2022-05-01-open.md", "---\nopen\n");
    let ran = site.run_cmd(["check", "site/_posts/en"]).exits(1).says("2022-05-01-open.md");
    assert!(!ran.stdout.contains("2022-04-01-open.md"), "{}", ran.stdout);
    site.run_cmd(["check", "site/_posts/2022-01-01-sound.md"]).exits(0);
    let ran = site.run_cmd(["check", "_posts/2022-03-31-quotes.md"]).exits(0).says("inside quotes");
    assert!(!ran.stdout.contains("2022-04-02"), "{}", ran.stdout);
}

#[test]
fn check_sees_what_a_post_has_in_common_with_others() {
    let site = site()
        .post("2022-01-01-a.md", front("feed_id: tag:example.com,2022:1", "x"))
        .post("2022-01-02-b.md", front("feed_id: tag:example.com,2022:1", "x"));
    site.run_cmd(["check"]).exits(1).says("same-id");
}

#[test]
fn warnings_can_be_denied() {
    let site = site().post("2022-01-01-a.md", front("title: A\ntitle: B", "x"));
    site.run_cmd(["check"]).exits(0).says("0 errors, 1 warning");
    site.run_cmd(["check", "--deny", "warnings"]).exits(1);
}
