//! What the path of a file says on a plain site: its folder, its day, its slug.

use chrono::NaiveDate;

/// A path, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The folder that the page lies in, without a date at its end.
    pub(super) folder: &'a str,
    /// The file's name without its extension; that of its folder for an `index` file.
    pub(super) stem: &'a str,
    /// The same without a date at its head.
    pub(super) slug: &'a str,
    pub(super) day: Option<NaiveDate>,
}

impl<'a> Name<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let (mut folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let mut stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        if stem == "index" && !folder.is_empty() {
            (folder, stem) = folder.rsplit_once('/').unwrap_or(("", folder));
        }
        let (day, slug) = date_in_name(stem);
        if day.is_some() {
            return Self { folder, stem, slug, day };
        }
        match date_in_folder(folder) {
            Some((day, rest)) => Self { folder: rest, stem, slug, day: Some(day) },
            None => Self { folder, stem, slug, day: None },
        }
    }
}

/// `2022-03-31-title`, `2022-03-31 title`, `2022-03-31` or `20220331-title`, and what follows the date.
fn date_in_name(stem: &str) -> (Option<NaiveDate>, &str) {
    for (format, length) in [("%Y-%m-%d", 10), ("%Y_%m_%d", 10), ("%Y%m%d", 8)] {
        let Some((head, tail)) = stem.split_at_checked(length) else { continue };
        if !tail.is_empty() && !tail.starts_with(['-', '_', ' ', '.']) {
            continue;
        }
        if let Ok(day) = NaiveDate::parse_from_str(head, format) {
            let slug = tail.trim_start_matches(['-', '_', ' ', '.']);
            return (Some(day), if slug.is_empty() { stem } else { slug });
        }
    }
    (None, stem)
}

/// The day that the last folders name, as in `blog/2022/03/31` or `blog/2022-03-31`, and the folder above them.
fn date_in_folder(folder: &str) -> Option<(NaiveDate, &str)> {
    let above = |date: &str| folder.strip_suffix(date).map(|above| above.trim_end_matches('/'));
    let last = folder.rsplit('/').next()?;
    if let Ok(day) = NaiveDate::parse_from_str(last, "%Y-%m-%d") {
        return Some((day, above(last)?));
    }
    let start = folder.rmatch_indices('/').nth(2).map_or(0, |(at, _)| at + 1);
    let date = folder.get(start..)?;
    let mut parts = date.split('/');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = year.len() == 4 && [year, month, day].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let day =
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).filter(|_| is_date)?;
    Some((day, above(date)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_index_files_say_as_much_as_names() {
        let day = NaiveDate::from_ymd_opt(2022, 3, 31);
        for (path, folder, stem, slug, day) in [
            ("a.md", "", "a", "a", None),
            ("b/c/2022-03-31-a b.md", "b/c", "2022-03-31-a b", "a b", day),
            ("blog/2022-03-31-a/index.md", "blog", "2022-03-31-a", "a", day),
            ("blog/2022/03/31/a.md", "blog", "a", "a", day),
            ("2022/3/31/a/index.md", "", "a", "a", day),
            ("blog/2022-03-31/a.md", "blog", "a", "a", day),
            ("blog/22/03/31/a.md", "blog/22/03/31", "a", "a", None),
            ("blog/2022/13/31/a.md", "blog/2022/13/31", "a", "a", None),
            ("index.md", "", "index", "index", None),
            ("20220331.md", "", "20220331", "20220331", day),
        ] {
            assert_eq!(Name::of(path), Name { folder, stem, slug, day }, "{path}");
        }
    }
}
