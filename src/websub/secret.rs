//! A subscriber's secret, which nobody is shown, and what is signed with it (§7.1).

use std::fmt;

use hmac::Hmac;
use hmac::digest::KeyInit;

use crate::config::Signature;

/// It is to be less than 200 bytes (§5.1).
pub const MOST: usize = 199;

/// A key that a subscriber has given. It is printed nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// `None` for one that is empty, or longer than the Recommendation allows.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty() && text.len() <= MOST).then(|| Self(text.into()))
    }

    /// What has to be kept of it, and shown to nobody.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The value of `X-Hub-Signature` for a body.
    #[must_use]
    pub fn sign(&self, by: Signature, body: &[u8]) -> String {
        let digits = match by {
            Signature::Sha1 => self.digits::<Hmac<sha1::Sha1>>(body),
            Signature::Sha256 => self.digits::<Hmac<sha2::Sha256>>(body),
            Signature::Sha384 => self.digits::<Hmac<sha2::Sha384>>(body),
            Signature::Sha512 => self.digits::<Hmac<sha2::Sha512>>(body),
        };
        format!("{}={digits}", by.name())
    }

    fn digits<M: hmac::Mac + KeyInit>(&self, body: &[u8]) -> String {
        // A key of any length will do.
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(self.0.as_bytes()) else { return String::new() };
        mac.update(body);
        hex(&mac.finalize().into_bytes())
    }
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().map_or('0', char::from);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202 §3 and RFC 4231 §4.3, the same key and text in each.
    #[test]
    fn signatures_are_those_of_the_standards() {
        let sign = |by| Secret::new("Jefe").unwrap().sign(by, b"what do ya want for nothing?");
        assert_eq!(sign(Signature::Sha1), "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(sign(Signature::Sha256), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(sign(Signature::Sha384).starts_with("sha384=af45d2e376484031617f78d2b58a6b1b"));
        assert!(sign(Signature::Sha512).starts_with("sha512=164b7a7bfcf819e2e395fbe73b56e0a3"));
    }

    #[test]
    fn it_is_shown_to_nobody_and_bounded() {
        assert_eq!(format!("{:?}", Secret::new("hush").unwrap()), "Secret(…)");
        assert_eq!(Secret::new(""), None);
        assert!(Secret::new(&"x".repeat(199)).is_some() && Secret::new(&"x".repeat(200)).is_none());
    }
}
