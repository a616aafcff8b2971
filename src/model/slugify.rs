//! Texts as paths and anchors, by the three rules of Zola (its `utils::slugs`).

/// How much of a text stands in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Slugify {
    /// ASCII letters and digits in lower case; what is between is one hyphen, other scripts are transliterated.
    #[default]
    On,
    /// Everything but what file systems forbid.
    Safe,
    /// Everything.
    Off,
}

impl Slugify {
    /// The rule of this name; `None` when there is no such.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "on" => Some(Self::On),
            "safe" => Some(Self::Safe),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    /// The text as a segment of a path. It may be empty, and but for `On` hold what no path can.
    #[must_use]
    pub fn path(self, text: &str) -> String {
        match self {
            Self::On => slug::slugify(text),
            Self::Safe => text.trim_end_matches([' ', '.']).replace(|c| r#"<>:"/\|?*"#.contains(c), ""),
            Self::Off => text.to_owned(),
        }
    }

    /// The text as the id of a heading. It may be empty.
    #[must_use]
    pub fn anchor(self, text: &str) -> String {
        match self {
            Self::On => slug::slugify(text),
            Self::Safe | Self::Off => text.replace(|c: char| c.is_ascii_whitespace(), "_"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slugify;

    /// As Zola 0.22 writes them.
    #[test]
    fn texts_are_paths_as_in_zola() {
        for (text, on, safe) in [
            ("Ünï 日本", "uni-ri-ben", "Ünï 日本"),
            ("ab c (d)?", "ab-c-d", "ab c (d)"),
            ("Ab c/D", "ab-c-d", "Ab cD"),
            ("--dash--", "dash", "--dash--"),
            (" spacey", "spacey", " spacey"),
            ("C++", "c", "C++"),
            (".net", "net", ".net"),
            ("dot. ", "dot", "dot"),
            ("!?", "", "!"),
        ] {
            assert_eq!(Slugify::On.path(text), on, "{text}");
            assert_eq!(Slugify::Safe.path(text), safe, "{text}");
            assert_eq!(Slugify::Off.path(text), text);
        }
        assert_eq!(Slugify::On.anchor("Hé \"x\" & y"), "he-x-y");
        assert_eq!(Slugify::Safe.anchor("Hé  x"), "Hé__x");
    }
}
