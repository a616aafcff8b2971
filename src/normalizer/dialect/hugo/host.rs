//! What a page answers the templates of its site: shortcodes and render hooks.

use super::content::Rendering;
use crate::model::Value;
use crate::normalizer::body::markdown::{Hooked, Hooks};
use crate::normalizer::gotemplate::{self, Host, Object, Value as Shown};
use crate::normalizer::render;
use crate::normalizer::shortcode::Site;

impl Host for Rendering<'_> {
    fn markdown(&self, source: &str) -> String {
        let options = render::Options { source: render::Kind::Markdown, ..*self.options };
        self.rendered(source, &options)
    }

    /// A field of the page, its `params` or the site's, by the names of maps and a key with dots between them.
    fn param(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let path: Vec<&str> = name.split('.').collect();
        let (first, rest) = path.split_first()?;
        let own = || self.fields.get(first).and_then(|value| value.at(rest));
        let below = || self.fields.get("params").and_then(|params| params.at(&path));
        own().or_else(below).or_else(|| self.place.language.params.at(&path)).and_then(Value::to_text)
    }

    fn link(&self, target: &str, language: Option<&str>) -> Option<String> {
        let (path, fragment) = target.split_at_checked(target.find('#').unwrap_or(target.len()))?;
        if path.is_empty() {
            return Some(format!("{}{fragment}", self.options.base));
        }
        Some(format!("{}{fragment}", self.hugo.link_to(self.others, self.place, path, language)?))
    }

    fn page(&self, field: &str) -> Option<String> {
        let text = |keys: &[&str]| Some(self.fields.text(keys).map(|text| text.value).unwrap_or_default());
        match field {
            "Title" => text(&["title"]),
            "LinkTitle" => text(&["linktitle", "title"]),
            "Description" => text(&["description"]),
            "Permalink" => Some(self.options.base.to_string()),
            "RelPermalink" => Some(gotemplate::on_site(self.options.base.as_str()).to_owned()),
            "Section" => Some(self.place.section().to_owned()),
            "Type" => {
                Some(self.fields.text(&["type"]).map_or_else(|| self.place.section().to_owned(), |own| own.value))
            }
            "Lang" => Some(self.place.language.code.clone()),
            _ => None,
        }
    }

    fn page_param(&self, key: &str) -> Option<Value> {
        let below = || self.fields.get("params").and_then(|params| params.get(key));
        self.fields.get(key).or_else(below).cloned()
    }

    fn site(&self, field: &str) -> Option<String> {
        let own = self.hugo.own(self.place);
        match field {
            "BaseURL" => Some(own.url.to_string()),
            "Language.BaseURL" => {
                Some(format!("{}/{}", own.url.as_str().trim_end_matches('/'), self.place.language.prefix))
            }
            "Title" => Some(own.title.clone()),
            "Language.Lang" | "Language.Name" => Some(self.place.language.code.clone()),
            "Copyright" => Some(own.rights.clone().unwrap_or_default()),
            _ => None,
        }
    }

    fn site_param(&self, key: &str) -> Option<Value> {
        self.place.language.params.get(key).cloned()
    }

    fn partial(&self, name: &str) -> Option<&str> {
        let name = name.strip_suffix(".html").unwrap_or(name);
        self.hugo.site.layouts.partials.get(name).map(String::as_str)
    }

    fn phrase(&self, key: &str) -> Option<String> {
        self.hugo.site.layouts.phrases.get(&self.place.language.code)?.get(&key.to_lowercase()).cloned()
    }

    fn resource(&self, name: &str) -> Option<String> {
        let folder = self.options.base.as_str().trim_end_matches('/');
        self.is_bundle.then(|| format!("{folder}/{}", name.replace(' ', "%20")))
    }
}

impl Site for Rendering<'_> {
    fn template(&self, name: &str) -> Option<&str> {
        self.hugo.site.layouts.shortcodes.get(name).map(String::as_str)
    }
}

impl Hooks for Rendering<'_> {
    fn hooked(&self, what: &Hooked<'_>) -> Option<String> {
        let hooks = &self.hugo.site.layouts.hooks;
        let page = || Shown::Object(Object::Page);
        let number = |n: usize| i64::try_from(n).map(Shown::Int).unwrap_or(Shown::Nil);
        let (template, dot) = match what {
            Hooked::Link { destination, title, text, plain } => {
                let dot = Shown::map([
                    ("Destination", Shown::plain(destination)),
                    ("Title", Shown::plain(title)),
                    ("Text", Shown::html(text)),
                    ("PlainText", Shown::plain(plain)),
                    ("Page", page()),
                ]);
                (hooks.get("link")?, dot)
            }
            Hooked::Picture { destination, title, plain, is_block, ordinal } => {
                let dot = Shown::map([
                    ("Destination", Shown::plain(destination)),
                    ("Title", Shown::plain(title)),
                    ("Text", Shown::plain(plain)),
                    ("PlainText", Shown::plain(plain)),
                    ("IsBlock", Shown::Bool(*is_block)),
                    ("Ordinal", number(*ordinal)),
                    ("Attributes", Shown::map([])),
                    ("Page", page()),
                ]);
                (hooks.get("image")?, dot)
            }
            Hooked::Heading { level, anchor, text, plain } => {
                let id = if anchor.is_empty() { Shown::Nil } else { Shown::plain(anchor) };
                let dot = Shown::map([
                    ("Level", number(*level)),
                    ("Anchor", Shown::plain(anchor)),
                    ("Text", Shown::html(text)),
                    ("PlainText", Shown::plain(plain)),
                    ("Attributes", Shown::map([("id", id)])),
                    ("Page", page()),
                ]);
                (hooks.get("heading")?, dot)
            }
            Hooked::Code { language, inner, ordinal } => {
                let own = hooks.get(&format!("codeblock-{}", language.to_lowercase())).filter(|_| !language.is_empty());
                let dot = Shown::map([
                    ("Type", Shown::plain(language)),
                    ("Inner", Shown::plain(inner)),
                    ("Ordinal", number(*ordinal)),
                    ("Attributes", Shown::map([])),
                    ("Options", Shown::map([])),
                    ("Position", Shown::plain("")),
                    ("Page", page()),
                ]);
                (own.or_else(|| hooks.get("codeblock"))?, dot)
            }
            Hooked::Quote { text, ordinal } => {
                let alert = alert(text);
                let kind = if alert.is_some() { "alert" } else { "regular" };
                let template = hooks.get(&format!("blockquote-{kind}")).or_else(|| hooks.get("blockquote"))?;
                let Alert { kind: own, sign, title, text } = alert.unwrap_or_else(|| Alert::none(text));
                let dot = Shown::map([
                    ("Type", Shown::plain(kind)),
                    ("AlertType", Shown::plain(own)),
                    ("AlertSign", Shown::plain(sign)),
                    ("AlertTitle", Shown::html(title)),
                    ("Text", Shown::html(text)),
                    ("Ordinal", number(*ordinal)),
                    ("Attributes", Shown::map([])),
                    ("Page", page()),
                ]);
                (template, dot)
            }
        };
        gotemplate::render(template, &dot, self, &self.notes)
    }
}

/// A quotation that begins with `[!NOTE]`.
#[derive(Default)]
struct Alert {
    kind: String,
    sign: String,
    title: String,
    text: String,
}

impl Alert {
    /// A quotation that is none.
    fn none(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// What a quotation says of itself in its first line.
fn alert(text: &str) -> Option<Alert> {
    let (kind, rest) = text.trim_start().strip_prefix("<p>[!")?.split_once(']')?;
    if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let sign = rest.get(..1).filter(|sign| matches!(*sign, "-" | "+")).unwrap_or_default();
    let rest = rest.get(sign.len()..)?;
    let (first, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let (title, text) = match first.split_once("</p>") {
        Some((title, behind)) => (title, format!("{behind}{rest}")),
        None => (first, format!("<p>{rest}")),
    };
    Some(Alert { kind: kind.to_lowercase(), sign: sign.to_owned(), title: title.trim().to_owned(), text })
}
