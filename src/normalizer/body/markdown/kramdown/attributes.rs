//! Attribute lists: what stands between `{:` and `}`.

use super::Document;
use super::cursor::{head, is_space, tail};
use super::tree::{AttributeList, Attributes};

/// How far lists may refer to lists, and the most references that one element follows.
const DEPTH: usize = 4;
const MOST: usize = 100;

/// Adds what `text` says to `list`; what is no attribute counts for nothing.
pub(super) fn read(text: &str, list: &mut AttributeList) {
    let mut rest = text;
    let mut at_start = true;
    while !rest.is_empty() {
        let word = rest.strip_prefix(is_space);
        let candidates = [at_start.then_some(rest), word];
        at_start = false;
        rest = match candidates.into_iter().flatten().find_map(|word| item(word, list)) {
            Some(after) => after,
            // The search goes on at the next white space.
            None => tail(rest, 1.max(rest.len() - tail_from_space(rest).len())),
        };
        if !rest.is_empty() && !rest.starts_with(is_space) {
            rest = tail_from_space(rest);
        }
    }
}

fn tail_from_space(text: &str) -> &str {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let after = tail(text, first);
    after.find(is_space).map_or("", |at| tail(after, at))
}

/// One attribute, reference, or run of ids and classes that `text` begins with; what follows it.
fn item<'t>(text: &'t str, list: &mut AttributeList) -> Option<&'t str> {
    if let Some(length) = name(text) {
        let after = tail(text, length);
        if let Some(value) = after.strip_prefix('=') {
            let (value, after) = quoted(value)?;
            list.attributes.merge(head(text, length), &value);
            return Some(after);
        }
        ends(after).then(|| list.names.push(head(text, length).to_owned()))?;
        return Some(after);
    }
    let length = text.find(is_space).unwrap_or(text.len());
    ids_and_classes(head(text, length), &mut list.attributes)?;
    Some(tail(text, length))
}

fn ends(text: &str) -> bool {
    text.is_empty() || text.starts_with(is_space)
}

/// How many bytes a name takes: `\w[\w-]*`.
pub(super) fn name(text: &str) -> Option<usize> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.bytes().next().filter(|&b| is_word(b))?;
    Some(text.bytes().take_while(|&b| is_word(b) || b == b'-').count())
}

/// A value in quotes, which ends at the first quote with nothing but white space behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = tail(text, 1);
    let end = inside.match_indices(quote).map(|(at, _)| at).find(|&at| ends(tail(inside, at + 1)))?;
    let value = head(inside, end).replace("\\}", "}").replace(&format!("\\{quote}"), &quote.to_string());
    Some((value, tail(inside, end + 1)))
}

/// `#id`, `.class` and any run of them.
fn ids_and_classes(text: &str, attributes: &mut Attributes) -> Option<()> {
    let mut found = Attributes::default();
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        let after = rest.get(1..).filter(|_| matches!(mark, '#' | '.'))?;
        let length = after.find(['.', '#']).unwrap_or(after.len());
        let word = head(after, length);
        let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-');
        match mark {
            '#' if word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(is_id) => {
                found.set("id", word);
            }
            '.' if !word.is_empty() => found.merge("class", word),
            _ => return None,
        }
        rest = tail(after, length);
    }
    for (name, value) in found.iter() {
        attributes.merge(name, value);
    }
    (!found.is_empty()).then_some(())
}

impl Document {
    /// Gives an element the attributes of a list, those first that the list takes from others.
    pub(super) fn apply(&self, list: &AttributeList, attributes: &mut Attributes) {
        let mut left = MOST;
        self.apply_below(list, attributes, DEPTH, &mut left);
    }

    fn apply_below(&self, list: &AttributeList, attributes: &mut Attributes, depth: usize, left: &mut usize) {
        for named in list.names.iter().filter_map(|name| self.lists.get(name)) {
            if depth == 0 || *left == 0 {
                break;
            }
            *left -= 1;
            self.apply_below(named, attributes, depth - 1, left);
        }
        for (name, value) in list.attributes.iter() {
            // A list that is named is copied each time.
            if !self.spend(name.len() + value.len()) {
                break;
            }
            attributes.merge(name, value);
        }
    }
}
