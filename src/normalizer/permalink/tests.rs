//! Templates, slugs and addresses against what Jekyll 4.3 makes of them.

use proptest::prelude::*;

use super::*;
use crate::model::WebUrl;

fn expand(template: &str) -> Option<String> {
    Placeholders {
        date: DateTime::parse_from_rfc3339("2022-03-01T04:05:06+08:00").unwrap(),
        slug: "Hello, Wörld!",
        basename: "2022-03-01-hello",
        path: "news/2022/hello",
        categories: &["TechWeb".into(), "techweb".into(), "a b".into(), "50%".into(), "C#".into()],
        output_ext: ".html",
        collection: "posts",
        tree: None,
    }
    .expand(template)
}

#[test]
fn every_placeholder_is_what_jekyll_makes_of_it() {
    for (template, url) in [
        (
            "/:categories/:year/:month/:day/:title:output_ext",
            "/techweb/a%20b/50%25/c%23/2022/03/01/Hello,-W%C3%B6rld!.html",
        ),
        ("/:slugified_categories/:slug/", "/techweb/a-b/50/c/hello-w%C3%B6rld/"),
        ("/:year/:i_month/:i_day/:short_year/:name", "/2022/3/1/22/2022-03-01-hello"),
        (":hour:minute:second/:short_month/:long_month", "/040506/Mar/March"),
        ("/:w_year/:week/:w_day/:short_day/:long_day/:y_day", "/2022/09/2/Tue/Tuesday/060"),
        ("/:month_:day/:collection/:path", "/03_01/posts/news/2022/hello"),
        ("/a/../b//c/:unknown/", "/a/b/c/:unknown/"),
        (":", "/:"),
        ("", "/"),
        (":_/::title", "/:_/:Hello,-W%C3%B6rld!"),
        ("https://other.example/x", "/https:/other.example/x"),
    ] {
        assert_eq!(expand(template).as_deref(), Some(url), "{template}");
    }
}

#[test]
fn a_path_that_no_page_can_have_is_none() {
    assert_eq!(expand(&"x".repeat(100_000)), None);
    assert_eq!(expand(&":title".repeat(10_000)), None);
}

#[test]
fn an_address_is_encoded_once() {
    let site = WebUrl::parse("https://example.com/blog/").unwrap();
    for (path, url) in [
        ("/a b/中.html", "https://example.com/blog/a%20b/%E4%B8%AD.html"),
        ("/a%20b/50%/", "https://example.com/blog/a%20b/50%25/"),
        ("/a%2fb/%41/%e4%b8%ad", "https://example.com/blog/a%2Fb/A/%E4%B8%AD"),
        ("/e\u{301}", "https://example.com/blog/%C3%A9"),
        ("/?p=12", "https://example.com/blog/?p=12"),
        ("/q?a=%2B+b;c d&e#x y", "https://example.com/blog/q?a=%2B+b%3Bc%20d&e#x%20y"),
        ("/q?", "https://example.com/blog/q"),
        ("/a[b]|c^d\\e", "https://example.com/blog/a%5Bb%5D%7Cc%5Ed%5Ce"),
        ("/a/./b/.", "https://example.com/blog/a/b/"),
        ("/a/%2e%2E/%2e%2e/../c", "https://example.com/blog/c"),
        ("/a\u{0}\n", "https://example.com/blog/a%00"),
        ("//other.example/x", "https://example.com/blog/other.example/x"),
        ("/%FF", "https://example.com/blog/%FF"),
        ("/", "https://example.com/blog/"),
    ] {
        assert_eq!(absolute(&site, path).unwrap().as_str(), url, "{path}");
    }
}

#[test]
fn a_slug_as_ruby_writes_it() {
    for (text, default, pretty) in [
        ("--A  b--", "a-b", "A-b"),
        ("v1.0", "v1-0", "v1.0"),
        ("c++", "c", "c++"),
        ("中文，标题", "中文-标题", "中文-标题"),
        ("½²٣", "٣", "٣"),
        ("ΟΔΟΣ", "οδοσ", "ΟΔΟΣ"),
        ("İ", "i\u{307}", "İ"),
        ("...", "", "..."),
        ("", "", ""),
    ] {
        assert_eq!(slugify(text, Slugify::Default, false), default, "{text}");
        assert_eq!(slugify(text, Slugify::Pretty, true), pretty, "{text}");
    }
}

#[test]
fn a_slug_in_words() {
    for (slug, words) in [
        ("hello-WORLD-again", "Hello World Again"),
        ("éA-bB", "Éa Bb"),
        ("ßy-ﬁz", "Ssy Fiz"),
        ("a--b-", "A  B"),
        ("中文-标题", "中文 标题"),
        ("", ""),
    ] {
        assert_eq!(titleize(slug), words, "{slug}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_path_is_an_address_below_the_site(path in "(/|[.]{1,2}|%2e|%|[?#:]|\\PC|\\x00|[a-z]){0,12}") {
        let site = WebUrl::parse("https://example.com/blog/").unwrap();
        let url = absolute(&site, &path).unwrap();
        prop_assert!(url.as_str().starts_with("https://example.com/blog/"), "{}", url);
        prop_assert!(url.as_str().is_ascii());
        // Nothing of it is left for the URL's parser to change, and encoding it again changes nothing.
        let reference = reference(&path);
        prop_assert_eq!(url.as_str().strip_prefix("https://example.com/blog/"), Some(reference.as_str()));
        prop_assert_eq!(super::reference(&reference), reference);
    }

    #[test]
    fn any_template_is_a_path(template in "(/|:[a-z_]{0,8}|\\PC){0,12}") {
        prop_assert!(expand(&template).unwrap().starts_with('/'));
    }
}
