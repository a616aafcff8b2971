//! The four dates of a page, each by its chain of front matter keys (Hugo's `page_frontmatter.go`).

use chrono::NaiveDate;

use super::place::Place;
use crate::config::HugoDates;
use crate::model::{Code, Diagnostic, LeftOut, Timestamp, Value};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::resolve::DateRule;

/// The dates of a page that has one.
#[derive(Debug)]
pub(super) struct Dates<'a> {
    pub(super) date: Sourced<Timestamp>,
    pub(super) updated: Sourced<Timestamp>,
    pub(super) publish: Option<Timestamp>,
    pub(super) expiry: Option<Timestamp>,
    /// What follows the date in the file's name, where that is the page's.
    pub(super) slug: Option<&'a str>,
}

/// What the chains are looked up in.
pub(super) struct Lookup<'a> {
    pub(super) fields: Fields<'a>,
    pub(super) place: Place<'a>,
    pub(super) rule: DateRule,
}

impl<'a> Lookup<'a> {
    /// The dates, or why a page without one is no post. A date that cannot be read is told, and the chain goes on.
    pub(super) fn dates(&self, chains: &HugoDates, diagnostics: &mut Vec<Diagnostic>) -> Result<Dates<'a>, LeftOut> {
        let mut bad = Vec::new();
        // What one chain found is what later ones find under its key where the page does not state it.
        let mut found: Vec<(&str, Sourced<Timestamp>)> = Vec::new();
        for (key, chain) in [
            ("date", &chains.date),
            ("lastmod", &chains.lastmod),
            ("publishdate", &chains.publish),
            ("expirydate", &chains.expiry),
        ] {
            if let Some(at) = self.first(chain, &found, &mut bad) {
                found.push((key, at));
            }
        }
        let by = |key: &str| found.iter().find(|(name, _)| *name == key).map(|(_, at)| at.clone());
        let Some(date) = by("date") else {
            let Some((key, message)) = bad.into_iter().next() else { return Err(LeftOut::NoDate) };
            diagnostics.push(self.fields.blame(key, Code::NoDate, message));
            return Err(LeftOut::Broken);
        };
        diagnostics.extend(bad.into_iter().map(|(key, message)| self.fields.blame(key, Code::BadField, message)));
        let slug = (date.from == Origin::FileName).then(|| day_in_name(self.place.name)).flatten();
        Ok(Dates {
            updated: by("lastmod").unwrap_or_else(|| Sourced::new(date.value, Origin::Field("date"))),
            publish: by("publishdate").map(|at| at.value),
            expiry: by("expirydate").map(|at| at.value),
            slug: slug.map(|(_, slug)| slug).filter(|slug| !slug.is_empty()),
            date,
        })
    }

    fn first<'k>(
        &self,
        chain: &'k [String],
        found: &[(&str, Sourced<Timestamp>)],
        bad: &mut Vec<(&'k str, String)>,
    ) -> Option<Sourced<Timestamp>> {
        for key in chain {
            if key == ":filename" {
                if let Some(at) = day_in_name(self.place.name).and_then(|(day, _)| self.rule.day(day)) {
                    return Some(Sourced::new(at, Origin::FileName));
                }
            } else if let Some(value) = self.fields.get(key).filter(|value| !value.is_blank()) {
                if let Some(at) = self.rule.read(self.fields, key) {
                    return Some(Sourced::new(at, self.fields.origin(key)));
                }
                if bad.iter().all(|(told, _)| told != key) {
                    bad.push((key, format!("`{key}` is no date: {}", shown(value))));
                }
            } else if let Some((_, at)) = found.iter().find(|(name, _)| name == key) {
                return Some(at.clone());
            }
        }
        None
    }
}

fn shown(value: &Value) -> String {
    value.to_text().unwrap_or_default().trim().chars().take(100).collect()
}

/// `2024-01-02-name`: the day at the head of a name, and what follows it.
fn day_in_name(name: &str) -> Option<(NaiveDate, &str)> {
    let (day, rest) = name.split_at_checked(10)?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    // Hugo takes what is behind the last dot of the name for an extension.
    let rest = rest.rsplit_once('.').map_or(rest, |(before, _)| before);
    Some((day, rest.trim_matches([' ', '-', '_'])))
}
