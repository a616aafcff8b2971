//! What path templates may hold, and which of them can give one path.

use crate::model::Slug;

/// Whether a template gives safe paths whatever the slug; the error goes on after the template's name.
pub(super) fn check_template(template: &str, needs_slug: bool) -> Result<(), String> {
    check_placeholders(template)?;
    if needs_slug != template.contains("{slug}") {
        let problem = if needs_slug {
            "needs `{slug}` in it, or all such feeds would be one file"
        } else {
            "must not have `{slug}` in it: it is one feed"
        };
        return Err(problem.to_owned());
    }
    check_path(template)
}

/// Whether what is filled into a template gives safe paths, as far as the template goes; the error as above.
pub(super) fn check_path(template: &str) -> Result<(), String> {
    let segments: Vec<&str> = template.split('/').collect();
    if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
        return Err("must be a path below the output, without empty, `.` or `..` segments".to_owned());
    }
    if template.chars().any(|c| c.is_control() || "\\?#%:*\"<>|".contains(c)) {
        return Err("must not hold control characters or any of \\ ? # % : * \" < > |".to_owned());
    }
    // A file system takes 255 bytes a segment, of which a slug may have 200.
    let longest = segments.iter().map(|segment| segment.len() + 200 * segment.matches("{slug}").count()).max();
    if longest > Some(255) || template.len() > 1000 || template.matches("{slug}").count() > 4 {
        return Err("is too long for a path".to_owned());
    }
    let hidden = segments.last().is_some_and(|name| name.starts_with('.'));
    if hidden || segments.iter().any(|segment| segment.starts_with(".syndicated")) {
        return Err("must not be a hidden file, nor lie in `.syndicated`".to_owned());
    }
    Ok(())
}

fn check_placeholders(template: &str) -> Result<(), String> {
    let mut rest = template;
    while let Some(open) = rest.find(['{', '}']) {
        let placeholder = rest.get(open..).unwrap_or_default();
        let Some(known) = ["{slug}", "{format}", "{ext}"].iter().find(|known| placeholder.starts_with(**known)) else {
            return Err("may hold `{slug}`, `{format}` and `{ext}`, and no other brace".to_owned());
        };
        rest = placeholder.get(known.len()..).unwrap_or_default();
    }
    Ok(())
}

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
