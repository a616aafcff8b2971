//! Sites to read posts of, for the tests of the dialects.

use super::Normalizer;
use crate::config::{ContentMode, Overrides, load};
use crate::model::{Code, Group, Item, LeftOut, Reading, SitePath};

/// A site at `https://example.com/`, its files known to nobody but the test.
pub(super) struct Site(Normalizer);

impl Site {
    /// A Jekyll site with this `_config.yml`.
    pub(super) fn jekyll(config: &str) -> Self {
        Self::with(&[("_config.yml", config)], "")
    }

    /// A Jekyll site with these files, and this `syndicated.toml`.
    pub(super) fn with(files: &[(&str, &str)], settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files.iter().chain([&("syndicated.toml", settings)]) {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let base_url = Some("https://example.com/".to_owned());
        let overrides = Overrides { site: Some(dir.path().to_path_buf()), base_url, ..Overrides::default() };
        Self(Normalizer::new(&load(&overrides, &[], dir.path(), Some("UTC")).unwrap()))
    }

    pub(super) fn normalizer(&self) -> &Normalizer {
        &self.0
    }

    /// The item of a post with this front matter and text.
    #[track_caller]
    pub(super) fn item(&self, path: &str, front: &str, body: &str) -> Item {
        let text = format!("---\n{front}\n---\n{body}");
        let item = self.0.item(&SitePath::from_bytes(path.as_bytes()), text.as_bytes(), ContentMode::Full);
        item.unwrap_or_else(|| panic!("{path} is no post: {front}")).item
    }

    /// The labels of the categories whose feeds a post with this front matter is in.
    #[track_caller]
    pub(super) fn categories(&self, path: &str, front: &str) -> Vec<String> {
        let record = self.0.read(&SitePath::from_bytes(path.as_bytes()), format!("---\n{front}\n---\n").as_bytes());
        let Reading::Post(post) = record.reading else { panic!("{path} is no post: {front}") };
        let categories = post.claims.into_iter().filter(|claim| matches!(claim.feed.group, Group::Category(_)));
        categories.filter_map(|claim| claim.label).map(|label| label.as_str().to_owned()).collect()
    }

    /// Why a file is in no feed, and what is said about it; `None` and the findings when it is a post.
    pub(super) fn left_out(&self, path: &str, text: &str) -> (Option<LeftOut>, Vec<Code>) {
        let record = self.0.read(&SitePath::from_bytes(path.as_bytes()), text.as_bytes());
        let codes = record.diagnostics.iter().map(|found| found.code).collect();
        match record.reading {
            Reading::LeftOut(why) => (Some(why), codes),
            _ => (None, codes),
        }
    }
}

/// The texts of labels.
pub(super) fn texts(labels: &[crate::model::Label]) -> Vec<&str> {
    labels.iter().map(crate::model::Label::as_str).collect()
}
