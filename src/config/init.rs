//! The commented configuration file that `init` writes: every key with its sentence, what the site says filled in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::keys::{Fallback, KEYS, Key};
use super::site::{self, Facts, Generator, Lookup};

/// A commented configuration for the site in a folder, to be written as `syndicated.toml` or `config.toml` there.
///
/// All defaults are commented out; what has to be given stands open: the folder, and the address where the site states
/// none. A site whose own configuration cannot be read counts as one that says nothing.
#[must_use]
pub fn init_text(site_dir: &Path) -> String {
    let found = site::detect(site_dir);
    let dialect = match found {
        Generator::Jekyll(_) => "jekyll",
        Generator::Hugo(_) => "hugo",
        Generator::Zola(_) => "zola",
        Generator::Plain => "plain",
    };
    let lookup = Lookup { dir: site_dir, shown: ".", address: None };
    let facts = site::read(lookup, dialect).ok();
    let mut open = vec![("source.path", "\".\"".to_owned())];
    if facts.as_ref().is_none_or(|facts| facts.address.is_err()) {
        open.push(("site.url", "\"https://example.com/\"".to_owned()));
    }
    render(&facts.map(|facts| stated(&facts)).unwrap_or_default(), &open.into_iter().collect())
}

/// What the site says, as TOML values to show instead of examples.
fn stated(facts: &Facts) -> BTreeMap<&'static str, String> {
    let address = facts.address.as_ref().ok().map(|url| url.as_str().to_owned());
    let author = facts.author.as_ref().map(|author| author.name.clone());
    let texts = [
        ("site.url", address),
        ("site.title", facts.title.clone()),
        ("site.description", facts.description.clone()),
        ("site.language", facts.language.as_deref().and_then(super::language_tag)),
        ("site.timezone", facts.timezone.clone()),
        ("site.author", author),
        ("site.icon", facts.icon.clone()),
        ("site.logo", facts.logo.clone()),
        ("site.rights", facts.rights.clone()),
    ];
    texts.into_iter().filter_map(|(path, text)| Some((path, quote(&text?)))).collect()
}

/// The file: `open` keys stand with their values, all others behind `# ` with what the site says, the default or an
/// example. What cannot stand beside the rest, a key's parts, is behind `#   `.
pub(super) fn render(stated: &BTreeMap<&'static str, String>, open: &BTreeMap<&'static str, String>) -> String {
    let mut text = String::from(
        "## The configuration of `syndicated`: every key. Remove the `#` before one to set it.\n\
         ## It shows the default; where that is told in words, an example.\n\
         ## What the site's own configuration says (Jekyll's _config.yml, Hugo's hugo.toml, Zola's zola.toml) holds unless it is said here.\n",
    );
    let mut header = String::new();
    for key in KEYS {
        let (table, name) = place(key);
        if table != header {
            let mark = if key.is_single() { "" } else { "# " };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n{mark}{}", brackets(table));
            table.clone_into(&mut header);
        }
        let value = open.get(key.path).or_else(|| stated.get(key.path)).map_or(key.default.sample(), String::as_str);
        let mark = if open.contains_key(key.path) {
            ""
        } else if key.is_part() {
            "#   "
        } else {
            "# "
        };
        let _ = writeln!(text, "{}{mark}{name} = {value}", comment(key));
    }
    text
}

/// The table of a key and its name there. Parts of a key are written with dots.
fn place(key: &Key) -> (&'static str, &'static str) {
    if let Some(name) = key.path.strip_prefix("categories.label.*.") {
        return ("categories.label.*", name);
    }
    if key.path == "aliases.*" {
        return ("aliases", "\"old/feed.xml\"");
    }
    key.path.split_once('.').unwrap_or(("", key.path))
}

fn brackets(table: &str) -> String {
    match table {
        "feed" => "[[feed]]".to_owned(),
        "categories.label.*" => "[categories.label.\"Tech\"]".to_owned(),
        table => format!("[{table}]"),
    }
}

/// What a key is for, in lines of a width to read.
fn comment(key: &Key) -> String {
    let default = match key.default {
        Fallback::Value(_) | Fallback::Words("none", _) => String::new(),
        Fallback::Words(words, _) => format!(" Default: {words}."),
    };
    let mut text = String::new();
    let mut line = String::from("##");
    for word in format!("{}{default}", key.doc).split(' ') {
        if line.chars().count() + word.chars().count() > 118 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("##");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// A TOML basic string (TOML 1.0 §String).
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
