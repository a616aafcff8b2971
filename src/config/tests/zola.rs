//! What is taken from a Zola site's own configuration, and where its feeds are.

use super::Fixture;
use crate::config::{Config, CustomFeed, Dialect, PathTemplate, ZolaLanguage, ZolaSite};
use crate::model::Format::{Atom, Rss};
use crate::model::{Folding, Language, Slugify};

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
    let codes: Vec<_> = site.others.iter().map(|own| own.code.as_str()).collect();
    assert_eq!(codes, ["fr"]);
    assert_eq!((site.paths, site.terms, site.keeps_dates), (Slugify::Safe, Slugify::Off, true));
    assert_eq!(site.ignored.len(), 1);
    let taxonomies = |own: &ZolaLanguage| -> Vec<_> {
        own.taxonomies.iter().map(|it| (it.name.clone(), it.path.clone(), it.feed)).collect()
    };
    let taxonomy = |name: &str| (name.to_owned(), format!("t/{name}"), true);
    assert_eq!(taxonomies(&site.default), [taxonomy("Tags"), taxonomy("old")]);
    assert_eq!(taxonomies(&site.others[0]), [taxonomy("tags")]);
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
        assert_eq!((layout.paths.all.template(Rss), layout.paths.all.template(Atom)), (rss, atom), "{names}");
        assert_eq!(layout.paths.tag.fill(Atom, "x"), format!("tag/x/{atom}"));
        assert_eq!(layout.paths.category.fill(Rss, "x"), format!("categories/x/{rss}"));
        assert_eq!(layout.rules.name("C++ & x"), "c-x");
        assert_eq!(config.output.feeds_url.as_str(), "https://a.example/b/");
    }
}

#[test]
fn sections_have_the_feeds_that_they_ask_for_in_their_language() {
    let config = Fixture::new()
        .site("s")
        .file("s/config.toml", &format!("{BASE}title = 'T'\n[languages.fr]\ntitle = 'F'\n[languages.it]\n"))
        .file("s/content/_index.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("s/content/a/_index.md", "\n---\ntitle: A\ngenerate_feed: true\n---\n")
        .file("s/content/a/in/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/a/in/er/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/a/out/er/_index.md", "+++\ntransparent = true\n+++\n")
        .file("s/content/b/_index.md", "+++\ngenerate_feeds = true\ndraft = true\n+++\n")
        .file("s/content/c/_index.md", "+++\nbroken\n+++\n")
        .file("s/content/b/in/_index.fr.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("s/content/b/_index.it.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("s/content/a/_index.fr.md", "+++\ntitle = 'À'\ngenerate_feeds = true\n+++\n")
        .file("s/content/a/in/_index.fr.md", "")
        .file("s/content/a/_index.de.md", "+++\ngenerate_feeds = true\n+++\n")
        .file("s/content/fr/_index.md", "+++\ngenerate_feeds = true\n+++\n")
        .env("SYNDICATED_OUTPUT_LAYOUT", "zola")
        .load();
    let [feed, french, italian] = config.feeds.as_slice() else { panic!("three feeds: {:?}", config.feeds) };
    let said = |feed: &CustomFeed| format!("{} {:?} {}", feed.path.template(Atom), feed.spread, feed.title);
    assert_eq!(said(feed), "a/atom.xml One(None) T - A");
    assert_eq!(said(french), "a/atom.xml One(Some(Language(\"fr\"))) F - À");
    assert_eq!(said(italian), "b/atom.xml One(Some(Language(\"it\"))) T", "its folder is a draft, it is none");
    assert!(french.any.paths.iter().any(|glob| glob.is_match("content/a/y/index.fr.md")));
    assert!(!french.any.paths.iter().any(|glob| glob.is_match("content/a/in/x.fr.md")));
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
    assert!(notes.contains("content/c/_index.md is not used"), "{notes}");
    assert_eq!(site(&config).drafts, ["b"]);
}

#[test]
fn each_language_has_its_own_titles_paths_and_folder() {
    let config = load(
        "base_url = 'https://a.example/b'\ntitle = 'T'\ndescription = 'D'\ntaxonomy_root = 'r'\nfeed_filenames = ['rss.xml']\n\
         taxonomies = [{name = 'tags'}]\n[languages.'pt-BR']\ntitle = 'P'\nfeed_filenames = ['x.atom.xml']\n\
         taxonomies = [{name = 'Tag', feed = true}, {name = 'category', render = false}]\n[languages.zh_Hant]\n\
         [languages.'pt-br']\n[languages.'no code']\n",
    );
    let language = |code: &str| Language::new(code).unwrap();
    let portuguese = config.site_in(Some(&language("pt-BR")));
    assert_eq!((portuguese.title.as_str(), portuguese.description.as_deref()), ("P", Some("D")));
    assert_eq!(portuguese.home.as_str(), "https://a.example/b/pt-BR/");
    assert_eq!(portuguese.language.as_deref(), Some("pt-BR"));
    let chinese = config.site_in(Some(&language("zh_Hant")));
    assert_eq!((chinese.title.as_str(), chinese.language.as_deref()), ("T", Some("zh-Hant")));
    let layout = &config.output.layout;
    let paths = |code: &str| {
        let paths = layout.paths_in(Some(&language(code)));
        let fill = |path: &PathTemplate| format!("{}{}", layout.folder(Some(&language(code))), path.fill(Atom, "x"));
        [&paths.all, &paths.category, &paths.tag].map(fill)
    };
    assert_eq!(paths("pt-BR"), ["pt-BR/x.atom.xml", "pt-BR/r/category/x/x.atom.xml", "pt-BR/tags/x/x.atom.xml"]);
    assert_eq!(paths("zh_Hant"), ["zh_Hant/atom.xml", "zh_Hant/categories/x/atom.xml", "zh_Hant/tags/x/atom.xml"]);
    assert_eq!(layout.paths.tag.fill(Rss, "x"), "r/tags/x/rss.xml");
    assert_eq!(site(&config).left_out, ["no code", "pt-br"]);
    assert!(config.notes.join("\n").contains("`no code` is no code of a language"), "{:?}", config.notes);
}

#[test]
fn templates_of_ours_hold_in_every_language() {
    let config = Fixture::new()
        .site("s")
        .file("s/zola.toml", &format!("{BASE}[languages.fr]\nfeed_filenames = ['rss.xml']\n"))
        .env("SYNDICATED_OUTPUT_LAYOUT", "zola")
        .env("SYNDICATED_OUTPUT_LAYOUT_ALL", "all.{format}");
    let layout = config.load().output.layout;
    assert_eq!(layout.paths_in(Language::new("fr").as_ref()).all.fill(Rss, ""), "all.rss");
}
