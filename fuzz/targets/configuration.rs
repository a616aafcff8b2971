//! Configurations: ours, and those of the generators.

use syndicated::model::{SitePath, is_deceptive};
use syndicated::normalizer::Normalizer;

use super::sites::{load_site, write};

/// The first line says which file the rest is.
const FILES: [&str; 7] = [
    "syndicated.toml",
    "_config.yml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.json",
    "_data/authors.yml",
    "content/posts/_index.md",
];

/// It is refused with an error that can be printed, or posts can be read by it.
pub(crate) fn any(bytes: &[u8]) {
    let (name, text) = super::head_and_rest(bytes);
    let Some(name) = FILES.iter().find(|file| file.as_bytes() == name) else { return };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let neighbour = match *name {
        "_data/authors.yml" => Some(("_config.yml", "author: ann\n")),
        "content/posts/_index.md" => Some(("hugo.toml", "")),
        _ => None,
    };
    if let Some((name, text)) = neighbour {
        write(&root.join(name), text.as_bytes());
    }
    write(&root.join(name), text);
    match load_site(root) {
        Ok(config) => {
            let normalizer = Normalizer::new(&config);
            let post = b"---\ntitle: Odd\ndate: 2022-03-31\ncategories: [a, b]\nauthor: ann\n---\nText\n";
            for path in ["_posts/2022-03-31-odd.md", "content/posts/odd.md", "odd.md"] {
                let path = SitePath::from_bytes(path.as_bytes());
                let _ = normalizer.role(&path);
                let _ = normalizer.item(&path, post, config.content.mode);
            }
        }
        Err(error) => {
            let forged = error.chars().find(|&c| is_deceptive(c) && c != '\n');
            assert!(forged.is_none(), "{error:?}");
        }
    }
}
