//! Golden sites: what feeds say of a site's posts beside what its own generator says, which a script had it write down.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::entries::{Facts, differences, found};
use crate::fixture::{Site, files_below};

/// A site of `tests/golden/GENERATOR`, with its feeds in that generator's layout.
pub(crate) struct Golden {
    generator: &'static str,
    name: &'static str,
    pub(crate) site: Site,
    /// What the generator says, by what stands in a file's name between that of the site and `.json`.
    pub(crate) said: BTreeMap<String, Value>,
}

impl Golden {
    /// The site of this name, built with these settings beside the layout and feeds by tag.
    pub(crate) fn built(generator: &'static str, name: &'static str, settings: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(generator);
        let site = Site::bare().file(
            "syndicated.toml",
            format!(
                "[source]\npath = \"site\"\n[output]\nlayout = \"{generator}\"\n[categories]\ntags = true\n{settings}"
            ),
        );
        for (path, bytes) in files_below(&folder.join(name)) {
            site.write(&format!("site/{path}"), bytes);
        }
        let mut said = BTreeMap::new();
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let file = entry.file_name().into_string().unwrap();
            let part = file.strip_suffix(".json").and_then(|file| file.strip_prefix(name));
            if let Some(part) = part.filter(|part| part.is_empty() || part.starts_with('.')) {
                let text = fs::read(entry.path()).unwrap();
                said.insert(part.trim_start_matches('.').to_owned(), serde_json::from_slice(&text).unwrap());
            }
        }
        assert!(!said.is_empty(), "{generator} says nothing of {name}");
        site.build();
        Self { generator, name, site, said }
    }

    /// The entries of a feed are these, in this order: each with at least what is said of it.
    pub(crate) fn assert_entries(&self, path: &str, wanted: &[Facts]) {
        let told = differences(self.generator, wanted, &found(&self.site, path));
        assert!(told.is_empty(), "{} {path}\n{told}", self.name);
    }
}

/// The posts that a generator says are in a feed.
pub(crate) fn posts(feed: &Value, facts: impl Fn(&Value) -> Facts) -> Vec<Facts> {
    feed["posts"].as_array().unwrap().iter().map(facts).collect()
}
