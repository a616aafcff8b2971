//! Whether two path templates can give one path.

use crate::model::Slug;

/// Whether two templates can give one path, or one a folder of the other, for some slugs.
pub(super) fn may_meet(one: &str, other: &str) -> bool {
    one.split('/').zip(other.split('/')).all(|(one, other)| segments_meet(one, other))
}

fn segments_meet(one: &str, other: &str) -> bool {
    match (one.split_once("{slug}"), other.split_once("{slug}")) {
        (None, None) => one == other,
        (Some(open), None) => slug_between(open, other),
        (None, Some(open)) => slug_between(open, one),
        (Some((start, end)), Some((other_start, other_end))) => {
            let longer = start.strip_prefix(other_start).or_else(|| other_start.strip_prefix(start));
            let (end, other_end) = (last_piece(end), last_piece(other_end));
            // No slug begins with `_` or `.`, which is what keeps `_tag/` apart.
            longer.is_some_and(|rest| !rest.starts_with(['_', '.']))
                && (end.ends_with(other_end) || other_end.ends_with(end))
        }
    }
}

fn last_piece(template: &str) -> &str {
    template.rsplit("{slug}").next().unwrap_or_default()
}

/// Whether a slug can stand between these two ends to give `text`.
fn slug_between((start, end): (&str, &str), text: &str) -> bool {
    let rest = text.strip_prefix(start).and_then(|rest| rest.strip_suffix(last_piece(end)));
    rest.is_some_and(|slug| Slug::new(&slug.replace('_', " ")).as_str() == slug)
}
