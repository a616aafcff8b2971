//! The commands: what they print, and the exit codes that they have in common.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::fixture::{Site, front, short};

/// One post with an error, one with a warning, one sound.
fn findings() -> Site {
    Site::jekyll()
        .post("2022-01-01-sound.md", short("Sound", "news"))
        .post("2022-03-31-quotes.md", "---\ntitle: \"所谓\"泡沫\"，再见\"\n---\nx\n")
        .post("2022-04-01-open.md", "---\ntitle: Open\n\nText\n")
        .post("2022-04-02-date.md", front("title: Date\ndate: 2022-02-31 10:00:00 +0800", "x"))
}

#[test]
fn exit_code_0_is_done() {
    findings().run_cmd(["build"]).exits(0);
    Site::jekyll().post("2022-01-01-sound.md", short("Sound", "news")).run_cmd(["check"]).exits(0);
}

#[test]
fn exit_code_1_is_findings() {
    findings().run_cmd(["check"]).exits(1);
    findings().run_cmd(["build", "--strict"]).exits(1);
}

#[test]
fn exit_code_2_is_nothing_done() {
    let site = findings();
    site.run_cmd(["frobnicate"]).exits(2);
    site.run_cmd(["build", "--nonsense"]).exits(2);
    site.run_cmd(["build", "--config", "missing.toml"]).exits(2).complains("missing.toml");
    site.run_cmd(["check", "missing.md"]).exits(2).complains("missing.md");
    site.run_cmd(["inspect", "missing.md"]).exits(2).complains("missing.md");
}

#[test]
fn strict_publishes_everything_all_the_same_and_minds_errors_only() {
    let site = findings();
    site.run_cmd(["build", "--strict"]).exits(1);
    assert_eq!(site.feed("atom.xml").items.len(), 3);
    site.remove("site/_posts/2022-04-01-open.md");
    site.run_cmd(["build", "--strict"]).exits(0);
}

#[test]
fn build_says_what_it_did_and_where_to_look() {
    let ran = findings().run_cmd(["build"]).exits(0);
    let ran =
        ran.says("Example (jekyll, site)").says("4 read, 3 kept, 1 left out (1 broken)").says("2: 5 files written");
    let ran =
        ran.says("1 error, 2 warnings").says("_posts/2022-04-01-open.md:1").says("https://example.com/feeds/atom.xml");
    assert_eq!(ran.stderr, "");
}

#[test]
fn quiet_says_nothing_and_verbose_says_every_finding() {
    let ran = findings().run_cmd(["build", "-q"]).exits(0);
    assert_eq!((ran.stdout, ran.stderr), (String::new(), String::new()));
    let mut site = Site::jekyll();
    for n in 1..=15 {
        site = site.post(&format!("2022-01-{n:02}-p.md"), "---\nopen\n");
    }
    site = site.post("2022-02-01-sound.md", short("Sound", "news"));
    assert_eq!(site.run_cmd(["build"]).stdout.matches("2022-01-").count(), 10);
    assert_eq!(site.run_cmd(["build", "-v"]).stdout.matches("2022-01-").count(), 15);
}

#[test]
fn inspect_tells_each_field_and_where_it_came_from() {
    let site = findings().post(
        "2022-05-01-a.md",
        front("title: A\ndate: 2022-05-01 10:00:00\ncategories: [tech]\ndescription: Short.", "x"),
    );
    let ran = site.run_cmd(["inspect", "site/_posts/2022-05-01-a.md"]).exits(0);
    for text in [
        "dialect     jekyll",
        "title       A\n            from front matter, line 2",
        "2022-05-01T10:00:00+00:00\n            from front matter, line 3",
        "https://example.com/tech/2022/05/01/a.html",
        "id          https://example.com/tech/2022/05/01/a\n",
        "categories  tech\n            from front matter, line 4",
        "all posts: number 1 (rss.xml, atom.xml)",
        "category tech: number 1 (tech/rss.xml, tech/atom.xml)",
    ] {
        assert!(ran.stdout.contains(text), "{text:?} is not in\n{}", ran.stdout);
    }
}

#[test]
fn inspect_tells_why_a_post_is_in_no_feed() {
    let site = findings()
        .post("2022-05-01-draft.md", front("draft: true", "x"))
        .post("2099-05-01-later.md", front("title: Later", "x"))
        .post("undated.md", front("title: U\ndate: 2022-05-01", "x"));
    let inspect = |post: &str| site.run_cmd(["inspect", post]).exits(0).says("in none");
    inspect("site/_posts/2022-05-01-draft.md").says("draft");
    inspect("site/_posts/2099-05-01-later.md").says("appears     2099-05-01T00:00:00+00:00");
    inspect("site/_posts/2022-04-01-open.md").says("front-matter-unterminated");
    inspect("site/_posts/undated.md").says("no-date-in-name");
    inspect("site/_config.yml");
}

#[test]
fn inspect_prints_the_entry_of_a_post() {
    let site = findings();
    let ran = site.run_cmd(["inspect", "--entry", "site/_posts/2022-01-01-sound.md"]).exits(0);
    let entry = ran.stdout.trim();
    assert!(entry.contains("<entry") && entry.ends_with("</entry>"), "{entry}");
    assert!(entry.contains("Text of Sound."));
    site.run_cmd(["inspect", "--entry", "site/_posts/2022-04-01-open.md"]).exits(2).complains("in no feed");
}

#[test]
fn list_shows_label_path_number_and_newest_date() {
    let site =
        Site::jekyll().post("2022-01-01-a.md", short("A", "'c++'")).post("2022-01-02-b.md", short("B", "'C++', news"));
    let ran = site.run_cmd(["list"]).exits(0);
    let line = ran.stdout.lines().find(|line| line.ends_with("  C++")).unwrap_or_else(|| panic!("{}", ran.stdout));
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[..3], ["category", "2", "2022-01-02T00:00:00+00:00"]);
    assert!(words[3].starts_with("c~") && words[3].ends_with("/rss.xml"), "{line}");
    assert_eq!(ran.stdout.lines().count(), 3);
}

#[test]
fn list_as_json_names_the_paths_of_each_format() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "news"));
    let ran = site.run_cmd(["list", "--json"]).exits(0);
    let feeds: Value = serde_json::from_str(&ran.stdout).unwrap();
    let news = feeds.as_array().unwrap().iter().find(|feed| feed["label"] == "news").unwrap();
    assert_eq!((&news["posts"], &news["paths"]["atom"]), (&1.into(), &"news/atom.xml".into()));
}

#[test]
fn init_writes_a_configuration_that_build_takes() {
    let site = Site::bare()
        .file("_config.yml", "title: Example\nurl: https://example.com\ntimezone: UTC\n")
        .file("_posts/2022-01-01-a.md", short("A", "news"));
    site.run_cmd(["init"]).exits(0).says("config.toml");
    let written = site.text("config.toml");
    assert!(written.lines().filter(|line| line.starts_with('#')).count() > 50, "{written}");
    site.run_cmd(["build"]).exits(0);
    assert_eq!(site.feed("news/atom.xml").titles(), ["A"]);
    site.run_cmd(["init"]).exits(0).says("syndicated.toml");
    site.run_cmd(["init"]).exits(2).complains("there already");
    assert_eq!(site.text("config.toml"), written);
}

#[test]
fn build_needs_no_configuration_at_all() {
    let site = Site::bare()
        .file("blog/_config.yml", "title: Example\nurl: https://example.com\ntimezone: UTC\n")
        .file("blog/_posts/2022-01-01-a.md", short("A", "news"));
    site.run_cmd(["build", "--site", "blog"]).exits(0);
    assert_eq!(site.feed("news/atom.xml").titles(), ["A"]);
}

#[test]
fn help_fits_a_screen() {
    let ran = Site::bare().run_cmd(["--help"]).exits(0);
    let short = Site::bare().run_cmd(["-h"]).exits(0);
    for help in [ran.stdout, short.stdout] {
        assert!(help.lines().count() <= 24, "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}

#[test]
fn every_command_has_examples_in_its_long_help() {
    let site = Site::bare();
    let top = site.run_cmd(["--help"]).stdout;
    let commands = top.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(
        commands,
        [
            "build",
            "run",
            "serve",
            "status",
            "check",
            "inspect",
            "list",
            "snippets",
            "ids",
            "ping",
            "hub",
            "init",
            "completions",
            "man"
        ]
    );
    for command in commands {
        site.run_cmd([command, "--help"]).exits(0).says("Example").says(&format!("  syndicated {command}"));
    }
}

#[test]
fn completions_are_there_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        Site::bare().run_cmd(["completions", shell]).exits(0).says("inspect");
    }
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let site = Site::bare();
    site.run_cmd(["man"]).exits(0).says(".TH syndicated 1");
    site.run_cmd(["man", "--out", "man1"]).exits(0);
    assert!(site.text("man1/syndicated-inspect.1").contains("POST"));
    assert_eq!(crate::fixture::files_below(&site.path("man1")).len(), 21);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let site = findings();
    let mut child =
        site.command(["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn without_a_terminal_there_is_neither_color_nor_progress() {
    let site = findings();
    let mut command: Command = site.command(["build"]);
    let output = command.env("TERM", "xterm-256color").output().unwrap();
    assert!(!output.stdout.contains(&0x1b) && output.stderr.is_empty());
}
