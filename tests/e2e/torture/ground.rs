//! What a storm goes over: a Jekyll site or a plain tree, and what stands ready beside it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::fixture::{Ran, Site, front, has_tool, short};

/// The kind of site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nested `_posts` folders, a collection, data, category pages.
    Jekyll,
    /// The same with the feeds of jekyll-feed, those of its collection too.
    JekyllFeed,
    /// Any tree of Markdown.
    Plain,
}

const CONFIG: &str = "url: https://example.com\ntimezone: UTC\ncollections:\n  notes:\n    output: true\n\
                      feed:\n  collections: [notes]\n  categories: [tech, money]\n";

impl Ground {
    pub(super) const ALL: [Self; 3] = [Self::Jekyll, Self::Plain, Self::JekyllFeed];

    pub(super) fn is_jekyll(self) -> bool {
        self != Self::Plain
    }

    /// A site of this kind. One post is where no storm goes, for a site without posts is left as it is.
    pub(super) fn site(self) -> Site {
        let site = match self {
            Self::Plain => Site::plain().file("site/anchor/2000-01-01-anchor.md", short("Anchor", "tech")),
            Self::Jekyll | Self::JekyllFeed => {
                let site = Site::jekyll().file("site/anchor/_posts/2000-01-01-anchor.md", short("Anchor", "tech"));
                site.file("site/_config.yml", config("Example"))
            }
        };
        let site = if self == Self::JekyllFeed { site.config("[output]\nlayout = \"jekyll-feed\"") } else { site };
        for (name, text) in self.inputs(0) {
            site.write(&format!("site/{name}"), text);
        }
        site
    }

    /// Folders that posts are written to.
    pub(super) fn folders(self) -> &'static [&'static str] {
        if self.is_jekyll() {
            &["_posts", "_posts/zh", "news/_posts", "news/deep/_posts", "zh/_posts/sub", "_notes", "repo/_posts"]
        } else {
            &["a", "a/b", "a-b", "c/d/e", "C", "repo/posts"]
        }
    }

    /// Folders that are moved, removed, linked; some of them are not there at first.
    pub(super) fn moved(self) -> &'static [&'static str] {
        if self.is_jekyll() {
            &["news", "news/deep", "News", "zh", "zh/_posts", "_posts/zh", "_posts/old", "link/_posts", "link"]
        } else {
            &["a", "a/b", "A", "a-b", "c", "c/d", "old", "link", "a/link"]
        }
    }

    /// A folder whose posts a tool brings.
    pub(super) fn brought(self, name: &str) -> String {
        if self.is_jekyll() { format!("{name}/_posts") } else { name.to_owned() }
    }

    /// Inputs that are no posts, in one of their states.
    pub(super) fn inputs(self, state: usize) -> Vec<(&'static str, String)> {
        if !self.is_jekyll() {
            return vec![
                ("about.md", format!("No post, {state}.\n")),
                ("notes.txt", format!("---\ntitle: {state}\n---\n")),
            ];
        }
        let page =
            |label: &str| front(&format!("layout: category\ncategory: {label}\ntitle: All of {label} {state}"), "");
        vec![
            ("_config.yml", config(&format!("Example {state}"))),
            ("_data/authors.yml", format!("jo:\n  name: Jo {state}\n  email: jo@example.com\n")),
            ("_data/words.yml", format!("word: {state}\n")),
            ("category/tech.md", page("tech")),
            ("category/money.md", page("money")),
            ("_includes/aside.html", format!("<p>Aside {state}</p>\n")),
        ]
    }

    /// What tools bring into the site: folders for `rsync` and `cp`, archives for `tar`, branches for `git`.
    pub(super) fn stand_ready(self, site: &Site) {
        for (n, folder) in self.folders().iter().enumerate() {
            for day in 1..=4 {
                let name = ["a", "b", "A"][(n + day) % 3];
                site.write(&format!("site/{folder}/2020-0{day}-01-{name}.md"), short(&format!("{n}/{day}"), "tech"));
            }
        }
        for (n, folder) in ["mirror0", "mirror1", "tree"].into_iter().enumerate() {
            for day in 1..=6 - n {
                let name = format!("outside/{}/2021-0{}-0{day}-{folder}.md", self.brought(folder), n + 1);
                site.write(&name, short(&format!("{folder} {day}"), "tech, money"));
            }
        }
        let run = |program: &str, folder: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            site.prepare(&mut command);
            Ran::from(command.args(arguments).current_dir(site.path(folder)).output().unwrap()).exits(0);
        };
        if has_tool("tar", &["--version"]) {
            run("tar", "outside", &["-cf", "tree.tar", "tree"]);
        }
        if has_tool("git", &["--version"]) {
            fs::create_dir_all(site.path("site/repo")).unwrap();
            let git = |arguments: &[&str]| run("git", "site/repo", &[&GIT[..], arguments].concat());
            git(&["init", "-q", "-b", "one"]);
            for branch in ["one", "two"] {
                for day in 1..=4 {
                    let folder = if self.is_jekyll() { "_posts" } else { "posts" };
                    let name =
                        format!("site/repo/{folder}/2022-0{day}-01-{}.md", if day > 2 { branch } else { "both" });
                    site.write(&name, short(&format!("{branch} {day}"), "tech, c++"));
                }
                git(&["add", "."]);
                git(&["commit", "-q", "-m", branch]);
                if branch == "one" {
                    git(&["checkout", "-q", "-b", "two"]);
                    fs::remove_dir_all(site.path("site/repo").join(if self.is_jekyll() { "_posts" } else { "posts" }))
                        .unwrap();
                }
            }
        }
    }
}

/// A person, whom git asks for.
pub(super) const GIT: [&str; 6] = ["-c", "user.name=Jo", "-c", "user.email=jo@example.com", "-c", "gc.auto=0"];

fn config(title: &str) -> String {
    format!("title: {title}\n{CONFIG}")
}

/// Where one writer is at work.
pub(super) struct Place {
    pub(super) ground: Ground,
    pub(super) root: PathBuf,
    /// A folder beside the site, with what stands ready.
    pub(super) outside: PathBuf,
    /// Whether it makes links to folders.
    pub(super) links: bool,
}
