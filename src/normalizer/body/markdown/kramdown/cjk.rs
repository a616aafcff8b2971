//! Lines of Chinese and Japanese, which no space stands between: kramdown's `remove_line_breaks_for_cjk`.

use std::borrow::Cow;

/// `text` without the line breaks between two such characters.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        let is_one = joined.ends_with(is_cjk) && line.starts_with(is_cjk);
        if n > 0 && !is_one {
            joined.push('\n');
        }
        joined.push_str(line);
    }
    Cow::Owned(joined)
}

/// Han, Hiragana and Katakana, as far as their blocks go (Unicode 15, `Scripts.txt`).
fn is_cjk(c: char) -> bool {
    matches!(c,
        '々' | '〇' | '〡'..='〩' | '〸'..='〻' | '\u{2E80}'..='\u{2FD5}' | 'ぁ'..='ゖ' | 'ゝ'..='ゟ' | 'ァ'..='ヺ' | 'ヽ'..='ヿ'
        | 'ㇰ'..='ㇿ' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAD9}' | 'ｦ'..='ｯ' | 'ｱ'..='ﾝ'
        | '\u{20000}'..='\u{323AF}')
}
