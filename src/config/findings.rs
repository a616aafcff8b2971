//! What `check` says of the site's configuration: what it states and feeds cannot have, and what it does not state.

use std::path::{Path, PathBuf};

use super::site::{Facts, data};
use super::{Identity, Site};
use crate::model::{Code, Diagnostic};

/// What our own configuration says of the site, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated {
    pub(super) title: bool,
    pub(super) description: bool,
}

/// The findings by file, the site's before those about pinned ids. `own` is our configuration file, which need not be there.
pub(super) fn of(
    own: &Path,
    stated: Stated,
    facts: &Facts,
    site: &Site,
    identity: &Identity,
) -> Vec<(PathBuf, Diagnostic)> {
    let theirs = facts.files.iter().find(|file| file.is_file());
    let text = theirs.and_then(|file| data::read(file).ok().flatten()).unwrap_or_default();
    let mut found = Vec::new();
    let settings = [
        (
            "language",
            facts.language.as_deref().filter(|_| site.language.is_none()),
            "is no tag of a language, such as en or zh-CN",
        ),
        ("icon", facts.icon.as_deref().filter(|_| site.icon.is_none()), "is no address of a picture"),
        ("logo", facts.logo.as_deref().filter(|_| site.logo.is_none()), "is no address of a picture"),
    ];
    for (name, value, problem) in settings {
        let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { continue };
        let shown: String = value.chars().take(100).collect();
        let finding = Diagnostic::new(Code::SiteSetting, format!("the site's {name} `{shown}` {problem}"));
        let (line, column) = place(&text, value).unzip();
        found.extend(theirs.map(|file| (file.clone(), finding.at(line).column(column))));
    }
    let has_own = own.is_file();
    let whole = if has_own { own } else { theirs.map_or(own, PathBuf::as_path) };
    let absent = [
        (!stated.title && facts.title.is_none(), "the site has no title: feeds have its host's name"),
        (!stated.description && facts.description.is_none(), "the site has no description: feeds have its title twice"),
    ];
    let absent = absent.into_iter().filter(|(is_absent, _)| *is_absent);
    found.extend(absent.map(|(_, message)| (whole.to_path_buf(), Diagnostic::new(Code::SiteIncomplete, message))));
    found.extend(identity.faults.iter().map(|fault| (identity.file.clone(), fault.clone())));
    found
}

/// The line and column, from 1, of the first line that states this value behind a colon or an equals sign.
fn place(text: &str, value: &str) -> Option<(u32, u32)> {
    text.lines().zip(1_u32..).find_map(|(line, number)| {
        let from = line.find([':', '='])?;
        let at = from + line.get(from..)?.find(value)?;
        let column = u32::try_from(line.get(..at)?.chars().count()).ok()?;
        Some((number, column.saturating_add(1)))
    })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_value_is_found_on_the_line_that_states_it() {
        let text = "title: zz\n# nothing here zzz9\nlang: \"zzz9\"\n";
        assert_eq!(place(text, "zzz9"), Some((3, 8)));
        assert_eq!(place("l = 'x'\n", "x"), Some((1, 6)));
        assert_eq!(place("no such thing\n", "x"), None);
    }
}
