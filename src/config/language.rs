//! Language tags, as feeds must carry them.

/// ISO 639-1: every code of two letters that stands for a language. Those of countries, such as `cn` or `jp`, are none.
#[rustfmt::skip]
const LANGUAGES: [&str; 185] = [
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bh", "bi", "bm", "bn", "bo",
    "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es",
    "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr",
    "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj",
    "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv",
    "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd",
    "se", "sg", "sh", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th",
    "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh",
    "yi", "yo", "za", "zh", "zu",
];

/// The BCP 47 tag (RFC 5646 §2.1) that is meant by `text`, in its usual case: `zh_cn` and `zh_CN.UTF-8` are `zh-CN`.
///
/// `None` when it cannot be one. Names of languages (`english`) are none: no registered subtag has more than three letters;
/// one of two letters has to be ISO 639's, as the W3C's validator demands.
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    let name = text.trim().split(['.', '@']).next()?;
    if name.len() > 100 || !name.is_ascii() {
        return None;
    }
    let mut parts = name.split(['-', '_']).peekable();
    let language = parts.next().filter(|part| is_alpha(part, 2..=3))?.to_ascii_lowercase();
    if language.len() == 2 && !LANGUAGES.contains(&language.as_str()) {
        return None;
    }
    let mut tag = vec![language];
    for _ in 0..3 {
        tag.extend(parts.next_if(|part| is_alpha(part, 3..=3)).map(str::to_ascii_lowercase));
    }
    tag.extend(parts.next_if(|part| is_alpha(part, 4..=4)).map(title_case));
    tag.extend(parts.next_if(|part| is_region(part)).map(str::to_ascii_uppercase));
    let variants = tag.len();
    while let Some(part) = parts.next_if(|part| is_variant(part)) {
        tag.push(part.to_ascii_lowercase());
    }
    if has_twice(tag.get(variants..).unwrap_or_default()) {
        return None;
    }
    extensions(parts, &mut tag)?;
    Some(tag.join("-"))
}

/// `-u-co-pinyin`, `-x-private`: a singleton, then at least one subtag; no singleton twice.
fn extensions<'a>(parts: impl Iterator<Item = &'a str>, tag: &mut Vec<String>) -> Option<()> {
    let mut singletons: Vec<String> = Vec::new();
    let mut needs_more = false;
    for part in parts {
        let part = part.to_ascii_lowercase();
        let private = singletons.last().is_some_and(|singleton| singleton == "x");
        if part.len() == 1 && !private {
            if needs_more || singletons.contains(&part) {
                return None;
            }
            singletons.push(part.clone());
            needs_more = true;
        } else if singletons.is_empty() || part.len() > 8 || part.is_empty() || (part.len() == 1 && !private) {
            return None;
        } else {
            needs_more = false;
        }
        if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push(part);
    }
    (!needs_more).then_some(())
}

fn is_alpha(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_region(part: &str) -> bool {
    is_alpha(part, 2..=2) || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())
}

fn is_variant(part: &str) -> bool {
    let word = part.bytes().all(|b| b.is_ascii_alphanumeric());
    word && ((5..=8).contains(&part.len()) || part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit()))
}

fn title_case(part: &str) -> String {
    let mut text = part.to_ascii_lowercase();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn has_twice(parts: &[String]) -> bool {
    parts.iter().enumerate().any(|(n, part)| parts.iter().take(n).any(|other| other == part))
}
