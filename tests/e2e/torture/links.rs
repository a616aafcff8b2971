//! Files and folders by several names: linked files are posts of their own, linked folders are followed once.

use std::collections::BTreeSet;
use std::fs::{self, File, hard_link};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::fixture::{Ran, Site, files_below, has_tool, short};

fn append(site: &Site, path: &str, text: &str) {
    File::options().append(true).open(site.path(path)).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A post, a hard link, a link beside it, one from another folder, one from outside the site.
fn site() -> Site {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech"))
        .file("site/real/text.md", short("Elsewhere", "tech"))
        .file("outside.md", short("Outside", "tech"));
    hard_link(site.path("site/_posts/2022-01-01-a.md"), site.path("site/_posts/2022-01-02-hard.md")).unwrap();
    for (target, name) in [
        ("2022-01-01-a.md", "2022-01-03-beside.md"),
        ("../real/text.md", "2022-01-04-elsewhere.md"),
        ("../../outside.md", "2022-01-05-outside.md"),
    ] {
        symlink(target, site.path("site/_posts").join(name)).unwrap();
    }
    site
}

fn pages(site: &Site) -> BTreeSet<String> {
    let links = site.feed("atom.xml");
    links.links().iter().map(|link| link.trim_start_matches("https://example.com/").to_owned()).collect()
}

#[test]
fn linked_files_are_posts_of_their_own_as_in_jekyll() {
    let site = site();
    site.build();
    let safe = pages(&site);
    let all = ["a", "hard", "beside", "elsewhere", "outside"];
    let expected =
        |n: usize| -> BTreeSet<String> { (0..n).map(|n| format!("tech/2022/01/0{}/{}.html", n + 1, all[n])).collect() };
    assert_eq!(safe, expected(4), "what leads out of the site is not followed, as with `jekyll --safe`");
    let site = site.config("follow_symlinks = \"all\"");
    site.build();
    assert_eq!(pages(&site), expected(5));
    if !has_tool("jekyll", &["--version"]) {
        return;
    }
    for (arguments, expected) in [(&["--safe"][..], expected(4)), (&[], expected(5))] {
        let mut jekyll = Command::new("jekyll");
        site.prepare(&mut jekyll);
        jekyll.args(["build", "-q", "-s", "site", "-d", "built"]).args(arguments);
        Ran::from(jekyll.output().unwrap()).exits(0);
        let built: BTreeSet<String> = files_below(&site.path("built")).into_keys().collect();
        assert_eq!(built.into_iter().filter(|page| page.starts_with("tech/2022/")).collect::<BTreeSet<_>>(), expected);
    }
}

#[test]
fn an_edit_through_one_name_shows_under_each() {
    let site = site();
    let running = site.start();
    let text = |site: &Site, title: &str| -> Vec<String> {
        let feed = site.feed("tech/atom.xml");
        feed.items.iter().filter(|item| item.title == title).map(|item| item.content.clone()).collect()
    };
    for (n, name) in ["01-a", "02-hard", "03-beside", "01-a"].into_iter().enumerate() {
        append(&site, &format!("site/_posts/2022-01-{name}.md"), &format!("\nEdit {n}.\n"));
        running.as_built(&site);
        let texts = text(&site, "A");
        assert!(texts.len() == 3 && texts.iter().all(|text| text.contains(&format!("Edit {n}."))), "{texts:?}");
    }
    append(&site, "site/real/text.md", "\nEdit.\n");
    running.as_built(&site);
    assert!(text(&site, "Elsewhere")[0].contains("Edit."));
    // A link that is swapped for another, for a file, for a folder.
    for target in ["2022-01-01-a.md", "../real/text.md", "nowhere.md", "../real"] {
        symlink(target, site.path("site/_posts/.new")).unwrap();
        site.rename("site/_posts/.new", "site/_posts/2022-01-03-beside.md");
        running.as_built(&site);
    }
    site.remove("site/_posts/2022-01-03-beside.md");
    site.remove("site/_posts/2022-01-01-a.md");
    running.as_built(&site);
    assert_eq!(text(&site, "A").len(), 1);
}

/// Names in folders whose feeds have nothing else in common; the one that was written through is gone when it is looked at.
#[test]
fn an_edit_through_a_hard_link_shows_where_no_event_tells_of_it() {
    let site = Site::jekyll().file("site/one/_posts/2022-01-01-a.md", short("A", ""));
    let (one, two) = ("site/one/_posts/2022-01-01-a.md", "site/two/_posts/2022-01-01-a.md");
    fs::create_dir_all(site.path("site/two/_posts")).unwrap();
    hard_link(site.path(one), site.path(two)).unwrap();
    let running = site.start();
    for n in 0..3 {
        append(&site, one, &format!("\nEdit {n}.\n"));
        running.as_built(&site);
        assert!(site.feed("two/rss.xml").only().content.contains(&format!("Edit {n}.")));
    }
    append(&site, one, "\nThe last edit.\n");
    site.remove(one);
    running.as_built(&site);
    assert!(site.feed("two/rss.xml").only().content.contains("The last edit."));
}

#[test]
fn linked_folders_are_followed_once_and_cycles_end() {
    let site = Site::jekyll()
        .file("site/news/_posts/2022-01-01-a.md", short("A", "tech"))
        .file("site/zz/_posts/2022-01-02-z.md", short("Z", "tech"));
    symlink("..", site.path("site/news/_posts/up")).unwrap();
    symlink(".", site.path("site/news/_posts/self")).unwrap();
    symlink("zz", site.path("site/aa")).unwrap();
    let running = site.start();
    let links = |site: &Site| site.feed("atom.xml").links().join(" ");
    assert_eq!(
        links(&site),
        "https://example.com/aa/tech/2022/01/02/z.html https://example.com/news/tech/2022/01/01/a.html"
    );
    // Another path that is smaller, and the link gone: each file has the smallest path that leads to it.
    symlink("zz", site.path("site/a0")).unwrap();
    running.as_built(&site);
    assert!(links(&site).starts_with("https://example.com/a0/tech/2022/01/02/z.html "));
    append(&site, "site/zz/_posts/2022-01-02-z.md", "\nEdit.\n");
    running.as_built(&site);
    for link in ["site/a0", "site/aa"] {
        fs::remove_file(site.path(link)).unwrap();
        running.as_built(&site);
    }
    assert_eq!(
        links(&site),
        "https://example.com/zz/tech/2022/01/02/z.html https://example.com/news/tech/2022/01/01/a.html"
    );
}
