//! What is taken from a Zola site's own configuration, and where its feeds are.

use super::Fixture;
use crate::config::{Config, Dialect, ZolaSite};
use crate::model::Format::{Atom, Rss};
use crate::model::{Folding, Slugify};

fn site(config: &Config) -> &ZolaSite {
    match &config.source.dialect {
        Dialect::Zola(site) => site,
        other => panic!("a Zola site, not {}", other.name()),
    }
}

fn load(toml: &str) -> Config {
    Fixture::new().site("s").file("s/zola.toml", toml).env("SYNDICATED_OUTPUT_LAYOUT", "zola").load()
}

const BASE: &str = "base_url = 'https://a.example/b/'\n";

#[test]
fn a_zola_site_speaks_for_itself() {
    let config = load(
        "base_url = 'https://a.example/b'\ntitle = 'T'\ndescription = 'D'\ndefault_language = 'de'\nauthor = 'Ann'\n\
         feed_limit = 7\noutput_dir = 'out'\nignored_content = ['*.txt.md', 'literal/x.md']\ntaxonomy_root = '/t/'\n\
         taxonomies = [{name = 'Tags', feed = true}, {name = 'tags', rss = true, lang = 'fr'}, {name = 'old', rss = true, lang = 'de'}]\n\
         [slugify]\npaths = 'safe'\ntaxonomies = 'off'\nanchors = 'on'\npaths_keep_dates = true\n\
         [markdown]\nhighlight_code = true\nexternal_links_class = 'a\"b'\nexternal_links_no_follow = true\n\
         [languages.de]\ntitle = 'not this'\n[languages.fr]\n",
    );
    assert_eq!(config.site.url.as_str(), "https://a.example/b/");
    assert_eq!((config.site.title.as_str(), config.site.description.as_deref()), ("T", Some("D")));
    assert_eq!(config.site.language.as_deref(), Some("de"));
    assert_eq!(config.site.author.as_ref().unwrap().name, "Ann");
    assert_eq!(config.content.limit, 7);
    assert!(config.source.future);
    assert_eq!(config.source.skip.len(), 1);
    let site = site(&config);
    assert_eq!(site.base.as_deref(), Some("https://a.example/b"));
    assert_eq!(site.other_languages, ["fr"]);
    assert_eq!((site.paths, site.terms, site.keeps_dates), (Slugify::Safe, Slugify::Off, true));
    assert_eq!(site.ignored.len(), 1);
    let taxonomies: Vec<_> = site.taxonomies.iter().map(|it| (it.name.as_str(), it.path.as_str(), it.feed)).collect();
    assert_eq!(taxonomies, [("Tags", "t/Tags", true), ("old", "t/old", true)]);
    assert!(site.markdown.highlights);
    assert_eq!(site.markdown.external, " class=\"a&quot;b\" rel=\"nofollow external\"");
    assert_eq!(config.categories.folding, Folding::Slug(Slugify::Off));
}

#[test]
fn a_zola_site_s_address_is_its_base_url_else_its_cname() {
    let load = |config: &str, cname: &str| {
        let site = Fixture::new().site("s").file("s/zola.toml", config);
        if cname.is_empty() { site.try_load() } else { site.file("s/CNAME", cname).try_load() }
    };
    let address = |config: &str, cname: &str| load(config, cname).unwrap().site.url.to_string();
    assert_eq!(address("base_url = 'https://a.example/b'", "c.example"), "https://a.example/b/");
    assert_eq!(address("base_url = '/'", "c.example"), "https://c.example/");
    assert!(load("base_url = '/'", "").unwrap_err().contains("its `base_url` cannot be used"));
    assert!(load("", "").unwrap_err().contains("it states no `base_url`"));
    let ours = Fixture::new().site("s").file("s/zola.toml", BASE).env("SYNDICATED_SITE_URL", "https://b.example");
    assert_eq!(site(&ours.load()).base, None);
}

#[test]
fn its_feeds_are_where_its_configuration_has_them() {
    for (names, rss, atom) in [
        ("", "rss.xml", "atom.xml"),
        ("feed_filenames = ['rss.xml']", "rss.xml", "atom.xml"),
        ("feed_filenames = ['index.atom', 'feed.rss', 'x.json']", "feed.rss", "index.atom"),
        ("feed_filename = 'feed.xml'", "rss.xml", "feed.xml"),
        ("feed_filenames = ['made.xml']", "made.xml", "atom.xml"),
        ("feed_filenames = ['rss/atom.xml']", "rss/atom.xml", "atom.xml"),
        ("feed_filenames = ['../x']", "rss.xml", "atom.xml"),
    ] {
        let config = Fixture::new()
            .site("s")
            .file("s/zola.toml", &format!("{BASE}{names}\ntaxonomies = [{{name = 'tag'}}, {{name = 'My Cats'}}]\n"))
            .file("s/templates/made.xml", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">")
            .env("SYNDICATED_OUTPUT_LAYOUT", "zola")
            .load();
        let layout = &config.output.layout;
        assert_eq!((layout.all.template(Rss), layout.all.template(Atom)), (rss, atom), "{names}");
        assert_eq!(layout.tag.fill(Atom, "x"), format!("tag/x/{atom}"));
        assert_eq!(layout.category.fill(Rss, "x"), format!("categories/x/{rss}"));
        assert_eq!(layout.rules.name("C++ & x"), "c-x");
        assert_eq!(config.output.feeds_url.as_str(), "https://a.example/b/");
    }
}

#[test]
fn sections_have_the_feeds_that_they_ask_for_and_other_languages_are_counted() {
    let config = Fixture::new()
        .site("s")
        .file("s/config.toml", &format!("{BASE}title = 'T'\n[languages.fr]\n[languages.it]\n"))
        .file("s/content/_index.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("s/content/a/_index.md", "\n---\ntitle: A\ngenerate_feed: true\n---\n")
        .file("s/content/a/in/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/a/in/er/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/a/out/er/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/b/_index.md", "+++\ngenerate_feeds = true\ndraft = true\n+++\n")
        .file("s/content/c/_index.md", "+++\nbroken\n+++\n")
        .file("s/content/a/x.fr.md", "")
        .file("s/content/a/y/index.fr.md", "")
        .file("s/content/a/x.it.md", "")
        .file("s/content/a/_index.fr.md", "")
        .env("SYNDICATED_OUTPUT_LAYOUT", "zola")
        .load();
    let [feed] = config.feeds.as_slice() else { panic!("one feed: {:?}", config.feeds) };
    assert_eq!((feed.path.template(Atom), feed.title.as_str()), ("a/atom.xml", "T - A"));
    let holds = |path: &str| feed.any.paths.iter().any(|glob| glob.is_match(path));
    for (path, is_held) in [
        ("content/a/x.md", true),
        ("content/a/y/index.md", true),
        ("content/a/in/x.md", true),
        ("content/a/in/er/y/index.md", true),
        ("content/a/y/z.md", false),
        ("content/a/out/er/x.md", false),
        ("content/x.md", false),
    ] {
        assert_eq!(holds(path), is_held, "{path}");
    }
    let notes = config.notes.join("\n");
    assert!(notes.contains("leaves out 2 in `fr`, 1 in `it`"), "{notes}");
    assert!(notes.contains("content/c/_index.md is not used"), "{notes}");
    assert!(site(&config).sections.iter().any(|section| section.folder == "b" && section.is_draft));
}
