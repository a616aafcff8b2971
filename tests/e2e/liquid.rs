//! Liquid in posts: from the folder to the feeds, and under `run` with every change of what templates read.

use std::fs;

use rustix::process::Signal;
use syndicated_bench::corpus::{self, Layout, Options};

use crate::fixture::Site;

fn post(body: &str) -> String {
    format!("---\ntitle: A\ncategories: tech\n---\n{body}\n")
}

fn site(body: &str) -> Site {
    Site::jekyll()
        .file(
            "site/_config.yml",
            "title: Example\nurl: https://example.com\nbaseurl: /blog\ntimezone: UTC\nkey: value\n",
        )
        .post("2022-01-01-a.md", post(body))
}

#[track_caller]
fn content(site: &Site) -> String {
    site.feed("atom.xml").only().content.trim().to_owned()
}

#[test]
fn liquid_comes_before_markdown() {
    let site = site(
        "**{{ site.key }}** [x]({{ '/x/' | relative_url }}) ![]({{ site.baseurl }}/p.png)\n\n\
         {% for n in site.data.list %}- {{ n.name }}\n{% endfor %}\n\
         {% include note.html text=\"*in*\" %} [post]({% post_url 2021-05-06-other %}) [page]({% link about.md %})",
    )
    .file("site/_data/list.yml", "- name: one\n- name: two\n")
    .file("site/_includes/note.html", "<b>{{ include.text }}</b>");
    site.build();
    let html = content(&site);
    for part in [
        "<strong>value</strong>",
        "href=\"https://example.com/blog/x/\"",
        "src=\"https://example.com/blog/p.png\"",
        "<li>one</li>\n  <li>two</li>",
        "<b><em>in</em></b>",
        "href=\"https://example.com/blog/2021/05/06/other.html\"",
        "href=\"https://example.com/blog/about.html\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    site.assert_sound();
}

/// What Jekyll 4.3 prints for these (Psych 4).
#[test]
fn scalars_of_the_configuration_and_of_data_are_what_rubys_yaml_makes_of_them() {
    let written = "a: yes\nb: 'yes'\nc: 010\nd: 12:30\ne: 1_000\nf: 2020-1-2\ng: [on, off, \"on\", 0x1F]\n\
                   h: {x: no, no: y}\ni: 1.10\nj: |\n  yes\nk: ~\nl: yes # c\nm: 1.2.3\nn: no\n  more\n";
    let shown = |of: &str| {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h.x", "h.no", "i", "j", "k", "l", "m", "n"];
        names.map(|name| format!("{name}={{{{ {of}.{name} | strip }}}}")).join(" ")
    };
    let expected = "a=true b=yes c=8 d=45000 e=1000 f=2020-01-02 g=truefalseon31 h.x=false h.no= i=1.1 j=yes k= l=true \
                    m=1.2.3 n=no more";
    let site = site(&format!("{}\n\n{}", shown("site"), shown("site.data.d")))
        .file("site/_config.yml", format!("title: Example\nurl: https://example.com\nfuture: yes\n{written}"))
        .file("site/_data/d.yml", written)
        .post("2099-01-01-f.md", post("future"));
    site.build();
    let feed = site.feed("atom.xml");
    assert_eq!(feed.titles().len(), 2);
    assert_eq!(feed.items[1].content.trim(), format!("<p>{expected}</p>\n\n<p>{expected}</p>"));
}

#[test]
fn the_excerpt_is_cut_first_and_rendered_by_itself() {
    let site = site("One {{ site.key }} {% if site.key %}two\n\nthree{% endif %}");
    site.build();
    assert_eq!(site.feed("atom.xml").only().summary, "One value two");
    assert!(content(&site).contains("three"));
}

#[test]
fn what_is_not_known_is_said_once_and_costs_no_post_its_place() {
    let site = site("a {% youtube x %} b {{ 'c' | shout }}")
        .post("2022-01-02-b.md", post("d {% youtube y %}\n\n{% note %}kept{% endnote %}\n\n{% if x %}open"));
    let report = site.build();
    let problems: Vec<&str> = report.0["problems"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for name in ["`youtube`", "`shout`", "`note`"] {
        assert_eq!(problems.iter().filter(|problem| problem.contains(name)).count(), 1, "{name}: {problems:?}");
    }
    let fault = problems.iter().find(|problem| problem.contains("never ended")).unwrap();
    assert!(fault.starts_with("_posts/2022-01-02-b.md:9: "), "{fault}");
    let feed = site.feed("atom.xml");
    assert_eq!(feed.items.len(), 2);
    for item in &feed.items {
        assert!(!item.content.contains('{') && !item.content.contains('%'), "{}", item.content);
    }
    assert!(feed.items[0].content.contains("kept") && feed.items[0].content.contains("open"));
}

#[test]
fn a_post_may_ask_for_its_markup_as_it_is() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", "---\ntitle: '{{ x }}'\nrender_with_liquid: false\n---\n{{ site.title }}\n");
    site.build();
    assert_eq!(content(&site), "<p>{{ site.title }}</p>");
    assert_eq!(site.feed("atom.xml").titles(), ["{{ x }}"], "front matter is no template");
}

#[test]
fn links_lead_where_the_other_file_says_that_its_page_is_also_when_that_changes() {
    let file = |more: &str| format!("---\ntitle: t\n{more}\n---\n");
    let site = site(
        "[a]({% post_url 2021-01-01-own %}) [b]({% post_url 2021-01-02-filed %}) [c]({% post_url sub/2021-01-03-below %}) \
         [d]({% post_url news/2021-01-04-beside %}) [e]({% link _posts/2021-01-05-dated.html %}) [f]({% link about.md %}) \
         [g]({% link docs/index.md %}) [h]({% post_url 2021-01-06-gone %})",
    )
    .post("2021-01-01-own.markdown", file("permalink: /own/:year/"))
    .post("2021-01-02-filed.md", file("categories: [x, y]"))
    .post("sub/2021-01-03-below.md", file("slug: other"))
    .file("site/news/_posts/2021-01-04-beside.html", file("category: z"))
    .post("2021-01-05-dated.html", file("date: 2020-02-02"))
    .file("site/about.md", file("permalink: /us/"))
    .file("site/docs/index.md", file(""));
    let assert_leads_to = |places: [&str; 8]| {
        let feed = site.feed("atom.xml");
        let content = &feed.items.iter().find(|item| item.content.contains(">a</a>")).unwrap().content;
        let found: Vec<&str> = content.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(found, places.map(|place| format!("https://example.com/blog/{place}")));
    };
    site.build();
    assert_leads_to([
        "own/2021/",
        "x/y/2021/01/02/filed.html",
        "2021/01/03/other.html",
        "news/z/2021/01/04/beside.html",
        "2020/02/02/dated.html",
        "us/",
        "docs/",
        "2021/01/06/gone.html",
    ]);
    site.write("site/_posts/2021-01-02-filed.md", file("permalink: /moved"));
    site.write("site/about.md", file(""));
    site.write("site/_posts/2021-01-06-gone.md", file("category: back"));
    site.rename("site/_posts/2021-01-01-own.markdown", "site/_posts/2021-01-01-own.md");
    site.build();
    assert_leads_to([
        "own/2021/",
        "moved",
        "2021/01/03/other.html",
        "news/z/2021/01/04/beside.html",
        "2020/02/02/dated.html",
        "about.html",
        "docs/",
        "back/2021/01/06/gone.html",
    ]);
}

#[test]
fn run_takes_over_every_change_of_what_templates_read() {
    let site = site("{{ site.data.words.a }}+{% include x.html %}+").file("site/_data/words.yml", "a: one\n");
    let mut running = site.start();
    let shows = |expected: &str| {
        let expected = format!("<p>{expected}</p>");
        running.until(&expected, || {
            fs::read(site.path("feeds/atom.xml")).is_ok_and(|_| site.feed("atom.xml").only().content.trim() == expected)
        });
    };
    shows("one++");
    site.write("site/_data/words.yml", "a: two\n");
    shows("two++");
    site.write("site/_includes/x.html", "new");
    shows("two+new+");
    site.write("site/_includes/sub/y.html", "deep");
    site.write("site/_includes/x.html", "{% include sub/y.html %}");
    shows("two+deep+");
    site.write("site/_includes/sub/y.html", "deeper");
    shows("two+deeper+");
    site.rename("site/_includes/x.html", "site/_includes/z.html");
    shows("two++");
    site.rename("site/_includes/z.html", "site/_includes/x.html");
    shows("two+deeper+");
    fs::remove_dir_all(site.path("site/_data")).unwrap();
    shows("+deeper+");
    site.write("site/_data/words.yml", "a: back\n");
    shows("back+deeper+");
    assert_eq!(running.stop(Signal::TERM), Some(0));
    let published = site.published();
    site.report(&["--full"], 0);
    assert!(site.published() == published, "the feeds are those of a build");
}

#[test]
fn a_text_beside_the_post_is_included_and_its_changes_are_noticed() {
    let site = site("{% include_relative parts/x.md name=\"n\" %}").post("parts/x.md", "part {{ include.name }}");
    let mut running = site.start();
    assert_eq!(content(&site), "<p>part n</p>");
    site.write("site/_posts/parts/x.md", "other {{ include.name }}");
    running.until("the text is the new one", || content(&site) == "<p>other n</p>");
    assert_eq!(running.stop(Signal::TERM), Some(0));
}

#[test]
fn a_corpus_full_of_liquid_is_rendered_without_a_finding() {
    let site = Site::bare();
    let options = Options {
        posts: 60,
        categories: 3,
        irregular: 0.0,
        layout: Layout::JekyllLiquid,
        ..Options::new(site.path("site"))
    };
    corpus::write(&options).unwrap();
    let report = site.report(&["--site", "site"], 0);
    assert_eq!(report.0["problems"], serde_json::json!([]));
    let feed = site.feed("atom.xml");
    assert_eq!(feed.items.len(), 20);
    for item in &feed.items {
        assert!(item.content.contains("<pre><code class=\"language-ruby\">puts"), "{}", item.content);
        assert!(item.content.contains("北京, 13") && !item.content.contains("{{"), "{}", item.content);
    }
}
