//! The exact text of errors: where, the line, a caret, what is wrong, what was meant.

use super::{Fixture, MINIMAL};

/// Each configuration and what is said of it.
#[track_caller]
fn says(config: &str, error: &str) {
    assert_eq!(Fixture::with(config).error().trim_end(), error.trim_matches('\n'));
}

#[test]
fn unknown_key() {
    says(
        "[output]\npth = \"x\"\n",
        r#"
syndicated.toml:2:1: unknown key `output.pth`; did you mean `output.path`?
  |
2 | pth = "x"
  | ^^^
"#,
    );
    says(
        "title = \"x\"\n",
        r#"
syndicated.toml:1:1: unknown key `title`; did you mean `site.title`?
  |
1 | title = "x"
  | ^^^^^
"#,
    );
    says(
        "[daemon]\nlog = \"x\"\n",
        r#"
syndicated.toml:1:2: unknown key `daemon`
  |
1 | [daemon]
  |  ^^^^^^
"#,
    );
    says(
        "\"site.url\" = \"https://example.com\"\n",
        r#"
syndicated.toml:1:1: unknown key `site.url`; did you mean `site.url`?
  |
1 | "site.url" = "https://example.com"
  | ^^^^^^^^^^
"#,
    );
}

#[test]
fn wrong_type() {
    says(
        "[content]\nlimit = \"20\"\nmode = \"ful\"\n",
        r#"
syndicated.toml:2:9: `content.limit` must be a whole number from 1, not a string
  |
2 | limit = "20"
  |         ^^^^
syndicated.toml:3:8: `content.mode` must be `full`, `excerpt` or `none`, not `ful`; did you mean `full`?
  |
3 | mode = "ful"
  |        ^^^^^
"#,
    );
    says(
        "output = 1\n[content]\nlimit = 0\n",
        r"
syndicated.toml:1:10: `output` must be a table
  |
1 | output = 1
  |          ^
syndicated.toml:3:9: `content.limit` must be a whole number from 1, not the number 0
  |
3 | limit = 0
  |         ^
",
    );
}

#[test]
fn one_item_of_a_list() {
    says(
        "[output]\nformats = [\"rss\", \"jsn\", 2026-01-01]\n",
        r#"
syndicated.toml:2:19: `output.formats` must be `rss`, `atom` or `json`, not `jsn`; did you mean `json`?
  |
2 | formats = ["rss", "jsn", 2026-01-01]
  |                   ^^^^^
syndicated.toml:2:26: `output.formats` must be `rss`, `atom` or `json`, not a date
  |
2 | formats = ["rss", "jsn", 2026-01-01]
  |                          ^^^^^^^^^^
"#,
    );
}

#[test]
fn broken_file() {
    says(
        "[site]\ntitle = \"x\ntitle = \"y\"\n",
        r#"
syndicated.toml:2:11: invalid basic string, expected `"`
  |
2 | title = "x
  |           ^
"#,
    );
}

/// The caret stands under the value also behind characters that take two columns.
#[test]
fn wide_characters() {
    says(
        "site = { title = \"金融\", limit = 3 }\n",
        r#"
syndicated.toml:1:24: unknown key `site.limit`; did you mean `content.limit`?
  |
1 | site = { title = "金融", limit = 3 }
  |                          ^^^^^
"#,
    );
}

#[test]
fn senseless_values() {
    let config = r#"
[site]
url = "example.com"
timezone = "Europe/Berlim"
"#;
    says(
        config,
        r#"
syndicated.toml:3:7: `site.url`: `example.com` is no URL; write https://example.com
  |
3 | url = "example.com"
  |       ^^^^^^^^^^^^^
"#,
    );
    let config = r#"
[site]
url = "https://example.com"
timezone = "Europe/Berlim"
language = "english"
author = { email = "nobody" }
[source]
exclude = ["a[", "b"]
poll = "5"
[output]
mode = "0444"
formats = []
[content]
max_size = "1 furlong"
[websub]
hubs = ["hub"]
"#;
    says(
        config,
        r#"
syndicated.toml:4:12: `site.timezone`: there is no zone `Europe/Berlim`; did you mean `Europe/Berlin`?
  |
4 | timezone = "Europe/Berlim"
  |            ^^^^^^^^^^^^^^^
syndicated.toml:5:12: `site.language`: `english` is no language tag; write one such as `en` or `zh-CN`
  |
5 | language = "english"
  |            ^^^^^^^^^
syndicated.toml:6:20: `site.author.email`: `nobody` is no e-mail address
  |
6 | author = { email = "nobody" }
  |                    ^^^^^^^^
syndicated.toml:8:12: `source.exclude`: error parsing glob 'a[': unclosed character class; missing ']'
  |
8 | exclude = ["a[", "b"]
  |            ^^^^
syndicated.toml:9:8: `source.poll`: must be `auto`, or a time from `100 ms` to `24 h` such as `5 s`
  |
9 | poll = "5"
  |        ^^^
syndicated.toml:11:8: `output.mode`: must be permissions in octal, such as "0644", that let their owner read and write
   |
11 | mode = "0444"
   |        ^^^^^^
syndicated.toml:12:11: `output.formats`: must name at least one format
   |
12 | formats = []
   |           ^^
syndicated.toml:14:12: `content.max_size`: must be a size such as `1 MiB`, or a number of bytes, from 1 KiB
   |
14 | max_size = "1 furlong"
   |            ^^^^^^^^^^^
syndicated.toml:16:9: `websub.hubs`: `hub` is no URL of the form https://example.com/
   |
16 | hubs = ["hub"]
   |         ^^^^^
"#,
    );
}

#[test]
fn feeds_of_ones_own() {
    let config = format!("{MINIMAL}[[feed]]\npath = \"x/{{slug}}.xml\"\n[[feed]]\npath=\"rss.xml\"\ntitle=\"T\"\n");
    says(
        &config,
        r#"
syndicated.toml:3:1: this `[[feed]]` needs a `title`
  |
3 | [[feed]]
  | ^^^^^^^^
syndicated.toml:4:8: `feed.path`: must not have `{slug}` in it: it is one feed
  |
4 | path = "x/{slug}.xml"
  |        ^^^^^^^^^^^^^^
syndicated.toml:6:6: `feed.path`: is the same path for rss and atom; put `{format}` in it
  |
6 | path="rss.xml"
  |      ^^^^^^^^^
"#,
    );
    let feed = "[[feed]]\npath = \"{format}.xml\"\ntitle = \"T\"\n";
    says(
        &format!("{MINIMAL}{feed}"),
        r#"
syndicated.toml:4:8: `feed.path`: `rss.xml` meets the path of the feed of all posts
  |
4 | path = "{format}.xml"
  |        ^^^^^^^^^^^^^^
syndicated.toml:4:8: `feed.path`: `atom.xml` meets the path of the feed of all posts
  |
4 | path = "{format}.xml"
  |        ^^^^^^^^^^^^^^
"#,
    );
}

#[test]
fn labels() {
    says(
        "[categories.label.A]\nulr = \"/\"\n",
        r#"
syndicated.toml:2:1: unknown key `categories.label.*.ulr`; did you mean `categories.label.*.url`?
  |
2 | ulr = "/"
  | ^^^
"#,
    );
    says(
        &format!("{MINIMAL}[categories.label.A]\ntitle = \"\"\n[categories.label.a]\n[categories.label.\" \"]\n"),
        r#"
syndicated.toml:4:9: `categories.label.*.title`: must not be empty
  |
4 | title = ""
  |         ^^
syndicated.toml:5:19: `categories.label."a"` stands twice, in two spellings
  |
5 | [categories.label.a]
  |                   ^
syndicated.toml:6:19: a label must not be empty
  |
6 | [categories.label." "]
  |                   ^^^
"#,
    );
}

#[test]
fn environment() {
    let error = Fixture::with(MINIMAL)
        .env("SYNDICATED_CONTENT_LIMIT", "many")
        .env("SYNDICATED_OUTPUT_FORMATS", "rss, jsn")
        .env("SYNDICATED_SITE_TIMEZONE", "Mars")
        .error();
    assert_eq!(
        error,
        "SYNDICATED_OUTPUT_FORMATS in the environment: `output.formats` must be `rss`, `atom` or `json`, not `jsn`; did you mean `json`?\n\
         SYNDICATED_CONTENT_LIMIT in the environment: `content.limit` must be a whole number from 1, not a string"
    );
}

#[test]
fn command_line() {
    let error = Fixture::with(MINIMAL).options(|o| o.base_url = Some("example.com/news".to_owned())).error();
    assert_eq!(error, "--base-url: `site.url`: `example.com/news` is no URL; write https://example.com/news");
    let error = Fixture::new().site("nowhere").error();
    assert_eq!(error, "--site: `source.path`: DIR/nowhere is no folder");
    let error = Fixture::new().options(|o| o.config = Some("nowhere.toml".into())).error();
    assert_eq!(error, "nowhere.toml: there is no such file");
}

#[test]
fn no_configuration() {
    let help = "\n`syndicated init` writes one; `--site DIR` does without; `--config FILE` names one elsewhere";
    let looked = "no configuration in DIR: looked for syndicated.toml, then for config.toml with a [source] table";
    assert_eq!(Fixture::new().error(), format!("{looked}{help}"));
    let foreign = " (the one that is there has none, so it is the site's own)";
    assert_eq!(Fixture::new().file("config.toml", "title = 1\n").error(), format!("{looked}{foreign}{help}"));
}

#[test]
fn no_address() {
    let help = "\ngive it as `url` under `[site]`, with `--base-url https://example.com/`, or in SYNDICATED_SITE_URL";
    let cases = [
        ("title: T\n", "it states none"),
        ("url: example.com\n", "its `url` cannot be used: `example.com` is no URL; write https://example.com"),
        ("url: https://example.com\nbaseurl: '?x'\n", "its `baseurl` cannot be used: `?x` is no path"),
    ];
    for (config, reason) in cases {
        let expected = format!("the site's address is not known: {reason}{help}");
        assert_eq!(Fixture::jekyll(config).error(), expected);
    }
}

#[test]
fn broken_site_configuration() {
    assert_eq!(
        Fixture::jekyll("title: T\nauthor: a: b\n").error(),
        "site/_config.yml:2:10: mapping values are not allowed in this context\n  |\n2 | author: a: b\n  |          ^"
    );
    assert_eq!(
        Fixture::jekyll(&"[".repeat(100_000)).error(),
        "site/_config.yml: brackets and braces are nested too deeply, or not closed"
    );
}

#[test]
fn hostile_files_are_told_briefly() {
    let keys: String = (0..10_000).map(|n| format!("k{n} = 1\n")).collect();
    let error = Fixture::with(&keys).error();
    assert!(error.ends_with("\nand 9980 more"), "{error}");
    let error = Fixture::with(&format!("x = \"{}\"", "y".repeat(500_000))).error();
    assert!(error.len() < 1000, "{error}");
}

#[test]
fn selectors_and_the_folder_of_pages() {
    says(
        "[site]\nurl = \"https://example.com\"\n[content]\nselect = \"h1 + p\"\nremove = \"a[\"\npages = \" \"\n",
        r#"
syndicated.toml:4:10: `content.select`: `h1 + p` is no selector that is understood (unsupported combinator `+` in selector)
  |
4 | select = "h1 + p"
  |          ^^^^^^^^
syndicated.toml:5:10: `content.remove`: `a[` is no selector that is understood (unexpected end of selector)
  |
5 | remove = "a["
  |          ^^^^
syndicated.toml:6:9: `content.pages`: must be a folder
  |
6 | pages = " "
  |         ^^^
"#,
    );
}

#[test]
fn an_output_that_can_hold_no_feeds() {
    for (path, problem) in
        [("syndicated.toml", "is no folder"), ("_posts", "is a folder of posts: feeds need one of their own")]
    {
        let toml = format!("[source]\npath = \".\"\n[output]\npath = \"{path}\"\n");
        let fixture = Fixture::with(&toml).file("_config.yml", "url: https://example.com\n").file("_posts/.keep", "");
        let error = fixture.error();
        assert!(error.starts_with("syndicated.toml:4:8: `output.path`: DIR/") && error.contains(problem), "{error}");
    }
}
