//! A Zola site's own templates: its shortcodes and the links at its headings, as Zola 0.22 puts them into texts.

use crate::fixture::Site;

fn page(body: &str) -> String {
    format!("+++\ntitle = 'T'\ndate = 2024-01-02\n[extra]\nname = 'N'\n+++\n{body}")
}

fn site(body: &str) -> Site {
    Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file(
            "site/config.toml",
            "base_url = 'https://e.example/b/'\ntheme = 'th'\n[extra]\nown = 'o'\n[translations]\nhi = 'Hello'\n",
        )
        .file("site/themes/th/theme.toml", "name = 'th'\n[extra]\nown = 'not this'\nmore = 'm'\n")
        .file("site/content/posts/a/index.md", page(body))
}

/// The content of the one entry.
fn content(site: &Site) -> String {
    let feed = site.text("feeds/atom.xml");
    let content = feed.split_once("<content").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
    let content = content.split_once("</content>").map_or("", |(content, _)| content);
    ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&amp;&"].iter().fold(content.to_owned(), |text, pair| {
        let (entity, sign) = pair.split_at(pair.len() - 1);
        text.replace(entity, sign)
    })
}

fn built(site: Site) -> String {
    site.build();
    content(&site)
}

#[test]
fn html_stands_in_its_place_and_a_paragraph_of_nothing_else_is_none() {
    let site = site(
        "{{ fig(src='x.png', alt='A & \"b\"') }}\n\nIn *a* {{ hl(t='t<') }} line.\n\n# Head {{ hl(t='x') }}\n\n> q\n> {{ hl(t='y') }}\n\n\
         <div>{{ hl(t='z') }}</div>\n\n```\n{{ hl(t='c') }}\n```\n\n- {{ hl(t='i') }} {{ hl(t='j') }}\n",
    )
    .file("site/templates/shortcodes/fig.html", "<figure><img src=\"{{ src }}\" alt=\"{{ alt }}\"></figure>\n")
    .file("site/themes/th/templates/shortcodes/hl.html", "<mark>{{ t }}{{ nth }}</mark>");
    assert_eq!(
        built(site),
        "<figure><img src=\"https://e.example/b/posts/a/x.png\" alt=\"A &amp; &quot;b&quot;\"></figure>\n\
         <p>In <em>a</em> <mark>t&lt;1</mark> line.</p>\n<h1 id=\"head\">Head <mark>x2</mark></h1>\n\
         <blockquote>\n<p>q\n<mark>y3</mark></p>\n</blockquote>\n<div><mark>z4</mark></div>\n\
         <pre><code>&lt;mark&gt;c5&lt;/mark&gt;\n</code></pre>\n<ul>\n<li><mark>i6</mark> <mark>j7</mark></li>\n</ul>\n"
    );
}

#[test]
fn bodies_hold_what_is_in_them_and_markdown_is_rendered_with_the_text() {
    let site = site(
        "{% note(kind='tip') %}\n*In* it {{ md(t='x') }}\n\n{% note(kind='deep') %}*d*{% end %}\n{% end %}\n\n{{ md(t='a') }} and {% box() %}- a\n- b{% end %}\n",
    )
    .file("site/templates/shortcodes/note.html", "<div class=\"{{ kind }}\">{{ body | markdown | safe }}</div>")
    .file("site/templates/shortcodes/md.md", "**{{ t }}** <i>{{ page.extra.name }}</i>")
    .file("site/templates/shortcodes/box.md", "\n\n{{ body }}\n");
    assert_eq!(
        built(site),
        "<div class=\"tip\"><p><em>In</em> it <strong>x</strong> <i>N</i></p>\n<div class=\"deep\"><p><em>d</em></p>\n</div></div>\n\
         <p><strong>a</strong> <i>N</i> and</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    );
}

#[test]
fn templates_know_the_site_and_the_page_and_call_macros_and_functions() {
    let site = site("{{ all(src='p.png', list=[1, 2]) }}\n")
        .file(
            "site/templates/shortcodes/all.html",
            "{% import 'macros/m.html' as m %}{% set url = get_url(path=page.colocated_path ~ src) %}\n\
             <p>{{ m::up(x=config.extra.own) }} {{ config.extra.more }} {{ lang }} {{ page.path }} {{ page.permalink }} {{ page.title }}</p>\n\
             <p><img src=\"{{ url }}\"> {{ get_url(path='@/posts/a/index.md') }} {{ get_url(path='c', trailing_slash=true) }}</p>\n\
             {% set small = resize_image(path=src, width=5, op='fit_width') %}<p><a href=\"{{ small.url }}\">\
             {%- for x in list -%}{{ x * 2 }}{% if not loop.last %},{% endif %}{%- endfor -%}</a></p>\n\
             <p>{{ trans(key='hi') }}{% include 'part.html' %} {{ page.year }}-{{ page.month }}</p>",
        )
        .file("site/themes/th/templates/macros/m.html", "{% macro up(x) %}<b>{{ x | upper }}</b>{% endmacro up %}")
        .file("site/templates/part.html", ", {{ src }}!");
    assert_eq!(
        built(site),
        "\n<p><b>O</b> m en /posts/a/ https://e.example/b/posts/a/ T</p>\n\
         <p><img src=\"https://e.example/b/posts/a/p.png\"> https://e.example/b/posts/a/ https://e.example/b/c/</p>\n\
         <p><a href=\"https://e.example/b/p.png\">2,4</a></p>\n<p>Hello, p.png! 2024-1</p>"
    );
}

#[test]
fn one_that_cannot_be_run_gives_the_text_that_it_holds_and_is_told() {
    let site = site("{% odd() %}*a*{% end %} {{ odd() }} {{ unread() }}.\n")
        .file("site/templates/shortcodes/odd.html", "{{ load_data(path='x.json') }}")
        .file("site/templates/shortcodes/unread.html", "{% if %}");
    let report = site.report(&[], 0);
    for name in ["`odd`", "`unread`"] {
        assert_eq!(report.problems().matches(name).count(), 1, "{}", report.problems());
    }
    assert_eq!(content(&site).trim(), "<p><em>a</em>  .</p>");
}

#[test]
fn headings_have_links_where_the_section_or_the_site_says_so() {
    let body = "# A *b*\n\n## C\n";
    let link = |id: &str| format!("<a href=\"https://e.example/b/posts/a/#{id}\">🔗</a>");
    let says = |place: &str| {
        let content = built(
            site(body).file("site/content/posts/_index.md", format!("+++\ninsert_anchor_links = '{place}'\n+++\n")),
        );
        content
            .replace(" class=\"zola-anchor\"", "")
            .replace(" aria-label=\"Anchor link for: a-b\"", "")
            .replace(" aria-label=\"Anchor link for: c\"", "")
    };
    let headings = |a: String, c: String| format!("<h1 id=\"a-b\">{a}</h1>\n<h2 id=\"c\">{c}</h2>\n");
    assert_eq!(says("none"), headings("A <em>b</em>".to_owned(), "C".to_owned()));
    assert_eq!(says("left"), headings(link("a-b") + "A <em>b</em>", link("c") + "C"));
    assert_eq!(says("right"), headings("A <em>b</em>".to_owned() + &link("a-b"), "C".to_owned() + &link("c")));
    let around = |id: &str, text: &str| link(id).replace("🔗", text);
    assert_eq!(says("heading"), headings(around("a-b", "A <em>b</em>"), around("c", "C")));
    let own = site(body)
        .file("site/content/posts/_index.md", "+++\ninsert_anchor_links = 'right'\n+++\n")
        .file("site/templates/anchor-link.html", " <a href=\"#{{ id }}\">h{{ level }}</a>");
    let link = |id: &str, text: &str| format!(" <a href=\"https://e.example/b/posts/a/#{id}\">{text}</a>");
    assert_eq!(built(own), headings("A <em>b</em>".to_owned() + &link("a-b", "h1"), "C".to_owned() + &link("c", "h2")));
}

#[test]
fn a_template_that_changes_is_heeded_by_run() {
    let site =
        site("{{ x() }}\n").file("site/templates/shortcodes/x.html", "{% include 'part.html' ignore missing %}one");
    let running = site.start();
    running.until("the post is there", || site.exists("feeds/atom.xml") && content(&site).contains("one"));
    site.write("site/templates/shortcodes/x.html", "{% include 'part.html' ignore missing %}two");
    running.until("the shortcode has changed", || content(&site).contains("two"));
    site.write("site/templates/part.html", "three");
    running.until("what it includes has come", || content(&site).contains("threetwo"));
    site.write("site/templates/shortcodes/y.html", "four");
    site.write("site/content/posts/a/index.md", page("{{ y() }}"));
    running.until("a new one is known", || content(&site).contains("four"));
    running.as_built(&site);
}

/// What Zola's own tests of shortcodes say is right.
#[test]
fn texts_of_zola_s_own_tests() {
    for (body, html) in [
        (
            "{{ nth() }}\n{{ nth() }}\n{{ other() }}\n{{ nth() }}\n",
            "<p><p>1</p>\n<p>2</p>\n<p>other 1</p>\n<p>3</p></p>\n",
        ),
        (
            "* a\n* b\n    {{ tabs() }}\n* c\n    {{ tabs() }}\n",
            "<ul>\n<li>a</li>\n<li>b\n<div>\n\tx\n    </div></li>\n<li>c\n<div>\n\tx\n    </div></li>\n</ul>\n",
        ),
        ("{{ spaces() }}\n", "    no code\n    or there"),
        ("<p>{{ one() }} {{ one() }}</p>", "<p>1 1</p>"),
        ("a.{{ one() }} b.{{ one() }}", "<p>a.1 b.1</p>\n"),
        ("{% pre() %}\nHello\n\nZola\n\n{% end %}\n", "<pre>Hello\n\nZola</pre>"),
        ("{% lines() %}\na\nb\n{% end %}\n", "[a, b]"),
        ("{% lines() %}\na\n{% end %}\n\nb\n", "[a]\n<p>b</p>\n"),
        ("{{ book() }}\n", "<p><img src=\"https://e.example/b/posts/a/cover.en.png\" alt=\"in en\" /></p>\n"),
    ] {
        let site = site(body)
            .file("site/templates/shortcodes/nth.html", "<p>{{ nth }}</p>")
            .file("site/templates/shortcodes/other.html", "<p>other {{ nth }}</p>")
            .file("site/templates/shortcodes/tabs.html", "<div>\n\tx\n    </div>")
            .file("site/templates/shortcodes/spaces.html", "    no code\n    or there")
            .file("site/templates/shortcodes/one.html", "1")
            .file("site/templates/shortcodes/pre.html", "<pre>{{ body }}</pre>")
            .file("site/templates/shortcodes/lines.html", "{{ body | split(pat=\"\\n\") }}")
            .file("site/templates/shortcodes/book.md", "![in {{ lang }}](cover.{{ lang }}.png)");
        assert_eq!(built(site), html, "{body}");
    }
}

#[test]
fn texts_of_sites_for_zola_0_23_are_templates_with_components() {
    let site = site(
        "{{< fig src=\"x.png\" wide={true} />}}\n\n{% <note kind=\"tip\"> %}\nIn *it* {{<ui.kbd key=\"A\"/>}}.\n{% </note> %}\n\n\
         # Head {#own}\n\n{% raw %}`{{ x }}`{% endraw %} {{ get_url(path='c') }} {{ 1 if page.title == 'T' else 2 }}\n",
    )
    .file(
        "site/templates/components/fig.html",
        "{% component fig(src: string, @page = {}, wide = false, alt = \"\") %}\n<p><img src=\"{{ src }}\"{% if wide %} alt=\"wide {{ page.title }}\"{% endif %}></p>\n\
         {% endcomponent fig %}\n",
    )
    .file(
        "site/templates/components/more.html",
        "{% component note(kind) -%}\n<div class=\"{{ kind }}\">{{ body | markdown | safe }}</div>\n{%- endcomponent note %}\n\
         {% component ui.kbd(key, title = None) %}<kbd>{{ key }}</kbd>{% endcomponent %}\n",
    )
    .file("site/content/posts/plain.md", "+++\ntitle = 'P'\ndate = 2023-01-01\n+++\n{{ this }}\n");
    site.write("site/config.toml", "base_url = 'https://e.example/b'\nskip_content_templating = ['posts/plain.md']\n");
    let report = site.report(&[], 0);
    assert!(!report.problems().contains("cannot be run"), "{}", report.problems());
    assert_eq!(
        content(&site),
        "<p><img src=\"https://e.example/b/posts/a/x.png\" alt=\"wide T\"></p>\n<div class=\"tip\"><p>In <em>it</em> <kbd>A</kbd>.</p>\n</div>\n\
         <h1 id=\"own\">Head</h1>\n<p><code>{{ x }}</code> https://e.example/b/c 1</p>\n"
    );
    assert!(site.text("feeds/atom.xml").contains("{{ this }}"));
}
