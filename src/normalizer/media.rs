//! Pictures and sound that front matter names, and which of the site's files they are.
//!
//! What a file is (its size, and whether it is there at all) is an input like the post. This room knows no files, so it says
//! which may be meant, and whoever can look at them answers.

mod names;
mod place;
#[cfg(test)]
mod tests;
mod types;

use super::fields::{Fields, Origin, Sourced};
use crate::model::{Code, Diagnostic, Enclosure, Item, SitePath, WebUrl};

pub(crate) use names::{PICTURE, PICTURES};
pub(crate) use place::{Beside, Root, Scene};
use place::{Candidate, Reference};

/// How many files of a kind a post has at most.
const MOST: usize = 20;

/// The pictures and files that a post names.
#[derive(Debug, Clone, Default)]
pub struct Media {
    pictures: Vec<Named>,
    files: Vec<Named>,
}

/// One of them.
#[derive(Debug, Clone)]
struct Named {
    key: String,
    from: Origin,
    column: Option<u32>,
    /// Its address, unless a file says otherwise.
    url: WebUrl,
    candidates: Vec<Candidate>,
    /// Its size in bytes, as far as front matter says.
    length: Option<Sourced<u64>>,
    media_type: Option<Sourced<String>>,
}

/// How large a file of the site is, in bytes; `None` when there is none.
pub type Look<'a> = dyn FnMut(&SitePath) -> Option<u64> + 'a;

impl Media {
    /// What the fields of a post name, pictures by one of these keys.
    pub(crate) fn of(fields: Fields<'_>, scene: Scene<'_>, picture_keys: &[&str]) -> Self {
        Self { pictures: names::pictures(fields, scene, picture_keys), files: names::files(fields, scene) }
    }

    /// This, or where it has no pictures, or no files, those of another.
    pub(crate) fn or_else(mut self, other: impl FnOnce() -> Self) -> Self {
        if self.pictures.is_empty() || self.files.is_empty() {
            let other = other();
            self.pictures = if self.pictures.is_empty() { other.pictures } else { self.pictures };
            self.files = if self.files.is_empty() { other.files } else { self.files };
        }
        self
    }

    /// Whether it names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty() && self.files.is_empty()
    }

    /// Whether it names a picture.
    pub(crate) fn has_picture(&self) -> bool {
        !self.pictures.is_empty()
    }

    /// Puts them into the item of their post, as far as files can be looked at. Returns what the author should know, at most
    /// one finding for each file that was looked for.
    pub fn put_into(&self, item: &mut Item, look: &mut Look<'_>) -> Vec<Diagnostic> {
        let mut pictures = self.pictures.iter().map(|picture| picture.address(look));
        if let Some(main) = pictures.next() {
            item.image = Some(main);
            item.more_images = pictures.collect();
        }
        let mut findings = Vec::new();
        let mut files = self.files.iter().map(|named| {
            let found = named.found(look);
            findings.extend(named.finding(found.as_ref()));
            named.enclosure(found.as_ref())
        });
        item.enclosure = files.next();
        item.more_enclosures = files.collect();
        findings
    }

    /// Each of them with where its parts come from.
    pub(crate) fn explain(&self, look: &mut Look<'_>) -> Vec<(&'static str, Sourced<String>)> {
        let mut fields = Vec::new();
        for (n, picture) in self.pictures.iter().enumerate() {
            let name = if n == 0 { "image" } else { "" };
            fields.push((name, Sourced::new(picture.address(look).to_string(), picture.from.clone())));
        }
        for (n, file) in self.files.iter().enumerate() {
            let name = if n == 0 { "enclosure" } else { "" };
            let found = file.found(look);
            let enclosure = file.enclosure(found.as_ref());
            fields.push((name, Sourced::new(enclosure.url.to_string(), file.from.clone())));
            let length = format!("{} bytes", enclosure.length);
            fields.push(("  length", Sourced::new(length, file.origin_of_length(found.as_ref()))));
            fields.push(("  type", Sourced::new(enclosure.media_type, file.origin_of_type(found.is_some()))));
        }
        fields
    }
}

/// A file of the site, its address and its size.
type Found = (SitePath, WebUrl, u64);

impl Named {
    fn new(fields: Fields<'_>, key: &str, reference: Reference) -> Self {
        let Reference { url, candidates } = reference;
        let column = fields.front.column(key);
        Self { key: key.to_owned(), from: fields.origin(key), column, url, candidates, length: None, media_type: None }
    }

    fn found(&self, look: &mut Look<'_>) -> Option<Found> {
        self.candidates.iter().find_map(|Candidate { path, url }| {
            let size = look(path)?;
            Some((path.clone(), url.as_ref().unwrap_or(&self.url).clone(), size))
        })
    }

    /// Its address. Files are looked at only where they make a difference.
    fn address(&self, look: &mut Look<'_>) -> WebUrl {
        let differs = self.candidates.iter().any(|candidate| candidate.url.is_some());
        let found = if differs { self.found(look) } else { None };
        found.map_or_else(|| self.url.clone(), |(_, url, _)| url)
    }

    fn enclosure(&self, found: Option<&Found>) -> Enclosure {
        let url = found.map_or(&self.url, |(_, url, _)| url).clone();
        let by_name = types::by_name(url.url().path());
        // Of a file that is there, its name says more than what was written of it.
        let media_type = match (found, by_name, self.media_type.as_ref().map(|stated| stated.value.as_str())) {
            (Some(_), Some(by_name), _) => by_name,
            (_, _, Some(stated)) => stated,
            (_, by_name, None) => by_name.unwrap_or(types::UNKNOWN),
        };
        let stated = self.length.as_ref().map_or(0, |stated| stated.value);
        let length = found.map_or(stated, |(_, _, size)| *size);
        Enclosure { length, media_type: media_type.to_owned(), url }
    }

    /// That a file is missing whose size nobody states.
    fn finding(&self, found: Option<&Found>) -> Option<Diagnostic> {
        if found.is_some() || self.length.is_some() || self.candidates.is_empty() {
            return None;
        }
        let key = &self.key;
        let message = format!("`{key}` names {}, and there is no file {}", self.url, self.paths());
        let line = match &self.from {
            Origin::FrontMatter { line, .. } => *line,
            _ => None,
        };
        Some(Diagnostic::new(Code::MissingFile, message).at(line).column(self.column.filter(|_| line.is_some())))
    }

    /// The files that were looked for.
    fn paths(&self) -> String {
        let paths: Vec<String> = self.candidates.iter().map(|candidate| candidate.path.to_string()).collect();
        paths.join(" or ")
    }

    fn origin_of_length(&self, found: Option<&Found>) -> Origin {
        match (found, &self.length) {
            (Some((path, ..)), _) => Origin::File(path.to_string()),
            (None, Some(stated)) => stated.from.clone(),
            (None, None) if self.candidates.is_empty() => Origin::Nowhere("it lies elsewhere".to_owned()),
            (None, None) => Origin::Nowhere(format!("there is no file {}", self.paths())),
        }
    }

    fn origin_of_type(&self, is_found: bool) -> Origin {
        match (types::by_name(self.url.url().path()), &self.media_type) {
            (Some(_), stated) if is_found || stated.is_none() => Origin::Ending,
            (_, Some(stated)) => stated.from.clone(),
            (_, None) => Origin::Nowhere("the ending of its name is not known".to_owned()),
        }
    }
}
