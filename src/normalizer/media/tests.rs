//! What front matter of real themes names, by dialect, with and without the files.

use proptest::prelude::*;

use crate::config::ContentMode;
use crate::model::{Item, SitePath};
use crate::normalizer::tests::Site;

const HUGO: &str = "baseURL = 'https://example.com/'\nstaticDir = ['static', 'more']\n[params]\nmedia_prefix = ''\n";

fn hugo(config: &str) -> Site {
    Site::with(&[("hugo.toml", config), ("content/posts/a.md", ""), ("content/posts/b/index.md", "")], "")
}

/// The item of a post with these files about, and what there is to say of others.
#[track_caller]
fn with_files(site: &Site, path: &str, front: &str, files: &[(&str, u64)]) -> (Item, Vec<String>) {
    let bytes = format!("---\n{front}\n---\n");
    let path = SitePath::from_bytes(path.as_bytes());
    let found = site.normalizer().item(&path, bytes.as_bytes(), ContentMode::Full);
    let found = found.unwrap_or_else(|| panic!("{path} is no post: {front}"));
    let mut item = found.item;
    let mut look = |path: &SitePath| {
        let path = path.text();
        files.iter().find(|(known, _)| *known == path).map(|(_, size)| *size)
    };
    let findings = found.media.put_into(&mut item, &mut look);
    let said =
        |finding: &crate::model::Diagnostic| format!("{}: {}", finding.line.unwrap_or_default(), finding.message);
    (item, findings.iter().map(said).collect())
}

fn pictures(item: &Item) -> String {
    let all: Vec<_> = item.image.iter().chain(&item.more_images).map(|url| short(url.as_str())).collect();
    all.join(" ")
}

fn files(item: &Item) -> String {
    let all = item.enclosure.iter().chain(&item.more_enclosures);
    let all: Vec<_> =
        all.map(|file| format!("{} {} {}", short(file.url.as_str()), file.length, file.media_type)).collect();
    all.join(", ")
}

fn short(url: &str) -> &str {
    url.strip_prefix("https://example.com").unwrap_or(url)
}

#[test]
fn pictures_are_found_where_themes_write_them() {
    let site = Site::jekyll("");
    for (front, expected) in [
        ("image: /a.png", "/a.png"),
        ("image: { path: /a.png, alt: x, height: 3 }", "/a.png"),
        ("image: { url: 'https://x.example/a.png' }", "https://x.example/a.png"),
        ("image: { src: a b.png }", "/a%20b.png"),
        ("images: [a.png, /b.png, a.png]", "/a.png /b.png"),
        ("image: c.png\nimages: [a.png, { src: b.png }]", "/c.png /a.png /b.png"),
        ("cover: /c.jpg", "/c.jpg"),
        ("cover: { image: c.jpg, relative: false, alt: x }", "/c.jpg"),
        ("cover: { src: c.jpg }", "/c.jpg"),
        ("cover: { url: //cdn.example/c.jpg }", "https://cdn.example/c.jpg"),
        ("cover: dark", ""),
        ("featured_image: /f.webp", "/f.webp"),
        ("header: { teaser: /t.jpg, overlay_color: '#000' }", "/t.jpg"),
        ("header: { image: /h.jpg }\nthumbnail: /t.jpg", "/h.jpg"),
        ("thumbnail: { src: img/t.jpg, visibility: [list] }", "/img/t.jpg"),
        ("episode-cover: /img/e.jpg", "/img/e.jpg"),
        ("banner: Read. This.\nhero: true\nteaser: a.b", ""),
        ("image: true\ncover: c.jpg", "/c.jpg"),
        ("image: 'data:image/png;base64,AA'", ""),
        ("image: { alt: none }", ""),
        ("image: [[a.png]]\nimages: {}", ""),
        ("image: ' '", ""),
    ] {
        assert_eq!(pictures(&site.item("_posts/2022-03-31-a.md", front, "")), expected, "{front}");
    }
}

#[test]
fn a_site_with_jekyll_feed_has_the_pictures_of_the_plugin() {
    for config in ["plugins: [jekyll-feed]", "gems: [jekyll-feed]", "feed: { posts_limit: 3 }"] {
        let site = Site::jekyll(config);
        let of = |front: &str| pictures(&site.item("_posts/2022-03-31-a.md", front, ""));
        assert_eq!((of("cover: /c.jpg\nimages: [a.png]"), of("image: /a.png")), (String::new(), "/a.png".to_owned()));
    }
}

#[test]
fn the_first_picture_of_the_text_stands_in_where_that_is_wanted() {
    let body = "Text ![](/one.png) ![](/two.png)";
    let path = "_posts/2022-03-31-a.md";
    assert_eq!(pictures(&Site::jekyll("").item(path, "", body)), "");
    let site = Site::with(&[("_config.yml", "")], "[content]\nfirst_picture = true\n");
    for (front, expected) in [("", "/one.png"), ("image: /a.png", "/a.png")] {
        let text = format!("---\n{front}\n---\n{body}");
        for mode in [ContentMode::Full, ContentMode::Excerpt, ContentMode::None] {
            let found = site.normalizer().item(&SitePath::from_bytes(path.as_bytes()), text.as_bytes(), mode).unwrap();
            assert_eq!(pictures(&found.item), expected);
        }
    }
}

#[test]
fn sound_is_found_where_podcasts_write_it() {
    let site = Site::jekyll("");
    for (front, expected) in [
        (
            "enclosure: { url: 'https://x.example/a.mp3', length: 12, type: audio/mp3 }",
            "https://x.example/a.mp3 12 audio/mp3",
        ),
        ("enclosure: https://x.example/a.mp3", "https://x.example/a.mp3 0 audio/mpeg"),
        ("enclosure: |\n  https://x.example/a.m4a\n  3456\n  audio/x-m4a", "https://x.example/a.m4a 3456 audio/x-m4a"),
        ("enclosure: /a.bin", "/a.bin 0 application/octet-stream"),
        (
            "enclosures: [{ url: /a.mp3, size: '1,234,567' }, { url: /a.ogg }]",
            "/a.mp3 1234567 audio/mpeg, /a.ogg 0 audio/ogg",
        ),
        ("audio: /x.mp3\nduration: '12:01'", "/x.mp3 0 audio/mpeg"),
        (
            "audio: { mp3: /e.mp3, ogg: /e.ogg, m4a: /e.m4a }",
            "/e.mp3 0 audio/mpeg, /e.m4a 0 audio/mp4, /e.ogg 0 audio/ogg",
        ),
        ("podcast: { mp3: /e.mp3, length: 4096 }", "/e.mp3 4096 audio/mpeg"),
        ("podcast: { mp3: { url: /e.mp3, bytes: 5 } }", "/e.mp3 5 audio/mpeg"),
        ("podcast: { file: { path: /e.mp3, size: 5 } }", "/e.mp3 5 audio/mpeg"),
        ("media: { url: /e.mp4, type: video/mp4, length: 0 }", "/e.mp4 0 video/mp4"),
        (
            "podcast_link: 'https://x.example/e.mp3?a=1'\npodcast_file_size: 13.7 MB\npodcast_duration: '14:02'\npodcast_length: 13654375",
            "https://x.example/e.mp3?a=1 13654375 audio/mpeg",
        ),
        ("podcast_link: https://x.example/e.mp3\npodcast_file_size: 25", "https://x.example/e.mp3 0 audio/mpeg"),
        ("audio_file_path: /e.mp3\naudio_file_size: 23_917_146", "/e.mp3 23917146 audio/mpeg"),
        (
            "podcast: My Show\npodcast_link: https://x.example/e\npodcast_length: 5000",
            "https://x.example/e 5000 application/octet-stream",
        ),
        ("podcast_file: e.mp3\npodcast_bytes: ''", "/e.mp3 0 audio/mpeg"),
        ("file: /e.m4b\nmime_type: audio/x-m4b", "/e.m4b 0 audio/x-m4b"),
        ("audio: [/a.mp3, /a.mp3, /b.mp3]", "/a.mp3 0 audio/mpeg, /b.mp3 0 audio/mpeg"),
        (
            "audio: https://soundcloud.com/a/b\npodcast: My Show\nmedia: print\nfile: a.txt\nvideo: { id: x, provider: y }",
            "",
        ),
        ("audio: true\npodcast: false\nenclosure:", ""),
        ("enclosure: 'javascript:alert(1)'", ""),
        ("enclosure: ftp://x.example/a.mp3", ""),
    ] {
        assert_eq!(files(&site.item("_posts/2022-03-31-a.md", front, "")), expected, "{front}");
    }
}

#[test]
fn a_file_of_the_site_gives_its_size_and_its_type() {
    let jekyll = Site::jekyll("baseurl: /blog\ncollections: { episodes: { output: true } }\n");
    let plain = Site::with(&[], "");
    let site = hugo(HUGO);
    let (post, page, bundle) = ("_posts/2022-03-31-a.md", "content/posts/a.md", "content/posts/b/index.md");
    for (of, path, front, there, expected) in [
        (&jekyll, post, "audio: /a/x.mp3", "a/x.mp3", "/a/x.mp3 77 audio/mpeg"),
        (&jekyll, post, "audio: a/../x%20y.mp3?z#w", "x y.mp3", "/x%20y.mp3?z#w 77 audio/mpeg"),
        (&jekyll, post, "audio: http://example.com/x.mp3", "x.mp3", "http://example.com/x.mp3 77 audio/mpeg"),
        (&jekyll, post, "audio: https://example.com:8080/x.mp3", "x.mp3", ":8080/x.mp3 0 audio/mpeg"),
        (&jekyll, post, "audio: /episodes/x.mp3", "_episodes/x.mp3", "/episodes/x.mp3 77 audio/mpeg"),
        (&jekyll, post, "enclosure: { url: /x.mp3, length: 5, type: audio/mp3 }", "x.mp3", "/x.mp3 77 audio/mpeg"),
        (&jekyll, post, "enclosure: { url: /x.mp3, length: 5, type: audio/mp3 }", "", "/x.mp3 5 audio/mp3"),
        (&jekyll, post, "enclosure: { url: /x.bin, type: audio/x-own }", "x.bin", "/x.bin 77 audio/x-own"),
        (&jekyll, post, "audio: https://other.example/x.mp3", "x.mp3", "https://other.example/x.mp3 0 audio/mpeg"),
        (&site, page, "date: 2022-03-31\naudio: /x.mp3", "static/x.mp3", "/x.mp3 77 audio/mpeg"),
        (&site, page, "date: 2022-03-31\naudio: x.mp3", "more/x.mp3", "/x.mp3 77 audio/mpeg"),
        (&site, page, "date: 2022-03-31\nparams: { audio: x.mp3 }", "assets/x.mp3", "/x.mp3 77 audio/mpeg"),
        (&site, page, "date: 2022-03-31\naudio: x.mp3", "content/posts/x.mp3", "/x.mp3 0 audio/mpeg"),
        (&site, bundle, "date: 2022-03-31\naudio: x.mp3", "content/posts/b/x.mp3", "/posts/b/x.mp3 77 audio/mpeg"),
        (
            &site,
            bundle,
            "date: 2022-03-31\naudio: /posts/b/x.mp3",
            "content/posts/b/x.mp3",
            "/posts/b/x.mp3 77 audio/mpeg",
        ),
        (&site, bundle, "date: 2022-03-31\naudio: x.mp3", "static/x.mp3", "/x.mp3 77 audio/mpeg"),
        (&site, bundle, "date: 2022-03-31\naudio: ./x.mp3", "", "/posts/b/x.mp3 0 audio/mpeg"),
        (&plain, "2022-03-31-a.md", "audio: /x.mp3", "public/x.mp3", "/x.mp3 77 audio/mpeg"),
    ] {
        let (item, said) = with_files(of, path, front, &[(there, 77)]);
        assert_eq!(files(&item), expected, "{front}");
        let is_missing = expected.contains(" 0 ") && !expected.contains("other.example") && !expected.contains(":8080");
        assert_eq!(said.len(), usize::from(is_missing), "{front}: {said:?}");
    }
    let ugly = hugo("baseURL = 'https://example.com/'\nuglyURLs = true\n");
    let (item, _) = with_files(&ugly, bundle, "date: 2022-03-31\naudio: x.mp3", &[("content/posts/b/x.mp3", 7)]);
    assert_eq!(files(&item), "/posts/b/x.mp3 7 audio/mpeg");
    let castanet = hugo("baseURL = 'https://example.com/'\n[params]\nmedia_prefix = 'https://cdn.example/m/'\n");
    let (item, _) = with_files(&castanet, page, "date: 2022-03-31\npodcast_file: x.mp3\npodcast_bytes: 9999", &[]);
    assert_eq!(files(&item), "https://cdn.example/m/x.mp3 9999 audio/mpeg");
}

#[test]
fn a_missing_file_is_told_with_its_line_and_all_places_where_it_was_looked_for() {
    let (item, said) = with_files(&hugo(HUGO), "content/posts/a.md", "date: 2022-03-31\naudio: /x.mp3", &[]);
    assert_eq!(files(&item), "/x.mp3 0 audio/mpeg");
    let places = "more/x.mp3 or static/x.mp3 or content/x.mp3 or assets/x.mp3";
    assert_eq!(said, [format!("3: `audio` names https://example.com/x.mp3, and there is no file {places}")]);
}

#[test]
fn a_picture_beside_the_page_counts_where_it_is_there() {
    let (site, bundle) = (hugo(HUGO), "content/posts/b/index.md");
    let front = "date: 2022-03-31\ncover: { image: c.jpg, relative: true }";
    assert_eq!(pictures(&with_files(&site, bundle, front, &[]).0), "/c.jpg");
    assert_eq!(pictures(&with_files(&site, bundle, front, &[("content/posts/b/c.jpg", 1)]).0), "/posts/b/c.jpg");
    assert_eq!(pictures(&with_files(&site, bundle, front, &[("static/c.jpg", 1)]).0), "/c.jpg");
}

#[test]
fn no_reference_leads_out_of_the_site() {
    let sites = [(Site::with(&[], ""), "a/index.md"), (hugo(HUGO), "content/posts/b/index.md")];
    let reference = "([a-z./%?#:@2eF\\\\\u{fe}]|\\.\\./|%2e|%2F|https://example.com/){0,30}";
    proptest!(|(text in reference)| {
        let quoted = serde_json::to_string(&text).unwrap();
        let bytes = format!("---\ndate: 2022-03-31\nenclosure: {quoted}\nimage: {quoted}\n---\n");
        for (site, path) in &sites {
            let path = SitePath::from_bytes(path.as_bytes());
            let Some(mut found) = site.normalizer().item(&path, bytes.as_bytes(), ContentMode::Full) else { continue };
            found.media.put_into(&mut found.item, &mut |path| {
                let bytes = path.as_bytes();
                let is_plain = |segment: &[u8]| !matches!(segment, b"" | b"." | b"..");
                assert!(!bytes.is_empty() && bytes.split(|&b| b == b'/').all(is_plain), "{path}");
                None
            });
        }
    });
}
