//! The sites that posts are read of: one a dialect.

use std::path::Path;
use std::sync::LazyLock;

use syndicated::config::{Config, Overrides, load};
use syndicated::normalizer::Normalizer;

/// The sites of all dialects.
pub(crate) static SITES: LazyLock<[Site; 4]> = LazyLock::new(|| {
    [
        Site::new(
            "_posts/2022-03-31-odd.md",
            "",
            &[
                ("_config.yml", "title: Example\ntimezone: Europe/Berlin\nunit: {list: [1, b, {c: d}]}\n"),
                ("_includes/a.html", "<i>{{ include.x }}</i>{% for n in (1..3) %}{{ n }}{% endfor %}"),
                ("_includes/self.html", "{% include self.html %}{% include self.html %}"),
                ("_data/authors.yml", "ann: {name: Ann, email: a@example.com}\n"),
                ("_posts/.keep", ""),
            ],
        ),
        Site::new(
            "content/posts/2022-03-31-odd.md",
            "",
            &[
                ("hugo.toml", "title = 'Example'\nenableEmoji = true\n[params]\nunit = 'b'\n"),
                ("content/posts/a.md", ""),
                ("content/posts/_index.md", "---\ntitle: Posts\ncascade: {weight: 3}\n---\n"),
            ],
        ),
        Site::new(
            "blog/2022-03-31-odd.md",
            "[site]\ntitle = \"Example\"\n[source]\npermalink = \":folder/:slug_or_day/:title_slug/:stem/\"\n\
             [categories]\ntags = true\nauthors = true\n",
            &[("readme.txt", "x")],
        ),
        Site::new(
            "content/2022-03-31-odd.md",
            "",
            &[
                (
                    "zola.toml",
                    "base_url = 'https://example.com'\ntitle = 'Example'\ndefault_language = 'en'\ntaxonomies = [{name = 'tags', feed = true}]\n\
                     [markdown]\nsmart_punctuation = true\nrender_emoji = true\n[languages.fr]\n",
                ),
                ("content/_index.md", "+++\nsort_by = 'date'\n+++\n"),
            ],
        ),
    ]
});

/// A site, and the path of the post that is thought up.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) normalizer: Normalizer,
    pub(crate) post: &'static str,
}

impl Site {
    pub(crate) fn new(post: &'static str, settings: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files.iter().chain([&("syndicated.toml", settings)]) {
            write(&folder.path().join(name), text.as_bytes());
        }
        let config = load_site(folder.path()).unwrap();
        Self { normalizer: Normalizer::new(&config), config, post }
    }
}

/// The configuration of the site in this folder.
pub(crate) fn load_site(folder: &Path) -> Result<Config, String> {
    let base_url = Some("https://example.com/".to_owned());
    let overrides = Overrides { site: Some(folder.to_path_buf()), base_url, ..Overrides::default() };
    load(&overrides, &[], folder, Some("UTC")).map_err(|error| error.to_string())
}

/// Writes a file, with its folders.
pub(crate) fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}
