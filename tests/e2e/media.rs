//! Pictures and sound of posts: enclosures with the size of the file that the site has, kept current.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use crate::fixture::{Site, front, golden};
use crate::service::Running;

const POST: &str = "site/_posts/2022-01-01-a.md";
const SOUND: &str = "site/audio/a.mp3";

fn episode(lines: &str) -> String {
    front(&format!("title: A\ncategory: tech\n{lines}"), "Text.")
}

fn unrecorded() -> Site {
    Site::jekyll().file(POST, episode("audio: /audio/a.mp3"))
}

fn site() -> Site {
    unrecorded().file(SOUND, "12345")
}

fn hugo() -> Site {
    Site::bare()
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\ntitle = 'Example'\n")
        .file("site/content/posts/a/index.md", front("title: A\ndate: 2022-01-01\naudio: a.mp3\nimage: c.png", "Text."))
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
}

/// The enclosures in every feed of all posts, which are one.
#[track_caller]
fn enclosures(site: &Site) -> Vec<String> {
    let rss = site.text("feeds/rss.xml");
    let told: Vec<&str> = rss.split("<enclosure ").skip(1).map(|rest| rest.split("/>").next().unwrap()).collect();
    let told: Vec<String> = told.iter().map(|one| one.replace("https://example.com", "")).collect();
    let atom = site.text("feeds/atom.xml");
    assert_eq!(told.len(), atom.matches("rel=\"enclosure\"").count());
    told
}

#[track_caller]
fn length(site: &Site) -> u64 {
    let told = enclosures(site);
    let length = told[0].split("length=\"").nth(1).unwrap().split('"').next().unwrap();
    length.parse().unwrap()
}

#[track_caller]
fn becomes(running: &Running, site: &Site, bytes: u64) {
    running.until(&format!("{bytes} bytes"), || length(site) == bytes);
}

#[test]
fn an_enclosure_has_the_size_and_the_type_of_its_file() {
    let site = site();
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    site.assert_sound();
    assert_eq!(enclosures(&site), ["url=\"/audio/a.mp3\" length=\"5\" type=\"audio/mpeg\""]);
    let entry = site.run_cmd(["inspect", "--entry", POST]).exits(0);
    entry.says("rel=\"enclosure\" type=\"audio/mpeg\" length=\"5\"");
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_line() {
    let site = unrecorded();
    let said = ["_posts/2022-01-01-a.md:4 warning missing-file"];
    assert_eq!(site.build().diagnostics(), said);
    assert_eq!(length(&site), 0);
    let says = "`audio` names https://example.com/audio/a.mp3, and there is no file audio/a.mp3";
    site.run_cmd(["check"]).exits(0).says(says).says("4 | audio: /audio/a.mp3");
    assert_eq!(site.build().diagnostics(), said, "a build with nothing to do says it all the same");
    site.write(SOUND, "1234567");
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    assert_eq!(length(&site), 7);
    let stated = Site::jekyll().file(POST, episode("enclosure: { url: /audio/a.mp3, length: 99, type: audio/x-own }"));
    assert_eq!(stated.build().diagnostics(), [] as [&str; 0], "somebody knows");
    assert_eq!(enclosures(&stated), ["url=\"/audio/a.mp3\" length=\"99\" type=\"audio/x-own\""]);
}

#[test]
fn a_build_notices_a_file_that_changed_and_only_that() {
    let site = site().post("2022-01-02-b.md", front("title: B\ncategory: other", "Text."));
    site.age();
    assert_eq!(site.build().files(), (7, 0, 0));
    assert_eq!(site.build().files(), (0, 0, 0));
    site.write(SOUND, "123456");
    assert_eq!(site.build().files(), (4, 0, 0), "the feeds of all posts and of its category");
    assert_eq!(length(&site), 6);
    site.age();
    site.build();
    site.rename(SOUND, "site/audio/b.mp3");
    assert_eq!(site.build().files(), (4, 0, 0));
    assert_eq!(length(&site), 0);
    site.rename("site/audio/b.mp3", SOUND);
    fs::create_dir(site.path("site/more")).unwrap();
    assert_eq!(site.build().files(), (4, 0, 0));
    assert_eq!(site.published(), site.built_again());
}

#[test]
fn no_link_leads_out_unless_it_may() {
    for (policy, inside, outside) in [("never", 0, 0), ("inside", 4, 0), ("all", 4, 3)] {
        for (target, expected) in [("site/real.mp3", inside), ("outside.mp3", outside)] {
            let site = unrecorded()
                .file("site/real.mp3", "1234")
                .file("outside.mp3", "123")
                .env("SYNDICATED_SOURCE_FOLLOW_SYMLINKS", policy);
            fs::create_dir_all(site.path("site/audio")).unwrap();
            symlink(site.path(target), site.path(SOUND)).unwrap();
            site.build();
            assert_eq!(length(&site), expected, "{policy} {target}");
        }
    }
    for reference in ["/../outside.mp3", "/%2e%2e/outside.mp3", "/..%2Foutside.mp3", "/audio"] {
        let site = Site::jekyll()
            .file(POST, episode(&format!("enclosure: {reference}")))
            .file("outside.mp3", "123")
            .file("site/audio/x", "");
        site.build();
        assert_eq!(length(&site), 0, "{reference}");
    }
}

#[test]
fn hugo_has_its_files_in_static_in_assets_and_in_bundles() {
    let site = hugo();
    assert_eq!(site.build().diagnostics(), ["content/posts/a/index.md:4 warning missing-file"]);
    for (file, url, bytes) in [
        ("site/assets/a.mp3", "/a.mp3", 1),
        ("site/static/a.mp3", "/a.mp3", 12),
        ("site/content/posts/a/a.mp3", "/posts/a/a.mp3", 123),
    ] {
        site.write(file, bytes.to_string());
        site.build();
        let size = bytes.to_string().len();
        assert_eq!(enclosures(&site), [format!("url=\"{url}\" length=\"{size}\" type=\"audio/mpeg\"")]);
        assert!(site.text("feeds/rss.xml").contains("<media:thumbnail url=\"https://example.com/c.png\""));
    }
    site.write("site/content/posts/a/c.png", "");
    site.build();
    assert!(site.text("feeds/rss.xml").contains("<media:thumbnail url=\"https://example.com/posts/a/c.png\""));
    site.assert_sound();
}

#[test]
fn a_running_service_follows_the_files() {
    let site = unrecorded();
    let running = site.start();
    running.logs("missing-file");
    // The folder appears with all that is in it.
    site.write("aside/a.mp3", "1");
    site.rename("aside", "site/audio");
    becomes(&running, &site, 1);
    site.write(SOUND, "12");
    becomes(&running, &site, 2);
    site.write("new", "123");
    site.rename("new", SOUND);
    becomes(&running, &site, 3);
    site.write("site/audio/other.mp3", "");
    site.write(POST, episode("audio: /audio/other/b.mp3"));
    becomes(&running, &site, 0);
    running.as_built(&site);
    site.write("site/audio/other/b.mp3", "1234");
    becomes(&running, &site, 4);
    site.rename("site/audio", "aside");
    becomes(&running, &site, 0);
    site.rename("aside", "site/audio");
    becomes(&running, &site, 4);
    running.as_built(&site);
}

#[test]
fn a_running_service_follows_files_where_no_posts_lie() {
    let site = hugo();
    let running = site.start();
    site.write("site/static/a.mp3", "1");
    becomes(&running, &site, 1);
    site.write("site/static/a.mp3", "12");
    becomes(&running, &site, 2);
    // Another folder, of which nothing was known.
    let post = front("title: A\ndate: 2022-01-01\naudio: /deep/er/a.mp3", "Text.");
    site.write("site/content/posts/a/index.md", post);
    becomes(&running, &site, 0);
    site.write("site/static/deep/er/a.mp3", "123");
    becomes(&running, &site, 3);
    site.remove("site/static/deep/er/a.mp3");
    becomes(&running, &site, 0);
    site.write("site/assets/deep/er/a.mp3", "1234");
    becomes(&running, &site, 4);
    running.as_built(&site);
}

#[test]
fn a_file_that_is_being_written_has_its_size_when_it_is_closed() {
    let site = site();
    let running = site.start();
    let mut file = File::create(site.path(SOUND)).unwrap();
    file.write_all(b"12").unwrap();
    // The feeds of the post would be made for another reason: they wait.
    site.write("site/_posts/2022-01-02-b.md", front("title: B\ncategory: other", "Text."));
    let mut looks = 0;
    running.until("the other feed is there", || {
        file.write_all(b"3").unwrap();
        assert!(site.text("feeds/tech/rss.xml").contains("length=\"5\""), "the last state stays until it is closed");
        looks += i32::from(site.exists("feeds/other/atom.xml"));
        looks > 20
    });
    let size = file.metadata().unwrap().len();
    drop(file);
    becomes(&running, &site, size);
    running.as_built(&site);
}

#[test]
fn a_file_that_became_a_link_to_where_it_went_has_the_size_of_what_is_there() {
    let site = site();
    // So old that it is known by its state.
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(site.path(SOUND)).unwrap().set_modified(hour_ago).unwrap();
    let running = site.start();
    site.rename(SOUND, "site/audio/real.mp3");
    symlink(site.path("site/audio/real.mp3"), site.path(SOUND)).unwrap();
    running.as_built(&site);
    site.write("site/audio/real.mp3", "123");
    becomes(&running, &site, 3);
    running.as_built(&site);
}

#[test]
fn a_link_that_led_nowhere_has_the_size_of_what_it_leads_to_now() {
    let site = unrecorded();
    site.build();
    // It is missing as before, but what is to be looked at for it is another file.
    fs::create_dir_all(site.path("site/audio")).unwrap();
    symlink(site.path("site/audio/real.mp3"), site.path(SOUND)).unwrap();
    let running = site.start();
    running.as_built(&site);
    site.write("site/audio/real.mp3", "123");
    becomes(&running, &site, 3);
    running.as_built(&site);
}

#[test]
fn sites_without_files_have_no_watch_for_them() {
    let site = hugo().file("site/content/posts/a/index.md", front("title: A\ndate: 2022-01-01", "Text."));
    let running = site.start();
    site.write("site/static/a.mp3", "1");
    site.write("site/content/posts/b.md", front("title: B\ndate: 2022-01-02", "Text."));
    running.until("the other post is there", || site.feed("rss.xml").titles() == ["B", "A"]);
    running.as_built(&site);
}

/// Reviewed by hand: one enclosure in RSS, all of them in Atom, pictures and authors in both.
#[test]
fn feeds_say_all_of_it() {
    let site = Site::jekyll()
        .file("site/_data/authors.yml", "ann: { name: Ann & Co, email: ann@example.com, uri: /ann }\n")
        .post("2022-01-03-formats.md", front("audio: { mp3: '/audio/a b.mp3', ogg: /audio/a.ogg }\nimages: [/a.png, /b.png]", "Formats."))
        .post("2022-01-02-remote.md", front("author: [ann, { name: Bob }]\npodcast_link: 'https://x.example/e.mp3?a=1&b=2'\npodcast_length: 13654375", "Remote."))
        .post("2022-01-01-picture.md", front("cover: { image: /c.png, relative: false }\nauthors: Cy", "Picture."))
        .file("site/audio/a b.mp3", "12345")
        .file("site/audio/a.ogg", "123");
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    site.assert_sound();
    golden("media.rss.xml", &site.text("feeds/rss.xml"));
    golden("media.atom.xml", &site.text("feeds/atom.xml"));
}

#[test]
fn inspect_tells_where_pictures_sound_and_authors_come_from() {
    let everything = "authors: [ann, { name: Bob, url: /bob }]\nimage: { path: /a.png }\nimages: [b.png]\naudio: /audio/a.mp3\n\
                      tags: [x, y]\nlast_modified_at: 2022-02-03";
    let jekyll = Site::jekyll()
        .file("site/_data/authors.yml", "ann: { name: Ann Lee, email: ann@example.com }\n")
        .file("site/_config.yml", "title: Example\nurl: https://example.com\ntimezone: UTC\nlang: en\ndefaults: [{ scope: { path: '' }, values: { author: ann, image: /d.png } }]\n")
        .file(POST, episode(everything).replace("authors: [", "author: ["))
        .file(SOUND, "12345")
        .post("2022-01-02-defaults.md", front("podcast: { url: 'https://x.example/e.mp3', length: 7 }", "Text."))
        .post("2022-01-03-missing.md", front("author: Cy\nenclosure: /no.xyz", "Text."));
    jekyll.run_cmd(["ids", "pin"]).exits(0);
    let hugo = hugo().file("site/data/authors/ann.toml", "name = 'Ann Lee'").file(
        "site/content/posts/a/index.md",
        front(
            "title: A\ndate: 2022-01-01\nauthors: [ann, Dee]\naudio: a.mp3\ncover: { image: c.png, relative: true }",
            "Text.",
        ),
    );
    hugo.write("site/content/posts/a/a.mp3", "123");
    hugo.write("site/content/posts/a/c.png", "123");
    hugo.write("syndicated.toml", "[source]\npath = \"site\"\n[content]\nfrom = \"page\"\n");
    hugo.write("site/public/posts/a/index.html", "<article>Built.</article>");
    let posts =
        ["2022-01-01-a", "2022-01-02-defaults", "2022-01-03-missing"].map(|name| format!("site/_posts/{name}.md"));
    let mut told: Vec<String> = posts.iter().map(|post| jekyll.run_cmd(["inspect", post]).exits(0).stdout).collect();
    told.push(hugo.run_cmd(["inspect", "site/content/posts/a/index.md"]).exits(0).stdout);
    golden("inspect.txt", &told.join("\n----\n"));
}
