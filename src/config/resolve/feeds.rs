//! `[categories]` and `[[feed]]`: which feeds there are beside that of all posts.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobMatcher, escape};

use super::mode;
use super::site::plain;
use crate::config::aliases::neighbour;
use crate::config::error::{Origin, Report};
use crate::config::layout::{PathTemplate, Rules, capitalized};
use crate::config::reader::Reader;
use crate::config::settings::Values;
use crate::config::site::Facts;
use crate::config::{
    Categories, Collection, Content, CustomFeed, JekyllSite, LabelSettings, Output, Selection, Site, Split, Spread,
    ZolaLanguage, ZolaSection, ZolaSite,
};
use crate::model::{Folding, Format, Label, Language};

/// `[categories]`.
///
/// `folding` is the site's own, which holds where the configuration does not say otherwise.
pub(super) fn categories(
    reader: &mut Reader<'_, '_>,
    labels: &[(String, Origin, Values)],
    site: &Site,
    folding: Folding,
    rules: Rules,
    facts: &Facts,
) -> Categories {
    let fold = reader.bool("categories.fold_case").unwrap_or(rules != Rules::JekyllFeed);
    let has_tag_feeds = rules != Rules::Ours && facts.tag_feeds.is_some();
    let mut categories = Categories {
        folding: if fold { folding } else { Folding::None },
        split: match reader.text("categories.split") {
            Some("comma") => Split::Comma,
            Some("none") => Split::None,
            _ => Split::Dialect,
        },
        tags: reader.bool("categories.tags").unwrap_or(has_tag_feeds),
        authors: reader.bool("categories.authors").unwrap_or(false),
        standing: Vec::new(),
        labels: BTreeMap::new(),
    };
    if rules == Rules::JekyllFeed {
        let labels = facts.category_feeds.iter().filter_map(|label| Label::new(label));
        categories.standing = labels.map(|label| categories.key(&label)).collect();
    }
    for (name, origin, values) in labels {
        let Some(label) = Label::new(name) else {
            reader.report.add(origin, "a label must not be empty");
            continue;
        };
        let settings = label_settings(&mut Reader { values, report: reader.report }, site);
        if categories.labels.insert(categories.key(&label), settings).is_some() {
            reader.report.add(
                origin,
                &format!("`categories.label.\"{label}\"` stands twice, in two spellings", label = label.as_str()),
            );
        }
    }
    categories
}

fn label_settings(reader: &mut Reader<'_, '_>, site: &Site) -> LabelSettings {
    LabelSettings {
        title: reader.parse("categories.label.*.title", not_empty),
        url: reader.parse("categories.label.*.url", |text| match site.absolute(text) {
            Some(_) => Ok(text.trim().to_owned()),
            None => Err(format!("`{text}` is neither a URL nor a path")),
        }),
    }
}

/// `[[feed]]`, each with a path of its own.
pub(super) fn custom(
    tables: &[(Origin, Values)],
    categories: &Categories,
    content: &Content,
    output: &Output,
    facts: &Facts,
    report: &mut Report,
) -> Vec<CustomFeed> {
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let files = |path: &PathTemplate| -> Vec<String> {
        let page = output.html.as_ref().map(|_| path.page());
        output.formats.iter().map(|&format| path.template(format)).chain(page).map(str::to_owned).collect()
    };
    taken.extend(files(&output.layout.paths.all).into_iter().map(|path| (path, "the feed of all posts".to_owned())));
    for own in &facts.languages {
        let folder = output.layout.folder(Some(&own.language));
        taken.insert(folder.trim_end_matches('/').to_owned(), format!("the feeds in the language {}", own.language));
    }
    taken.extend(output.lists().into_iter().map(|(path, list)| (path.to_string(), list.to_owned())));
    let mut feeds = Vec::with_capacity(tables.len());
    for (n, (origin, values)) in tables.iter().enumerate() {
        let mut reader = Reader { values, report };
        for key in ["feed.path", "feed.title"] {
            if reader.get(key).is_none() {
                let name = key.trim_start_matches("feed.");
                reader.report.add(origin, &format!("this `[[feed]]` needs a `{name}`"));
            }
        }
        let path = reader.parse("feed.path", |template| PathTemplate::parse(template, false, &output.formats));
        let title = reader.parse("feed.title", not_empty);
        let any = selection(&mut reader, "any", categories);
        let all = selection(&mut reader, "all", categories);
        let none = selection(&mut reader, "none", categories);
        let (Some(path), Some(title)) = (path, title) else { continue };
        for own in files(&path) {
            if let Some((_, other)) = neighbour(&taken, &own) {
                reader.problem("feed.path", &format!("`{own}` meets the path of {other}"));
            }
            if output.archive.as_ref().is_some_and(|archive| archive.meets(&own)) {
                reader.problem("feed.path", &format!("`{own}` can meet a page of an archive (output.layout.archive)"));
            }
            taken.insert(own, format!("`[[feed]]` {}", n + 1));
        }
        feeds.push(CustomFeed {
            collection: None,
            spread: Spread::Each,
            path,
            title,
            description: reader.text("feed.description").and_then(plain),
            any,
            all,
            none,
            limit: reader.count("feed.limit").unwrap_or(content.limit),
            mode: mode(reader.text("feed.mode")).unwrap_or(content.mode),
        });
    }
    feeds
}

/// jekyll-feed's feeds of the site's collections and of categories in them.
pub(super) fn of_collections(
    jekyll: &JekyllSite,
    site: &Site,
    content: &Content,
    categories: &Categories,
) -> Vec<CustomFeed> {
    let feed = |collection: &Collection, path: &str, title: String, labels: Vec<String>| {
        let atom = path.trim_start_matches('/');
        let rss = atom.strip_prefix("feed/").map_or_else(|| format!("rss/{atom}"), |rest| format!("rss/{rest}"));
        CustomFeed {
            collection: Some(collection.name.clone()),
            spread: Spread::One(None),
            path: PathTemplate::fixed(&rss, atom),
            title,
            description: site.description.clone(),
            any: Selection::default(),
            all: Selection { categories: labels, ..Selection::default() },
            none: Selection::default(),
            limit: content.limit,
            mode: content.mode,
        }
    };
    let mut feeds = Vec::new();
    for collection in &jekyll.collections {
        let title = format!("{} | {}", site.title, capitalized(&collection.name));
        for label in collection.categories.iter().filter_map(|label| Label::new(label)) {
            let path = format!("feed/{}/{}.xml", collection.name, Rules::JekyllFeed.name(label.as_str()));
            let title = format!("{title} | {}", capitalized(label.as_str()));
            feeds.push(feed(collection, &path, title, vec![categories.key(&label)]));
        }
        feeds.push(feed(collection, &collection.feed_path, title, Vec::new()));
    }
    feeds
}

/// Zola's feeds of the sections that ask for them: of their own pages, and those of transparent sections in them. One whose
/// place another feed has is left out; Zola stops there.
pub(super) fn of_sections(
    zola: &ZolaSite,
    site: &Site,
    languages: &BTreeMap<Language, Site>,
    content: &Content,
    output: &Output,
    custom: &[CustomFeed],
) -> Vec<CustomFeed> {
    let layout = &output.layout;
    let whole = |language: Option<&Language>, path: &PathTemplate| {
        [Format::Rss, Format::Atom].map(|format| format!("{}{}", layout.folder(language), path.template(format)))
    };
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for language in zola.languages().map(|own| own.language.as_ref()) {
        taken.extend(whole(language, &layout.paths_in(language).all));
        taken.extend(custom.iter().flat_map(|feed| whole(language, &feed.path)));
    }
    let mut feeds = Vec::new();
    for own in zola.languages() {
        let language = own.language.as_ref();
        let site = language.and_then(|language| languages.get(language)).unwrap_or(site);
        for section in own.sections.iter().filter(|section| section.has_feeds && has_page(section, zola)) {
            let path = |format| format!("{}/{}", section.folder, layout.paths_in(language).all.template(format));
            let path = PathTemplate::fixed(&path(Format::Rss), &path(Format::Atom));
            let places = whole(language, &path);
            if places.iter().any(|place| taken.contains(place)) {
                continue;
            }
            taken.extend(places);
            let title = section.title.as_deref().and_then(plain);
            feeds.push(CustomFeed {
                collection: None,
                spread: Spread::One(own.language.clone()),
                path,
                title: title.map_or_else(|| site.title.clone(), |title| format!("{} - {title}", site.title)),
                description: site.description.clone(),
                any: Selection { paths: pages_of(section, own), ..Selection::default() },
                all: Selection::default(),
                none: Selection::default(),
                limit: content.limit,
                mode: content.mode,
            });
        }
    }
    feeds
}

/// Whether Zola makes a section that is not the home page of a language: neither it nor a folder that it is in is a draft.
fn has_page(section: &ZolaSection, zola: &ZolaSite) -> bool {
    let above = section.folder.rsplit_once('/').map_or("", |(above, _)| above);
    !section.is_draft && !section.folder.is_empty() && !zola.is_draft(above)
}

/// Where the pages of a section are, those of other languages too.
fn pages_of(section: &ZolaSection, own: &ZolaLanguage) -> Vec<GlobMatcher> {
    let mut folders = vec![section.folder.as_str()];
    for other in &own.sections {
        let parent = other.folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        // Sections are sorted: the one that holds another comes before it.
        if other.is_transparent && !other.folder.is_empty() && folders.contains(&parent) {
            folders.push(&other.folder);
        }
    }
    let globs = |folder: &str| {
        let folder = if folder.is_empty() { "content".to_owned() } else { format!("content/{}", escape(folder)) };
        [format!("{folder}/*.md"), format!("{folder}/*/index.md"), format!("{folder}/*/index.*.md")]
    };
    folders.into_iter().flat_map(globs).filter_map(|glob| path_glob(&glob).ok()).collect()
}

fn selection(reader: &mut Reader<'_, '_>, which: &str, categories: &Categories) -> Selection {
    let mut labels = |kind: &str| {
        let key = |text: &str| {
            Label::new(text).map(|label| categories.key(&label)).ok_or_else(|| "must not be empty".to_owned())
        };
        reader.list(&format!("feed.{which}.{kind}"), key).unwrap_or_default()
    };
    let (categories, tags, authors) = (labels("categories"), labels("tags"), labels("authors"));
    let paths = reader.list(&format!("feed.{which}.paths"), path_glob).unwrap_or_default();
    Selection { categories, tags, authors, paths }
}

fn path_glob(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| error.to_string())?;
    Ok(glob.compile_matcher())
}

fn not_empty(text: &str) -> Result<String, String> {
    plain(text).ok_or_else(|| "must not be empty".to_owned())
}
