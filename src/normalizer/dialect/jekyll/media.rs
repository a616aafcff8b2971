//! Where the files lie that a Jekyll site publishes as they are, and which pictures its feeds show.

use crate::config::{Config, JekyllSite, Rules, Site};
use crate::model::Value;
use crate::normalizer::media::{PICTURE, PICTURES, Root, Scene};

/// What does not differ from post to post.
#[derive(Debug)]
pub(super) struct Files {
    roots: Vec<Root>,
    prefix: Option<String>,
    /// The keys of pictures.
    pub(super) pictures: &'static [&'static str],
}

impl Files {
    /// Every file of the site is published where it lies, those of a collection below its name.
    pub(super) fn new(config: &Config, site: &JekyllSite) -> Self {
        let settings = &site.templates.site;
        let names: Vec<&str> = match settings.get("collections") {
            Some(Value::Map(pairs)) => pairs.iter().map(|(name, _)| name.as_str()).collect(),
            Some(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let above = if site.collections_dir.is_empty() { String::new() } else { format!("{}/", site.collections_dir) };
        let collections = names.iter().filter(|name| **name != "posts");
        let collections = collections
            .map(|name| Root { at: format!("{name}/"), folder: format!("{above}_{}", name.trim_matches('/')) });
        let prefix = settings.get("download_url").and_then(Value::as_str).filter(|prefix| !prefix.is_empty());
        let is_plugins = has_plugin(settings) || config.output.layout.rules == Rules::JekyllFeed;
        Self {
            roots: std::iter::once(Root::new("")).chain(collections).collect(),
            prefix: prefix.map(str::to_owned),
            pictures: if is_plugins { PICTURE } else { PICTURES },
        }
    }

    pub(super) fn of<'a>(&'a self, site: &'a Site) -> Scene<'a> {
        Scene { site, roots: &self.roots, beside: None, prefix: self.prefix.as_deref() }
    }
}

/// Whether the site's feeds are jekyll-feed's, which shows `image` and no other key.
fn has_plugin(settings: &Value) -> bool {
    let lists = ["plugins", "gems"].iter().filter_map(|key| settings.get(key));
    matches!(settings.get("feed"), Some(Value::Map(_)))
        || lists.flat_map(Value::items).any(|plugin| plugin.as_str() == Some("jekyll-feed"))
}
