//! Plain trees whose generators have markup and links of their own: Docusaurus, Pelican, VitePress and their kind.

use crate::fixture::Site;

const SITE: &str = "[site]\nurl = \"https://e.example/x\"\ntimezone = \"UTC\"\n[source]\npath = \"blog\"\npermalink = \"/p/:slug_or_day\"\n";

#[track_caller]
fn content(site: &Site, title: &str) -> String {
    let feed = site.feed("atom.xml");
    let item = feed.items.iter().find(|item| item.title == title);
    item.unwrap_or_else(|| panic!("no {title} in {:?}", feed.titles())).content.trim().to_owned()
}

#[test]
fn mdx_is_read_without_its_program_and_components_are_told_once() {
    let post = "---\ntitle: M\nslug: m\n---\nimport Tabs from '@theme/Tabs';\n\nFirst, *text*.\n\n{/* truncate */}\n\n\
                :::tip[Try `it`]\n\n<Tabs><div className=\"c\">in {1 + 1} it</div></Tabs>\n\n:::\n\n```jsx\n<Tabs>{x}</Tabs>\n```\n";
    let site = Site::bare()
        .file("syndicated.toml", SITE)
        .file("blog/2024-01-01-m.mdx", post)
        .file("blog/2024-01-02-n.mdx", post.replace("title: M\nslug: m", "title: N\nslug: n"))
        .file("blog/2024-01-03-o.md", "---\ntitle: O\n---\nA {/* comment */}note.\n\n:::warning\nb\n:::\n");
    let report = site.build();
    assert_eq!(
        content(&site, "M"),
        "<p>First, <em>text</em>.</p>\n<p><strong>Try <code>it</code></strong></p>\n<div class=\"c\">in  it</div>\n\
         <pre><code class=\"language-jsx\">&lt;Tabs&gt;{x}&lt;/Tabs&gt;\n</code></pre>"
    );
    assert_eq!(content(&site, "O"), "<p>A note.</p>\n<p><strong>warning</strong></p>\n<p>b</p>");
    let told = report.0["problems"].to_string();
    assert_eq!(told.matches("`Tabs`").count(), 1, "{told}");
    site.assert_sound();
}

#[test]
fn authors_beside_the_posts_are_known_by_their_keys() {
    let authors = "ann:\n  name: Ann Author\n  url: https://ann.example\nbob: {name: Bob}\n";
    let site = Site::bare()
        .file("syndicated.toml", SITE)
        .file("blog/authors.yml", authors)
        .file("blog/2024-01-01-a.md", "---\ntitle: A\nauthors: [ann, bob, Cy]\n---\nx\n");
    let names = || {
        let feed = site.text("feeds/rss.xml");
        let names = feed.split("<dc:creator>").skip(1).filter_map(|rest| rest.split('<').next());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    site.build();
    assert_eq!(names(), ["Ann Author", "Bob", "Cy"]);
    assert!(site.text("feeds/atom.xml").contains("<uri>https://ann.example/</uri>"));
    site.write("blog/authors.yml", authors.replace("Ann", "Anna"));
    site.build();
    assert_eq!(names(), ["Anna Author", "Bob", "Cy"]);
}

#[test]
fn links_to_files_of_posts_lead_to_their_pages_also_when_those_move() {
    let links = "[a](../2024-01-01-a.md#part) [b](/sub/b.md) [c]({filename}c.md) [d]({filename}/gone.md) \
                 [e]({static}/img/e%20f.png) ![f]({attach}f.png) [g]({category}Big%20news) [h](|filename|../2024-01-01-a.md) \
                 [i](other.md) [j](https://e.example/j.md) [k]({index})";
    let site = Site::bare()
        .file("syndicated.toml", SITE)
        .file("blog/2024-01-01-a.md", "---\ntitle: A\nslug: own\n---\nx\n")
        .file("blog/sub/b.md", "---\ntitle: B\ndate: 2024-01-02\npermalink: /bee/\n---\nx\n")
        .file("blog/sub/c.md", "Title: C\nDate: 2024-01-03\nSlug: sea\n\nx\n")
        .file("blog/sub/links.md", format!("---\ntitle: Links\ndate: 2024-01-04\n---\n{links}\n"));
    let targets = || {
        let html = content(&site, "Links");
        let found = html.split(['"']).skip(1).step_by(2).map(|target| target.replace("https://e.example/x/", "~"));
        found.filter(|target| target != "f").collect::<Vec<_>>().join(" ")
    };
    site.build();
    let rest = "~p/2024/01/04/links# ~img/e%20f.png ~p/2024/01/04/f.png ~category/big-news.html";
    let end = "~p/2024/01/04/other.md https://e.example/j.md ~";
    assert_eq!(targets(), format!("~p/own#part ~bee/ ~p/sea {rest} ~p/own {end}"));
    site.write("blog/2024-01-01-a.md", "---\ntitle: A\nslug: new\n---\nx\n");
    site.write("blog/sub/c.md", "Title: C\nDate: 2024-01-03\nSlug: ocean\n\nx\n");
    site.build();
    assert_eq!(targets(), format!("~p/new#part ~bee/ ~p/ocean {rest} ~p/new {end}"));
    site.assert_sound();
}
