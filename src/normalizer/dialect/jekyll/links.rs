//! The pages that `link` and `post_url` lead to: what the other file says of itself, else what its name tells.

use super::Jekyll;
use super::name::Name;
use crate::model::{SitePath, Value, WebUrl};
use crate::normalizer::dialect::{Dialect as _, Others, Role, Source};
use crate::normalizer::fields::Fields;
use crate::normalizer::front_matter::{self, Fences, FrontMatter, Parsed};
use crate::normalizer::permalink::Placeholders;

/// `baseurl` as the address of the site has it. A path that `url` has before it is no part of it, as in Jekyll's `relative_url`.
pub(super) fn base_path(address: &WebUrl, site: &Value) -> String {
    let stated = site.get("baseurl").and_then(Value::to_text).unwrap_or_default();
    let depth = stated.split('/').filter(|segment| !segment.trim().is_empty()).count();
    let segments = address.url().path().trim_end_matches('/').rsplit('/').filter(|segment| !segment.is_empty());
    let mut last: Vec<&str> = segments.take(depth).collect();
    last.reverse();
    last.iter().flat_map(|segment| ["/", segment]).collect()
}

impl Jekyll {
    /// The path below the site's address of the page of the post that `post_url` names: a path below a folder of posts, or one
    /// whose last folder has a folder of posts (`Jekyll::Tags::PostComparer`). A post that is written in the language of the
    /// one that leads to it is looked for first.
    pub(super) fn post_named(&self, others: &dyn Others, name: &str, extension: &str) -> Option<String> {
        let root = match self.site.collections_dir.as_str() {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let below = format!("{root}_posts/{name}");
        let beside = name.rsplit_once('/').map(|(folder, file)| format!("{root}{folder}/_posts/{file}"));
        let endings = || [extension, "md", "markdown", "html"].into_iter().chain(self.markdown_endings());
        let mut stems = [Some(&below), beside.as_ref()].into_iter().flatten();
        let found = stems.find_map(|stem| {
            let mut tried = Vec::new();
            endings().find_map(|ending| {
                let is_first = !tried.contains(&ending);
                tried.push(ending);
                is_first.then(|| self.stated_page(others, &format!("{stem}.{ending}"))).flatten()
            })
        });
        found.or_else(|| self.post_by_name(&format!("_posts/{name}.md")))
    }

    /// The path below the site's address of what becomes of the file that `link` names.
    pub(super) fn page_of_file(&self, others: &dyn Others, path: &str) -> Option<String> {
        let stated = || self.stated_page(others, path);
        stated().or_else(|| self.post_by_name(path)).or_else(|| self.page_by_name(path))
    }

    /// What an address is below the site's, with a slash at its head.
    pub(super) fn below_site(&self, link: &WebUrl) -> String {
        let link = link.as_str();
        let path = link.strip_prefix(self.config.site.url.as_str());
        path.map_or_else(|| link.to_owned(), |path| format!("/{path}"))
    }

    fn markdown_endings(&self) -> impl Iterator<Item = &str> {
        self.site.markdown_ext.iter().map(AsRef::as_ref)
    }

    /// The path of the page of a file that is there, with what its front matter says; `None` where there is none that is read,
    /// or it says nothing that another rule would not.
    fn stated_page(&self, others: &dyn Others, path: &str) -> Option<String> {
        let site_path = SitePath::from_bytes(path.as_bytes());
        let role = self.role(&site_path);
        let bytes = (role != Role::None).then(|| others.read(&site_path)).flatten()?;
        let Parsed::Document(document) = front_matter::parse(&bytes, Fences::Jekyll) else { return None };
        if role == Role::Page {
            return Some(self.page_url(path, &document.front));
        }
        let source = Source { others, path: &site_path, document: &document, has_front_matter: true };
        let head = self.head(&source, &mut Vec::new()).ok()?;
        Some(self.below_site(&head.link.value))
    }

    /// The path of the page of a post, as far as its file's name, its folders and the site's defaults tell.
    fn post_by_name(&self, path: &str) -> Option<String> {
        let name = Name::of(path, "", &[]).filter(|name| name.has_date() || name.draft)?;
        let defaults = self.defaults.for_path(name.path, "posts");
        let front = FrontMatter::default();
        let fields = Fields { front: &front, defaults: &defaults };
        let (day, slug) = name.day_and_slug();
        let placeholders = Placeholders {
            date: self.config.site.zone.at_local(day?.and_hms_opt(0, 0, 0)?)?,
            slug,
            basename: name.stem,
            path: &name.placeholder(),
            categories: &Self::category_texts(fields, &name),
            output_ext: &self.output_extension(name.extension),
            collection: "posts",
            tree: None,
        };
        Some(self.url(fields, &placeholders)?.value)
    }

    /// The path of the page of any other file, by the rule for pages (`Jekyll::Page#template`) or for its collection.
    fn page_by_name(&self, path: &str) -> Option<String> {
        let (stem, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
        let output = self.output_extension(extension);
        let collection = path.strip_prefix('_').and_then(|rest| rest.split_once('/'));
        if let Some((collection, below)) = collection {
            let own = self.site.templates.site.at(&["collections", collection, "permalink"]).and_then(Value::to_text);
            let below = below.strip_suffix(extension).unwrap_or(below).trim_end_matches('.');
            let template = own.unwrap_or_else(|| format!("/:collection/:path{}", self.page_ending(":output_ext")));
            let (slug, date) = (stem, chrono::DateTime::UNIX_EPOCH.fixed_offset());
            let (basename, output_ext) = (stem, &*output);
            let (path, categories, tree) = (below, &[][..], None);
            let placeholders = Placeholders { date, slug, basename, path, categories, output_ext, collection, tree };
            return placeholders.expand(&template);
        }
        Some(if output == ".html" { self.page_url(path, &FrontMatter::default()) } else { format!("/{path}") })
    }
}
