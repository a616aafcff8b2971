//! Where Hugo has the feeds of a site: the name of their files, and the taxonomies that are categories and tags, with their folders.

use super::super::jekyll::text_of;
use super::languages::Own;
use super::strings;
use crate::config::{HugoPermalink, HugoTaxonomy};
use crate::model::Value;

/// The path of a feed below the page that it is of, such as `index.xml`: `outputFormats.rss`.
pub(super) fn file(own: &Own<'_>) -> String {
    let format = |key: &str| own.site.at(&["outputformats", "rss", key]).and_then(text_of);
    let kind = format("mediatype").unwrap_or_else(|| "application/rss+xml".to_owned()).to_lowercase();
    let suffixes = own.site.at(&["mediatypes", &kind, "suffixes"]).map(strings).unwrap_or_default();
    let suffix = suffixes.into_iter().next().unwrap_or_else(|| "xml".to_owned());
    let name = format("basename").unwrap_or_else(|| "index".to_owned());
    let folder = format("path").unwrap_or_default();
    let folder = folder.trim_matches('/');
    if folder.is_empty() { format!("{name}.{suffix}") } else { format!("{folder}/{name}.{suffix}") }
}

/// The taxonomy that a site has under this name in the singular, else the one of this name in the plural.
pub(super) fn taxonomy(
    own: &Own<'_>,
    permalinks: &[HugoPermalink],
    singular: &str,
    plural: &str,
) -> Option<HugoTaxonomy> {
    let key = match own.get("taxonomies") {
        Some(Value::Map(pairs)) => {
            let named = pairs.iter().find(|(key, _)| key == singular);
            let named =
                named.or_else(|| pairs.iter().find(|(_, name)| name.as_str().is_some_and(|name| name == plural)));
            text_of(&named?.1)?.to_lowercase()
        }
        _ => plural.to_owned(),
    };
    let of_terms = |rule: &&HugoPermalink| rule.for_terms && rule.path.is_match(format!("/{key}/x"));
    let pattern = permalinks.iter().find(of_terms).map(|rule| rule.pattern.trim_matches('/'));
    let before = pattern.and_then(|pattern| {
        let names = [":slug", ":title", ":slugorfilename", ":contentbasename", ":slugorcontentbasename"];
        names.iter().find_map(|name| pattern.strip_suffix(name))
    });
    let folder = before.map(|before| before.trim_matches('/')).filter(|before| !before.contains(':'));
    Some(HugoTaxonomy { folder: folder.map_or_else(|| key.clone(), str::to_owned), key })
}
