//! Jekyll: posts in `_posts` folders, named by date; ids and links as jekyll-feed writes them.

mod content;
mod labels;
mod language;
mod links;
mod liquid;
mod media;
mod name;
mod page;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Dialect, Head, Role, Source, Text, Unrendered};
use crate::config::{Config, ContentMode, JekyllSite};
use crate::model::{CategoryPage, Code, Diagnostic, ItemId, Label, Language, LeftOut, SitePath, Value, WebUrl};
use crate::normalizer::body::markdown::KramdownOptions;
use crate::normalizer::defaults::Defaults;
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::front_matter::Fences;
use crate::normalizer::liquid::Partials;
use crate::normalizer::permalink::{self, Placeholders};
use crate::normalizer::resolve::{self, DateRule};
use crate::normalizer::{label, text};
use name::{Name, is_posts_folder, is_special};

/// Extensions that hold text besides Markdown's: such a file in `_posts` is meant as a post, whatever its name.
const TEXT: [&str; 6] = ["html", "htm", "xhtml", "xml", "txt", "textile"];
/// Extensions of what is never a post, even with a date in its name: such a file in `_posts` is never opened.
#[rustfmt::skip]
const OTHERS: [&str; 41] = [
    "7z", "aac", "avi", "avif", "bmp", "bz2", "doc", "docx", "epub", "flac", "gif", "gz", "heic", "ico", "jpeg", "jpg", "m4a",
    "m4v", "mkv", "mov", "mp3", "mp4", "ogg", "opus", "otf", "pdf", "png", "ppt", "pptx", "tif", "tiff", "ttf", "wav", "webm",
    "webp", "woff", "woff2", "xz", "yaml", "yml", "zip",
];

#[derive(Debug)]
pub(super) struct Jekyll {
    config: Config,
    site: JekyllSite,
    defaults: Defaults,
    rule: DateRule,
    partials: Partials,
    scene: media::Files,
    kramdown: KramdownOptions,
    /// What `relative_url` puts before a path: without a final slash, empty or with one at the head.
    base_path: String,
}

impl Jekyll {
    pub(super) fn new(config: &Config, site: &JekyllSite) -> Self {
        Self {
            rule: DateRule { zone: config.site.zone, is_ruby: true },
            defaults: Defaults::new(&site.defaults),
            partials: Partials::new(&site.templates.partials),
            scene: media::Files::new(config, site),
            kramdown: KramdownOptions::of(site.templates.site.get("kramdown")),
            base_path: links::base_path(&config.site.url, &site.templates.site),
            config: config.clone(),
            site: site.clone(),
        }
    }

    fn name<'a>(&'a self, path: &'a str) -> Option<Name<'a>> {
        Name::of(path, &self.site.collections_dir, &self.site.collections)
    }

    /// Whether a folder is that of a collection which is read.
    fn is_collection(&self, folder: &str) -> bool {
        let name = match self.site.collections_dir.as_str() {
            "" => folder,
            dir => folder.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default(),
        };
        name.strip_prefix('_').is_some_and(|name| self.site.collections.iter().any(|known| known.name == name))
    }

    fn is_markdown(&self, extension: &str) -> bool {
        is_one_of(&self.site.markdown_ext, extension)
    }

    /// The ending of the page that Jekyll makes of a file with this one.
    fn output_extension<'a>(&self, extension: &'a str) -> Cow<'a, str> {
        if self.is_markdown(extension) { ".html".into() } else { format!(".{extension}").into() }
    }

    /// Whether Jekyll leaves an entry out: the path as it comes across it, or its last segment, is special, or a backup.
    fn is_left_out(&self, entry: &str) -> bool {
        let file = entry.rsplit('/').next().unwrap_or(entry);
        (is_special(entry) || is_special(file) || entry.ends_with('~')) && !self.is_included(entry, file)
    }

    /// Whether `exclude` names a path, and `include` neither the file nor the `entry` that Jekyll comes across there.
    fn is_excluded(&self, path: &str, entry: &str) -> bool {
        let file = entry.rsplit('/').next().unwrap_or(entry);
        self.site.exclude.is_match(path) && !self.is_included(entry, file)
    }

    fn is_included(&self, entry: &str, file: &str) -> bool {
        self.site.include.is_match(entry) || self.site.include.is_match(file)
    }

    fn wants(&self, folder: &str) -> bool {
        let mut depth_in_posts = 0;
        let mut end = 0;
        for segment in folder.split('/').filter(|segment| !segment.is_empty()) {
            end += segment.len();
            let path = folder.get(..end).unwrap_or_default();
            let is_wanted = match depth_in_posts {
                0 if self.is_collection(path) => true,
                0 if segment == "_posts" || (segment == "_drafts" && self.config.source.drafts) => {
                    depth_in_posts = 1;
                    continue;
                }
                0 => !self.is_left_out(segment) && !self.is_excluded(path, segment),
                1 => !segment.starts_with('.') && (!is_special(segment) || self.is_included(segment, segment)),
                _ => !segment.starts_with('.'),
            };
            if !is_wanted {
                return false;
            }
            depth_in_posts += usize::from(depth_in_posts > 0);
            end += 1;
        }
        true
    }

    /// The post's own permalink or the site's, filled in.
    fn url(&self, fields: Fields<'_>, placeholders: &Placeholders<'_>) -> Option<Sourced<String>> {
        let collection = self.site.collections.iter().find(|known| known.name == placeholders.collection);
        let template = collection.map_or(&self.site.permalink, |collection| &collection.permalink);
        Some(match fields.text(&["permalink"]) {
            Some(own) => Sourced::new(placeholders.expand(&own.value)?, own.from),
            None => Sourced::new(placeholders.expand(template)?, Origin::Configuration("permalink")),
        })
    }

    /// Why Jekyll, or the post itself, wants it in no feed.
    fn left_out(&self, fields: Fields<'_>) -> Option<LeftOut> {
        let published = fields.get("published");
        let is_unpublished = fields.boolean("published") == Some(false) || published == Some(&Value::Null);
        if is_unpublished && !self.site.unpublished {
            return Some(LeftOut::Unpublished);
        }
        if fields.boolean("draft") == Some(true) && !self.config.source.drafts {
            return Some(LeftOut::Draft);
        }
        resolve::is_hidden(fields).then_some(LeftOut::Hidden)
    }
}

impl Dialect for Jekyll {
    fn fences(&self) -> Fences {
        Fences::Jekyll
    }

    fn role(&self, path: &SitePath) -> Role {
        let path = path.text();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        if extension.is_empty() || !self.wants(folder) {
            return Role::None;
        }
        let is_text = self.is_markdown(extension) || is_one_of(&TEXT, extension);
        match self.name(&path) {
            Some(name)
                if file.starts_with('.') || self.is_left_out(name.below) || self.is_excluded(&path, name.below) =>
            {
                Role::None
            }
            None if self.is_excluded(&path, file) => Role::None,
            Some(name) if !name.is_post() && is_one_of(&OTHERS, extension) => Role::None,
            Some(name) if is_text || !name.is_post() || (name.has_date() && !is_one_of(&OTHERS, extension)) => {
                Role::Post
            }
            None if folder.split('/').any(is_posts_folder) || self.is_left_out(file) => Role::None,
            None if self.is_markdown(extension) || extension.eq_ignore_ascii_case("html") => Role::Page,
            _ => Role::None,
        }
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        self.wants(&path.text())
    }

    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut> {
        if !source.has_front_matter {
            return Err(LeftOut::NoFrontMatter);
        }
        let path = source.path.text();
        let name = self.name(&path).ok_or(LeftOut::NoFrontMatter)?;
        // Drafts too have the type of posts.
        let defaults = self.defaults.for_path(name.path, name.collection);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        if name.is_post() && !name.has_date() && !name.draft {
            return Err(undated(fields, self.rule, diagnostics));
        }
        if let Some(why) = self.left_out(fields) {
            return Err(why);
        }
        let (day, slug_in_name) = name.day_and_slug();
        let date = resolve::published(fields, &["date"], day, self.rule, diagnostics)?;
        let updated = resolve::updated(fields, &date, self.rule, diagnostics);
        let categories = Self::category_texts(fields, &name);
        let slug = fields.text(&["slug"]).map_or(Cow::Borrowed(slug_in_name), |slug| slug.value.into());
        let placeholders = Placeholders {
            date: self.config.site.zone.show(date.value.date_time()),
            slug: &slug,
            basename: name.stem,
            path: &name.placeholder(),
            categories: &categories,
            output_ext: &self.output_extension(name.extension),
            collection: name.collection,
            tree: None,
        };
        let site = &self.config.site.url;
        let polyglot = self.site.polyglot.as_ref();
        let language = polyglot.and_then(|polyglot| language::of(polyglot, fields, &name));
        let in_place = |url: Sourced<String>| match polyglot {
            Some(polyglot) => Sourced::new(language::place(polyglot, language, &url.value), url.from),
            None => url,
        };
        let Some(url) = self.url(fields, &placeholders).map(in_place) else {
            let message = "the permalink is longer than the path of any page can be";
            diagnostics.push(fields.blame("permalink", Code::BadPermalink, message));
            return Err(LeftOut::Broken);
        };
        let Some(link) = permalink::absolute(site, &url.value) else {
            let message = format!("{} is no address", text::first_sentence(&url.value, 100));
            diagnostics.push(fields.blame("permalink", Code::BadPermalink, message));
            return Err(LeftOut::Broken);
        };
        // What jekyll-feed writes: the directory of the page's URL, and the slug.
        let own_id = || {
            let path = [directory(&url.value), "/", slug.trim_start_matches('/')].concat();
            Sourced::new(ItemId::below(site, &permalink::reference(&path)), Origin::Field("link"))
        };
        let id = resolve::id(fields, &self.config.identity_keys, own_id, diagnostics);
        Ok(Head {
            language: language.cloned(),
            shown_from: (!self.config.source.future).then(|| date.value.micros()),
            shown_until: None,
            updated: Sourced::new(resolve::shown(updated.value, &self.config), updated.from),
            date: Sourced::new(resolve::shown(date.value, &self.config), date.from),
            link: Sourced::new(link, url.from),
            id,
            collection: (!name.is_post()).then(|| name.collection.to_owned()),
            shown_categories: Self::shown_categories(fields),
            categories: self.categories(fields, &name, &categories, diagnostics),
            tags: self.tags(fields, diagnostics),
            authors: label::authors(fields, |key| self.site.authors.get(key).cloned(), &self.config.site),
        })
    }

    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text {
        let path = source.path.text();
        self.text_of(source, &self.name(&path).unwrap_or_else(|| outside(&path)), head, mode)
    }

    fn html(&self, source: &Source<'_>, head: &Head) -> (String, Vec<Unrendered>) {
        let path = source.path.text();
        self.html_of(source, &self.name(&path).unwrap_or_else(|| outside(&path)), head)
    }

    fn page(&self, source: &Source<'_>) -> Option<CategoryPage> {
        self.category_page(source)
    }

    fn category_link(&self, label: &Label, _language: Option<&Language>) -> Option<WebUrl> {
        self.archive_page(label)
    }
}

/// The name of a file that is no post by its place, such as one that is looked at alone.
fn outside(path: &str) -> Name<'_> {
    let (_, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    Name { collection: name::POSTS, path, folders: "", below: file, draft: false, stem, extension }
}

fn is_one_of(extensions: &[impl AsRef<str>], extension: &str) -> bool {
    extensions.iter().any(|known| known.as_ref().eq_ignore_ascii_case(extension))
}

/// Ruby's `File.dirname` of a site-relative URL, without the final slash.
fn directory(url: &str) -> &str {
    let trimmed = url.trim_end_matches('/');
    trimmed.rfind('/').and_then(|at| trimmed.get(..at)).unwrap_or_default()
}

/// A file without a date in its name is not published by Jekyll; without any date at all, it could never be.
fn undated(fields: Fields<'_>, rule: DateRule, diagnostics: &mut Vec<Diagnostic>) -> LeftOut {
    if rule.read(fields, "date").is_none() {
        let message = "it has no date that can be read, and there is none in the file's name";
        diagnostics.push(fields.blame("date", Code::NoDate, message));
        return LeftOut::Broken;
    }
    diagnostics.push(Diagnostic::new(Code::NoDateInName, "there is no date in the file's name"));
    LeftOut::NoDateInName
}
