//! The site's pages that stand for categories, and where Jekyll puts them.

use super::Jekyll;
use crate::model::{CategoryPage, Label, SitePath, Value, WebUrl};
use crate::normalizer::dialect::Source;
use crate::normalizer::fields::Fields;
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
        let url = match fields.text(&["permalink"]) {
            Some(own) => permalink::sanitize(&own.value),
            None => self.page_url(source.path),
        };
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

    /// Jekyll's `Page#template`: the ending follows the site's permalink style.
    fn page_url(&self, path: &SitePath) -> String {
        let path = path.text();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
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
