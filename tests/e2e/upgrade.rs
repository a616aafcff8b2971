//! What an operator changes about a service that runs for years: its configuration, by file and by signal, and its release.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use rustix::process::Signal;

use crate::fixture::{Site, front, short};
use crate::service::Running;

const BASE: &str = "[source]\npath = \"site\"\n";
const CATALOG: &str = ".syndicated/feeds/catalog.sqlite";
/// The tables of each schema version that was before this one, `N.sql`.
const CATALOGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalogs");

/// A change of the configuration: what is written, the files that it writes, and those that it removes.
type Change = (&'static str, &'static [&'static str], &'static [&'static str]);

const ALL: [&str; 7] =
    ["atom.xml", "feeds.opml", "money/atom.xml", "money/rss.xml", "rss.xml", "tech/atom.xml", "tech/rss.xml"];
const FEEDS: [&str; 6] = ["atom.xml", "money/atom.xml", "money/rss.xml", "rss.xml", "tech/atom.xml", "tech/rss.xml"];
const CHANGES: [Change; 11] = [
    ("[content]\nlimit = 1", &["atom.xml", "rss.xml", "tech/atom.xml", "tech/rss.xml"], &[]),
    ("[content]\nmode = \"excerpt\"", &["atom.xml", "rss.xml", "tech/atom.xml", "tech/rss.xml"], &[]),
    ("[content]\nmode = \"none\"", &FEEDS, &[]),
    ("[site]\ntitle = \"Renamed\"", &ALL, &[]),
    ("[categories.label.tech]\ntitle = \"Technology\"", &["feeds.opml", "tech/atom.xml", "tech/rss.xml"], &[]),
    (
        "[output.layout]\ncategory = \"by/{slug}-{format}.xml\"",
        &["by/money-atom.xml", "by/money-rss.xml", "by/tech-atom.xml", "by/tech-rss.xml", "feeds.opml"],
        &["money/atom.xml", "money/rss.xml", "tech/atom.xml", "tech/rss.xml"],
    ),
    ("[output]\nformats = [\"atom\"]", &["feeds.opml"], &["money/rss.xml", "rss.xml", "tech/rss.xml"]),
    ("[output]\nopml = false", &[], &["feeds.opml"]),
    (
        "[output]\narchive = true",
        &[
            "_archive/2022/atom.xml",
            "_archive/2022/rss.xml",
            "atom.xml",
            "money/_archive/2022/atom.xml",
            "money/_archive/2022/rss.xml",
            "money/atom.xml",
            "money/rss.xml",
            "rss.xml",
            "tech/_archive/2022/atom.xml",
            "tech/_archive/2022/rss.xml",
            "tech/atom.xml",
            "tech/rss.xml",
        ],
        &[],
    ),
    (
        "[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.categories = [\"tech\"]",
        &["feeds.opml", "own/atom.xml", "own/rss.xml"],
        &[],
    ),
    ("[output]\nfeeds_url = \"https://cdn.example.com/\"", &ALL, &[]),
];

/// Two posts in `tech`, one with more than an excerpt, and one in `money`.
fn site() -> Site {
    Site::jekyll()
        .post("2022-01-01-a.md", front("title: A\ncategories: [tech]", "First.\n\nSecond."))
        .post("2022-01-02-b.md", short("B", "tech"))
        .post("2022-01-03-c.md", short("C", "money"))
}

/// Takes a configuration over, by a signal or by what is seen of the file, as the n-th.
fn take_over(running: &Running, site: &Site, n: usize, change: &str, by: Option<Signal>) {
    site.write("syndicated.toml", format!("{BASE}{change}\n"));
    by.into_iter().for_each(|signal| running.send(signal));
    let held = || running.log().matches("the new configuration holds").count();
    running.until("the new configuration holds", || held() == n);
    running.as_built(site);
}

fn changes_reach_what_they_touch(by: Option<Signal>) {
    let site = site();
    let running = site.start();
    for (n, (change, written, removed)) in CHANGES.into_iter().enumerate() {
        let before = site.stamps();
        take_over(&running, &site, 2 * n + 1, change, by);
        let after = site.stamps();
        let is_feed = |path: &&String| *path != ".syndicated.json";
        let new = after.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path);
        let gone = before.keys().filter(|path| !after.contains_key(*path));
        assert_eq!(new.filter(is_feed).collect::<Vec<_>>(), written, "written by {change}");
        assert_eq!(gone.collect::<Vec<_>>(), removed, "removed by {change}");
        take_over(&running, &site, 2 * n + 2, "", by);
        assert_eq!(site.stamps().keys().collect::<BTreeSet<_>>(), before.keys().collect(), "{change} taken back");
    }
}

#[test]
fn an_edited_configuration_makes_anew_what_it_touches_and_removes_what_it_orphans() {
    changes_reach_what_they_touch(None);
}

#[test]
fn a_reload_by_signal_makes_anew_what_it_touches_and_removes_what_it_orphans() {
    changes_reach_what_they_touch(Some(Signal::HUP));
}

/// Puts in place of the catalog one with the tables of a version, the rows of today as far as it has their columns, and
/// lies where another version may mean something else; whoever believes it shows them.
fn replace_catalog(site: &Site, tables: &str, version: i64) {
    let (path, old) = (site.path(CATALOG), site.path("old.sqlite"));
    let _ = std::fs::remove_file(&old);
    let db = Connection::open(&old).unwrap();
    db.execute_batch(tables).unwrap();
    db.execute("ATTACH ? AS now", [path.to_str().unwrap()]).unwrap();
    let columns = |schema: &str, table: &str| -> Vec<String> {
        let mut query =
            db.prepare(&format!("SELECT name FROM {schema}.pragma_table_info('{table}', '{schema}')")).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut query = db.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'").unwrap();
    let names: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in names {
        let now = columns("now", &table);
        let shared: Vec<String> = columns("main", &table).into_iter().filter(|name| now.contains(name)).collect();
        let shared = shared.join(", ");
        if !shared.is_empty() {
            db.execute_batch(&format!("INSERT INTO main.{table}({shared}) SELECT {shared} FROM now.{table}")).unwrap();
        }
    }
    drop(query);
    db.execute_batch(&format!(
        "DELETE FROM main.dirty; DELETE FROM main.members WHERE file = (SELECT min(file) FROM main.members); \
         UPDATE main.files SET id = 'urn:old:' || file, published = -published WHERE id IS NOT NULL; \
         UPDATE main.labels SET spelling = 'Old ' || spelling; \
         PRAGMA main.user_version = {version}; PRAGMA main.journal_mode = WAL"
    ))
    .unwrap();
    db.execute("DETACH now", []).unwrap();
    drop(db);
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(site.path(&format!("{CATALOG}{suffix}")));
    }
    site.rename("old.sqlite", CATALOG);
}

fn version_of(site: &Site) -> i64 {
    let db = Connection::open(site.path(CATALOG)).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_catalog_of_an_earlier_or_later_schema_is_made_anew_and_never_misread() {
    let site = site();
    site.age();
    site.build();
    let now = version_of(&site);
    let (published, current) = (site.published(), tables_of(&site));
    let earlier = (1..now).filter_map(|version| {
        let file = Path::new(CATALOGS).join(format!("{version}.sql"));
        Some((version, std::fs::read_to_string(file).ok()?))
    });
    let later = (now + 1, current + "\nCREATE TABLE extra(x);");
    let all: Vec<(i64, String)> = earlier.chain([later]).collect();
    assert!(all.len() > 7, "{}", all.len());
    for (version, tables) in all {
        replace_catalog(&site, &tables, version);
        let said = format!("it is of version {version}, this program writes {now}");
        site.run_cmd(["build"]).exits(0).says(&said);
        assert!(site.published() == published, "version {version}");
        replace_catalog(&site, &tables, version);
        let running = site.start();
        running.logs(&said);
        site.write("site/_posts/2022-01-02-b.md", short("B again", "tech, fresh"));
        running.as_built(&site);
        site.write("site/_posts/2022-01-02-b.md", short("B", "tech"));
        running.as_built(&site);
        assert!(site.published() == published && version_of(&site) == now, "version {version}");
    }
}

/// The statements that make the tables of the catalog that is there.
fn tables_of(site: &Site) -> String {
    let db = Connection::open(site.path(CATALOG)).unwrap();
    let mut query = db.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC").unwrap();
    let statements: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

#[test]
fn a_catalog_of_another_release_with_the_same_tables_is_made_anew_too() {
    let site = site();
    site.age();
    site.build();
    let (version, tables, published) = (version_of(&site), tables_of(&site), site.published());
    replace_catalog(&site, &tables, version);
    // The release is part of the fingerprint.
    Connection::open(site.path(CATALOG)).unwrap().execute("UPDATE meta SET value = 'of another release'", []).unwrap();
    site.run_cmd(["build"]).exits(0).says("the catalog was made anew");
    assert!(site.published() == published);
}
