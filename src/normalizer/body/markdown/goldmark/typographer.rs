//! Quotes, dashes and dots by the rules of goldmark's typographer.

/// The most quotes in a row that are looked past.
const LONGEST_RUN: usize = 64;

/// The quotes of a paragraph that wait for their end.
#[derive(Default)]
pub(super) struct Typographer {
    single: usize,
    double: usize,
}

impl Typographer {
    /// The symbol that stands for the start of `rest`, and the bytes that it stands for. `before` is the character before.
    pub(super) fn symbol(&mut self, rest: &str, before: char) -> Option<(&'static str, usize)> {
        const SYMBOLS: [(&str, &str); 5] = [("---", "—"), ("...", "…"), ("--", "–"), ("<<", "«"), (">>", "»")];
        let quote = match rest.bytes().next()? {
            b'-' | b'.' | b'<' | b'>' => {
                let symbol = SYMBOLS.iter().find(|(written, _)| rest.starts_with(written));
                return symbol.map(|(written, symbol)| (*symbol, written.len()));
            }
            b'"' => self.double(rest, before),
            b'\'' => self.single(rest, before),
            _ => None,
        };
        quote.map(|quote| (quote, 1))
    }

    fn double(&mut self, rest: &str, before: char) -> Option<&'static str> {
        let sides = Sides::of(rest, '"', before);
        if sides.opens && !sides.closes {
            self.double += 1;
            return Some("“");
        }
        let is_inch = rest.starts_with("\"\"") && before.is_numeric();
        if self.double == 0 || !sides.end(rest) || is_inch {
            return None;
        }
        self.double -= 1;
        Some("”")
    }

    fn single(&mut self, rest: &str, before: char) -> Option<&'static str> {
        let sides = Sides::of(rest, '\'', before);
        let opens = sides.opens && !sides.closes;
        let mut word = rest.chars().skip(1);
        let first = word.next();
        let is_outside = is_mark(before) || before.is_whitespace();
        let is_apostrophe = opens && starts_decade(rest)
            || is_outside && matches!(first, Some('t' | 'e' | 'n' | 'l'))
            || before.is_alphanumeric() && first.is_some_and(char::is_alphabetic);
        if is_apostrophe {
            return Some("’");
        }
        if opens {
            if is_contraction(rest) {
                return Some("’");
            }
            self.single += 1;
            return Some("‘");
        }
        // The genitive of a plural, or a letter left out at the end of a word.
        if goes_on(rest) && first.is_some_and(|c| !c.is_numeric()) {
            return Some("’");
        }
        if self.single == 0 || !sides.end(rest) {
            return None;
        }
        self.single -= 1;
        Some("’")
    }
}

/// What a run of quotes may do (CommonMark §6.2, left- and right-flanking).
struct Sides {
    opens: bool,
    closes: bool,
}

impl Sides {
    fn of(rest: &str, quote: char, before: char) -> Self {
        let after = rest.chars().take(LONGEST_RUN).find(|&c| c != quote).unwrap_or('\n');
        let (space_after, mark_after) = (after.is_whitespace(), is_punctuation(after));
        let (space_before, mark_before) = (before.is_whitespace(), is_punctuation(before));
        Self {
            opens: !space_after && (!mark_after || space_before || mark_before),
            closes: !space_before && (!mark_before || space_after || mark_after),
        }
    }

    /// Whether a quote that has been opened ends here.
    fn end(&self, rest: &str) -> bool {
        let mut after = rest.chars().skip(1);
        let mut before_marks = || {
            after.next().is_some_and(is_punctuation)
                && after.next().is_none_or(|c| c.is_ascii_punctuation() || c.is_ascii_whitespace())
        };
        self.closes && (!self.opens || before_marks())
    }
}

/// Whether there is more on the line than a character behind the quote. The end of the line counts where another follows.
fn goes_on(rest: &str) -> bool {
    match rest.as_bytes() {
        [_, b'\n', ..] => false,
        [_, _, b'\n', next @ ..] => !matches!(next, [] | [b'\n', ..]),
        bytes => bytes.len() > 2,
    }
}

/// `'90s`.
fn starts_decade(rest: &str) -> bool {
    let decade = rest.get(1..4).unwrap_or_default().as_bytes();
    let is_decade = matches!(decade, [tens, ones, b's'] if tens.is_ascii_digit() && ones.is_ascii_digit());
    let after = rest.get(4..).and_then(|after| after.chars().next());
    is_decade && after.is_none_or(|c| c.is_whitespace() || is_punctuation(c))
}

/// `'s`, `'ll` and the like, with nothing behind them.
fn is_contraction(rest: &str) -> bool {
    let word = rest.get(1..).unwrap_or_default();
    let ends = |text: &str| text.chars().next().is_none_or(|c| c.is_ascii_punctuation() || c.is_ascii_whitespace());
    ["m", "t", "s", "d", "ve", "ll", "re"].iter().any(|tail| word.strip_prefix(tail).is_some_and(ends))
}

/// Punctuation of every script, without symbols such as `=`.
fn is_mark(c: char) -> bool {
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// Punctuation and symbols of every script, as goldmark counts them.
fn is_punctuation(c: char) -> bool {
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
    matches!(c.general_category_group(), GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol)
}
