//! What XML 1.0 lets stand in a document.

use std::borrow::Cow;

/// Whether `c` may stand in a feed: a `Char` of XML 1.0 §2.2 that is no control character and no noncharacter, both of
/// which the same section asks authors to avoid.
#[must_use]
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || is_noncharacter(c))
}

/// `text` without the characters that are not [legal](is_legal).
#[must_use]
pub fn legal(text: &str) -> Cow<'_, str> {
    if !is_suspicious(text.as_bytes()) || text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| is_legal(c)).collect())
}

/// Unicode §23.7: the last two code points of each plane, and U+FDD0 to U+FDEF.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

/// Whether UTF-8 `bytes` could hold a character that is not legal. It errs only towards yes, and has no branch in its
/// loop, so that it costs a fraction of decoding every character.
fn is_suspicious(bytes: &[u8]) -> bool {
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let inside = pairs.fold(false, |found, (&a, &b)| found | is_control(a) | begins_illegal(a, b));
    inside | bytes.last().is_some_and(|&last| is_control(last))
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7F)
}

/// C1 controls are `C2 80` to `C2 9F`, U+FDD0 begins with `EF B7`, and the end of every plane is `BF BE`, `BF BF`.
fn begins_illegal(a: u8, b: u8) -> bool {
    (a == 0xC2) & (b < 0xA0) | (a == 0xEF) & (b == 0xB7) | (a == 0xBF) & (b & 0xFE == 0xBE)
}
