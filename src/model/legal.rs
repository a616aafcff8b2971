//! Which characters a feed may carry.

use std::borrow::Cow;

/// Bytes that are judged together: enough to fill vector registers.
const BLOCK: usize = 64;

/// Whether `c` may stand in a feed: a `Char` of XML 1.0 §2.2 that is no control character and no noncharacter, both of
/// which the same section asks authors to avoid.
#[must_use]
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || is_noncharacter(c))
}

/// Whether `text` has neither a character that is not [legal](is_legal) nor a carriage return. It errs only towards no.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !is_suspicious::<true>(text.as_bytes())
}

/// `text` without the characters that are not [legal](is_legal).
#[must_use]
pub fn legal(text: &str) -> Cow<'_, str> {
    if !is_suspicious::<false>(text.as_bytes()) || text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| is_legal(c)).collect())
}

/// Unicode §23.7: the last two code points of each plane, and U+FDD0 to U+FDEF.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

/// Whether UTF-8 `bytes` could hold a character that is not legal, or a carriage return where `CR`. It errs only towards yes. Every text passes here more
/// than once, so the loop has no branch and works on blocks, which the compiler turns into vector instructions.
fn is_suspicious<const CR: bool>(bytes: &[u8]) -> bool {
    let Some((last, firsts)) = bytes.split_last() else { return false };
    let seconds = bytes.get(1..).unwrap_or_default();
    let (blocks, rest) = firsts.as_chunks::<BLOCK>();
    let (next_blocks, next_rest) = seconds.as_chunks::<BLOCK>();
    let judge = |(&a, &b): (&u8, &u8)| is_control::<CR>(a) | begins_illegal(a, b);
    let sift = |(&a, &b): (&u8, &u8)| may_be_control(a) | may_begin_illegal(a, b);
    // Most blocks pass the sieve, which is half the work.
    let block = |(a, b): (&[u8; BLOCK], &[u8; BLOCK])| {
        let pairs = || a.iter().zip(b);
        pairs().fold(0, |found, pair| found | sift(pair)) != 0
            && pairs().fold(0, |found, pair| found | judge(pair)) != 0
    };
    blocks.iter().zip(next_blocks).any(block)
        || rest.iter().zip(next_rest).any(|pair| judge(pair) != 0)
        || is_control::<CR>(*last) != 0
}

fn is_control<const CR: bool>(byte: u8) -> u8 {
    u8::from(byte < 0x20) & u8::from(byte != b'\t') & u8::from(byte != b'\n') & (u8::from(CR) | u8::from(byte != b'\r'))
        | u8::from(byte == 0x7F)
}

fn may_be_control(byte: u8) -> u8 {
    u8::from(byte < 0x20) & u8::from(byte != b'\n') | u8::from(byte == 0x7F)
}

fn may_begin_illegal(a: u8, b: u8) -> u8 {
    u8::from(a == 0xC2) | u8::from(a == 0xEF) & u8::from(b == 0xB7) | u8::from(a == 0xBF) & u8::from(b & 0xFE == 0xBE)
}

/// C1 controls are `C2 80` to `C2 9F`, U+FDD0 begins with `EF B7`, and the end of every plane is `BF BE`, `BF BF`.
fn begins_illegal(a: u8, b: u8) -> u8 {
    u8::from(a == 0xC2) & u8::from(b < 0xA0)
        | u8::from(a == 0xEF) & u8::from(b == 0xB7)
        | u8::from(a == 0xBF) & u8::from(b & 0xFE == 0xBE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_judged_wherever_it_stands() {
        for c in ('\0'..='\u{ffff}').chain(['\u{1fffe}', '\u{1ffff}', '\u{10ffff}', '\u{1f680}', '\u{20bb7}']) {
            for before in [0, 1, BLOCK - 3, BLOCK - 2, BLOCK - 1, BLOCK, 2 * BLOCK] {
                let text = "x".repeat(before) + &c.to_string() + "y";
                assert_eq!(matches!(legal(&text), Cow::Borrowed(_)), is_legal(c), "U+{:04X} at {before}", u32::from(c));
                assert!(!is_plain(&text) || is_legal(c) && c != '\r', "U+{:04X} at {before}", u32::from(c));
            }
            assert_eq!(legal(&c.to_string()).is_empty(), !is_legal(c));
        }
    }
}
