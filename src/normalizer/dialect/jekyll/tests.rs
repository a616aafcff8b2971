//! Posts against what Jekyll 4.3.1 and jekyll-feed 0.17 make of them; the expected values are theirs.

use crate::model::{Code, LeftOut, SitePath};
use crate::normalizer::Role;
use crate::normalizer::tests::{Site, texts};

const PATH: &str = "_posts/2021-05-05-a.md";

#[test]
fn links_and_ids_follow_the_permalink() {
    let cases = [
        ("date", "_posts/2022-01-02-a.b.md", "x: 1", "/2022/01/02/a.b.html", "/2022/01/02/a.b"),
        ("pretty", "_posts/2022-1-2-UPPER-Case.md", "x: 1", "/2022/01/02/UPPER-Case/", "/2022/01/02/UPPER-Case"),
        ("ordinal", "_posts/2022-02-01-trail....md", "x: 1", "/2022/032/trail.html", "/2022/032/trail"),
        ("weekdate", "_posts/2022-02-05-h.html", "x: 1", "/2022/W05/Sat/h.html", "/2022/W05/Sat/h"),
        ("none", "_posts/22-01-02-t.txt", "x: 1", "/t.txt", "/t"),
        (
            "date",
            "_posts/2022-01-02-中文.md",
            "x: 1",
            "/2022/01/02/%E4%B8%AD%E6%96%87.html",
            "/2022/01/02/%E4%B8%AD%E6%96%87",
        ),
        ("none", "_posts/2022-01-02-with space.md", "x: 1", "/with-space.html", "/with%20space"),
        ("none", "_posts/2022-01-02-50%.md", "x: 1", "/50.html", "/50%25"),
        ("none", "_posts/2022-01-02-q?m#h.md", "x: 1", "/q-m-h.html", "/q?m#h"),
        ("none", "_posts/2022-01-02-a\\b.md", "x: 1", "/a-b.html", "/a%5Cb"),
        ("/blog/:slug/", "_posts/2022-01-02-v1.0.md", "x: 1", "/blog/v1-0/", "/blog/v1.0"),
        ("/:path.html", "news/_posts/sub/2022-01-02-a.md", "x: 1", "/news/sub/2022-01-02-a.html", "/news/sub/a"),
        (
            "/:categories/:title",
            "N N/中/_posts/x/2022-01-02-a.md",
            "categories: C++ B",
            "/n%20n/%E4%B8%AD/c++/b/a",
            "/n%20n/%E4%B8%AD/c++/b/a",
        ),
        ("/:categories/:title", "my_posts/_posts/2022-01-02-a.md", "x: 1", "/my/a", "/my/a"),
        (
            "/:categories/:title",
            PATH,
            "categories: [' a ', C#, 'q?', 50%]",
            "/%20a%20/c%23/q?/50%25/a",
            "/%20a%20/c%23/q?/50%25/a",
        ),
        ("/:slugified_categories/:title.php", PATH, "category: A b", "/a-b/a.php", "/a-b/a"),
        ("date", PATH, "slug: Own Slug", "/2021/05/05/Own-Slug.html", "/2021/05/05/Own%20Slug"),
        ("date", PATH, "slug: a/b", "/2021/05/05/a-b.html", "/2021/05/05/a/b"),
        ("date", "_posts/2022-02-04-f.md", "date: 2019-01-02 23:30:00 +0800", "/2019/01/02/f.html", "/2019/01/02/f"),
        ("date", PATH, "permalink: /own/:year/:title/", "/own/2021/a/", "/own/2021/a"),
        ("date", PATH, "permalink: pretty", "/pretty", "/a"),
        ("date", PATH, "permalink: own5/", "/own5/", "/a"),
        ("date", PATH, "permalink: /a%20b/%E4%B8%AD%2F/%41", "/a%20b/%E4%B8%AD%2F/A", "/a%20b/%E4%B8%AD%2F/a"),
        ("date", PATH, "permalink: /?p=12", "/?p=12", "/a"),
        ("date", PATH, "permalink: /q#frag", "/q#frag", "/a"),
        ("date", PATH, "permalink: /x/../../y.html", "/x/y.html", "/x/a"),
        ("date", PATH, "permalink: https://other.example/x", "/https:/other.example/x", "/https:/other.example/a"),
        ("date", PATH, "permalink: /a/./b/.", "/a/b/", "/a/b/a"),
        ("date", PATH, "permalink: ':'", "/:", "/a"),
    ];
    for (style, path, front, link, id) in cases {
        let site = Site::jekyll(&format!("permalink: {style}\ntimezone: Asia/Shanghai"));
        let item = site.item(path, front, "");
        assert_eq!(item.link.as_str(), format!("https://example.com{link}"), "{style}, {path}, {front}");
        assert_eq!(item.id.as_str(), format!("https://example.com{id}"), "{style}, {path}, {front}");
    }
}

#[test]
fn dates_are_what_ruby_makes_of_them() {
    for (zone, date, published) in [
        ("Asia/Shanghai", "2022-03-31 14:30:55", "2022-03-31T22:30:55+08:00"),
        ("Asia/Shanghai", "'2022-03-31 14:30:55'", "2022-03-31T14:30:55+08:00"),
        ("Asia/Shanghai", "2022-03-31T14:30:55Z", "2022-03-31T22:30:55+08:00"),
        ("Asia/Shanghai", "2022-03-31 14:30:55 +8", "2022-03-31T14:30:55+08:00"),
        ("Asia/Shanghai", "2022-03-31 14:30", "2022-03-31T14:30:00+08:00"),
        ("Asia/Shanghai", "2022-3-1 4:5:6", "2022-03-01T04:05:06+08:00"),
        ("Asia/Shanghai", "2022-3-1 4:05:06", "2022-03-01T12:05:06+08:00"),
        ("Asia/Shanghai", "2022-03-31T 14:30:55", "2022-03-31T14:30:55+08:00"),
        ("Asia/Shanghai", "2022-03-31", "2022-03-31T00:00:00+08:00"),
        ("Asia/Shanghai", "2022/01/02", "2022-01-02T00:00:00+08:00"),
        ("Asia/Shanghai", "11-9-2017", "2017-09-11T00:00:00+08:00"),
        ("Asia/Shanghai", "20220331", "2022-03-31T00:00:00+08:00"),
        ("Asia/Shanghai", "2022-03-31 14:30:55 UTC", "2022-03-31T22:30:55+08:00"),
        ("Asia/Shanghai", "2022-03-31 14:30:55 EST", "2022-04-01T03:30:55+08:00"),
        // Zones that `Time.parse` does not know count for nothing.
        ("Asia/Shanghai", "2022-03-31 14:30:55 JST", "2022-03-31T14:30:55+08:00"),
        ("Europe/London", "2022-07-31 14:30:55 CEST", "2022-07-31T14:30:55+01:00"),
        ("Europe/London", "2022-03-31 14:30:55 GMT+8", "2022-03-31T14:30:55+01:00"),
        ("Europe/London", "2022-03-31 14:30:55 Asia/Shanghai", "2022-03-31T14:30:55+01:00"),
        ("Europe/London", "'2022-03-31 14:30:55 +8:00'", "2022-03-31T14:30:55+01:00"),
        ("America/New_York", "'2021-03-14 02:30:00'", "2021-03-14T03:30:00-04:00"),
        ("America/New_York", "'2021-11-07 01:30:00'", "2021-11-07T01:30:00-05:00"),
        ("Europe/London", "'2021-10-31 01:30:00'", "2021-10-31T01:30:00+00:00"),
    ] {
        let item = Site::jekyll(&format!("timezone: {zone}")).item(PATH, &format!("date: {date}"), "");
        assert_eq!(item.published.rfc3339(), published, "{date} in {zone}");
        assert_eq!(item.updated, item.published);
    }
}

#[test]
fn the_date_of_the_name_is_a_day_of_the_site() {
    let site = Site::jekyll("timezone: Asia/Shanghai");
    for (name, published) in [
        ("2021-5-7", "2021-05-07T00:00:00+08:00"),
        ("21-5-8", "2021-05-08T00:00:00+08:00"),
        ("99-5-8", "1999-05-08T00:00:00+08:00"),
    ] {
        assert_eq!(site.item(&format!("_posts/{name}-a.md"), "x: 1", "").published.rfc3339(), published);
    }
    let changed = site.item(PATH, "last_modified_at: 2022-03-31 14:30:55", "");
    assert_eq!(changed.updated.rfc3339(), "2022-03-31T22:30:55+08:00");
}

#[test]
fn categories_are_gathered_as_jekyll_gathers_them() {
    let site = Site::jekyll("timezone: UTC");
    for (front, expected) in [
        ("categories: one two", vec!["News", "one", "two"]),
        ("categories: [one, two three, one, Two]", vec!["News", "one", "two three", "Two"]),
        ("category: one two", vec!["News", "one two"]),
        ("category: one\ncategories: [two, three]", vec!["News", "two", "three", "one"]),
        ("categories: [2022, 3.14, true, 2022-03-31]", vec!["News", "2022", "3.14", "true", "2022-03-31"]),
        ("categories: news, releases", vec!["News", "news,", "releases"]),
        ("category: [a b, [c, d]]", vec!["News", "a b", "c", "d"]),
        ("categories: ['', ' a ', b]", vec!["News", "a", "b"]),
        ("category: false", vec!["News"]),
        ("category:", vec!["News"]),
    ] {
        assert_eq!(site.categories("News/_posts/2022-01-01-a.md", front), expected, "{front}");
    }
    // What jekyll-feed shows of them.
    for (front, shown) in [
        ("categories: one two", vec!["News", "one", "two"]),
        ("category: one two", vec!["one two"]),
        ("category: one\ncategories: [two, three]", vec!["one"]),
        ("category: false\ncategories: two", vec!["News", "two"]),
    ] {
        assert_eq!(texts(&site.item("News/_posts/2022-01-01-a.md", front, "").categories), shown, "{front}");
    }
    for (front, expected) in [
        ("tags: a b", vec!["a", "b"]),
        ("tag: a b", vec!["a b"]),
        ("tag: a\ntags: [b]", vec!["a"]),
        ("tag: false\ntags: [b, b]", vec!["b"]),
        ("tag:\ntags: [b]", vec!["b"]),
    ] {
        assert_eq!(texts(&site.item(PATH, front, "").tags), expected, "{front}");
    }
}

#[test]
fn splitting_labels_otherwise_leaves_the_links_alone() {
    let site =
        Site::with(&[("_config.yml", "permalink: /:categories/:title.html")], "[categories]\nsplit = \"comma\"\n");
    let item = site.item("x/_posts/2022-01-01-a.md", "categories: big news, more\ntags: c d, e", "");
    assert_eq!(item.link.as_str(), "https://example.com/x/big/news,/more/a.html");
    assert_eq!(texts(&item.categories), ["x", "big news", "more"]);
    assert_eq!(texts(&item.tags), ["c d", "e"]);
}

#[test]
fn a_post_is_left_out_where_ruby_takes_it_for_unpublished() {
    let site = Site::jekyll("timezone: UTC");
    let why = |front: &str| site.left_out(PATH, &format!("---\n{front}\n---\n")).0;
    for front in ["published: false", "published:", "published: no", "published: off"] {
        assert_eq!(why(front), Some(LeftOut::Unpublished), "{front}");
    }
    for front in
        ["published: true", "published: 'false'", "published: 0", "published: ''", "draft: false", "draft: 'true'"]
    {
        assert_eq!(why(front), None, "{front}");
    }
    assert_eq!(why("draft: yes"), Some(LeftOut::Draft));
    assert_eq!(Site::jekyll("unpublished: true").left_out(PATH, "---\npublished: false\n---\n").0, None);
    assert_eq!(site.left_out(PATH, "text").0, Some(LeftOut::NoFrontMatter));
    assert_eq!(
        site.left_out("_posts/a.md", "---\ndate: 2022-01-01\n---\n"),
        (Some(LeftOut::NoDateInName), vec![Code::NoDateInName])
    );
}

#[test]
fn files_are_what_jekyll_takes_them_for() {
    let site = Site::jekyll("include: [_keep, .hid, '2022-01-01-incl~.md', _own.md]\nexclude: [skip]");
    let role = |path: &str| site.normalizer().role(&SitePath::from_bytes(path.as_bytes()));
    for path in [
        "_posts/2022-01-01-a.md",
        "_posts/2022-01-01-a.MD",
        "_posts/2022-01-01-a.b.markdown",
        "_posts/2022-01-01-a.rst",
        "_posts/2022-01-01-.md",
        "_posts/not-dated.md",
        "_posts/x~/2022-01-01-a.md",
        "_posts/x/_y/2022-01-01-a.md",
        "_posts/_keep/2022-01-01-a.md",
        "_posts/2022-01-01-incl~.md",
        "a/b/_posts/2022-01-01-a.md",
        "a/_posts/b/_posts/2022-01-01-a.md",
        "_keep/_posts/2022-01-01-a.md",
        ".hid/_posts/2022-01-01-a.md",
    ] {
        assert_eq!(role(path), Role::Post, "{path}");
    }
    for path in [
        "_posts/_x.md",
        "_posts/#2022-01-01-a.md",
        "_posts/~2022-01-01-a.md",
        "_posts/2022-01-01-a.md~",
        "_posts/.2022-01-01-a.md",
        "_posts/2022-01-01-a",
        "_posts/2022-01-01-a.",
        "_posts/2022-01-01-photo.jpg",
        "_posts/2022-01-01-data.yml",
        "_posts/photo.svg",
        "_posts/_z/2022-01-01-a.md",
        "_posts/x/.y/2022-01-01-a.md",
        "_hidden/_posts/2022-01-01-a.md",
        "x~/_posts/2022-01-01-a.md",
        "#x/_posts/2022-01-01-a.md",
        "skip/_posts/2022-01-01-a.md",
        "_drafts/a.md",
        "_layouts/a.html",
        "a.txt",
    ] {
        assert_eq!(role(path), Role::None, "{path}");
    }
    for path in ["a.md", "category/a.html", "_own.md"] {
        assert_eq!(role(path), Role::Page, "{path}");
    }
}

/// As Jekyll 4.3.1 has it.
#[test]
fn what_is_included_is_read_although_it_is_excluded() {
    let site = Site::jekyll(
        "exclude: [_posts/old, 'docs*', x.md, _posts/2022-01-01-b.md]\n\
         include: ['2020-01-01-keep.md', docs-keep, sub, ./x.md]",
    );
    let role = |path: &str| site.normalizer().role(&SitePath::from_bytes(path.as_bytes()));
    for path in
        ["_posts/old/2020-01-01-keep.md", "docs-keep/_posts/2020-01-01-keep.md", "docs-keep/_posts/sub/2020-01-01-a.md"]
    {
        assert_eq!(role(path), Role::Post, "{path}");
    }
    for path in [
        "_posts/old/2020-01-01-a.md",
        "_posts/2022-01-01-b.md",
        "docs-keep/_posts/2020-01-01-a.md",
        "docs/_posts/2020-01-01-keep.md",
    ] {
        assert_eq!(role(path), Role::None, "{path}");
    }
}

#[test]
fn a_folder_is_watched_where_jekyll_would_look() {
    let site = Site::jekyll("include: [_keep]\nshow_drafts: true");
    let wants = |path: &str| site.normalizer().wants_folder(&SitePath::from_bytes(path.as_bytes()));
    for path in ["", "a", "_posts", "a/_posts/b/_c", "_drafts", "_keep/_posts", "_posts/x~"] {
        assert!(wants(path), "{path}");
    }
    for path in ["_site", "a/_layouts", ".git", "x~", "_posts/.a", "_posts/_a", "_posts/b/.c", "a/#b"] {
        assert!(!wants(path), "{path}");
    }
}

#[test]
fn posts_lie_in_the_folder_of_the_collections() {
    let site = Site::jekyll(
        "collections_dir: coll\ndefaults: [{scope: {path: coll/_posts}, values: {author: one}}, {scope: {path: news/_posts}, values: {author: two}}]",
    );
    for path in ["_posts/2022-01-01-a.md", "x/coll/_posts/2022-01-01-a.md", "coll2/_posts/2022-01-01-a.md"] {
        assert_eq!(site.normalizer().role(&SitePath::from_bytes(path.as_bytes())), Role::None, "{path}");
    }
    for (path, link, author) in [
        ("coll/_posts/2022-01-01-a.md", "/2022/01/01/a.html", "one"),
        ("coll/news/_posts/2022-01-01-a.md", "/news/2022/01/01/a.html", "two"),
    ] {
        let item = site.item(path, "x: 1", "");
        assert_eq!(item.link.as_str(), format!("https://example.com{link}"));
        assert_eq!(item.authors[0].name, author);
    }
}

#[test]
fn drafts_have_the_defaults_of_posts() {
    let site = Site::jekyll(
        "show_drafts: true\ntimezone: UTC\ndefaults: [{scope: {path: '', type: drafts}, values: {category: d}}, {scope: {path: '', type: posts}, values: {author: p}}]",
    );
    let draft = site.item("x/_drafts/sub/idea.md", "date: 2020-02-04", "");
    assert_eq!(draft.link.as_str(), "https://example.com/x/2020/02/04/idea.html");
    assert_eq!((draft.title.as_str(), draft.authors[0].name.as_str()), ("Idea", "p"));
}

#[test]
fn null_leaves_a_default_and_maps_are_merged() {
    let site = Site::jekyll(
        "defaults: [{scope: {path: ''}, values: {author: base, permalink: '/d/:title/', image: {path: /base.png}, category: c}}]",
    );
    let item = site.item(PATH, "author:\npermalink:\ncategory:\nimage: {alt: x}", "");
    assert_eq!(item.link.as_str(), "https://example.com/d/a/");
    assert_eq!((item.authors[0].name.as_str(), texts(&item.categories)), ("base", vec!["c"]));
    assert_eq!(item.image.unwrap().as_str(), "https://example.com/base.png");
    assert_eq!(
        site.item(PATH, "image: /中 文.png?x=1#f", "").image.unwrap().as_str(),
        "https://example.com/%E4%B8%AD%20%E6%96%87.png?x=1#f"
    );
    assert_eq!(site.item(PATH, "image: ''", "").image, None);
}

#[test]
fn the_title_is_the_one_that_jekyll_shows() {
    let site = Site::jekyll("timezone: UTC");
    for (name, front, title) in [
        ("some-Title", "x: 1", "Some Title"),
        ("a.b-c.", "title:", "A.b C"),
        ("a-b", "title: no", "A B"),
        ("a-b", "title: 'no'", "no"),
        ("a-b", "title: A *b* <b>c</b> &amp; &lt;d&gt; x < y", "A *b* c & <d> x < y"),
        ("a-b", "title: 2022", "2022"),
        ("a-b", "title: ''", "The first sentence."),
    ] {
        let item = site.item(&format!("_posts/2022-01-01-{name}.md"), front, "The *first* sentence. And more.");
        assert_eq!(item.title, title, "{name}, {front}");
    }
}

#[test]
fn the_summary_is_the_description_or_the_excerpt() {
    let site = Site::jekyll("timezone: UTC");
    let body = "One *two*.\n\nThree. SEP Four.";
    for (front, summary) in [
        ("x: 1", Some("One two.")),
        ("description: Own *d* <b>x</b>", Some("Own *d* x")),
        ("description: ''", Some("One two.")),
        ("description: false", Some("One two.")),
        ("excerpt: Own", Some("Own")),
        ("excerpt: ''", None),
        ("excerpt: false", Some("One two.")),
        ("excerpt_separator: SEP", Some("One two. Three.")),
        ("excerpt_separator: ''", None),
    ] {
        assert_eq!(site.item(PATH, front, body).summary.as_deref(), summary, "{front}");
    }
    assert_eq!(site.item(PATH, "feed: {excerpt_only: true}", body).content, None);
}

#[test]
fn authors_are_names_maps_or_keys_into_the_data() {
    let data = "jk: {name: J. K., email: jk@x.org, uri: 'https://jk.org/'}\nnoname: {email: nn@x.org}";
    let site = Site::with(&[("_config.yml", "author: Site Author"), ("_data/authors.yml", data)], "");
    for (front, names) in [
        ("x: 1", vec!["Site Author"]),
        ("author: jk", vec!["J. K."]),
        ("authors: [jk, Other]", vec!["J. K.", "Other"]),
        ("author: {name: Jo}", vec!["Jo"]),
        ("author: {email: z@x.org}", vec!["Site Author"]),
        ("author: noname", vec!["noname"]),
        ("author: ''", vec!["Site Author"]),
    ] {
        let item = site.item(PATH, front, "");
        assert_eq!(item.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), names, "{front}");
    }
    let author = site.item(PATH, "author: {name: Jo, email: none, uri: /about}", "").authors.remove(0);
    assert_eq!((author.email, author.uri.unwrap().as_str()), (None, "https://example.com/about"));
}

#[test]
fn nothing_that_a_post_says_makes_an_address_without_bound() {
    let site = Site::jekyll("permalink: /:categories/:title/");
    let long = "x".repeat(60_000);
    for front in [
        format!("permalink: /{long}"),
        format!("slug: {long}"),
        format!("category: {long}"),
        format!("permalink: {}", ":title".repeat(10_000)),
    ] {
        let (why, codes) = site.left_out("_posts/2022-01-01-hello.md", &format!("---\n{front}\n---\n"));
        assert_eq!((why, codes), (Some(LeftOut::Broken), vec![Code::BadPermalink]), "{}", front.len());
    }
    let item = site.item(PATH, "permalink: \"/a\\0b\\n c:\\\\d\\u202e\"", "");
    assert_eq!(item.link.as_str(), "https://example.com/a%00b%0A%20c:%5Cd%E2%80%AE");
}

#[test]
fn a_name_that_is_not_utf_8_has_an_address_all_the_same() {
    let site = Site::jekyll("timezone: UTC");
    let path = SitePath::from_bytes(b"_posts/2022-01-01-\xff\xfe.md");
    let post = site.normalizer().item(&path, b"---\n---\n", crate::config::ContentMode::None).unwrap().post;
    assert_eq!(post.id.as_str(), "https://example.com/2022/01/01/%EF%BF%BD%EF%BF%BD");
}

#[test]
fn of_as_many_labels_as_front_matter_holds_the_first_count() {
    let labels: String = (0..).map(|n| format!("{n:x} ")).take(12_000).collect();
    let item = Site::jekyll("").item(PATH, &format!("permalink: /a\ncategories: {labels}"), "");
    assert_eq!(item.categories.len(), 200);
}
