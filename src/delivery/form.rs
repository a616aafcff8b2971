//! The forms in which the same bytes are sent, and the tag of each.

use super::coding::Coding;

/// What the bytes of a feed become on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As they are.
    Identity,
    /// gzip, made at publication.
    Gzip,
    /// Brotli at a quick level, made at the first request.
    Br,
    /// Zstandard at a quick level, made at the first request.
    Zstd,
    /// Brotli at its best, made in idle time.
    SmallBr,
    /// Zstandard at its best, made in idle time.
    SmallZstd,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Identity, Self::Gzip, Self::Br, Self::Zstd, Self::SmallBr, Self::SmallZstd];

    /// The form in which a coding can be had at once.
    #[must_use]
    pub fn quick(coding: Coding) -> Self {
        match coding {
            Coding::Identity => Self::Identity,
            Coding::Gzip => Self::Gzip,
            Coding::Br => Self::Br,
            Coding::Zstd => Self::Zstd,
        }
    }

    /// The form of a coding that takes longer and is smaller, where there is one.
    #[must_use]
    pub fn small(coding: Coding) -> Option<Self> {
        match coding {
            Coding::Br => Some(Self::SmallBr),
            Coding::Zstd => Some(Self::SmallZstd),
            Coding::Identity | Coding::Gzip => None,
        }
    }

    /// The coding that a client has to undo.
    #[must_use]
    pub fn coding(self) -> Coding {
        match self {
            Self::Identity => Coding::Identity,
            Self::Gzip => Coding::Gzip,
            Self::Br | Self::SmallBr => Coding::Br,
            Self::Zstd | Self::SmallZstd => Coding::Zstd,
        }
    }

    /// The value of `Content-Encoding`.
    #[must_use]
    pub fn encoding(self) -> Option<&'static str> {
        match self.coding() {
            Coding::Identity => None,
            Coding::Gzip => Some("gzip"),
            Coding::Br => Some("br"),
            Coding::Zstd => Some("zstd"),
        }
    }

    /// What ends its tag: strong tags differ where the bytes do (RFC 9110 §8.8.3.3).
    ///
    /// The quick ones are those that Apache and Caddy put behind a tag whose response they compress, so that such a tag comes
    /// back to us as one of ours.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
            Self::Br => "-br",
            Self::Zstd => "-zstd",
            Self::SmallBr => "-br11",
            Self::SmallZstd => "-zstd19",
        }
    }
}

/// What the tags of all forms of the same bytes begin with: 128 bits of their SHA-256, in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagBase([u8; 32]);

impl TagBase {
    /// That of bytes with this digest.
    #[must_use]
    pub fn of(sha256: &[u8; 32]) -> Self {
        let mut digits = [b'0'; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(sha256) {
            for (digit, value) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = char::from_digit(value.into(), 16).map_or(b'0', |digit| digit as u8);
            }
        }
        Self(digits)
    }

    /// That of these digits.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let digits: [u8; 32] = digits.as_bytes().try_into().ok()?;
        digits.iter().all(is_digit).then_some(Self(digits))
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The entity tag of a form, with its quotes.
    #[must_use]
    pub fn tag(&self, form: Form) -> Vec<u8> {
        let suffix = form.suffix().as_bytes();
        let mut tag = Vec::with_capacity(self.0.len() + suffix.len() + 2);
        tag.push(b'"');
        tag.extend_from_slice(&self.0);
        tag.extend_from_slice(suffix);
        tag.push(b'"');
        tag
    }

    /// The form whose tag this is, given without quotes.
    #[must_use]
    pub fn form(&self, opaque: &[u8]) -> Option<Form> {
        let suffix = opaque.strip_prefix(&self.0)?;
        Form::ALL.into_iter().find(|form| form.suffix().as_bytes() == suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_which_bytes_and_which_form() {
        let base = TagBase::of(&[0xa7; 32]);
        assert_eq!(base.tag(Form::Gzip), format!("\"{}-gzip\"", "a7".repeat(16)).into_bytes());
        for form in Form::ALL {
            let tag = base.tag(form);
            let opaque = &tag[1..tag.len() - 1];
            assert_eq!(base.form(opaque), Some(form));
            assert_eq!(TagBase::of(&[1; 32]).form(opaque), None);
        }
        assert_eq!(TagBase::parse(base.digits()), Some(base));
        for other in ["", "A7", &"A7".repeat(16), &"a7".repeat(17)] {
            assert_eq!(TagBase::parse(other), None, "{other}");
        }
        for other in ["", "a7", &"a7".repeat(17), &format!("{}-deflate", "a7".repeat(16))] {
            assert_eq!(base.form(other.as_bytes()), None, "{other}");
        }
    }
}
