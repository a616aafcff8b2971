//! Jekyll: posts in `_posts` folders, named by date; ids and links as jekyll-feed writes them.

use chrono::NaiveDate;

use super::{Dialect, Head, Role, Source, Text};
use crate::config::{Config, ContentMode, JekyllSite};
use crate::model::{CategoryPage, Code, Diagnostic, ItemId, Label, LeftOut, SitePath, Value, WebUrl};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::label;
use crate::normalizer::permalink::{self, Placeholders};
use crate::normalizer::resolve::{self, DateRule};
use crate::normalizer::{defaults, excerpt, render, text};

/// Extensions that hold text besides Markdown's; other files in `_posts` are attachments.
const TEXT: [&str; 6] = ["html", "htm", "xhtml", "xml", "txt", "textile"];

#[derive(Debug)]
pub(super) struct Jekyll {
    config: Config,
    site: JekyllSite,
    rule: DateRule,
}

/// A path among the posts, taken apart.
struct Name<'a> {
    /// The folders above `_posts`, which are categories.
    folders: &'a str,
    /// The path below `_posts` or `_drafts`.
    below: &'a str,
    draft: bool,
    /// The file's name without its extension, and the extension without the dot.
    stem: &'a str,
    extension: &'a str,
}

impl Jekyll {
    pub(super) fn new(config: &Config, site: &JekyllSite) -> Self {
        let rule = DateRule { zone: config.site.zone, yaml_timestamps_are_utc: true };
        Self { config: config.clone(), site: site.clone(), rule }
    }

    fn is_markdown(&self, extension: &str) -> bool {
        self.site.markdown_ext.iter().any(|markdown| markdown.eq_ignore_ascii_case(extension))
    }

    fn is_text(&self, extension: &str) -> bool {
        self.is_markdown(extension) || TEXT.iter().any(|text| text.eq_ignore_ascii_case(extension))
    }

    fn output_extension(&self, extension: &str) -> String {
        if self.is_markdown(extension) || extension.eq_ignore_ascii_case("textile") {
            ".html".to_owned()
        } else {
            format!(".{extension}")
        }
    }

    /// Folder categories, then `categories`, then `category` (Jekyll's `Document#populate_categories`).
    fn categories(
        &self,
        fields: Fields<'_>,
        name: &Name<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Sourced<Vec<Label>> {
        let mut labels: Vec<Label> = Vec::new();
        let mut from = Origin::Folder;
        label::merge(&mut labels, name.folders.split('/').filter_map(Label::new).collect());
        for (key, splits) in [("categories", true), ("category", false)] {
            let mut values: Vec<&Value> = Vec::new();
            if key == "categories" {
                // A post's own list is added to that of the defaults, where other keys replace.
                values.extend(fields.defaults.get(key));
                values.extend(fields.front.get(key));
                label::warn_about_commas(fields, key, diagnostics);
            } else {
                values.extend(fields.get(key));
            }
            for value in values.into_iter().filter(|value| !value.is_blank()) {
                from = fields.origin(key);
                let split = self.config.categories.split;
                let more = if splits { label::plural(value, split, true) } else { label::singular(value) };
                label::merge(&mut labels, more);
            }
        }
        Sourced::new(labels, from)
    }

    /// `tag` as it stands, else `tags`.
    fn tags(&self, fields: Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Sourced<Vec<Label>> {
        let mut labels = Vec::new();
        if let Some(value) = fields.get("tag").filter(|value| !value.is_blank()) {
            label::merge(&mut labels, label::singular(value));
            return Sourced::new(labels, fields.origin("tag"));
        }
        if let Some(value) = fields.get("tags") {
            label::warn_about_commas(fields, "tags", diagnostics);
            label::merge(&mut labels, label::plural(value, self.config.categories.split, true));
        }
        Sourced::new(labels, fields.origin("tags"))
    }

    fn link(&self, fields: Fields<'_>, placeholders: &Placeholders<'_>) -> Sourced<String> {
        match fields.text(&["permalink"]) {
            Some(own) => Sourced::new(placeholders.expand(&own.value), own.from),
            None => Sourced::new(placeholders.expand(&self.site.permalink), Origin::Configuration("permalink")),
        }
    }

    fn defaults_for(&self, path: &str) -> Value {
        let kind = match Name::of(path) {
            Some(name) if name.draft => "drafts",
            Some(_) => "posts",
            None => "pages",
        };
        defaults::for_path(&self.site.defaults, path, kind)
    }
}

impl Dialect for Jekyll {
    fn role(&self, path: &SitePath) -> Role {
        let text = path.text();
        let file = text.rsplit('/').next().unwrap_or_default();
        if is_special(file) || file.ends_with('~') {
            return Role::None;
        }
        let Some((_, extension)) = file.rsplit_once('.') else { return Role::None };
        match Name::of(&text) {
            Some(name) if name.draft && !self.config.source.drafts => Role::None,
            Some(name) if is_special(name.below) => Role::None,
            Some(_) if self.is_text(extension) => Role::Post,
            Some(_) => Role::None,
            None if self.is_markdown(extension) || extension.eq_ignore_ascii_case("html") => Role::Page,
            None => Role::None,
        }
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        let text = path.text();
        let mut among_posts = false;
        for folder in text.split('/') {
            let posts = folder == "_posts" || (folder == "_drafts" && self.config.source.drafts);
            if !posts && (folder.starts_with('.') || (!among_posts && is_special(folder))) {
                return false;
            }
            among_posts |= posts;
        }
        true
    }

    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut> {
        if !source.has_front_matter {
            return Err(LeftOut::NoFrontMatter);
        }
        let path = source.path.text();
        let name = Name::of(&path).ok_or(LeftOut::NoFrontMatter)?;
        let defaults = self.defaults_for(&path);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let date_in_name = split_date(name.stem);
        if date_in_name.is_none() && !name.draft {
            return Err(undated(fields, self.rule, diagnostics));
        }
        if fields.get("published").is_some_and(|value| matches!(value.as_bool(), Some(false)) || *value == Value::Null)
            && !self.site.unpublished
        {
            return Err(LeftOut::Unpublished);
        }
        if fields.flag("draft") == Some(true) && !self.config.source.drafts {
            return Err(LeftOut::Draft);
        }
        if resolve::is_hidden(fields) {
            return Err(LeftOut::Hidden);
        }
        let (day, file_slug) = date_in_name.map_or((None, name.stem), |(day, slug)| (day, slug));
        let date = resolve::published(fields, &["date"], day, self.rule, diagnostics)?;
        let updated = resolve::updated(fields, &date, self.rule, diagnostics);
        let categories = self.categories(fields, &name, diagnostics);
        let tags = self.tags(fields, diagnostics);
        let slug = fields.text(&["slug"]).map_or_else(|| file_slug.trim_end_matches('.').to_owned(), |slug| slug.value);
        let output_ext = self.output_extension(name.extension);
        let below = name.below.strip_suffix(name.extension).map_or(name.below, |rest| rest.trim_end_matches('.'));
        let placeholders = Placeholders {
            date: self.config.site.zone.show(date.value.date_time()),
            slug: &slug,
            basename: name.stem,
            path: below,
            categories: &categories.value,
            output_ext: &output_ext,
            collection: "posts",
        };
        let url = self.link(fields, &placeholders);
        let Some(link) = permalink::absolute(&self.config.site.url, &url.value) else {
            diagnostics.push(Diagnostic::new(Code::BadPermalink, format!("{} is no address", url.value)));
            return Err(LeftOut::Broken);
        };
        // What jekyll-feed writes: the directory of the page's URL, and the slug.
        let own_id = || {
            let id = format!("{}/{slug}", directory(&url.value));
            let id = permalink::absolute(&self.config.site.url, &id).and_then(|id| ItemId::parse(id.as_str()));
            id.or_else(|| ItemId::parse(link.as_str())).map(|id| Sourced::new(id, Origin::Field("link")))
        };
        let Some(own_id) = own_id() else {
            diagnostics.push(Diagnostic::new(Code::BadPermalink, format!("{} is no address", url.value)));
            return Err(LeftOut::Broken);
        };
        let id = resolve::id(fields, &self.config.identity_keys, || own_id, diagnostics);
        let authors =
            label::authors(fields, |key| self.site.authors.get(key).cloned(), self.config.site.author.as_ref());
        Ok(Head {
            shown_from: (!self.config.source.future).then(|| date.value.micros()),
            shown_until: None,
            updated: Sourced::new(resolve::shown(updated.value, &self.config), updated.from),
            date: Sourced::new(resolve::shown(date.value, &self.config), date.from),
            link: Sourced::new(link, url.from),
            id,
            categories,
            tags,
            authors,
        })
    }

    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text {
        let path = source.path.text();
        let extension = path.rsplit('.').next().unwrap_or_default();
        let defaults = self.defaults_for(&path);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let markdown = self.is_markdown(extension);
        let options = render::Options {
            base: &head.link.value,
            source: if markdown { render::Kind::Markdown } else { render::Kind::Html },
            smart: true,
            keep_iframes: self.config.content.keep_iframes,
        };
        let separator =
            fields.text(&["excerpt_separator"]).map_or_else(|| self.site.excerpt_separator.clone(), |s| s.value);
        let own_excerpt = fields.text(&["excerpt"]);
        let excerpt_html = || match &own_excerpt {
            Some(own) => own.value.clone(),
            None => render::html(&excerpt::source(&source.document.body, &separator), &options),
        };
        let summary = match fields.text(&["description"]) {
            Some(stated) => Some(Sourced::new(text::from_html(&stated.value), stated.from)),
            None if separator.is_empty() && own_excerpt.is_none() => None,
            None => {
                let from = own_excerpt.as_ref().map_or(Origin::Body, |own| own.from.clone());
                Some(Sourced::new(text::from_html(&excerpt_html()), from))
            }
        };
        let content = match mode {
            ContentMode::Full => Some(render::html(&source.document.body, &options)),
            ContentMode::Excerpt => Some(render::clean(&excerpt_html(), &options)),
            ContentMode::None => None,
        };
        Text {
            title: self.title(fields, &path, content.as_deref(), &source.document.body, &options),
            summary: summary.filter(|summary| !summary.value.is_empty()),
            content,
            image: resolve::image(fields, &self.config.site),
        }
    }

    /// A page that is no post and names the label in its front matter: `layout: category`, `category: TechWeb`.
    fn page(&self, source: &Source<'_>) -> Option<CategoryPage> {
        let path = source.path.text();
        let defaults = self.defaults_for(&path);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let layout = fields.text(&["layout"])?.value.to_lowercase();
        if !layout.contains("categor") && !layout.contains("archive") {
            return None;
        }
        if fields.get("published").and_then(Value::as_bool) == Some(false) {
            return None;
        }
        let label = Label::new(&fields.text(&["category"])?.value)?;
        let url = match fields.text(&["permalink"]) {
            Some(own) => permalink::sanitize(&own.value),
            None => self.page_url(&path),
        };
        Some(CategoryPage {
            key: self.config.categories.key(&label),
            title: fields.text(&["title"]).map(|title| text::from_html(&title.value)).filter(|title| !title.is_empty()),
            link: permalink::absolute(&self.config.site.url, &url)?,
            label,
        })
    }

    /// The page that jekyll-archives makes of a category.
    fn category_link(&self, label: &Label) -> Option<WebUrl> {
        let name = permalink::slugify(label.as_str(), permalink::Slugify::Default, false);
        let url = self.site.archive_permalink.as_ref()?.replace(":name", &permalink::escape_path(&name));
        permalink::absolute(&self.config.site.url, &permalink::sanitize(&url))
    }
}

impl Jekyll {
    /// `title`, else the slug in words; an empty title is the first sentence of the text.
    fn title(
        &self,
        fields: Fields<'_>,
        path: &str,
        content: Option<&str>,
        source: &str,
        options: &render::Options<'_>,
    ) -> Sourced<String> {
        let stated = fields.get("title").filter(|value| **value != Value::Null).and_then(Value::to_text);
        let stem = Name::of(path).map_or(path.to_owned(), |name| name.stem.to_owned());
        let slug = split_date(&stem).map_or(stem.as_str(), |(_, slug)| slug).trim_end_matches('.');
        let in_words = || Sourced::new(text::line(&permalink::titleize(slug)), Origin::FileName);
        let Some(stated) = stated else { return in_words() };
        let title = text::from_html(&stated);
        if !title.is_empty() {
            return Sourced::new(title, fields.origin("title"));
        }
        let sentence = match content {
            Some(html) => text::first_sentence(&text::from_html(html), 80),
            None => text::first_sentence(&text::from_html(&render::html(source, options)), 80),
        };
        if sentence.is_empty() { in_words() } else { Sourced::new(sentence, Origin::Body) }
    }

    /// Jekyll's `Page#template`: the ending follows the site's permalink style.
    fn page_url(&self, path: &str) -> String {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let (folder, stem) = (permalink::escape_path(folder), permalink::escape_path(stem.trim_end_matches('.')));
        let url = if stem == "index" {
            format!("/{folder}/")
        } else if self.site.permalink.ends_with('/') {
            format!("/{folder}/{stem}/")
        } else if self.site.permalink.ends_with(":output_ext") {
            format!("/{folder}/{stem}{}", self.output_extension(extension))
        } else {
            format!("/{folder}/{stem}")
        };
        permalink::sanitize(&url)
    }
}

impl<'a> Name<'a> {
    /// `None` for a path that is not below a `_posts` or `_drafts` folder.
    fn of(path: &'a str) -> Option<Self> {
        let mut start = 0;
        for segment in path.split('/') {
            if segment == "_posts" || segment == "_drafts" {
                let folders = path.get(..start)?.trim_end_matches('/');
                let below = path.get(start + segment.len()..)?.strip_prefix('/')?;
                let file = below.rsplit('/').next().unwrap_or(below);
                let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
                return Some(Self { folders, below, draft: segment == "_drafts", stem, extension });
            }
            start += segment.len() + 1;
        }
        None
    }
}

/// Jekyll leaves such entries out (`EntryFilter::SPECIAL_LEADING_CHAR_REGEX`).
fn is_special(name: &str) -> bool {
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

/// Ruby's `File.dirname` of a site-relative URL, without the final slash.
fn directory(url: &str) -> &str {
    let trimmed = url.trim_end_matches('/');
    trimmed.rfind('/').and_then(|at| trimmed.get(..at)).unwrap_or_default()
}

/// A file without a date in its name is not published by Jekyll; without any date at all, it could never be.
fn undated(fields: Fields<'_>, rule: DateRule, diagnostics: &mut Vec<Diagnostic>) -> LeftOut {
    if rule.read(fields, "date").is_none() {
        let message = "it has no date that can be read, and there is none in the file's name";
        diagnostics.push(Diagnostic::new(Code::NoDate, message).at(fields.front.line("date")));
        return LeftOut::Broken;
    }
    diagnostics.push(Diagnostic::new(Code::NoDateInName, "there is no date in the file's name"));
    LeftOut::NoDateInName
}
