//! Which file is read, where paths start, and what wins over what.

use super::{Fixture, MINIMAL};
use crate::config::{Address, ContentMode, LogFormat, LogLevel, Network};
use crate::model::Format;

#[test]
fn each_level_wins_over_the_next() {
    let site = || Fixture::jekyll("title: of the site\nurl: https://site.example\n");
    let filed =
        || site().file("site/syndicated.toml", "[site]\ntitle = \"of the file\"\nurl = \"https://file.example\"\n");
    let stated =
        || filed().env("SYNDICATED_SITE_TITLE", "of the environment").env("SYNDICATED_SITE_URL", "https://env.example");
    let given = || stated().options(|o| o.base_url = Some("https://option.example/base".to_owned()));
    let cases = [
        (
            Fixture::new().file("site/x.md", "").site("site").env("SYNDICATED_SITE_URL", "http://localhost:4000"),
            "localhost",
            "http://localhost:4000/",
        ),
        (site(), "of the site", "https://site.example/"),
        (filed(), "of the file", "https://file.example/"),
        (stated(), "of the environment", "https://env.example/"),
        (given(), "of the environment", "https://option.example/base/"),
    ];
    for (fixture, title, url) in cases {
        let config = fixture.load();
        assert_eq!((config.site.title.as_str(), config.site.url.as_str()), (title, url));
        assert_eq!(config.output.feeds_url.as_str(), format!("{url}feeds/"));
    }
}

#[test]
fn the_file_is_found() {
    let source = format!("{MINIMAL}title = \"shared\"\n[source]\n");
    let own = format!("{MINIMAL}title = \"own\"\n");
    let title = |fixture: &Fixture| fixture.load().site.title;
    assert_eq!(title(&Fixture::new().file("config.toml", &source)), "shared");
    assert_eq!(title(&Fixture::new().file("config.toml", &source).file("syndicated.toml", &own)), "own");
    let named = Fixture::with(&own).file("elsewhere/c.toml", &source);
    assert_eq!(title(&named.options(|o| o.config = Some("elsewhere/c.toml".into()))), "shared");
}

#[test]
fn paths_start_where_they_are_written() {
    let config = format!("{MINIMAL}[source]\npath = \"../site\"\n[output]\npath = \"out\"\n");
    let fixture = Fixture::new().file("conf/c.toml", &config).file("site/a.md", "").file("here/b.md", "");
    let fixture = fixture.options(|o| o.config = Some("conf/c.toml".into()));
    let dir = fixture.path().to_path_buf();
    let config = fixture.load();
    assert_eq!(config.source.root, dir.join("site"));
    assert_eq!(config.output.dir, dir.join("conf/out"));
    assert_eq!(config.state, dir.join("conf/.syndicated/out"));
    assert_eq!(config.files[0], dir.join("conf/c.toml"));

    let config = fixture.env("SYNDICATED_OUTPUT_PATH", "public").options(|o| o.state = Some("s".into())).load();
    assert_eq!(config.output.dir, dir.join("public"));
    assert_eq!(config.state, dir.join("s"));
}

#[test]
fn the_output_is_beside_the_file_or_here() {
    let fixture = Fixture::new().file("conf/c.toml", MINIMAL).options(|o| o.config = Some("conf/c.toml".into()));
    assert_eq!(fixture.load().output.dir, fixture.path().join("conf/feeds"));
    let fixture = Fixture::new().file("site/syndicated.toml", MINIMAL).site("site");
    assert_eq!(fixture.load().output.dir, fixture.path().join("feeds"));
    assert_eq!(fixture.load().state, fixture.path().join(".syndicated/feeds"));
}

#[test]
fn variables_are_read_as_their_key_needs() {
    let config = Fixture::with(MINIMAL)
        .env("SYNDICATED_SITE_TITLE", "2024")
        .env("SYNDICATED_SITE_AUTHOR_NAME", "A")
        .env("SYNDICATED_SITE_AUTHOR_EMAIL", "a@example.com")
        .env("SYNDICATED_SITE_DESCRIPTION", "'quoted'")
        .env("SYNDICATED_SITE_LANGUAGE", "")
        .env("SYNDICATED_OUTPUT_FORMATS", "atom, rss,atom")
        .env("SYNDICATED_OUTPUT_MODE", "0640")
        .env("SYNDICATED_IDENTITY_KEYS", "['guid', 'id']")
        .env("SYNDICATED_CONTENT_LIMIT", "7")
        .env("SYNDICATED_CONTENT_MODE", "none")
        .env("SYNDICATED_CONTENT_MAX_SIZE", "500 kB")
        .env("SYNDICATED_CATEGORIES_TAGS", "true")
        .env("SYNDICATED_LOG_FORMAT", "json")
        .env("SYNDICATED_LOG_LEVEL", "debug")
        .env("SYNDICATED_STATE_THREADS", "3")
        .load();
    assert_eq!(config.site.title, "2024");
    assert_eq!(config.site.author.unwrap().email.as_deref(), Some("a@example.com"));
    assert_eq!(config.site.description.as_deref(), Some("quoted"));
    assert_eq!(config.site.language, None);
    assert_eq!(config.output.formats, [Format::Atom, Format::Rss]);
    assert_eq!(config.output.mode, Some(0o640));
    assert_eq!(config.identity_keys, ["guid", "id"]);
    assert_eq!((config.content.limit, config.content.mode, config.content.max_size), (7, ContentMode::None, 500_000));
    assert!(config.categories.tags);
    assert_eq!((config.log, config.log_level, config.threads), (LogFormat::Json, LogLevel::Debug, 3));
}

#[test]
fn a_whole_key_wins_over_parts_below_it_and_parts_over_a_whole() {
    let table = format!("{MINIMAL}author = {{ name = \"A\", email = \"a@example.com\" }}\n");
    let author = Fixture::with(&table).env("SYNDICATED_SITE_AUTHOR", "B").load().site.author.unwrap();
    assert_eq!((author.name.as_str(), author.email), ("B", None));
    let name = format!("{MINIMAL}author = \"A\"\n");
    let author = Fixture::with(&name).env("SYNDICATED_SITE_AUTHOR_URI", "/about/").load().site.author.unwrap();
    assert_eq!(author.uri.unwrap().as_str(), "https://example.com/about/");
}

#[test]
fn misspelt_variables_are_noted_and_foreign_ones_left_alone() {
    let config = Fixture::with(MINIMAL)
        .env("SYNDICATED_OUTPUT_PAHT", "x")
        .env("SYNDICATED_PORT", "tcp://10.0.0.1:80")
        .env("OUTPUT_PATH", "x")
        .load();
    let notes: Vec<_> = config.notes.iter().filter(|note| note.contains("environment")).collect();
    assert_eq!(notes, ["SYNDICATED_OUTPUT_PAHT in the environment sets nothing; did you mean SYNDICATED_OUTPUT_PATH?"]);
}

#[test]
fn a_variable_alone_can_name_the_site() {
    let fixture = Fixture::new().file("site/a.md", "").env("SYNDICATED_SOURCE_PATH", "site");
    let fixture = fixture.env("SYNDICATED_SITE_URL", "https://example.com");
    assert_eq!(fixture.load().source.root, fixture.path().join("site"));
}

#[test]
fn output_and_state_are_skipped_inside_the_site_only() {
    let fixture = Fixture::with(MINIMAL);
    let config = fixture.load();
    assert_eq!(config.source.skip, [fixture.path().join("feeds"), fixture.path().join(".syndicated/feeds")]);
    let fixture = Fixture::new().file("site/a.md", "").site("site").env("SYNDICATED_SITE_URL", "https://example.com");
    assert!(fixture.load().source.skip.is_empty());
    // The whole site is never skipped.
    let fixture = Fixture::with(&format!("{MINIMAL}[output]\npath = \".\"\n[state]\npath = \"../state\"\n"));
    assert!(fixture.load().source.skip.is_empty());
}

#[cfg(unix)]
#[test]
fn output_behind_a_symbolic_link_is_skipped() {
    let fixture = Fixture::new().file("real/a.md", "").env("SYNDICATED_SITE_URL", "https://example.com").site("link");
    std::os::unix::fs::symlink("real", fixture.path().join("link")).unwrap();
    let fixture = fixture.options(|o| o.out = Some("real/feeds".into()));
    let config = fixture.load();
    assert_eq!(config.source.skip[0], fixture.path().join("link/feeds"));
}

#[test]
fn how_often_everything_is_looked_at_is_a_time() {
    let poll = |text: &str| Fixture::with(MINIMAL).env("SYNDICATED_SOURCE_POLL", text).load().source.poll;
    let milliseconds = [("5 s", 5_000), ("500ms", 500), ("2 min", 120_000), ("24 h", 86_400_000)];
    for (text, milliseconds) in milliseconds {
        assert_eq!(poll(text), Some(std::time::Duration::from_millis(milliseconds)), "{text}");
    }
    assert_eq!(poll("auto"), None);
}

#[test]
fn the_fingerprint_is_of_what_can_change_a_feed() {
    let fixture = || Fixture::new().file("site/_config.yml", "url: https://example.com\n").site("site");
    let base = fixture();
    let dir = base.path().to_path_buf();
    let print = |change: &dyn Fn(Fixture) -> Fixture| {
        let moved = change(Fixture { dir: tempfile::tempdir_in(&dir).unwrap(), ..fixture() });
        moved.env("SYNDICATED_SOURCE_PATH", "x").options(|o| o.site = Some(dir.join("site"))).load().fingerprint
    };
    let same = print(&|f| f);
    assert_eq!(same.len(), 32);
    for (name, value) in [
        ("STATE_PATH", "s"),
        ("STATE_THREADS", "1"),
        ("LOG_LEVEL", "debug"),
        ("OUTPUT_PATH", "o"),
        ("SOURCE_POLL", "5 s"),
    ] {
        assert_eq!(print(&|f| f.env(&format!("SYNDICATED_{name}"), value)), same, "{name}");
    }
    let changes = [
        ("SITE_TITLE", "x"),
        ("SITE_TIMEZONE", "UTC"),
        ("SOURCE_EXCLUDE", "x"),
        ("SOURCE_FUTURE", "true"),
        ("OUTPUT_FORMATS", "rss"),
        ("OUTPUT_LAYOUT", "hugo"),
        ("OUTPUT_FEEDS_URL", "/"),
        ("CONTENT_LIMIT", "3"),
        ("CATEGORIES_FOLD_CASE", "false"),
        ("WEBSUB_HUBS", "https://hub.example"),
    ];
    for (name, value) in changes {
        assert_ne!(print(&|f| f.env(&format!("SYNDICATED_{name}"), value)), same, "{name}");
    }
}

#[test]
fn where_feeds_are_served_is_one_address_or_several() {
    let listen = |fixture: Fixture| fixture.load().server.listen.iter().map(Address::to_string).collect::<Vec<_>>();
    let with = |toml: &str| Fixture::with(&format!("{MINIMAL}[server]\n{toml}\n"));
    assert_eq!(listen(Fixture::with(MINIMAL)), Vec::<String>::new());
    assert_eq!(listen(with("listen = \"localhost:80\"")), ["127.0.0.1:80"]);
    assert_eq!(listen(with("listen = [\"[::1]:80\", \"127.0.0.1:80\", \"[::1]:80\"]")), ["127.0.0.1:80", "[::1]:80"]);
    let both = with("listen = \"localhost:80\"").env("SYNDICATED_SERVER_LISTEN", "127.0.0.1:81, systemd");
    assert_eq!(listen(both), ["127.0.0.1:81", "systemd"]);
    let given = with("listen = \"localhost:80\"").options(|o| o.listen = vec!["[::]:82".to_owned()]);
    assert_eq!(listen(given), ["[::]:82"]);
    // A path is relative to the file that has it.
    let named = Fixture::new()
        .file("etc/c.toml", &format!("{MINIMAL}[server]\nlisten = \"unix:http.sock\"\n"))
        .options(|o| o.config = Some("etc/c.toml".into()));
    let socket = format!("unix:{}", named.path().join("etc/http.sock").display());
    assert_eq!(listen(named), [socket]);
    for fault in ["listen = \"80\"", "listen = [1]", "cache = \"much\"", "socket_mode = \"abc\"", "connections = 0"] {
        with(fault).error();
    }
    for fault in ["header_timeout = \"1 ms\"", "idle_timeout = \"2 h\"", "trusted_proxies = [\"here\"]"] {
        assert!(with(fault).error().contains("syndicated.toml:4:"), "{fault}");
    }
    let server = with("trusted_proxies = []\ncache = \"1 MiB\"\nsocket_mode = \"0600\"").load().server;
    assert_eq!((server.trusted_proxies, server.cache, server.socket_mode), (Vec::<Network>::new(), 1 << 20, 0o600));
}
