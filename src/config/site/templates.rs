//! What Liquid in a Jekyll site's posts may read beside the configuration: `_includes` and `_data`, within bounds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Lookup, data};
use crate::model::Value;

/// The most files of a folder.
const MAX_FILES: usize = 10_000;
/// The most bytes of a folder's files, together.
const MAX_BYTES: usize = 16 << 20;
/// The most entries among posts that are looked through for texts to include: larger sites shall not pay for it.
const MAX_POSTS: usize = 5_000;
/// How deep folders may nest; a link that leads in circles ends here.
const MAX_DEPTH: usize = 16;

/// The files of a folder, each with its path below it, in the order of their names.
struct Files<'a> {
    lookup: Lookup<'a>,
    found: Vec<(String, String)>,
    bytes: usize,
    notes: &'a mut Vec<String>,
}

/// The templates that posts may include, by their path below the folder.
pub(super) fn includes(lookup: Lookup<'_>, folder: &Path, notes: &mut Vec<String>) -> BTreeMap<String, String> {
    Files::of(lookup, folder, |_| true, notes).into_iter().collect()
}

/// `site.data`: a map of folders and files, as Jekyll's `DataReader` makes it.
pub(super) fn site_data(lookup: Lookup<'_>, folder: &Path, notes: &mut Vec<String>) -> Value {
    let mut all = Value::Map(Vec::new());
    for (path, text) in Files::of(lookup, folder, is_data, notes) {
        let Some((stem, extension)) = path.rsplit_once('.') else { continue };
        match read(&text, extension) {
            Ok(value) => put(&mut all, &mut stem.split('/'), value),
            Err(fault) => {
                let line = fault.place.map_or(String::new(), |(line, _)| format!(":{line}"));
                let name = folder.join(&path);
                let note = format!("{}{line} is not used: {}", lookup.show_path(&name), fault.message);
                // The authors have been read before.
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
    }
    all
}

/// The texts among posts that have no date in their names, for `include_relative`, by their path below the folder; none
/// where there are too many files to look through.
pub(super) fn beside_posts(lookup: Lookup<'_>, folder: &Path, notes: &mut Vec<String>) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    let mut left = MAX_POSTS;
    if !undated(folder, "", &mut left, MAX_DEPTH, &mut paths) {
        return Vec::new();
    }
    paths.sort_unstable();
    let mut files = Files { lookup, found: Vec::new(), bytes: 0, notes };
    for below in paths {
        files.take(&folder.join(&below), below);
    }
    files.found
}

/// Collects texts without a date in their names; `false` when there are more entries than may be looked at.
fn undated(folder: &Path, prefix: &str, left: &mut usize, depth: usize, paths: &mut Vec<String>) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return true };
    for entry in entries.flatten() {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let below = format!("{prefix}{name}");
        if is_text(&name) {
            paths.push(below);
        } else if depth > 0
            && !name.starts_with('.')
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && !undated(&entry.path(), &format!("{below}/"), left, depth - 1, paths)
        {
            return false;
        }
    }
    true
}

/// Whether a file among posts can be meant to be included: a text, without the date that a post's name begins with.
fn is_text(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "md" | "markdown" | "html" | "htm" | "txt")
        && !name.starts_with(|c: char| c == '.' || c.is_ascii_digit())
}

impl<'a> Files<'a> {
    fn of(
        lookup: Lookup<'a>,
        folder: &Path,
        wants: fn(&str) -> bool,
        notes: &'a mut Vec<String>,
    ) -> Vec<(String, String)> {
        let mut files = Self { lookup, found: Vec::new(), bytes: 0, notes };
        files.walk(folder, "", wants, MAX_DEPTH);
        files.found
    }

    fn walk(&mut self, folder: &Path, prefix: &str, wants: fn(&str) -> bool, depth: usize) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let (path, below) = (folder.join(name), format!("{prefix}{name}"));
            if path.is_dir() {
                if depth > 0 {
                    self.walk(&path, &format!("{below}/"), wants, depth - 1);
                }
            } else if wants(name) {
                self.take(&path, below);
            }
        }
    }

    fn take(&mut self, path: &Path, below: String) {
        match data::read(path) {
            Ok(Some(text)) if self.found.len() < MAX_FILES && self.bytes + text.len() <= MAX_BYTES => {
                self.bytes += text.len();
                self.found.push((below, text));
            }
            Ok(Some(_)) => {
                let message = format!("{} is not used: its folder holds too much", self.lookup.show_path(path));
                self.notes.push(message);
            }
            Ok(None) => {}
            Err(fault) => self.notes.push(format!("{} is not used: {}", self.lookup.show_path(path), fault.message)),
        }
    }
}

/// Whether Jekyll reads a data file of this name.
fn is_data(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "yml" | "yaml" | "json" | "csv" | "tsv"))
}

fn read(text: &str, extension: &str) -> Result<Value, data::Fault> {
    match extension {
        "csv" => Ok(table(text, ',')),
        "tsv" => Ok(table(text, '\t')),
        _ => data::parse_ruby(text, extension),
    }
}

/// Sets the value at the end of a path of names, as keys: without what is no letter, digit, `_`, `-` or blank.
fn put(map: &mut Value, path: &mut dyn Iterator<Item = &str>, value: Value) {
    let (Some(name), Value::Map(pairs)) = (path.next(), map) else { return };
    let kept: String = name.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || "_-".contains(*c)).collect();
    let key = kept.split_whitespace().collect::<Vec<_>>().join("_");
    let mut rest = path.peekable();
    let is_last = rest.peek().is_none();
    let place = pairs.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        pairs.push((key, Value::Map(Vec::new())));
        pairs.len() - 1
    });
    let Some((_, found)) = pairs.get_mut(place) else { return };
    if is_last {
        *found = value;
    } else {
        put(found, &mut rest, value);
    }
}

/// The rows of a table as maps of its first row's names (RFC 4180); an empty field is nothing.
fn table(text: &str, separator: char) -> Value {
    let mut rows = rows(text, separator).into_iter();
    let names = rows.next().unwrap_or_default();
    let row = |fields: Vec<String>| {
        let mut fields = fields.into_iter();
        let field = |text: Option<String>| text.filter(|text| !text.is_empty()).map_or(Value::Null, Value::String);
        Value::Map(names.iter().map(|name| (name.clone(), field(fields.next()))).collect())
    };
    Value::List(rows.map(row).collect())
}

fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c if c == separator && !quoted => row.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !(field.is_empty() && row.is_empty()) {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.is_empty()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_with_quotes_and_line_breaks_in_them() {
        let found = table("a,b\n1,\"x, \"\"y\"\"\nz\"\r\n,2\n", ',');
        let map =
            |a: Value, b: &str| Value::Map(vec![("a".to_owned(), a), ("b".to_owned(), Value::String(b.to_owned()))]);
        let one = map(Value::String("1".to_owned()), "x, \"y\"\nz");
        assert_eq!(found, Value::List(vec![one, map(Value::Null, "2")]));
    }

    #[test]
    fn a_file_in_a_folder_is_a_key_in_a_map() {
        let mut all = Value::Map(Vec::new());
        put(&mut all, &mut "a b/c.d".split('/'), Value::Int(1));
        put(&mut all, &mut "a b/e".split('/'), Value::Int(2));
        assert_eq!(all.at(&["a_b", "cd"]), Some(&Value::Int(1)));
        assert_eq!(all.at(&["a_b", "e"]), Some(&Value::Int(2)));
    }
}
