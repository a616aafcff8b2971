//! The site's pages that stand for categories, and where Jekyll puts them.

use super::Jekyll;
use crate::model::{CategoryPage, Label, Value, WebUrl};
use crate::normalizer::dialect::Source;
use crate::normalizer::fields::Fields;
use crate::normalizer::front_matter::FrontMatter;
use crate::normalizer::permalink::{self, Slugify};
use crate::normalizer::text;

impl Jekyll {
    /// A page that is no post and names the label in its front matter: `layout: category`, `category: TechWeb`.
    pub(super) fn category_page(&self, source: &Source<'_>) -> Option<CategoryPage> {
        let path = source.path.text();
        let defaults = self.defaults.for_path(&path, "pages");
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let layout = fields.text(&["layout"])?.value.to_lowercase();
        if !layout.contains("categor") && !layout.contains("archive") {
            return None;
        }
        if fields.get("published").is_some_and(|value| *value == Value::Null)
            || fields.boolean("published") == Some(false)
        {
            return None;
        }
        let label = Label::new(&fields.text(&["category"])?.value)?;
        let url = self.page_url(&path, &source.document.front);
        Some(CategoryPage {
            key: self.config.categories.key(&label),
            title: fields.text(&["title"]).map(|title| text::from_html(&title.value)).filter(|title| !title.is_empty()),
            link: permalink::absolute(&self.config.site.url, &url)?,
            label,
        })
    }

    /// The page that jekyll-archives makes of a category.
    pub(super) fn archive_page(&self, label: &Label) -> Option<WebUrl> {
        let name = permalink::slugify(label.as_str(), Slugify::Default, false);
        let url = self.site.archive_permalink.as_ref()?.replace(":name", &permalink::escape_path(&name));
        permalink::absolute(&self.config.site.url, &permalink::sanitize(&url))
    }

    /// The path of a page: its own permalink, or one whose ending follows the site's style (`Jekyll::Page#template`).
    pub(super) fn page_url(&self, path: &str, front: &FrontMatter) -> String {
        let defaults = self.defaults.for_path(path, "pages");
        if let Some(own) = (Fields { front, defaults: &defaults }).text(&["permalink"]) {
            return permalink::sanitize(&own.value);
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let (folder, stem) = (permalink::escape_path(folder), permalink::escape_path(stem.trim_end_matches('.')));
        let url = if stem == "index" {
            format!("/{folder}/")
        } else {
            format!("/{folder}/{stem}{}", self.page_ending(&self.output_extension(extension)))
        };
        permalink::sanitize(&url)
    }

    /// What follows a page's name: the site's permalink decides for all (`Jekyll::Utils.add_permalink_suffix`).
    pub(super) fn page_ending<'e>(&self, extension: &'e str) -> &'e str {
        match &*self.site.permalink {
            template if template.ends_with('/') => "/",
            template if template.ends_with(":output_ext") => extension,
            _ => "",
        }
    }
}
