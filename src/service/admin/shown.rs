//! Numbers, sizes and times, as people read them.

use maud::{Render, html};

use crate::model::Timestamp;
use crate::service::status::spell;

/// A number with its thousands apart.
pub(super) struct Count(pub(super) u64);

/// A number of bytes, in the unit that suits it.
pub(super) struct Size(pub(super) u64);

/// A part of a whole.
pub(super) struct Share(pub(super) u64, pub(super) u64);

/// Seconds in the two largest units.
pub(super) struct Span(pub(super) u64);

/// An instant, as RFC 3339 has it.
pub(super) struct Instant<'a>(pub(super) &'a str);

/// The day of an instant in seconds since 1970.
pub(super) struct Day(pub(super) i64);

impl Render for Count {
    fn render_to(&self, to: &mut String) {
        let digits = self.0.to_string();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                to.push('\u{202f}');
            }
            to.push(digit);
        }
    }
}

impl Render for Size {
    #[expect(clippy::cast_precision_loss, reason = "three digits of it are shown")]
    fn render_to(&self, to: &mut String) {
        let units = ["B", "kB", "MB", "GB", "TB"];
        let (mut size, mut unit) = (self.0 as f64, 0);
        while size >= 999.5 && unit + 1 < units.len() {
            (size, unit) = (size / 1000.0, unit + 1);
        }
        let digits = usize::from(unit > 0 && size < 99.95);
        to.push_str(&format!("{size:.digits$} {}", units.get(unit).unwrap_or(&"")));
    }
}

impl Render for Share {
    #[expect(clippy::cast_precision_loss, reason = "three digits of it are shown")]
    fn render_to(&self, to: &mut String) {
        match self.1 {
            0 => to.push('–'),
            all => to.push_str(&format!("{:.1} %", 100.0 * self.0 as f64 / all as f64)),
        }
    }
}

impl Render for Span {
    fn render_to(&self, to: &mut String) {
        to.push_str(&spell(self.0));
    }
}

impl Render for Instant<'_> {
    fn render_to(&self, to: &mut String) {
        let short = self.0.get(..19).map(|text| text.replace('T', " "));
        html! { time datetime=(self.0) { (short.as_deref().unwrap_or(self.0)) } }.render_to(to);
    }
}

impl Render for Day {
    fn render_to(&self, to: &mut String) {
        let text = Timestamp::from_micros(self.0.saturating_mul(1_000_000), 0).map(Timestamp::rfc3339);
        let text = text.unwrap_or_default();
        let day = text.get(..10).unwrap_or_default();
        html! { time datetime=(day) { (day) } }.render_to(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_whole() {
        let shown = |it: &dyn Render| it.render().into_string();
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")] {
            assert_eq!(shown(&Count(number)), text);
        }
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (99_949, "99.9 kB"),
            (99_951, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(shown(&Size(bytes)), text);
        }
        assert_eq!([shown(&Share(0, 0)), shown(&Share(1, 3)), shown(&Share(3, 3))], ["–", "33.3 %", "100.0 %"]);
        let time = "<time datetime=\"2026-11-30T08:00:00+08:00\">2026-11-30 08:00:00</time>";
        assert_eq!(shown(&Instant("2026-11-30T08:00:00+08:00")), time);
        assert_eq!(shown(&Instant("<soon>")), "<time datetime=\"&lt;soon&gt;\">&lt;soon&gt;</time>");
        assert_eq!(shown(&Day(0)), "<time datetime=\"1970-01-01\">1970-01-01</time>");
    }
}
