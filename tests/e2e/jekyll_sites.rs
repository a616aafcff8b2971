//! What real Jekyll sites have, and what Jekyll and jekyll-feed make of it.

use crate::fixture::Site;

fn site(config: &str, posts: &[(&str, &str)]) -> Site {
    let config = format!("title: Example\ntimezone: UTC\n{config}");
    let site = Site::jekyll().file("site/_config.yml", config);
    posts.iter().fold(site, |site, (name, text)| site.post(name, text))
}

/// A path at the end of `url` is not `baseurl`'s: `relative_url` does without it, `absolute_url` and pages have it.
#[test]
fn a_path_in_url_is_no_part_of_relative_addresses() {
    let text = "---\ntitle: A\n---\n{{ '/x/' | relative_url }} {{ '/x/' | absolute_url }} {{ page.url }} {{ site.baseurl }} \
                {% link about.md %} {% post_url 2022-01-01-a %}";
    for (config, shown) in [
        (
            "url: https://example.com/sub",
            "/x/ https://example.com/sub/x/ /2022/01/01/a.html /about.html /2022/01/01/a.html",
        ),
        (
            "url: https://example.com/sub\nbaseurl: base/",
            "/base/x/ https://example.com/sub/base/x/ /2022/01/01/a.html base/ /base/about.html /base/2022/01/01/a.html",
        ),
    ] {
        let site = site(config, &[("2022-01-01-a.md", text)]).file("site/about.md", "---\n---\n");
        site.build();
        let feed = site.feed("atom.xml");
        let entry = feed.only();
        let found = entry.content.replace("<p>", "").replace("</p>", "");
        assert_eq!(found.split_whitespace().collect::<Vec<_>>().join(" "), shown, "{config}");
        let base = if config.contains("baseurl") { "sub/base" } else { "sub" };
        assert_eq!(entry.link, format!("https://example.com/{base}/2022/01/01/a.html"));
    }
}

#[test]
fn a_frame_at_the_head_of_a_post_gives_its_summary_no_text() {
    let frame = "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>";
    let site = site(
        "url: https://example.com",
        &[
            ("2022-01-01-a.md", &format!("---\ntitle: A\n---\n{frame}\n\nText.\n")),
            ("2022-01-02-b.md", &format!("---\ntitle: B\n---\nSee\n{frame}\n\nText.\n")),
        ],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let summaries: Vec<&str> = feed.items.iter().map(|item| item.summary.as_str()).collect();
    assert_eq!(summaries, ["See", ""]);
    assert!(feed.items.iter().all(|item| item.content.contains("<a href=\"https://www.youtube.com/embed/x\">")));
}

#[test]
fn small_things_are_as_jekyll_has_them() {
    let site = site(
        "url: https://example.com",
        &[(
            "2022-01-01-it's-here.md",
            "---\n---\n{% highlight html+erb %}\n<%= x %>\n{% endhighlight %}\n\n[to be written]()\n",
        )],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let entry = feed.only();
    assert_eq!(entry.title, "It’s Here");
    assert!(entry.content.contains("<pre><code class=\"language-html-erb\">"), "{}", entry.content);
    assert!(entry.content.contains(&format!("<a href=\"{}\">to be written</a>", entry.link)), "{}", entry.content);
}

/// Ruby's YAML makes a time of an unquoted one, which Jekyll writes out and reads again: what lies in one second goes by path.
#[test]
fn fractions_of_a_second_order_no_posts_unless_they_are_in_quotes() {
    let post = |date: &str| format!("---\ntitle: A\ndate: {date}\n---\nx\n");
    let site = site(
        "url: https://example.com",
        &[
            ("2022-01-01-a.md", &post("2022-01-01 10:00:00.9 +0000")),
            ("2022-01-01-b.md", &post("2022-01-01 10:00:00.1 +0000")),
            ("2022-01-01-c.md", &post("'2022-01-01 10:00:00.3 +0000'")),
        ],
    );
    site.build();
    let feed = site.feed("atom.xml");
    let names: Vec<&str> = feed.items.iter().filter_map(|item| item.link.rsplit('/').next()).collect();
    assert_eq!(names, ["c.html", "b.html", "a.html"]);
}
