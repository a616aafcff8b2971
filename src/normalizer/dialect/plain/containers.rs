//! Containers between lines of colons, as Docusaurus, VitePress, Starlight and Pandoc have them (`:::tip[Title]`).

use std::borrow::Cow;

use super::code;

/// What is a title of its own where a container has none.
const KINDS: [&str; 10] =
    ["note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary", "details"];

/// The text with what containers hold in their places, below their titles.
pub(super) fn opened(text: &str) -> Cow<'_, str> {
    if !text.contains(":::") {
        return text.into();
    }
    let mut opened = String::with_capacity(text.len() + 64);
    let mut depth = 0_u32;
    for (line, is_code) in code::lines(text) {
        let content = line.trim();
        let rest = content.trim_start_matches(':');
        let is_fence = !is_code && content.len() - rest.len() >= 3;
        let indentation = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
        match title(rest.trim()) {
            _ if !is_fence => opened.push_str(line),
            Some(title) => {
                depth = depth.saturating_add(1);
                match title {
                    Some(title) => opened.extend(["\n", indentation, "**", title, "**\n\n"]),
                    None => opened.push('\n'),
                }
            }
            None if rest.is_empty() && depth > 0 => {
                depth -= 1;
                opened.push('\n');
            }
            None => opened.push_str(line),
        }
    }
    opened.into()
}

/// The title in what follows the colons that begin a container, if there is one; `None` where they begin none.
fn title(rest: &str) -> Option<Option<&str>> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let (kind, behind) = rest.split_at_checked(rest.find(|c| !is_name(c)).unwrap_or(rest.len()))?;
    let behind = behind.trim();
    let is_known = KINDS.contains(&kind);
    let label = match behind.strip_prefix('[') {
        Some(label) => label.rsplit_once(']').map_or(label, |(label, _)| label),
        None if behind.is_empty() || behind.starts_with('{') => "",
        None if is_known => behind.split(" {").next().unwrap_or_default(),
        None => return None,
    };
    let label = label.trim();
    match (kind, label) {
        ("", "") if behind.is_empty() => None,
        (kind, "") => Some(Some(kind).filter(|_| is_known)),
        (_, label) => Some(Some(label)),
    }
}

#[cfg(test)]
mod tests {
    use super::opened;

    #[test]
    fn what_they_hold_stays_below_their_titles() {
        let cases = [
            ("a\n:::tip\nb\n:::\nc", "a\n\n**tip**\n\nb\n\nc"),
            (":::note[Your *title*]\n\nb\n\n:::\n", "\n**Your *title***\n\n\nb\n\n\n"),
            ("::: warning Look out\nb\n:::\n", "\n**Look out**\n\nb\n\n"),
            ("::::info\n:::{.aside}\nb\n:::\n::::\n", "\n**info**\n\n\nb\n\n\n"),
            ("  :::tip\n  b\n  :::\n", "\n  **tip**\n\n  b\n\n"),
            ("```\n:::tip\n```\n:::", "```\n:::tip\n```\n:::"),
            (":::\na ::: b\n::: some prose\n", ":::\na ::: b\n::: some prose\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(opened(text), expected, "{text}");
        }
    }
}
