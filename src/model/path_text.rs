//! Texts as paths, by the rules of Hugo: where the page of a term is, and when two labels are one term.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The path of a taxonomy's term below the taxonomy; empty when nothing of it can stand in a path.
#[must_use]
pub fn term_path(label: &str, lowercase: bool) -> String {
    path_of_text(&label.trim().replace(' ', "-"), lowercase)
}

/// A text as a path of Hugo's: letters, marks, digits and some signs stand, white space between them is one hyphen, all else goes
/// (Hugo's `paths.Sanitize`).
#[must_use]
pub fn path_of_text(text: &str, lowercase: bool) -> String {
    let mut path = String::with_capacity(text.len());
    let mut gap = false;
    for (at, c) in text.char_indices() {
        let is_escape = || text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let stands = c.is_alphanumeric()
            || "./\\_#+~-@".contains(c)
            || c.general_category_group() == GeneralCategoryGroup::Mark
            || (c == '%' && is_escape());
        if stands {
            if gap && c != '-' {
                path.push('-');
            }
            gap = false;
            path.push(c);
        } else if c.is_whitespace() && !path.is_empty() && !path.ends_with(['-', '/']) {
            gap = true;
        }
    }
    if lowercase { path.chars().filter_map(|c| c.to_lowercase().next()).collect() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Hugo 0.168 writes them.
    #[test]
    fn texts_are_paths_as_in_hugo() {
        for (text, path) in [
            ("My Slug/X & y", "my-slug/x-y"),
            ("\u{c4}\u{d6} \u{fc}n\u{ef}", "\u{e4}\u{f6}-\u{fc}n\u{ef}"),
            ("a.b_c~d@e#f+g", "a.b_c~d@e#f+g"),
            ("x -- y", "x--y"),
            ("-Foo- x", "-foo-x"),
            ("C++ x", "c++-x"),
            ("a%20b %x", "a%20b-x"),
            ("\u{130} & q", "i-q"),
            ("- -", "--"),
            ("s/$ .NET/1 &", "s/.net/1"),
            ("1 &.html", "1-.html"),
            ("\u{4e2d}\u{6587} \u{6807}\u{9898}\u{ff1a}x", "\u{4e2d}\u{6587}-\u{6807}\u{9898}x"),
            ("!?*", ""),
        ] {
            assert_eq!(path_of_text(text, true), path, "{text}");
        }
        assert_eq!(path_of_text("Big Cat", false), "Big-Cat");
    }

    #[test]
    fn terms_are_paths_as_in_hugo() {
        for (label, path) in [
            ("Tech Web", "tech-web"),
            ("C#", "c#"),
            (".NET", ".net"),
            ("A/B", "a/b"),
            ("don't", "dont"),
            ("x  y", "x--y"),
        ] {
            assert_eq!(term_path(label, true), path, "{label}");
        }
    }
}
