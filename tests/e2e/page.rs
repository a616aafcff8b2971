//! `content.from = "page"`: the text of posts from the pages that the site's generator has built.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;

use crate::fixture::{Site, front, short};
use crate::service::Running;

const A: &str = "site/_site/tech/2022/01/01/a.html";

fn page(article: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>T</title></head><body><nav>top</nav><article>{article}</article></body></html>"
    )
}

/// One post in `tech`, without a built page.
fn unbuilt() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).config("[content]\nfrom = \"page\"")
}

/// The same with its page.
fn site() -> Site {
    unbuilt().file(A, page("<p>Built <a href=\"b.html\">A</a>.</p>"))
}

/// A plain site with one post of this permalink, and the text that its page gives.
fn plain(permalink: &str) -> Site {
    Site::plain()
        .file("site/a.md", front(&format!("title: A\ndate: 2022-01-01\npermalink: '{permalink}'"), "Source."))
        .config("[content]\nfrom = \"page\"")
}

#[track_caller]
fn content(site: &Site) -> String {
    let texts = ["rss.xml", "atom.xml", "tech/rss.xml"]
        .map(|path| site.exists(&format!("feeds/{path}")).then(|| site.feed(path).only().content.trim().to_owned()));
    assert_eq!(texts[0], texts[1]);
    assert!(texts[2].is_none() || texts[1] == texts[2]);
    texts[0].clone().unwrap()
}

/// Waits until the feeds of all posts and of `tech` have this text.
#[track_caller]
fn shows(running: &Running, site: &Site, text: &str) {
    for path in ["rss.xml", "tech/atom.xml"] {
        running.until(&format!("{path} shows {text:?}"), || site.feed(path).only().content.contains(text));
    }
}

#[test]
fn the_text_is_that_of_the_page_and_all_else_that_of_the_source() {
    let (built, source) = (site(), Site::jekyll().post("2022-01-01-a.md", short("A", "tech")));
    assert_eq!(built.build().diagnostics(), [] as [&str; 0]);
    built.assert_sound();
    source.build();
    assert_eq!(content(&built), "<p>Built <a href=\"https://example.com/tech/2022/01/01/b.html\">A</a>.</p>");
    let rest = |site: &Site| {
        let feed = site.feed("atom.xml");
        let item = feed.only();
        [&item.id, &item.title, &item.link, &item.published, &item.summary].map(Clone::clone)
    };
    assert_eq!(rest(&built), rest(&source));
}

#[test]
fn the_page_is_cleaned_like_any_text() {
    let hostile =
        "<p onclick=x>a</p><script>no()</script><img src=/i.png><a href='#top'>t</a><form><input>b</form><!-- c -->";
    let site = unbuilt().file(A, page(hostile));
    site.build();
    site.assert_sound();
    let url = "https://example.com";
    let clean = format!("<p>a</p><img src=\"{url}/i.png\"><a href=\"{url}/tech/2022/01/01/a.html#top\">t</a>b");
    assert_eq!(content(&site), clean);
}

#[test]
fn without_a_page_the_source_stands_in_which_is_said_once_a_post() {
    let site = unbuilt();
    let said = ["_posts/2022-01-01-a.md:- warning no-article"];
    assert_eq!(site.build().diagnostics(), said);
    assert_eq!(content(&site), "<p>Text of A.</p>");
    for nothing in ["<p>no mark</p>".to_owned(), page(" <!-- empty --> "), String::new()] {
        site.write(A, nothing);
        assert_eq!(site.build().diagnostics(), said);
        assert_eq!(content(&site), "<p>Text of A.</p>");
    }
    File::options().write(true).open(site.path(A)).unwrap().set_len(17 << 20).unwrap();
    site.run_cmd(["check"]).exits(0).says("its page tech/2022/01/01/a.html has 17 MiB, and 16 are allowed");
    site.write(A, "");
    let ran = site.run_cmd(["check"]).exits(0).says("nothing is selected in its page tech/2022/01/01/a.html");
    assert_eq!(ran.stdout.matches("[no-article]").count(), 1);
    site.run_cmd(["inspect", "site/_posts/2022-01-01-a.md"]).exits(0).says("that of its source: nothing is selected");
    // A build that has nothing to do says it all the same; when it is mended it is no more.
    assert_eq!(site.build().diagnostics(), said);
    site.write(A, page("Built."));
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    assert_eq!(content(&site), "Built.");
    site.run_cmd(["inspect", "site/_posts/2022-01-01-a.md"]).exits(0).says("that of its built page");
    site.run_cmd(["inspect", "--entry", "site/_posts/2022-01-01-a.md"]).exits(0).says("Built.");
}

#[test]
fn a_page_is_a_folder_a_file_with_an_extension_or_the_path_itself() {
    let places = ["site/public/p/x/index.html", "site/public/p/x.html", "site/public/p/x"];
    for (n, place) in places.iter().enumerate() {
        let site = plain("/p/x/").file(place, page(place));
        site.build();
        assert_eq!(content(&site), *place);
        if n < 2 {
            // The first of them counts, also when it comes later.
            let site = plain("/p/x").file(place, page(place));
            for earlier in places.get(..n).unwrap() {
                site.write(earlier, page(earlier));
                site.build();
                assert_eq!(content(&site), *earlier);
            }
        }
    }
    let root = plain("/").file("site/public/index.html", page("root"));
    root.build();
    assert_eq!(content(&root), "root");
}

#[test]
fn the_path_is_below_the_sites_address_and_decoded() {
    let site = Site::bare()
        .file("blog/a.md", front("title: A\ndate: 2022-01-01\npermalink: /für alle/100%25/", "Source."))
        .file("made/für alle/100%/index.html", page("Built."))
        .file(
            "syndicated.toml",
            "[site]\nurl = \"https://example.com/base/path\"\ntimezone = \"UTC\"\n[source]\npath = \"blog\"\n\
             [content]\nfrom = \"page\"\npages = \"../made\"\n",
        );
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    assert_eq!(content(&site), "Built.");
}

#[test]
fn selectors_say_what_is_taken_and_what_is_left_out() {
    let built =
        page("<h1>A</h1><div class='post-body x'>Text<ul class=related><li>R</ul><nav>N</nav>.</div><p>Foot</p>");
    let own = unbuilt().file(A, &built).config("select = \"article > .post-body\"\nremove = \".related, nav\"");
    own.build();
    own.assert_sound();
    assert_eq!(content(&own), "Text.");
    let removed = unbuilt().file(A, &built).config("remove = \"h1, article > p, .related, nav\"");
    removed.build();
    assert_eq!(content(&removed), "<div class='post-body x'>Text.</div>");
    let other = unbuilt().file(A, &built).config("select = \"#content\"");
    assert_eq!(other.build().diagnostics().len(), 1);
    let wrong = unbuilt().config("select = \"h1 + p\"");
    wrong.run_cmd(["build"]).exits(2).complains("`content.select`: `h1 + p` is no selector that is understood");
}

#[test]
fn excerpts_and_summaries_stay_those_of_the_source() {
    let site = site().config("mode = \"excerpt\"");
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    assert_eq!(content(&site), "<p>Text of A.</p>");
    let none = unbuilt().post("2022-01-01-a.md", front("title: A\nfeed:\n  excerpt_only: true", "Text."));
    assert_eq!(none.build().diagnostics(), [] as [&str; 0]);
}

#[test]
fn built_pages_are_no_posts() {
    let dated = front("title: No post\ndate: 2022-01-01", "x");
    let site =
        plain("/p/x/").file("site/public/p/x/index.html", page("Built.")).file("site/public/2022-01-01-p.html", dated);
    assert_eq!(site.build().number("/posts/kept"), 1);
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let secret = "site/secret.html";
    for permalink in ["/..%2Fsecret/", "/%2e%2e/secret", "/x/..%2F..%2Fsecret.html"] {
        let site = plain(permalink).file(secret, page("Secret."));
        fs::create_dir_all(site.path("site/public")).unwrap();
        site.build();
        assert_eq!(content(&site), "<p>Source.</p>", "{permalink}");
    }
    for (policy, inside, outside) in [("never", false, false), ("inside", true, false), ("all", true, true)] {
        for (target, follows) in [("site/public/real.html", inside), (secret, outside)] {
            let site = plain("/p/x/")
                .file("site/public/real.html", page("Linked."))
                .file(secret, page("Linked."))
                .env("SYNDICATED_SOURCE_FOLLOW_SYMLINKS", policy);
            fs::create_dir_all(site.path("site/public/p")).unwrap();
            symlink(site.path(target), site.path("site/public/p/x.html")).unwrap();
            site.build();
            let expected = if follows { "Linked." } else { "<p>Source.</p>" };
            assert_eq!(content(&site), expected, "{policy} {target}");
        }
    }
}

#[test]
fn pages_of_posts_that_no_feed_shows_are_not_looked_at() {
    let site = site().post("2021-01-01-old.md", short("Old", "tech")).config("limit = 1");
    // It has no page, which nobody need know.
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
    site.remove("site/_posts/2022-01-01-a.md");
    assert_eq!(site.build().diagnostics(), ["_posts/2021-01-01-old.md:- warning no-article"]);
}

#[test]
fn a_build_notices_a_page_that_changed_and_only_that() {
    let site =
        site().post("2022-01-02-b.md", short("B", "money")).file("site/_site/money/2022/01/02/b.html", page("B"));
    site.age();
    assert_eq!(site.build().files(), (7, 0, 0));
    assert_eq!(site.build().files(), (0, 0, 0));
    site.write(A, page("Again."));
    assert_eq!(site.build().files(), (4, 0, 0), "the feeds of all posts and of its category");
    assert!(site.feed("tech/atom.xml").only().content.contains("Again."));
    site.age();
    site.build();
    site.rename(A, "site/_site/tech/2022/01/01/a");
    assert_eq!(site.build().files(), (4, 0, 0), "without a page");
    site.write("site/_site/tech/2022/01/01/a.html/index.html", page("In a folder."));
    assert_eq!(site.build().files(), (4, 0, 0), "it is there again, elsewhere");
    assert!(site.feed("tech/atom.xml").only().content.contains("In a folder."));
}

#[test]
fn a_running_service_follows_the_pages() {
    let site = unbuilt();
    let running = site.start();
    running.logs("no-article");
    shows(&running, &site, "Text of A.");
    // The folder appears with all that is in it.
    site.write("built/tech/2022/01/01/a.html", page("First."));
    site.rename("built", "site/_site");
    shows(&running, &site, "First.");
    site.write(A, page("Second."));
    shows(&running, &site, "Second.");
    site.write("site/_site/other.html", page("Of no post."));
    site.write("site/_site/new", page("Third."));
    site.rename("site/_site/new", A);
    shows(&running, &site, "Third.");
    running.as_built(&site);
    site.remove(A);
    shows(&running, &site, "Text of A.");
    site.write("site/_site/tech/2022/01/01/a.html/index.html", page("Fourth."));
    shows(&running, &site, "Fourth.");
    // A folder above it goes, and comes back.
    site.rename("site/_site/tech", "aside");
    shows(&running, &site, "Text of A.");
    site.rename("aside", "site/_site/tech");
    shows(&running, &site, "Fourth.");
    site.rename("site/_site", "aside");
    shows(&running, &site, "Text of A.");
    site.rename("aside", "site/_site");
    shows(&running, &site, "Fourth.");
    site.write("site/_posts/2022-01-01-a.md", short("Another title", "tech"));
    running.until("the title is new", || site.feed("tech/rss.xml").titles() == ["Another title"]);
    shows(&running, &site, "Fourth.");
    running.as_built(&site);
}

#[test]
fn a_page_that_is_being_written_never_shows_half() {
    let site = site();
    let running = site.start();
    let mut file = File::create(site.path(A)).unwrap();
    file.write_all(b"<article>Ha").unwrap();
    // The feeds of the post would be made for another reason: they wait.
    site.write("site/_posts/2022-01-02-b.md", short("B", "other"));
    let mut looks = 0;
    running.until("the other feed is there", || {
        file.write_all(b"l").unwrap();
        assert!(site.feed("tech/atom.xml").only().content.contains("Built"), "the last state stays until it is closed");
        looks += i32::from(site.exists("feeds/other/atom.xml"));
        looks > 20
    });
    file.write_all(b"f no more.</article>").unwrap();
    drop(file);
    running.until("the whole of it", || site.feed("tech/atom.xml").only().content.ends_with("lf no more."));
    running.until("both posts", || site.feed("rss.xml").titles() == ["B", "A"]);
    running.as_built(&site);
}
