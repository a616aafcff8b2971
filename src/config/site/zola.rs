//! A Zola site: its configuration file, and the pages of its sections.

mod languages;
mod templates;
mod theme;
mod tree;

use globset::Glob;

use super::jekyll::text_of;
use super::{Facts, Lookup, data};
use crate::config::{ConfigError, ZolaAnchors, ZolaFeeds, ZolaLanguage, ZolaMarkdown, ZolaSite, ZolaTaxonomy};
use crate::model::{Author, Language, Slugify, Value};
use languages::{Languages, Own};

/// The names of its file; the first that is there is read.
const NAMES: [&str; 2] = ["zola.toml", "config.toml"];

/// What a Zola site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    let config = read_file(lookup, &mut facts)?;
    let languages = Languages::of(&config);
    let text = |key: &str| languages.default.get(key).and_then(text_of);

    let base = text("base_url");
    facts.address = lookup.base_address("base_url", base.as_deref(), &mut facts.files)?;
    facts.title = text("title");
    facts.description = text("description");
    // Dates that state no offset are UTC.
    facts.timezone = Some("UTC".to_owned());
    facts.author = text("author").map(|name| Author { name, email: None, uri: None });
    // Zola knows no time from which a page is shown.
    facts.future = true;
    facts.limit = match config.get("feed_limit") {
        Some(Value::Int(limit)) => usize::try_from(*limit).ok().filter(|&limit| limit > 0),
        _ => None,
    };
    facts.destination = Some(lookup.dir.join(text("output_dir").unwrap_or_else(|| "public".to_owned())));
    let mut site = ZolaSite {
        base: base.filter(|_| lookup.address.is_none()).map(|base| base.trim().trim_end_matches('/').to_owned()),
        default: language(lookup, &config, &languages.default, None, &mut facts),
        others: Vec::new(),
        left_out: languages.left_out,
        drafts: Vec::new(),
        paths: slugify(&config, "paths"),
        terms: slugify(&config, "taxonomies"),
        keeps_dates: config.at(&["slugify", "paths_keep_dates"]).and_then(Value::as_bool) == Some(true),
        ignored: ignored(config.get("ignored_content")),
        markdown: markdown(&config),
        templates: templates::read(lookup, text("theme").as_deref(), &mut facts),
        config: theme::merged(lookup, &config, text("theme").as_deref(), &mut facts),
        plain_texts: None,
    };
    let skipped = config.get("skip_content_templating");
    if skipped.is_some() || site.templates.values().any(|text| templates::defines_components(text)) {
        let globs = skipped.map(Value::items).unwrap_or_default().iter().filter_map(text_of);
        let globs = globs.filter_map(|pattern| Some(Glob::new(&pattern).ok()?.compile_matcher()));
        site.plain_texts = Some(globs.collect());
    }
    for (code, own) in &languages.others {
        site.others.push(language(lookup, &config, own, Some(code), &mut facts));
        facts.languages.push(own.facts(code));
    }
    let told = |code| format!("`{code}` is no code of a language, or that of another one: its pages are in no feed");
    facts.notes.extend(site.left_out.iter().map(told));
    let tags = site.languages().filter_map(|own| own.taxonomy(&ZolaTaxonomy::TAGS));
    facts.tag_feeds = tags.filter(|tags| tags.feed).map(|tags| tags.path.clone()).next();
    facts.language = Some(languages.default.code);
    tree::read(lookup, &mut site, &mut facts);
    facts.zola = Some(Box::new(site));
    Ok(facts)
}

/// The configuration as one map; an empty one when there is none, or when it is ours.
fn read_file(lookup: Lookup<'_>, facts: &mut Facts) -> Result<Value, ConfigError> {
    for name in NAMES {
        let path = lookup.dir.join(name);
        facts.files.push(path.clone());
        let Some(text) = data::read(&path).map_err(|fault| lookup.fault(name, "", &fault))? else { continue };
        let config = data::parse(&text, "toml").map_err(|fault| lookup.fault(name, &text, &fault))?;
        if config.get("base_url").is_some() || config.get("source").is_none() {
            return Ok(config);
        }
    }
    Ok(Value::Map(Vec::new()))
}

/// What the configuration says about the pages in a language.
fn language(
    lookup: Lookup<'_>,
    config: &Value,
    own: &Own<'_>,
    language: Option<&Language>,
    facts: &mut Facts,
) -> ZolaLanguage {
    ZolaLanguage {
        language: language.cloned(),
        code: own.code.clone(),
        prefix: own.prefix(),
        taxonomies: taxonomies(config, own),
        sections: Vec::new(),
        feeds: feeds(lookup, own.get("feed_filenames").or_else(|| own.get("feed_filename")), facts),
    }
}

/// A rule for slugs: `slugify.paths` and its like, a boolean on sites of long ago.
fn slugify(config: &Value, key: &str) -> Slugify {
    let rule = config.at(&["slugify", key]);
    rule.and_then(Value::as_str).and_then(|name| Slugify::named(&name.to_lowercase())).unwrap_or_default()
}

/// The globs that can match: Zola matches them with whole paths, which begin with a slash.
fn ignored(stated: Option<&Value>) -> Vec<globset::GlobMatcher> {
    let patterns = stated.map(Value::items).unwrap_or_default().iter().filter_map(text_of);
    patterns
        .filter(|pattern| pattern.starts_with(['*', '?', '[', '{']))
        .filter_map(|pattern| Some(Glob::new(&pattern).ok()?.compile_matcher()))
        .collect()
}

/// `taxonomies`, each a table with a name; once those of all languages were listed together, with their code as `lang`.
fn taxonomies(config: &Value, own: &Own<'_>) -> Vec<ZolaTaxonomy> {
    let root = config.get("taxonomy_root").and_then(text_of).unwrap_or_default();
    let root = root.trim_matches('/');
    let rule = slugify(config, "taxonomies");
    let stated = own.get("taxonomies");
    let listed = stated.or_else(|| config.get("taxonomies")).map(Value::items).unwrap_or_default();
    let mut found = Vec::new();
    for taxonomy in listed {
        let lang = taxonomy.get("lang").and_then(Value::as_str).filter(|lang| !lang.is_empty());
        if !lang.map_or(stated.is_some(), |lang| lang == own.code) {
            continue;
        }
        let Some(name) = taxonomy.get("name").and_then(text_of) else { continue };
        let flag = |key: &str| taxonomy.get(key).and_then(Value::as_bool);
        let slug = rule.path(&name);
        found.push(ZolaTaxonomy {
            path: if root.is_empty() { slug } else { format!("{root}/{slug}") },
            feed: flag("feed").or_else(|| flag("rss")) == Some(true),
            has_pages: flag("render") != Some(false),
            name,
        });
    }
    found
}

fn markdown(config: &Value) -> ZolaMarkdown {
    let get = |key: &str| config.at(&["markdown", key]);
    let flag = |key: &str| get(key).and_then(Value::as_bool) == Some(true);
    let mut external = String::new();
    if let Some(class) = get("external_links_class").and_then(text_of) {
        external.push_str(&format!(" class=\"{}\"", escaped(&class)));
    }
    let relations = [
        ("noopener", flag("external_links_target_blank")),
        ("nofollow", flag("external_links_no_follow")),
        ("noreferrer", flag("external_links_no_referrer")),
        ("external", get("external_links_external").and_then(Value::as_bool) != Some(false)),
    ];
    let relations: Vec<&str> = relations.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name).collect();
    if !relations.is_empty() {
        external.push_str(&format!(" rel=\"{}\"", relations.join(" ")));
    }
    if flag("external_links_target_blank") {
        external.push_str(" target=\"_blank\"");
    }
    ZolaMarkdown {
        smart_punctuation: flag("smart_punctuation"),
        emoji: flag("render_emoji"),
        bottom_footnotes: flag("bottom_footnotes"),
        definition_list: flag("definition_list"),
        github_alerts: flag("github_alerts"),
        highlights: flag("highlight_code") || get("highlighting").is_some(),
        anchors: slugify(config, "anchors"),
        anchor_links: anchor_links(get("insert_anchor_links")).unwrap_or_default(),
        external,
    }
}

/// `insert_anchor_links`; `None` where it says nothing.
fn anchor_links(stated: Option<&Value>) -> Option<ZolaAnchors> {
    Some(match stated?.as_str()?.to_lowercase().as_str() {
        "left" => ZolaAnchors::Left,
        "right" => ZolaAnchors::Right,
        "heading" => ZolaAnchors::Around,
        "none" => ZolaAnchors::None,
        _ => return None,
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The names of its feeds by their formats: a template of the site's tells that of a name that does not.
fn feeds(lookup: Lookup<'_>, names: Option<&Value>, facts: &mut Facts) -> ZolaFeeds {
    let mut feeds = ZolaFeeds::default();
    let names: Vec<String> = match names.map(Value::items).unwrap_or_default() {
        [] => vec!["atom.xml".to_owned()],
        names => names.iter().filter_map(text_of).filter(|name| !name.ends_with(".json")).collect(),
    };
    for name in names {
        let lower = name.to_lowercase();
        let is_rss = if lower.contains("rss") || lower.contains("atom") {
            lower.contains("rss")
        } else {
            let path = lookup.dir.join("templates").join(&name);
            let template = data::read(&path).ok().flatten();
            facts.files.push(path);
            template.is_some_and(|template| template.contains("<rss"))
        };
        let known = if is_rss { &mut feeds.rss } else { &mut feeds.atom };
        known.get_or_insert(name);
    }
    feeds
}
