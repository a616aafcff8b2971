//! The language of a post, and where its page lies then, on sites that jekyll-polyglot makes.

use super::name::Name;
use crate::config::Polyglot;
use crate::model::Language;
use crate::normalizer::fields::Fields;

/// The language of a post; `None` for the default one, which also has what is in none of the site's.
pub(super) fn of<'a>(polyglot: &'a Polyglot, fields: Fields<'_>, name: &Name<'_>) -> Option<&'a Language> {
    let stated = fields.text(&["lang"]).map(|stated| stated.value);
    let folder = || name.below.split_once('/').map(|(folder, _)| folder.to_owned()).filter(|_| polyglot.from_path);
    let code = stated.or_else(folder)?;
    polyglot.others.iter().find(|language| language.code() == code)
}

/// The path of the page of a post that would lie at `url`: codes of languages in it go, that of its own stands before it.
pub(super) fn place(polyglot: &Polyglot, language: Option<&Language>, url: &str) -> String {
    let plain = without_codes(polyglot, url);
    language.map_or_else(|| plain.clone(), |language| format!("/{language}/{}", plain.trim_start_matches('/')))
}

/// Each `/de/`, `.de/` and the like becomes one slash (`Site#document_url_regex`).
fn without_codes(polyglot: &Polyglot, url: &str) -> String {
    const ENDS: [char; 2] = ['/', '.'];
    let mut plain = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find(ENDS) {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        let inside = after.get(1..).unwrap_or_default();
        let codes = polyglot.others.iter().map(Language::code).chain([polyglot.default.as_str()]);
        let mut behind = codes.filter_map(|code| inside.strip_prefix(code)?.strip_prefix(ENDS));
        rest = match behind.next() {
            Some(behind) => {
                plain.push('/');
                behind
            }
            None => {
                plain.extend(after.chars().next());
                inside
            }
        };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::{Language, Polyglot, place};

    #[test]
    fn pages_lie_in_the_folder_of_their_language_alone() {
        let others = ["de", "pt-BR"].map(|code| Language::new(code).unwrap()).to_vec();
        let polyglot = Polyglot { default: "en".to_owned(), others, from_path: false };
        let german = polyglot.others.first();
        for (url, language, path) in [
            ("/2020/01/02/a/", None, "/2020/01/02/a/"),
            ("/2020/01/02/a/", german, "/de/2020/01/02/a/"),
            ("/de/a/", german, "/de/a/"),
            ("/en/a", None, "/a"),
            ("/x/de/pt-BR/a.html", None, "/x/pt-BR/a.html"),
            ("/a.de.html", german, "/de/a/html"),
            ("/den/a.d", None, "/den/a.d"),
        ] {
            assert_eq!(place(&polyglot, language, url), path, "{url}");
        }
    }
}
