//! Whole posts, and what readers make of the feeds that they are in.

use std::sync::Arc;

use syndicated::config::ContentMode;
use syndicated::model::{Feed, Format, Item, Reading, SitePath, WebUrl, is_deceptive};
use syndicated::normalizer::{Rendered, Role};
use syndicated::writers::{self, History, Target};

use super::sites::{SITES, Site};

/// The file as a post of each dialect.
pub(crate) fn posts(bytes: &[u8]) {
    for site in SITES.iter() {
        let path = SitePath::from_bytes(site.post.as_bytes());
        for mode in [ContentMode::Full, ContentMode::Excerpt] {
            feed_of(site, &path, bytes, mode);
        }
    }
}

/// The text as Jekyll's.
pub(crate) fn liquid(bytes: &[u8]) {
    let post = [b"---\ntitle: Odd\ntags: [a, b]\n---\n", bytes].concat();
    post_of(&SITES[0], &post);
}

/// The text as Hugo's.
pub(crate) fn shortcodes(bytes: &[u8]) {
    let post = [b"---\ntitle: Odd\ndate: 2022-03-31\n---\n", bytes].concat();
    post_of(&SITES[1], &post);
}

/// The text as MDX of a plain site.
pub(crate) fn mdx(bytes: &[u8]) {
    let post = [b"---\ntitle: Odd\n---\n", bytes].concat();
    feed_of(&SITES[2], &SitePath::from_bytes(b"blog/2022-03-31-odd.mdx"), &post, ContentMode::Full);
}

/// The bytes as the post of a site.
pub(crate) fn post_of(site: &Site, post: &[u8]) {
    feed_of(site, &SitePath::from_bytes(site.post.as_bytes()), post, ContentMode::Full);
}

/// Lines with a file's name and its permalink, slug, title and category: pages are pages of the site.
pub(crate) fn permalinks(bytes: &[u8]) {
    let mut lines = bytes.splitn(5, |&byte| byte == b'\n').chain(std::iter::repeat(b"".as_slice()));
    let name = lines.next().unwrap_or_default();
    let mut texts = lines.map(|line| serde_json::to_string(&String::from_utf8_lossy(line)).unwrap());
    let [permalink, slug, title, category] = std::array::from_fn(|_| texts.next().unwrap_or_default());
    for (site, folder) in SITES.iter().zip(["_posts/2022-03-31-", "content/posts/", "blog/", "content/"]) {
        let path = SitePath::from_bytes(&[folder.as_bytes(), name, b".md"].concat());
        for key in ["permalink", "url", "layout", "path"] {
            let post = format!(
                "---\n{key}: {permalink}\nslug: {slug}\ntitle: {title}\ncategories: [{category}]\ndate: 2022-03-31\n---\nText\n"
            );
            if let Some(item) = feed_of(site, &path, post.as_bytes(), ContentMode::None) {
                assert!(item.link.as_str().starts_with("https://example.com/"), "{}", item.link.as_str());
            }
        }
    }
}

/// The item of a post, after its feeds were found to be sound; `None` when it is no post.
fn feed_of(site: &Site, path: &SitePath, bytes: &[u8], mode: ContentMode) -> Option<Item> {
    let normalizer = &site.normalizer;
    if normalizer.role(path) != Role::Post {
        return None;
    }
    let record = normalizer.read(path, bytes);
    for diagnostic in &record.diagnostics {
        assert!(!diagnostic.message.contains(is_deceptive), "{diagnostic:?}");
    }
    let Rendered { post, item, .. } = normalizer.item(path, bytes, mode)?;
    assert_eq!(record.reading, Reading::Post(post));
    let _ = normalizer.explain(path, bytes, &mut |_| None);
    let _ = normalizer.identity(path, bytes);
    assert_sound(site, &item);
    Some(item)
}

fn assert_sound(site: &Site, item: &Item) {
    let about = &site.config.site;
    let feed = Feed {
        title: about.title.clone(),
        description: about.title.clone(),
        home: about.url.clone(),
        language: about.language.clone(),
        category: item.categories.first().cloned(),
        author: about.author.clone(),
        hubs: Vec::new(),
        icon: None,
        logo: None,
        rights: None,
        items: vec![Arc::new(item.clone())],
    };
    for format in [Format::Rss, Format::Atom] {
        let self_url = WebUrl::parse("https://example.com/feed.xml").unwrap();
        let document = writers::write(&feed, &Target { format, self_url, history: History::default() }).unwrap();
        let text = std::str::from_utf8(&document).unwrap();
        if let Err(error) = roxmltree::Document::parse(text) {
            panic!("{error}: {text}");
        }
        // feed-rs 3.0 counts on an ASCII letter beside an address in a name.
        if item.authors.iter().any(|author| author.name.contains('@') && !author.name.is_ascii()) {
            continue;
        }
        let read = feed_rs::parser::Builder::new().sanitize_content(false).build().parse(document.as_slice());
        let read = read.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read.entries.len(), 1, "{text}");
        let entry = &read.entries[0];
        assert!(entry.published.is_some(), "{text}");
        assert_eq!(entry.links.first().map(|link| link.href.as_str()), Some(item.link.as_str()), "{text}");
    }
}
