//! Which content codings a client takes, and which of ours it gets (RFC 9110 §12.5.3).

/// A content coding that we send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// None.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Br,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Br, Self::Zstd];

    /// Smallest result first: among those that a client likes alike, the first is taken.
    pub const BY_SIZE: [Self; 4] = [Self::Br, Self::Zstd, Self::Gzip, Self::Identity];

    /// Its registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Br => "br",
            Self::Zstd => "zstd",
        }
    }

    fn index(self) -> usize {
        self as usize
    }

    fn named(name: &[u8]) -> Option<Self> {
        let names: [(&[u8], Self); 5] = [
            (b"gzip", Self::Gzip),
            (b"br", Self::Br),
            (b"zstd", Self::Zstd),
            (b"identity", Self::Identity),
            (b"x-gzip", Self::Gzip),
        ];
        names.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, coding)| coding)
    }
}

/// How much a client wants each coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// In thousandths, by [`Coding::index`]; 0: not at all.
    weights: [u16; 4],
    /// The identity is taken without being asked for: when there is nothing else.
    spare_identity: bool,
}

impl Accepted {
    /// What the values of the `Accept-Encoding` fields say. Without any, nothing but the identity is safe to send.
    ///
    /// `*` stands for gzip, which everybody can read, where that is not named, and for the identity.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut named: [Option<u16>; 4] = [None; 4];
        let mut any = None;
        for item in values.into_iter().flat_map(|value| value.split(|&byte| byte == b',')) {
            let mut parts = item.split(|&byte| byte == b';');
            let name = parts.next().unwrap_or_default().trim_ascii();
            let weight = weight(parts);
            if name == b"*" {
                any = any.max(Some(weight));
            } else if let Some(slot) = Coding::named(name).and_then(|coding| named.get_mut(coding.index())) {
                *slot = (*slot).max(Some(weight));
            }
        }
        let [identity, gzip, br, zstd] = named;
        let identity = identity.or(any.filter(|&weight| weight == 0));
        Self {
            weights: [identity.unwrap_or(0), gzip.or(any).unwrap_or(0), br.unwrap_or(0), zstd.unwrap_or(0)],
            spare_identity: identity.is_none(),
        }
    }

    /// Whether it can be sent.
    #[must_use]
    pub fn takes(self, coding: Coding) -> bool {
        self.weight(coding) > 0 || (coding == Coding::Identity && self.spare_identity)
    }

    /// The best that we have; `None` when nothing will do.
    #[must_use]
    pub fn best(self) -> Option<Coding> {
        let mut best = None;
        for coding in Coding::BY_SIZE {
            if self.weight(coding) > best.map_or(0, |best| self.weight(best)) {
                best = Some(coding);
            }
        }
        best.or(self.spare_identity.then_some(Coding::Identity))
    }

    fn weight(self, coding: Coding) -> u16 {
        self.weights.get(coding.index()).copied().unwrap_or(0)
    }
}

/// The weight among the parameters, in thousandths: 1000 without one, 0 for one that is none (RFC 9110 §12.4.2).
pub(super) fn weight<'a>(parameters: impl Iterator<Item = &'a [u8]>) -> u16 {
    let mut weights = parameters.filter_map(|parameter| {
        let parameter = parameter.trim_ascii();
        parameter.strip_prefix(b"q=").or_else(|| parameter.strip_prefix(b"Q="))
    });
    let Some(text) = weights.next() else { return 1000 };
    let (whole, fraction) = match text.split_first() {
        Some((b'0', rest)) => (0, rest),
        Some((b'1', rest)) => (1000, rest),
        _ => return 0,
    };
    let digits = match fraction {
        [] => return whole,
        [b'.', digits @ ..] if digits.len() <= 3 && digits.iter().all(u8::is_ascii_digit) => digits,
        _ => return 0,
    };
    let thousandths = [100, 10, 1].iter().zip(digits).map(|(unit, digit)| unit * u16::from(digit - b'0')).sum::<u16>();
    if whole + thousandths <= 1000 { whole + thousandths } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::Coding::{Br, Gzip, Identity, Zstd};
    use super::*;

    fn best(value: &str) -> Option<Coding> {
        Accepted::of([value.as_bytes()]).best()
    }

    #[test]
    fn the_smallest_is_taken_of_those_that_are_liked_alike() {
        for (value, coding) in [
            ("gzip, deflate, br, zstd", Br),
            ("gzip, zstd", Zstd),
            ("gzip", Gzip),
            ("GZip", Gzip),
            ("x-gzip", Gzip),
            ("deflate", Identity),
            ("", Identity),
            ("identity", Identity),
            ("gzip,,br;q=1.000", Br),
            ("*", Gzip),
            ("*;q=0.5", Gzip),
        ] {
            assert_eq!(best(value), Some(coding), "{value}");
        }
        assert_eq!(Accepted::of([]).best(), Some(Identity));
        assert_eq!(Accepted::of([b"gzip;q=0".as_slice(), b"br"]).best(), Some(Br));
    }

    #[test]
    fn weights_decide_first() {
        for (value, coding) in [
            ("br;q=0.5, gzip;q=0.8", Gzip),
            ("br;q=0.5, gzip;q=0.501", Gzip),
            ("identity, gzip;q=0.5", Identity),
            ("identity;q=0.1, gzip;q=0.5", Gzip),
            ("br ; q=0.2 , zstd;q=0.3", Zstd),
            ("br;q=0, *", Gzip),
            ("gzip;q=0, *;q=0.1", Identity),
            ("identity;q=0, gzip;q=0.001", Gzip),
        ] {
            assert_eq!(best(value), Some(coding), "{value}");
        }
    }

    #[test]
    fn nothing_is_sent_that_was_refused() {
        for value in ["identity;q=0", "*;q=0", "identity;q=0, gzip;q=0", "identity;q=0.0, br;q=0.000"] {
            assert_eq!(best(value), None, "{value}");
        }
        let accepted = Accepted::of([b"gzip".as_slice()]);
        assert!(accepted.takes(Gzip) && accepted.takes(Identity) && !accepted.takes(Br) && !accepted.takes(Zstd));
        assert!(!Accepted::of([b"gzip, identity;q=0".as_slice()]).takes(Identity));
    }

    #[test]
    fn a_weight_that_is_none_refuses() {
        for value in
            ["br;q=2", "br;q=1.001", "br;q=0.1234", "br;q=", "br;q=x", "br;q=-1", "br;q=.5", "br;q=1.", "br;q=0,5"]
        {
            let accepted = Accepted::of([value.as_bytes()]);
            // `1.` has a point and no digits, which the grammar allows.
            assert_eq!(accepted.takes(Br), value == "br;q=1.", "{value}");
        }
    }
}
