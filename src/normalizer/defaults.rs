//! Jekyll's front matter defaults: `defaults:` in its configuration (its `frontmatter_defaults.rb`).

use std::borrow::Cow;

use globset::{GlobBuilder, GlobMatcher};

use crate::config::FrontMatterDefault;
use crate::model::Value;

/// The sets of defaults of a site, in the order of its configuration.
#[derive(Debug)]
pub(crate) struct Defaults(Vec<Set>);

#[derive(Debug)]
struct Set {
    scope: Scope,
    /// The characters of the path that it applies to: the more there are, the more specific it is.
    length: usize,
    kind: Option<String>,
    values: Value,
}

#[derive(Debug)]
enum Scope {
    Prefix(String),
    Glob(GlobMatcher),
}

impl Defaults {
    /// A glob that cannot be read applies to nothing.
    pub(crate) fn new(defaults: &[FrontMatterDefault]) -> Self {
        Self(defaults.iter().filter_map(Set::new).collect())
    }

    /// The values for a file of a kind (`posts`, `pages`), a map, or null where there are none.
    pub(crate) fn for_path(&self, path: &str, kind: &str) -> Cow<'_, Value> {
        let mut values = Cow::Owned(Value::Null);
        let mut last: Option<&Set> = None;
        for set in self.0.iter().filter(|set| set.applies(path, kind)) {
            let Some(before) = last else {
                (values, last) = (Cow::Borrowed(&set.values), Some(set));
                continue;
            };
            // A set that is less specific than the last one that was not gives what all others lack.
            if set.precedes(before) {
                merge(values.to_mut(), &set.values);
                last = Some(set);
            } else {
                let over = std::mem::replace(&mut values, Cow::Owned(set.values.clone()));
                merge(values.to_mut(), &over);
            }
        }
        values
    }
}

impl Set {
    fn new(default: &FrontMatterDefault) -> Option<Self> {
        let path = default.path.as_str();
        let scope = if path.contains('*') {
            Scope::Glob(GlobBuilder::new(path).literal_separator(true).build().ok()?.compile_matcher())
        } else {
            Scope::Prefix(path.to_owned())
        };
        let length = path.trim_start_matches('/').chars().count();
        Some(Self { scope, length, kind: default.kind.clone(), values: default.values.clone() })
    }

    fn applies(&self, path: &str, kind: &str) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && match &self.scope {
                Scope::Prefix(prefix) => path.starts_with(prefix.as_str()),
                // Jekyll globs for files and folders, and takes all paths that begin with one of those.
                Scope::Glob(glob) => path
                    .match_indices('/')
                    .filter_map(|(at, _)| path.get(..at))
                    .chain([path])
                    .any(|prefix| glob.is_match(prefix)),
            }
    }

    /// A longer path is more specific, then a scope that names the kind; the later of equals.
    fn precedes(&self, other: &Self) -> bool {
        if self.length == other.length {
            self.kind.is_some() || other.kind.is_none()
        } else {
            self.length > other.length
        }
    }
}

/// Maps are merged key by key and null changes nothing (Jekyll's `deep_merge_hashes`); anything else replaces.
fn merge(into: &mut Value, more: &Value) {
    let (Value::Map(into), Value::Map(more)) = (into, more) else { return };
    for (key, value) in more {
        match into.iter_mut().find(|(known, _)| known == key) {
            Some((_, old @ Value::Map(_))) if matches!(value, Value::Map(_)) => merge(old, value),
            Some((_, old)) if *value != Value::Null => *old = value.clone(),
            Some(_) => {}
            None => into.push((key.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default(path: &str, kind: Option<&str>, author: &str) -> FrontMatterDefault {
        FrontMatterDefault {
            path: path.to_owned(),
            kind: kind.map(str::to_owned),
            values: Value::Map(vec![("author".to_owned(), Value::String(author.to_owned()))]),
        }
    }

    #[test]
    fn the_most_specific_scope_wins() {
        let defaults = Defaults::new(&[
            default("_posts/tech", None, "tech"),
            default("", None, "anyone"),
            default("", Some("posts"), "poster"),
            default("", None, "nobody"),
            default("news/*/_posts", Some("posts"), "local"),
            default("blog/", Some("posts"), "blogger"),
            default("/about", None, "never"),
            default("", Some("drafts"), "drafter"),
        ]);
        for (path, kind, author) in [
            ("about.md", "pages", "nobody"),
            ("_posts/2022-01-01-a.md", "posts", "poster"),
            ("_posts/tech/2022-01-01-a.md", "posts", "tech"),
            ("_posts/technical.md", "posts", "tech"),
            ("news/cn/_posts/2022-01-01-a.md", "posts", "local"),
            ("news/cn/x/_posts/2022-01-01-a.md", "posts", "poster"),
            ("blog/_posts/2022-01-01-a.md", "posts", "blogger"),
            ("blogs/_posts/2022-01-01-a.md", "posts", "poster"),
        ] {
            let values = defaults.for_path(path, kind);
            assert_eq!(values.get("author").and_then(Value::as_str), Some(author), "{path}");
        }
    }

    #[test]
    fn maps_are_merged_and_null_changes_nothing() {
        let map = |pairs: &[(&str, Value)]| {
            Value::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
        };
        let mut image =
            map(&[("image", map(&[("path", Value::Int(1)), ("alt", Value::Int(2))])), ("n", Value::Int(3))]);
        merge(&mut image, &map(&[("image", map(&[("path", Value::Int(4))])), ("n", Value::Null), ("m", Value::Null)]));
        let merged = map(&[
            ("image", map(&[("path", Value::Int(4)), ("alt", Value::Int(2))])),
            ("n", Value::Int(3)),
            ("m", Value::Null),
        ]);
        assert_eq!(image, merged);
    }
}
