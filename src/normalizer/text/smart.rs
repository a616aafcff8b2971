//! Typographic quotes, dashes and ellipses as kramdown's SmartyPants makes them, for titles (Jekyll's filter `smartify`).

/// `html` with typographic marks for quotes, `--`, `---`, `...`, `<<` and `>>` in its text; its tags stay as they are.
#[must_use]
pub fn smartify(html: &str) -> String {
    if !html.contains(['"', '\'', '-', '.', '<', '>']) {
        return html.to_owned();
    }
    let text: Vec<char> = html.chars().collect();
    let mut smart = String::with_capacity(html.len() + 16);
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let step = tag(rest).map(|length| (rest.iter().take(length).collect(), length));
        let (piece, length) = step
            .or_else(|| symbol(rest))
            .or_else(|| quote(rest))
            .unwrap_or_else(|| (rest.iter().take(1).collect::<String>(), 1));
        smart.push_str(&piece);
        at += length;
    }
    smart
}

/// How many characters of a tag the text begins with.
fn tag(rest: &[char]) -> Option<usize> {
    match rest {
        ['<', '/', first, ..] | ['<', first, ..] if first.is_ascii_alphabetic() => {
            rest.iter().position(|&c| c == '>').map(|end| end + 1)
        }
        _ => None,
    }
}

/// What the text begins with in typographic form, and how many characters that takes the place of.
type Step = Option<(String, usize)>;

fn symbol(rest: &[char]) -> Step {
    let (mark, length) = match rest {
        ['-', '-', '-', ..] => ("—", 3),
        ['-', '-', ..] => ("–", 2),
        ['.', '.', '.', ..] => ("…", 3),
        ['<', '<', ' ', ..] => ("«\u{a0}", 3),
        [' ', '>', '>', ..] => ("\u{a0}»", 3),
        ['<', '<', ..] => ("«", 2),
        ['>', '>', ..] => ("»", 2),
        _ => return None,
    };
    Some((mark.to_owned(), length))
}

/// A quote at the head of the text, or behind its first character. The rules are tried in kramdown's order.
fn quote(rest: &[char]) -> Step {
    let (&first, after) = rest.split_first()?;
    let own = after.first().copied().filter(|&c| is_quote(c) && first != '\\');
    if !is_quote(first) && own.is_none() {
        return None;
    }
    alone(first, after)
        .or_else(|| nested(rest))
        .or_else(|| behind(first, own, after.get(1..).unwrap_or_default()))
        .or_else(|| ending(first, after))
        .or_else(|| match own {
            Some(own) => Some((format!("{first}{}", left(own)), 2)),
            None => Some((left(first).to_string(), 1)),
        })
}

/// A quote before emphasis opens, one before punctuation closes.
fn alone(first: char, after: &[char]) -> Step {
    if !is_quote(first) {
        return None;
    }
    let stars = after.iter().take(2).take_while(|c| matches!(c, '_' | '*')).count();
    if (1..=stars).any(|count| after.get(count).is_some_and(|c| !is_space(*c))) {
        return Some((left(first).to_string(), 1));
    }
    let closes = match after {
        [mark, '.', '.', ..] if mark.is_ascii_punctuation() => false,
        [mark, next @ ..] if mark.is_ascii_punctuation() => is_word(next.first()) == (*mark == '_'),
        _ => false,
    };
    closes.then(|| (right(first).to_string(), 1))
}

/// `"'` and `'"` before a word open both; `'80s` has an apostrophe.
fn nested(rest: &[char]) -> Step {
    let space = rest.first().copied().filter(|&c| is_space(c));
    let rest = rest.get(usize::from(space.is_some())..)?;
    let (marks, length) = match rest {
        ['"', '\'', word, ..] if is_ascii_word(*word) => ("“‘", 2),
        ['\'', '"', word, ..] if is_ascii_word(*word) => ("‘“", 2),
        ['\'', a, b, 's', ..] if a.is_ascii_digit() && b.is_ascii_digit() => ("’", 1),
        _ => return None,
    };
    let space: String = space.into_iter().collect();
    Some((format!("{space}{marks}"), space.len() + length))
}

/// A quote behind white space and before a word opens, one behind what a sentence may end with closes.
fn behind(first: char, own: Option<char>, after: &[char]) -> Step {
    let own = own?;
    if is_space(first) && after.first().is_some_and(|c| is_ascii_word(*c)) {
        return Some((format!("{first}{}", left(own)), 2));
    }
    let closes = !matches!(first, ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-');
    closes.then(|| (format!("{first}{}", right(own)), 2))
}

/// A quote before white space, before a single `s`, or at the end closes.
fn ending(first: char, after: &[char]) -> Step {
    let ends = match after {
        [] => true,
        ['s', next @ ..] => !is_word(next.first()),
        [next, ..] => is_space(*next),
    };
    (is_quote(first) && ends).then(|| (right(first).to_string(), 1))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

fn left(quote: char) -> char {
    if quote == '"' { '“' } else { '‘' }
}

fn right(quote: char) -> char {
    if quote == '"' { '”' } else { '’' }
}

/// What Ruby's `\s` matches.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// What Ruby's `\w` matches.
fn is_ascii_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// On which side of a word's boundary a character is.
fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::smartify;
    use crate::normalizer::text::from_html;

    /// What Jekyll 4.3.1 makes of them.
    #[rustfmt::skip]
    const TITLES: [(&str, &str); 32] = [
        (r#"It's "quoted" -- isn't it?"#, r#"It’s “quoted” – isn’t it?"#),
        (r#""Hello," she said. 'Yes...'"#, r#"“Hello,” she said. ‘Yes…’"#),
        (r#"He said, "'Quoted' words in a larger quote.""#, r#"He said, “‘Quoted’ words in a larger quote.”"#),
        (r#"'"Inner" first' he said"#, r#"‘“Inner” first’ he said"#),
        (r#"The '80s and the '90s"#, r#"The ’80s and the ’90s"#),
        (r#""*emphasis*" and '_under_'"#, r#"“*emphasis*” and ‘_under_’"#),
        (r#"rock 'n' roll"#, r#"rock ‘n’ roll"#),
        (r#"<i>Custer</i>'s Last Stand"#, r#"<i>Custer</i>’s Last Stand"#),
        (r#""中文" 和 '引号'"#, r#"“中文” 和 ‘引号’"#),
        (r#"say "中文""#, r#"say “中文”"#),
        (r#"(“already”) "(paren)" ["bracket"]"#, r#"(“already”) “(paren)” [“bracket”]"#),
        (r#"6'2" tall"#, r#"6’2” tall"#),
        (r#"a--b---c...d"#, r#"a–b—c…d"#),
        (r#"<< guillemets >> and <<tight>>"#, r#"« guillemets » and «tight»"#),
        (r#"it's 5 > 3 and 2 < 4"#, r#"it’s 5 &gt; 3 and 2 &lt; 4"#),
        (r#"don't "stop.""#, r#"don’t “stop.”"#),
        (r#""What?" "Why!""#, r#"“What?” “Why!”"#),
        (r#"'tis the season"#, r#"‘tis the season"#),
        (r#"""double"""#, r#""”double””"#),
        (r#"end with quote""#, r#"end with quote”"#),
        (r#"x "'y'" z"#, r#"x “‘y’” z"#),
        (r#"'single' "double" 'mix""#, r#"‘single’ “double” ‘mix”"#),
        (r#"the dogs' bones"#, r#"the dogs’ bones"#),
        (r#"AT&T's "R&D" &amp; more"#, r#"AT&amp;T’s “R&amp;D” &amp; more"#),
        (r#"C'est l'été "où""#, r#"C’est l’été “où”"#),
        (r#""a"."#, r#"“a”."#),
        (r#""a",b"#, r#"“a”,b"#),
        (r#""...""#, r#"“…”"#),
        (r#""…""#, r#"“…”"#),
        (r#"-"x""#, r#"-“x”"#),
        (r#"[“x”]'s"#, r#"[“x”]’s"#),
        (r#""<b>bold</b>""#, r#"“<b>bold</b>”"#),
    ];

    #[test]
    fn titles_become_what_jekyll_makes_of_them() {
        for (title, smart) in TITLES {
            assert_eq!(from_html(&smartify(title)), from_html(smart), "{title}");
        }
    }

    proptest! {
        #[test]
        fn letters_stay_in_their_order(title in "[-a '\"<>._*\\[(80s中é]{0,24}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&smartify(&title)), letters(&title));
        }
    }
}
