//! Jekyll's front matter defaults: `defaults:` in its configuration (its `frontmatter_defaults.rb`).

use globset::GlobBuilder;

use crate::config::FrontMatterDefault;
use crate::model::Value;

/// The values for a file of a kind (`posts`, `drafts`, `pages`): the most specific scope wins, later among equals.
pub(crate) fn for_path(defaults: &[FrontMatterDefault], path: &str, kind: &str) -> Value {
    let mut matching: Vec<&FrontMatterDefault> =
        defaults.iter().filter(|default| applies(default, path, kind)).collect();
    // A longer path is more specific, then a scope that names the type.
    matching.sort_by_key(|default| (scope(&default.path).len(), default.kind.is_some()));
    let mut values = Vec::new();
    for default in matching {
        merge(&mut values, &default.values);
    }
    Value::Map(values)
}

fn applies(default: &FrontMatterDefault, path: &str, kind: &str) -> bool {
    default.kind.as_deref().is_none_or(|wanted| wanted.trim_end_matches('s') == kind.trim_end_matches('s'))
        && path_applies(scope(&default.path), path)
}

fn path_applies(scope: &str, path: &str) -> bool {
    if !scope.contains('*') {
        return path.starts_with(scope);
    }
    // Jekyll globs for files and folders, and takes all paths that begin with one of those.
    let Ok(glob) = GlobBuilder::new(scope).literal_separator(true).build() else { return false };
    let glob = glob.compile_matcher();
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).chain([path]).any(|prefix| glob.is_match(prefix))
}

fn scope(path: &str) -> &str {
    path.trim_start_matches('/').trim_end_matches('/')
}

/// Maps are merged key by key (Jekyll's `deep_merge_hashes`); anything else replaces.
fn merge(into: &mut Vec<(String, Value)>, more: &Value) {
    let Value::Map(more) = more else { return };
    for (key, value) in more {
        match into.iter_mut().find(|(known, _)| known == key) {
            Some((_, Value::Map(old))) if matches!(value, Value::Map(_)) => merge(old, value),
            Some((_, old)) => *old = value.clone(),
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
        let defaults = [
            default("_posts/tech", None, "tech"),
            default("", None, "anyone"),
            default("", Some("posts"), "poster"),
            default("news/*/_posts", Some("posts"), "local"),
        ];
        for (path, kind, author) in [
            ("about.md", "pages", "anyone"),
            ("_posts/2022-01-01-a.md", "posts", "poster"),
            ("_posts/tech/2022-01-01-a.md", "posts", "tech"),
            ("news/cn/_posts/2022-01-01-a.md", "posts", "local"),
        ] {
            let values = for_path(&defaults, path, kind);
            assert_eq!(values.get("author").and_then(Value::as_str), Some(author), "{path}");
        }
    }
}
