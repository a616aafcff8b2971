//! Categories and tags as Jekyll gathers them (`Document#populate_categories`, `#populate_tags`).

use std::borrow::Cow;

use super::Jekyll;
use super::name::Name;
use crate::config::Split;
use crate::model::{Diagnostic, Label, Value};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::label;

impl Jekyll {
    /// The texts of the categories, which permalinks are made of: folders, then `categories`, then `category`.
    pub(super) fn category_texts<'a>(fields: Fields<'a>, name: &Name<'a>) -> Vec<Cow<'a, str>> {
        let mut texts: Vec<Cow<'a, str>> =
            name.folders.split('/').filter(|folder| !folder.is_empty()).map(Cow::Borrowed).collect();
        for value in stated_categories(fields) {
            texts.extend(label::words(value));
        }
        texts.extend(fields.truthy("category").map(label::texts).unwrap_or_default());
        texts.retain(|text| !text.is_empty());
        label::distinct(texts)
    }

    pub(super) fn categories(
        &self,
        fields: Fields<'_>,
        name: &Name<'_>,
        texts: &[Cow<'_, str>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Sourced<Vec<Label>> {
        label::warn_about_commas(fields, "categories", diagnostics);
        let key = ["category", "categories"].into_iter().find(|key| fields.truthy(key).is_some_and(|v| !v.is_blank()));
        let from = key.map_or(Origin::Folder, |key| fields.origin(key));
        let split = self.config.categories.split;
        let labels = if split == Split::Dialect {
            label::labels(texts)
        } else {
            let mut labels: Vec<Label> = name.folders.split('/').filter_map(Label::new).collect();
            labels.extend(stated_categories(fields).flat_map(|value| label::plural(value, split, true)));
            labels
                .extend(fields.truthy("category").map(|value| label::labels(&label::texts(value))).unwrap_or_default());
            labels
        };
        Sourced::new(label::distinct(labels), from)
    }

    /// jekyll-feed shows a `category` alone, where there is one.
    pub(super) fn shown_categories(fields: Fields<'_>) -> Option<Vec<Label>> {
        let stated = label::labels(&label::texts(fields.truthy("category")?));
        (!stated.is_empty()).then_some(stated)
    }

    /// `tag` as it stands, else `tags`.
    pub(super) fn tags(&self, fields: Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Sourced<Vec<Label>> {
        if let Some(value) = fields.truthy("tag") {
            let labels = label::labels(&label::texts(value));
            return Sourced::new(label::distinct(labels), fields.origin("tag"));
        }
        label::warn_about_commas(fields, "tags", diagnostics);
        let labels = fields.truthy("tags").map(|value| label::plural(value, self.config.categories.split, true));
        Sourced::new(label::distinct(labels.unwrap_or_default()), fields.origin("tags"))
    }
}

/// `categories` of the defaults and of the post: its own are added, where other keys replace.
fn stated_categories(fields: Fields<'_>) -> impl Iterator<Item = &Value> {
    [fields.defaults.get("categories"), fields.front.get("categories")].into_iter().flatten()
}
