//! Character references as kramdown writes them: as the character, unless that would be markup.

use super::attributes;
use super::cursor::{head, tail};
use crate::normalizer::text;

/// A reference that `text` begins with: how it is written, what it stands for, and its length.
pub(super) fn read(text: &str) -> Option<(String, Option<char>, usize)> {
    let length = reference(text)?;
    let source = head(text, length);
    let inside = head(tail(source, 1), length - 2);
    if !inside.starts_with('#') && NAMES.binary_search(&inside).is_err() {
        // The rest of an unknown name is text.
        return Some(("&amp;".to_owned(), Some('&'), 1));
    }
    let decoded = text::decode(source);
    let meant = decoded.chars().next().filter(|c| decoded.len() == c.len_utf8() && source != decoded);
    let shown = match meant {
        Some('<' | '>' | '&') | None => source.to_owned(),
        Some(c) => c.to_string(),
    };
    Some((shown, meant, length))
}

/// The length of what has the form of a reference.
pub(super) fn reference(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('&')?;
    let length = match inside.strip_prefix('#') {
        Some(number) => match number.strip_prefix('x') {
            Some(digits) => 2 + digits.bytes().take_while(u8::is_ascii_hexdigit).count(),
            None => 1 + number.bytes().take_while(u8::is_ascii_digit).count(),
        },
        None => {
            let first = inside.strip_prefix(':').map_or_else(|| attributes::name(inside), |_| Some(1))?;
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':');
            first + tail(inside, first).bytes().take_while(is_part).count()
        }
    };
    let has_digits = !matches!(head(inside, length), "#" | "#x");
    (has_digits && tail(inside, length).starts_with(';')).then_some(length + 2)
}

/// The names of HTML 4 and XML. Those that came later are text to kramdown.
#[rustfmt::skip]
const NAMES: [&str; 254] = [
    "AElig", "Aacute", "Acirc", "Agrave", "Alpha", "Aring", "Atilde", "Auml", "Beta", "Ccedil", "Chi", "Dagger",
    "Delta", "ETH", "Eacute", "Ecirc", "Egrave", "Epsilon", "Eta", "Euml", "Gamma", "Iacute", "Icirc", "Igrave",
    "Iota", "Iuml", "Kappa", "Lambda", "Mu", "Ntilde", "Nu", "OElig", "Oacute", "Ocirc", "Ograve", "Omega", "Omicron",
    "Oslash", "Otilde", "Ouml", "Phi", "Pi", "Prime", "Psi", "Rho", "Scaron", "Sigma", "THORN", "Tau", "Theta",
    "Uacute", "Ucirc", "Ugrave", "Upsilon", "Uuml", "Xi", "Yacute", "Yuml", "Zeta", "aacute", "acirc", "acute",
    "aelig", "agrave", "alefsym", "alpha", "amp", "and", "ang", "apos", "aring", "asymp", "atilde", "auml", "bdquo",
    "beta", "brvbar", "bull", "cap", "ccedil", "cedil", "cent", "chi", "circ", "clubs", "cong", "copy", "crarr",
    "cup", "curren", "dArr", "dagger", "darr", "deg", "delta", "diams", "divide", "eacute", "ecirc", "egrave",
    "empty", "emsp", "ensp", "epsilon", "equiv", "eta", "eth", "euml", "euro", "exist", "fnof", "forall", "frac12",
    "frac14", "frac34", "frasl", "gamma", "ge", "gt", "hArr", "harr", "hearts", "hellip", "iacute", "icirc", "iexcl",
    "igrave", "image", "infin", "int", "iota", "iquest", "isin", "iuml", "kappa", "lArr", "lambda", "lang", "laquo",
    "larr", "lceil", "ldquo", "le", "lfloor", "lowast", "loz", "lrm", "lsaquo", "lsquo", "lt", "macr", "mdash",
    "micro", "middot", "minus", "mu", "nabla", "nbsp", "ndash", "ne", "ni", "not", "notin", "nsub", "ntilde", "nu",
    "oacute", "ocirc", "oelig", "ograve", "oline", "omega", "omicron", "oplus", "or", "ordf", "ordm", "oslash",
    "otilde", "otimes", "ouml", "para", "part", "permil", "perp", "phi", "pi", "piv", "plusmn", "pound", "prime",
    "prod", "prop", "psi", "quot", "rArr", "radic", "rang", "raquo", "rarr", "rceil", "rdquo", "real", "reg",
    "rfloor", "rho", "rlm", "rsaquo", "rsquo", "sbquo", "scaron", "sdot", "sect", "shy", "sigma", "sigmaf", "sim",
    "spades", "sub", "sube", "sum", "sup", "sup1", "sup2", "sup3", "supe", "szlig", "tau", "there4", "theta",
    "thetasym", "thinsp", "thorn", "tilde", "times", "trade", "uArr", "uacute", "uarr", "ucirc", "ugrave", "uml",
    "upsih", "upsilon", "uuml", "vellip", "weierp", "xi", "yacute", "yen", "yuml", "zeta", "zwj", "zwnj",
];
