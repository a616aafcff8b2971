//! Which posts a `[[feed]]` of the configuration holds.

use super::dialect::Head;
use crate::config::{Categories, CustomFeed, Selection};
use crate::model::{Label, SitePath};

/// In its languages, any of `any`, all of `all`, none of `none`; an empty condition holds.
pub(crate) fn matches(feed: &CustomFeed, path: &SitePath, head: &Head, categories: &Categories) -> bool {
    if feed.collection != head.collection || !feed.is_in(head.language.as_ref()) {
        return false;
    }
    let key = |label: &Label| categories.key(label);
    let has_category = |wanted: &String| head.categories.value.iter().any(|label| key(label) == *wanted);
    let has_tag = |wanted: &String| head.tags.value.iter().any(|label| key(label) == *wanted);
    let has_author = |wanted: &String| {
        head.authors.iter().filter_map(|author| Label::new(&author.value.name)).any(|name| key(&name) == *wanted)
    };
    let path = path.text();
    let lies_in = |glob: &globset::GlobMatcher| glob.is_match(path.as_ref());
    let any = |selection: &Selection| {
        selection.categories.iter().any(has_category)
            || selection.tags.iter().any(has_tag)
            || selection.authors.iter().any(has_author)
            || selection.paths.iter().any(lies_in)
    };
    let all = |selection: &Selection| {
        selection.categories.iter().all(has_category)
            && selection.tags.iter().all(has_tag)
            && selection.authors.iter().all(has_author)
            && selection.paths.iter().all(lies_in)
    };
    (feed.any.is_empty() || any(&feed.any)) && all(&feed.all) && !any(&feed.none)
}
