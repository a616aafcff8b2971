//! The shortcodes that Hugo brings along; what is embedded from elsewhere is a link, since feeds run no scripts.

use super::Site;
use super::tags::Tag;
use crate::normalizer::text;

/// What a shortcode gives; `None` for one that Hugo does not bring along.
pub(super) fn render(tag: &Tag<'_>, inner: &str, site: &dyn Site) -> Option<String> {
    let first = |name: &str| tag.get(name, 0);
    Some(match tag.name {
        "figure" => figure(tag, site),
        "highlight" => highlight(tag, inner),
        "details" => details(tag, inner, site),
        "ref" | "relref" => {
            let url = first("path").and_then(|path| site.link(path, tag.get("lang", usize::MAX))).unwrap_or_default();
            text::escape(if tag.name == "relref" { on_site(&url) } else { &url })
        }
        "param" => first("name").and_then(|name| site.param(name)).map(|text| text::escape(&text)).unwrap_or_default(),
        "youtube" => embedded(first("id").map(|id| format!("https://www.youtube.com/watch?v={id}"))),
        "vimeo" => embedded(first("id").map(|id| format!("https://vimeo.com/{id}"))),
        "instagram" => embedded(first("id").map(|id| format!("https://www.instagram.com/p/{id}/"))),
        "gist" => embedded(
            first("user").zip(tag.get("id", 1)).map(|(user, id)| format!("https://gist.github.com/{user}/{id}")),
        ),
        "x" | "twitter" | "tweet" => {
            embedded(first("user").zip(tag.get("id", 1)).map(|(user, id)| format!("https://x.com/{user}/status/{id}")))
        }
        "comment" => String::new(),
        _ => return None,
    })
}

/// An address without scheme and host.
fn on_site(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.find('/').and_then(|at| behind.get(at..)).unwrap_or(url)
}

pub(super) fn embedded(url: Option<String>) -> String {
    let url = url.map(|url| text::escape(&url));
    url.map(|url| format!("<p><a href=\"{url}\">{url}</a></p>\n")).unwrap_or_default()
}

fn figure(tag: &Tag<'_>, site: &dyn Site) -> String {
    let get = |name: &str| tag.get(name, usize::MAX);
    let attribute = |name: &str, value: Option<&str>| {
        value.map(|value| format!(" {name}=\"{}\"", text::escape(value))).unwrap_or_default()
    };
    let inline = |markdown: &str| {
        let html = site.markdown(markdown);
        let html = html.trim();
        let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
        inner.filter(|inner| !inner.contains("<p>")).unwrap_or(html).to_owned()
    };
    let linked = |content: String, href: Option<&str>| match href {
        Some(href) => format!("<a href=\"{}\">{content}</a>", text::escape(href)),
        None => content,
    };
    let (caption, credit) = (get("caption").map(inline), get("attr").map(inline));
    let alt = get("alt").map(str::to_owned).or_else(|| caption.as_deref().map(text::from_html));
    let image = format!(
        "<img{}{}{}{}>",
        attribute("src", get("src").or_else(|| tag.get("src", 0))),
        attribute("alt", alt.as_deref()),
        attribute("width", get("width")),
        attribute("height", get("height"))
    );
    let mut html = format!("<figure>{}", linked(image, get("link")));
    let title = get("title").map(|title| format!("<h4>{}</h4>", text::escape(title)));
    let credit = credit.map(|credit| linked(credit, get("attrlink")));
    if title.is_some() || caption.is_some() || credit.is_some() {
        let words: Vec<String> = [caption, credit].into_iter().flatten().collect();
        let words = if words.is_empty() { String::new() } else { format!("<p>{}</p>", words.join("\n")) };
        html.push_str(&format!("<figcaption>\n{}{words}\n</figcaption>", title.unwrap_or_default()));
    }
    html.push_str("\n</figure>\n");
    html
}

fn highlight(tag: &Tag<'_>, inner: &str) -> String {
    let language = tag.get("type", 0).map(|language| format!(" class=\"language-{}\"", text::escape(language)));
    let code = inner.trim_start_matches(['\r', '\n']).trim_end();
    format!("<pre><code{}>{}\n</code></pre>\n", language.unwrap_or_default(), text::escape(code))
}

fn details(tag: &Tag<'_>, inner: &str, site: &dyn Site) -> String {
    let summary = tag.get("summary", 0).unwrap_or("Details");
    let is_open = tag.get("open", usize::MAX).is_some_and(|open| open != "false");
    let open = if is_open { " open" } else { "" };
    let summary = text::escape(summary);
    format!("<details{open}>\n<summary>{summary}</summary>\n{}</details>\n", site.markdown(inner))
}
