//! What the path of a file says in Jekyll: which folder of posts it is in, its categories, its day and its slug.

use chrono::NaiveDate;

use crate::config::Collection;

/// The collection that every site has.
pub(super) const POSTS: &str = "posts";

/// A path among the posts, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// `posts`, which drafts are of too, or another collection.
    pub(super) collection: &'a str,
    /// Below the folder of the collections.
    pub(super) path: &'a str,
    /// What comes before the folder of posts: each of its segments is a category.
    pub(super) folders: &'a str,
    /// The path below `_posts` or `_drafts`.
    pub(super) below: &'a str,
    pub(super) draft: bool,
    /// The file's name without its extension, and the extension without the dot.
    pub(super) stem: &'a str,
    pub(super) extension: &'a str,
}

impl<'a> Name<'a> {
    /// `None` for a path that is not below a `_posts` or `_drafts` folder in the folder of the collections, nor in the folder
    /// of one of these `collections`.
    pub(super) fn of(path: &'a str, collections_dir: &str, collections: &'a [Collection]) -> Option<Self> {
        let path = match collections_dir {
            "" => path,
            dir => path.strip_prefix(dir)?.strip_prefix('/')?,
        };
        let folder = path.split('/').next().and_then(|folder| folder.strip_prefix('_'));
        if let Some(collection) = collections.iter().find(|collection| Some(collection.name.as_str()) == folder) {
            let below = path.get(collection.name.len() + 1..)?.strip_prefix('/')?;
            let (stem, extension) = stem_and_extension(below);
            return Some(Self {
                collection: &collection.name,
                path,
                folders: "",
                below,
                draft: false,
                stem,
                extension,
            });
        }
        let mut start = 0;
        for segment in path.split('/') {
            if is_posts_folder(segment) {
                let below = path.get(start + segment.len()..)?.strip_prefix('/')?;
                let (stem, extension) = stem_and_extension(below);
                // Jekyll cuts at the first `_posts`, be it in the middle of a name.
                let folders = if start == 0 { "" } else { path.split(segment).next()?.trim_end_matches('/') };
                let draft = segment == "_drafts";
                return Some(Self { collection: POSTS, path, folders, below, draft, stem, extension });
            }
            start += segment.len() + 1;
        }
        None
    }

    /// Jekyll's `cleaned_relative_path`: without the first `_posts` or the like, the extension and dots at the end.
    pub(super) fn placeholder(&self) -> String {
        let path = self.path.strip_suffix(self.extension).unwrap_or(self.path).trim_end_matches('.');
        path.replacen(&format!("_{}", self.collection), "", 1)
    }

    /// The day in the name, and the slug behind it; the whole name without one.
    pub(super) fn day_and_slug(&self) -> (Option<NaiveDate>, &'a str) {
        let (day, slug) = split_date(self.stem).unwrap_or((None, self.stem));
        (day, slug.trim_end_matches('.'))
    }

    /// Whether the name begins as a post's must.
    pub(super) fn has_date(&self) -> bool {
        split_date(self.stem).is_some()
    }

    pub(super) fn is_post(&self) -> bool {
        self.collection == POSTS
    }
}

fn stem_and_extension(path: &str) -> (&str, &str) {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').unwrap_or((file, ""))
}

/// Whether posts, or drafts, lie in a folder of this name.
pub(super) fn is_posts_folder(name: &str) -> bool {
    name == "_posts" || name == "_drafts"
}

/// Whether Jekyll leaves an entry that begins so out (`EntryFilter#special?`).
pub(super) fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~'])
}

/// A date at the head of a file's name and the slug behind it (`Document::DATE_FILENAME_MATCHER`); the date is `None`
/// when it has the form of one and no such day exists.
fn split_date(stem: &str) -> Option<(Option<NaiveDate>, &str)> {
    let mut parts = stem.splitn(4, '-');
    let (year, month, day, slug) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(year, 2, 4) || !digits(month, 1, 2) || !digits(day, 1, 2) {
        return None;
    }
    let full_year = match year.parse::<i32>().ok()? {
        // Ruby's Time.parse: two digits are 1969 to 2068.
        short @ 0..=68 if year.len() == 2 => short + 2000,
        short @ 69..=99 if year.len() == 2 => short + 1900,
        year => year,
    };
    Some((NaiveDate::from_ymd_opt(full_year, month.parse().ok()?, day.parse().ok()?), slug))
}
