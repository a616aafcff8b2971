//! What is taken from a site's own configuration.

use std::path::Path;

use super::Fixture;
use crate::config::{Config, ContentMode, Dialect, JekyllSite, language_tag};
use crate::model::Value;

fn jekyll(config: &Config) -> &JekyllSite {
    match &config.source.dialect {
        Dialect::Jekyll(site) => site,
        Dialect::Plain { .. } | Dialect::Hugo(_) | Dialect::Zola(_) => panic!("a Jekyll site"),
    }
}

#[test]
fn the_dialect_is_detected() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("_config.yml", "")], "jekyll"),
        (&[("_config.toml", "title = 'T'")], "jekyll"),
        (&[("_posts/2026-01-01-x.md", "")], "jekyll"),
        (&[("news/_posts/2026-01-01-x.md", "")], "jekyll"),
        (&[("a.md", "")], "plain"),
        (&[("content/a.md", "")], "plain"),
        (&[("config.toml", ""), ("a.md", "")], "plain"),
        (&[("config.toml", "[source]"), ("content/a.md", "")], "plain"),
        (&[("hugo.toml", "")], "hugo"),
        (&[("config.yaml", ""), ("content/a.md", "")], "hugo"),
        (&[("config.toml", "baseURL = ''"), ("content/a.md", "")], "hugo"),
        (&[("config.toml", "base_url = ''"), ("content/a.md", "")], "zola"),
        (&[("config/_default/hugo.toml", ""), ("content/a.md", "")], "hugo"),
        (&[("zola.toml", "")], "zola"),
        (&[("_config.yml", ""), ("hugo.toml", "")], "jekyll"),
    ];
    for (files, expected) in cases {
        let fixture = Fixture::new().site("s").env("SYNDICATED_SITE_URL", "https://example.com");
        let fixture = files.iter().fold(fixture, |f, (path, text)| f.file(&format!("s/{path}"), text));
        assert_eq!(fixture.load().source.dialect.name(), *expected, "{files:?}");
        let forced = fixture.env("SYNDICATED_SOURCE_DIALECT", "plain").load();
        assert_eq!(forced.source.dialect.name(), "plain");
    }
}

#[test]
fn a_jekyll_site_speaks_for_itself() {
    let config = Fixture::jekyll(
        "title: 金融消息\ntagline: 消息\nurl: https://news.example.com\nbaseurl: /cn/\nlocale: zh_cn\n\
         timezone: Asia/Shanghai\nfuture: yes\nshow_drafts: true\nunpublished: off\nauthor: jane\n\
         excerpt_separator: <!-- more -->\nmarkdown_ext: \"MD, markdown\"\n\
         feed: { posts_limit: 5, excerpt_only: true, icon: /i.png, logo: 'https://cdn.example/l.png' }\n",
    )
    .file("site/_data/authors.yml", "jane: { name: Jane  Doe, email: j@example.com, url: /about/ }\nanon: {}\n")
    .load();
    let site = &config.site;
    assert_eq!(site.title, "金融消息");
    assert_eq!(site.description.as_deref(), Some("消息"));
    assert_eq!(site.url.as_str(), "https://news.example.com/cn/");
    assert_eq!(site.language.as_deref(), Some("zh-CN"));
    assert_eq!((site.zone.to_string().as_str(), site.show_zone), ("Asia/Shanghai", true));
    let author = site.author.as_ref().unwrap();
    assert_eq!((author.name.as_str(), author.email.as_deref()), ("Jane Doe", Some("j@example.com")));
    assert_eq!(author.uri.as_ref().unwrap().as_str(), "https://news.example.com/cn/about/");
    assert_eq!(site.icon.as_ref().unwrap().as_str(), "https://news.example.com/cn/i.png");
    assert_eq!(site.logo.as_ref().unwrap().as_str(), "https://cdn.example/l.png");
    assert_eq!((config.content.limit, config.content.mode), (5, ContentMode::None));
    assert!(config.source.future && config.source.drafts);
    let jekyll = jekyll(&config);
    assert!(jekyll.show_drafts && !jekyll.unpublished);
    assert_eq!(jekyll.excerpt_separator, "<!-- more -->");
    assert_eq!(jekyll.markdown_ext, ["md", "markdown"]);
    assert_eq!(jekyll.authors["anon"].name, "anon");
    assert!(config.notes.is_empty(), "{:?}", config.notes);
}

#[test]
fn what_a_jekyll_site_leaves_out_is_as_jekyll_has_it() {
    let config = Fixture::jekyll("url: https://example.com\n").load();
    let site = jekyll(&config);
    assert_eq!(config.site.title, "example.com");
    assert_eq!(site.permalink, "/:categories/:year/:month/:day/:title:output_ext");
    assert_eq!(site.excerpt_separator, "\n\n");
    assert_eq!(site.markdown_ext, ["markdown", "mkdown", "mkdn", "mkd", "md"]);
    assert_eq!((config.content.limit, config.content.mode), (20, ContentMode::Full));
    assert!(!config.source.future && !site.show_drafts && site.defaults.is_empty());
    assert_eq!(site.archive_permalink, None);
}

#[test]
fn permalink_styles_are_written_out() {
    let cases = [
        ("permalink: date", "/:categories/:year/:month/:day/:title:output_ext"),
        ("permalink: pretty", "/:categories/:year/:month/:day/:title/"),
        ("permalink: ordinal", "/:categories/:year/:y_day/:title:output_ext"),
        ("permalink: weekdate", "/:categories/:year/W:week/:short_day/:title:output_ext"),
        ("permalink: none", "/:categories/:title:output_ext"),
        ("permalink: /blog/:title/", "/blog/:title/"),
        ("permalink:", "/:categories/:year/:month/:day/:title:output_ext"),
        ("permalink: pretty\ncollections: { posts: { permalink: /p/:slug } }", "/p/:slug"),
        ("permalink: pretty\ncollections: [posts]", "/:categories/:year/:month/:day/:title/"),
    ];
    for (style, template) in cases {
        let config = Fixture::jekyll(&format!("url: https://example.com\n{style}\n")).load();
        assert_eq!(jekyll(&config).permalink, template, "{style}");
    }
}

#[test]
fn front_matter_defaults() {
    let config = Fixture::jekyll(
        "url: https://example.com\ncollections_dir: all\nbase: &base { layout: post }\ndefaults:\n\
         - { scope: { path: '', type: post }, values: { <<: *base, author: a } }\n\
         - { scope: { path: all/_posts/x }, values: { layout: x } }\n\
         - { scope: { path: y }, values: 3 }\n- 4\n- { values: {} }\n",
    )
    .load();
    let site = jekyll(&config);
    let scopes: Vec<_> = site.defaults.iter().map(|set| (set.path.as_str(), set.kind.as_deref())).collect();
    assert_eq!(scopes, [("", Some("posts")), ("_posts/x", None), ("", None)]);
    assert_eq!(site.defaults[0].values.get("layout"), Some(&Value::String("post".to_owned())));
    assert_eq!(site.collections_dir, "all");
}

#[test]
fn globs_exclude_as_jekyll_and_as_we_write_them() {
    let site = "url: https://example.com\nexclude: [drafts, '*.tmp', /lib/, README.md, keep.md, '{a}']\ninclude: [keep.md, _pages]\n";
    let config = Fixture::jekyll(site).env("SYNDICATED_SOURCE_EXCLUDE", "**/_*.md,old/").load();
    let cases = [
        ("drafts/a.md", true),
        ("drafts2/a.md", true),
        ("x/drafts/a.md", false),
        ("_posts/x/y.tmp", true),
        ("lib/x/y.md", true),
        ("library/y.md", false),
        ("README.md", true),
        ("keep.md", false),
        ("{a}/x.md", true),
        ("node_modules/x/README.md", true),
        ("vendor/bundle/x.md", true),
        ("vendor/x.md", false),
        ("_posts/_x.md", true),
        ("_posts/a/b/_x.md", true),
        ("old/x/y.md", true),
        ("older/x.md", false),
        ("_posts/2026-01-01-x.md", false),
    ];
    for (path, excluded) in cases {
        let by = [&config.source.exclude, &jekyll(&config).exclude].map(|globs| globs.is_match(Path::new(path)));
        assert_eq!(by.contains(&true), excluded, "{path}");
    }
    assert!(jekyll(&config).include.is_match("_pages/x.md") && jekyll(&config).include.is_match(".htaccess"));
}

#[test]
fn a_cname_is_an_address() {
    let config = Fixture::jekyll("baseurl: /b\nurl: ''\n").file("site/CNAME", "\nwww.example.com\n").load();
    assert_eq!(config.site.url.as_str(), "https://www.example.com/b/");
    let config = Fixture::new().file("s/a.md", "").file("s/CNAME", "example.org").site("s").load();
    assert_eq!(config.site.url.as_str(), "https://example.org/");
}

#[test]
fn what_a_site_says_wrongly_is_noted() {
    let config = Fixture::jekyll("url: https://example.com\ntimezone: Asia/Shangai\nlang: Chinese\n")
        .file("site/_data/authors.yml", "a:\n  b: [\n")
        .load();
    assert_eq!(config.site.zone.to_string(), "UTC");
    assert_eq!(config.site.language, None);
    assert_eq!(
        config.notes,
        [
            "site/_data/authors.yml:3 is not used: did not find expected node content",
            "the site's `timezone`: there is no zone `Asia/Shangai`; did you mean `Asia/Shanghai`?: dates without an \
             offset are read as UTC",
            "the site's language `Chinese` is no language tag: feeds state none",
        ]
    );
}

#[test]
fn a_zone_that_nobody_states_is_the_machines_and_noted() {
    let mut fixture = Fixture::jekyll("url: https://example.com\n");
    let config = fixture.load();
    assert_eq!((config.site.zone.to_string().as_str(), config.site.show_zone), ("Europe/Berlin", false));
    assert_eq!(config.notes.len(), 1, "{:?}", config.notes);
    fixture.zone = None;
    assert_eq!(fixture.load().site.zone.to_string(), "UTC");
}

#[test]
fn yaml_as_ruby_reads_it() {
    let yaml = "url: https://example.com\ntitle: 1\ntitle: !ruby/object:Foo 'two'\nauthor: [a, b]\nunknown: &x {}\n";
    let config = Fixture::jekyll(yaml).load();
    assert_eq!((config.site.title.as_str(), config.site.author.unwrap().name.as_str()), ("two", "a"));
    // The first of several documents counts.
    let config = Fixture::jekyll("---\ntitle: one\nurl: https://example.com\n---\ntitle: two\n").load();
    assert_eq!(config.site.title, "one");
    let config = Fixture::jekyll("").env("SYNDICATED_SITE_URL", "https://example.com").load();
    assert_eq!(config.site.title, "example.com");
    let config = Fixture::jekyll("# nothing\n").env("SYNDICATED_SITE_URL", "https://example.com").load();
    assert_eq!(config.site.title, "example.com");
    let toml = "url = 'https://example.com'\ntitle = 2026-01-01\n";
    let config = Fixture::new().file("site/_config.toml", toml).site("site").load();
    assert_eq!(config.site.title, "2026-01-01");
}

/// Aliases that would expand to gigabytes are refused before they do.
#[test]
fn yaml_that_expands_without_bound() {
    let mut bomb = String::from("a0: &a0 [xxxxxxxxxxxxxxxx]\n");
    for n in 1..40 {
        let last = n - 1;
        bomb += &format!("a{n}: &a{n} [*a{last}, *a{last}, *a{last}, *a{last}]\n");
    }
    let error = Fixture::jekyll(&bomb).error();
    assert!(error.contains("expands without bound") || error.contains("repetition limit"), "{error}");
}

#[test]
fn source_and_destination_of_a_jekyll_site() {
    let fixture = Fixture::jekyll("url: https://example.com\nsource: src\ndestination: public\n");
    let fixture = fixture.file("site/src/_posts/x.md", "").options(|o| o.out = Some("site/src/feeds".into()));
    let config = fixture.load();
    let root = fixture.path().join("site/src");
    assert_eq!(config.source.root, root);
    assert_eq!(config.source.skip, [root.join("feeds"), root.join(".syndicated/feeds"), root.join("public")]);
}

#[test]
fn archives_have_category_pages_when_they_are_made() {
    let archives = |yaml: &str| {
        let config = Fixture::jekyll(&format!("url: https://example.com\njekyll-archives:\n  {yaml}\n")).load();
        jekyll(&config).archive_permalink.clone()
    };
    assert_eq!(archives("enabled: [categories]").as_deref(), Some("/category/:name/"));
    assert_eq!(archives("enabled: all\n  permalinks: { category: /c/:name.html }").as_deref(), Some("/c/:name.html"));
    assert_eq!(archives("enabled: [tags]"), None);
    assert_eq!(archives("layout: x"), None);
}

#[test]
fn language_tags() {
    let cases = [
        ("en", Some("en")),
        ("zh_cn", Some("zh-CN")),
        ("zh_CN.UTF-8", Some("zh-CN")),
        ("ZH-hans-cn", Some("zh-Hans-CN")),
        ("de-1996", Some("de-1996")),
        ("sl-rozaj-biske", Some("sl-rozaj-biske")),
        ("es-419", Some("es-419")),
        ("zh-yue-HK", Some("zh-yue-HK")),
        ("en-u-co-phonebk", Some("en-u-co-phonebk")),
        ("en-x-a-b", Some("en-x-a-b")),
        ("en-a-bbb-a-ccc", None),
        ("de-1996-1996", None),
        ("en-u", None),
        ("english", None),
        ("", None),
        ("中文", None),
        ("en--US", None),
        ("e", None),
        ("en-US-US", None),
    ];
    for (text, tag) in cases {
        assert_eq!(language_tag(text).as_deref(), tag, "{text}");
    }
}

#[test]
fn built_pages_are_where_the_generator_puts_them() {
    let page = "[site]\nurl = \"https://example.com\"\n[source]\npath = \"site\"\n[content]\nfrom = \"page\"\n";
    let load = |jekyll: Option<&str>, more: &str| {
        let fixture = Fixture::with(&format!("{page}{more}")).file("site/a.md", "");
        let fixture = match jekyll {
            Some(config) => fixture.file("site/_config.yml", config),
            None => fixture,
        };
        let (config, root) = (fixture.load(), fixture.path().join("site"));
        let folder = config.content.pages.unwrap().folder;
        // No post is looked for in it.
        assert_eq!(config.source.skip.contains(&folder), folder.starts_with(&root) && folder != root);
        let relative = folder.strip_prefix(fixture.path()).map(|path| path.display().to_string());
        relative.unwrap_or_else(|_| folder.display().to_string())
    };
    assert_eq!(load(None, ""), "site/public");
    assert_eq!(load(Some(""), ""), "site/_site");
    assert_eq!(load(Some("destination: ./made"), ""), "site/made");
    assert_eq!(load(Some(""), "pages = \"out/html/\""), "site/out/html");
    assert_eq!(load(None, "pages = \"../made\""), "made");
    assert_eq!(load(None, "pages = \"/srv/www\""), "/srv/www");
    assert_eq!(load(None, "pages = \".\""), "site");
    assert!(
        Fixture::with(&page.replace("\"page\"", "\"source\"")).file("site/a.md", "").load().content.pages.is_none()
    );
}

#[test]
fn what_is_taken_from_pages_is_part_of_the_fingerprint() {
    let fixture = Fixture::new().file("site/a.md", "");
    let fingerprint = |more: &str| {
        let text = format!("[site]\nurl = \"https://example.com\"\n[source]\npath = \"site\"\n[content]\n{more}");
        std::fs::write(fixture.path().join("syndicated.toml"), text).unwrap();
        fixture.load().fingerprint
    };
    let texts = [
        "",
        "from = \"page\"",
        "from = \"page\"\nselect = \"a b\"",
        "from = \"page\"\nremove = \"a b\"",
        "from = \"page\"\nremove = \"a > b\"",
        "from = \"page\"\npages = \"x\"",
    ];
    for (n, one) in texts.iter().enumerate() {
        for (m, other) in texts.iter().enumerate() {
            assert_eq!(fingerprint(one) == fingerprint(other), n == m, "{one} {other}");
        }
    }
}

#[test]
fn another_markdown_is_said_once() {
    let notes = |more: &str| Fixture::jekyll(&format!("url: https://a.example\ntimezone: UTC\n{more}\n")).load().notes;
    assert_eq!(notes("markdown: Kramdown\nkramdown: {input: GFM}"), [""; 0]);
    let said = notes("markdown: CommonMark\nkramdown: {input: kramdown}");
    assert!(said.len() == 2 && said[0].contains("`markdown: CommonMark` is not kramdown"), "{said:?}");
    assert!(said[1].contains("`kramdown.input: kramdown` is not GFM"), "{said:?}");
}

#[test]
fn a_slash_at_the_end_of_jekylls_url_stays_in_all_addresses() {
    for (base_path, address) in [("", "https://a.example//"), ("baseurl: /b/", "https://a.example//b/")] {
        let config = Fixture::jekyll(&format!("url: https://a.example/\ntimezone: UTC\n{base_path}\n")).load();
        assert_eq!(config.site.url.as_str(), address);
        assert_eq!(config.notes.len(), 1, "{:?}", config.notes);
    }
}

#[test]
fn a_hugo_site_s_address_is_its_base_url_else_its_cname() {
    let load = |config: &str, cname: &str| {
        let site = Fixture::new().site("s").file("s/hugo.toml", config);
        if cname.is_empty() { site.try_load() } else { site.file("s/CNAME", cname).try_load() }
    };
    let address = |config: &str, cname: &str| load(config, cname).unwrap().site.url.to_string();
    assert_eq!(address("baseURL = 'https://a.example/b'", "c.example"), "https://a.example/b/");
    assert_eq!(address("baseURL = '/'", "c.example"), "https://c.example/");
    assert_eq!(address("[languages.en]\nBaseURL = 'https://en.example'", ""), "https://en.example/");
    assert!(load("baseURL = '/'", "").unwrap_err().contains("its `baseURL` cannot be used"));
    assert!(load("", "").unwrap_err().contains("it states no `baseURL`"));
}

#[test]
fn a_hugo_site_s_configuration_is_merged_from_its_files() {
    let config = Fixture::new()
        .site("s")
        .file("s/config/_default/hugo.toml", "baseURL = 'https://a.example'\ntitle = 'One'\nCopyright = '© A'\n")
        .file("s/config/_default/params.yaml", "Description: What\nauthor:\n  name: Ann\n  email: a@a.example\n")
        .file("s/config/_default/languages.toml", "[en]\nlanguageCode = 'en-gb'\n[zh]\n")
        .file("s/config/_default/params.en.json", "{\"description\": \"In English\"}")
        .file("s/config/production/config.yml", "title: Two\nbuildFuture: true\n")
        .file("s/content/log/a.md", "")
        .file("s/content/log/b.zh.md", "")
        .file("s/content/aside/a.md", "")
        .file("s/content/aside/b.zh.md", "")
        .file("s/content/log/c/index.md", "")
        .file("s/content/log/c/d.md", "")
        .load();
    assert_eq!(config.site.title, "Two");
    assert_eq!(config.site.rights.as_deref(), Some("© A"));
    assert_eq!(config.site.description.as_deref(), Some("In English"));
    assert_eq!(config.site.language.as_deref(), Some("en-GB"));
    assert_eq!(config.site.author.unwrap().email.as_deref(), Some("a@a.example"));
    assert!(config.source.future);
    let chinese = config.languages.values().next().unwrap();
    assert_eq!((chinese.language.as_deref(), chinese.title.as_str()), (Some("zh"), "Two"));
    assert_eq!((chinese.home.as_str(), chinese.description.as_deref()), ("https://a.example/zh/", Some("What")));
    let Dialect::Hugo(site) = &config.source.dialect else { panic!("a Hugo site") };
    assert_eq!(
        (site.default.main_sections.as_slice(), site.bundles.as_slice()),
        (&["log".to_owned()][..], &["log/c".to_owned()][..])
    );
    assert_eq!(site.others[0].main_sections, ["aside"], "of equally many the first by name, in each language");
}
