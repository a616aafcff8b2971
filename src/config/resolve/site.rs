//! `[site]`: what feeds say of the site.

use std::collections::BTreeMap;

use chrono_tz::TZ_VARIANTS;

use crate::config::error::ConfigError;
use crate::config::reader::Reader;
use crate::config::site::{Facts, LanguageFacts, address};
use crate::config::{Site, Zone, language_tag};
use crate::model::{Author, Label, Language, WebUrl, is_email};

/// Our `[site]` over the site's own word.
pub(super) fn resolve(
    reader: &mut Reader<'_, '_>,
    facts: &Facts,
    machine_zone: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<Site, ConfigError> {
    let url = facts.address.clone().map_err(|reason| {
        ConfigError::new(format!(
            "the site's address is not known: {reason}\n\
             give it as `url` under `[site]`, with `--base-url https://example.com/`, or in SYNDICATED_SITE_URL"
        ))
    })?;
    let (zone, show_zone) = zone(reader, facts, machine_zone, notes);
    let title = reader.parse("site.title", |text| plain(text).ok_or_else(|| "must not be empty".to_owned()));
    let host = url.url().host_str().unwrap_or_default().to_owned();
    Ok(Site {
        title: title.or_else(|| facts.title.as_deref().and_then(plain)).unwrap_or(host),
        description: plain(reader.text("site.description").or(facts.description.as_deref()).unwrap_or_default()),
        language: language(reader, facts, notes),
        zone,
        show_zone,
        author: author(reader, facts, &url),
        icon: picture(reader, "site.icon", facts.icon.as_deref(), &url, notes),
        logo: picture(reader, "site.logo", facts.logo.as_deref(), &url, notes),
        rights: plain(reader.text("site.rights").or(facts.rights.as_deref()).unwrap_or_default()),
        // Added when the address of our own is known.
        hubs: Vec::new(),
        home: facts.language_folder.as_deref().and_then(|folder| url.below(folder)).unwrap_or_else(|| url.clone()),
        url,
    })
}

/// What each further language says over what the site says, ours included: `[site]` is about the site as a whole.
pub(super) fn languages(facts: &Facts, site: &Site, notes: &mut Vec<String>) -> BTreeMap<Language, Site> {
    let in_language = |own: &LanguageFacts| {
        let url = own.url.clone().unwrap_or_else(|| site.url.clone());
        let site = Site {
            title: own.title.as_deref().and_then(plain).unwrap_or_else(|| site.title.clone()),
            description: own.description.as_deref().and_then(plain).or_else(|| site.description.clone()),
            language: tag(&own.tag, notes),
            author: own.author.clone().or_else(|| site.author.clone()),
            rights: own.rights.as_deref().and_then(plain).or_else(|| site.rights.clone()),
            home: url.below(&own.folder).unwrap_or_else(|| url.clone()),
            url,
            ..site.clone()
        };
        (own.language.clone(), site)
    };
    facts.languages.iter().map(in_language).collect()
}

/// The zone of dates without an offset, and whether the site states it.
fn zone(reader: &mut Reader<'_, '_>, facts: &Facts, machine: Option<&str>, notes: &mut Vec<String>) -> (Zone, bool) {
    if reader.text("site.timezone").is_some() {
        let zone = reader.parse("site.timezone", |name| Zone::parse(name).ok_or_else(|| unknown_zone(name)));
        return (zone.unwrap_or(Zone::UTC), true);
    }
    if let Some(name) = &facts.timezone {
        // The C library, which Jekyll leaves it to, takes an unknown zone for UTC too.
        let zone = Zone::parse(name).unwrap_or_else(|| {
            notes.push(format!(
                "the site's `timezone`: {}: dates without an offset are read as UTC",
                unknown_zone(name)
            ));
            Zone::UTC
        });
        return (zone, true);
    }
    let zone = machine.and_then(Zone::parse).unwrap_or(Zone::UTC);
    let whose = if machine.and_then(Zone::parse).is_some() { ", this machine's zone" } else { "" };
    notes.push(format!(
        "the site states no time zone: dates without an offset are read as {zone}{whose} (`timezone` under `[site]` sets it)"
    ));
    (zone, false)
}

fn unknown_zone(name: &str) -> String {
    let nearest = TZ_VARIANTS
        .iter()
        .filter(|_| name.len() <= 64)
        .map(|zone| (strsim::damerau_levenshtein(&name.to_lowercase(), &zone.name().to_lowercase()), zone.name()))
        .min();
    match nearest {
        Some((distance, near)) if distance <= 3 => format!("there is no zone `{name}`; did you mean `{near}`?"),
        _ => format!("there is no zone `{name}`; write an IANA name such as `Europe/Berlin`"),
    }
}

fn language(reader: &mut Reader<'_, '_>, facts: &Facts, notes: &mut Vec<String>) -> Option<String> {
    if reader.text("site.language").is_some() {
        let problem = |text: &str| format!("`{text}` is no language tag; write one such as `en` or `zh-CN`");
        return reader.parse("site.language", |text| language_tag(text).ok_or_else(|| problem(text)));
    }
    tag(facts.language.as_deref()?, notes)
}

fn tag(stated: &str, notes: &mut Vec<String>) -> Option<String> {
    let tag = language_tag(stated);
    if tag.is_none() {
        notes.push(format!("the site's language `{stated}` is no language tag: feeds state none"));
    }
    tag
}

/// The author: ours, its parts laid over it, else the site's.
fn author(reader: &mut Reader<'_, '_>, facts: &Facts, url: &WebUrl) -> Option<Author> {
    let parts = ["site.author.name", "site.author.email", "site.author.uri"];
    let name_key = if reader.get(parts[0]).is_some() { parts[0] } else { "site.author" };
    let name = reader.parse(name_key, |text| plain(text).ok_or_else(|| "must not be empty".to_owned()));
    let email = reader.parse(parts[1], |text| {
        let text = text.trim();
        if is_email(text) { Ok(text.to_owned()) } else { Err(format!("`{text}` is no e-mail address")) }
    });
    let uri = reader.parse(parts[2], |text| address::on_site(url, text).ok_or_else(|| no_url(text)));
    // A name of ours is another author than the site's, whose parts do not belong to it.
    let site = facts.author.clone();
    let mut author = match name {
        Some(name) => Author { name, email: None, uri: None },
        None => match site {
            Some(author) => author,
            None => {
                if email.is_some() || uri.is_some() {
                    let key = if email.is_some() { parts[1] } else { parts[2] };
                    reader.problem(key, "the author needs a name: `site.author.name`");
                }
                return None;
            }
        },
    };
    author.email = email.or(author.email);
    author.uri = uri.or(author.uri);
    Some(author)
}

fn picture(
    reader: &mut Reader<'_, '_>,
    key: &str,
    stated: Option<&str>,
    url: &WebUrl,
    notes: &mut Vec<String>,
) -> Option<WebUrl> {
    if reader.text(key).is_some() {
        return reader.parse(key, |text| address::on_site(url, text).ok_or_else(|| no_url(text)));
    }
    let stated = stated?;
    let picture = address::on_site(url, stated);
    if picture.is_none() {
        notes.push(format!("the site's picture `{stated}` is no URL: feeds do without"));
    }
    picture
}

fn no_url(text: &str) -> String {
    format!("`{text}` is no URL of the form https://example.com/")
}

/// Text as feeds show it: no control characters, white space as single spaces; `None` when nothing is left.
pub(super) fn plain(text: &str) -> Option<String> {
    Label::new(text).map(|label| label.as_str().to_owned())
}
