//! Where Hugo's automatic summary of a page ends (`ExtractSummaryFromHTML`).

use crate::normalizer::text;

/// Code with the name of its language begins so; Hugo highlights it.
const CODE: &str = "<pre><code class=\"language-";
const CODE_END: &str = "</code></pre>";
/// Elements without an end.
const VOID: [&str; 8] = ["img", "br", "hr", "input", "source", "wbr", "link", "meta"];

/// The end of an automatic summary: that of the first paragraph at which there are enough words, or of what that is in.
pub(super) fn end(html: &str, words: usize, by_letter: bool) -> usize {
    const END: &str = "</p>";
    let (mut from, mut count) = (0, 0);
    if words == 0 {
        return 0;
    }
    while let Some(at) = html.get(from..).and_then(|rest| rest.find(END)) {
        count += words_in(html.get(from..from + at).unwrap_or_default(), by_letter);
        if count >= words {
            return closed(html, from + at + END.len());
        }
        from += at + END.len() - 1;
    }
    html.len()
}

/// The first place from `least` on where no element is open; `least` when there is none.
fn closed(html: &str, least: usize) -> usize {
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(start) = html.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        if start >= least && open.is_empty() {
            return least;
        }
        let rest = html.get(start + 1..).unwrap_or_default();
        let length = rest.find('>').unwrap_or(rest.len());
        let inside = rest.get(..length).unwrap_or_default();
        at = start + 1 + length;
        let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
        let name = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if name.is_empty() || inside.ends_with('/') || VOID.iter().any(|void| void.eq_ignore_ascii_case(name)) {
            continue;
        }
        if !is_end {
            open.push(name);
        } else if let Some(opened) = open.iter().rposition(|other| other.eq_ignore_ascii_case(name)) {
            open.truncate(opened);
        }
        if at > least && open.is_empty() {
            return at + 1;
        }
    }
    least
}

/// Words as Hugo counts them. It takes the tags of highlighted code for words, too: there all but the first of each line count,
/// which is what comes nearest.
fn words_in(html: &str, by_letter: bool) -> usize {
    let mut rest = html;
    let mut count = 0;
    while let Some((before, code)) = rest.split_once(CODE) {
        let (code, behind) = code.split_once(CODE_END).unwrap_or((code, ""));
        let in_line = |line: &str| line.split_whitespace().count().saturating_sub(1);
        count += between(before, by_letter) + code.lines().map(in_line).sum::<usize>() + 1;
        rest = behind;
    }
    // The last letter is not looked at.
    let last = rest.chars().next_back().map_or(0, char::len_utf8);
    count + between(rest.get(..rest.len() - last).unwrap_or_default(), by_letter)
}

/// What lies between white space and is no tag. `by_letter` counts words that are not ASCII by their letters.
fn between(html: &str, by_letter: bool) -> usize {
    let is_tag = |word: &str| {
        let name = word.trim_start_matches('<').trim_start_matches('/').trim_end_matches('>');
        // Hugo has an attribute between the two.
        word == ">"
            || word.starts_with("<pre><code>")
            || (word.starts_with('<') && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()))
            || word.split_once('=').is_some_and(|(name, value)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()) && value.starts_with(['"', '\''])
            })
    };
    let count = |word: &str| if by_letter && !word.is_ascii() { text::from_html(word).chars().count() } else { 1 };
    html.split_whitespace().filter(|word| !is_tag(word)).map(count).sum()
}

/// Whether a letter is one of those that make words without spaces between them.
pub(super) fn is_cjk_letter(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
        || matches!(c, '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn a_summary_ends_with_what_the_paragraph_is_in() {
        let html = "<p>one</p><ol><li><p>two <img src=\"x\"></p></li><li><p>three</p></li></ol><p>four</p>";
        let until = |text: &str| html.find(text).map(|at| at + text.len());
        assert_eq!(Some(end(html, 1, false)), until("one</p>"));
        assert_eq!(Some(end(html, 2, false)), until("</ol>"));
        assert_eq!(end(html, 70, false), html.len());
        let never_closed = "<div><p>one two</p><p>three</p>";
        assert_eq!(end(never_closed, 1, false), "<div><p>one two</p>".len());
    }
}
