//! From what was written to what holds: every default filled in, every value checked.

mod aliases;
mod feeds;
mod identity;
mod output;
mod server;
mod site;
mod websub;

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::error::{ConfigError, Report};
use super::findings::{self, Stated};
use super::layout::Rules;
use super::load::{Places, absolute, below, show};
use super::reader::Reader;
use super::settings::{Settings, Written};
use super::site::{Facts, Lookup, address};
use super::units::{parse_duration, parse_size};
use super::{
    Config, Content, ContentMode, CssSelector, Dialect, FollowSymlinks, LogFormat, LogLevel, Pages, Source, fingerprint,
};
use crate::model::Folding;

/// The configuration that the settings and the site make together.
pub(super) fn resolve(
    settings: &Settings,
    places: &Places,
    machine_zone: Option<&str>,
    mut report: Report,
    mut notes: Vec<String>,
) -> Result<Config, ConfigError> {
    let mut reader = Reader { values: &settings.values, report: &mut report };
    let address = reader.parse("site.url", address::parse_base);
    let folder = site_folder(&mut reader, places);
    let dialect = reader.text("source.dialect").unwrap_or("auto");
    let mut report = report.finish()?;
    let mut reader = Reader { values: &settings.values, report: &mut report };
    let shown = show(&folder, &places.current_dir);
    let lookup = Lookup { dir: &folder, shown: &shown, address: address.as_ref() };
    let mut facts = super::site::read(lookup, dialect)?;
    notes.append(&mut facts.notes);

    let mut site = site::resolve(&mut reader, &facts, machine_zone, &mut notes)?;
    let mut languages = site::languages(&facts, &site, &mut notes);
    let has = |key: &str| reader.text(key).is_some_and(|text| !text.trim().is_empty());
    let stated = Stated { title: has("site.title"), description: has("site.description") };
    let output = output::resolve(&mut reader, places, &facts, &site);
    let websub = websub::resolve(&mut reader, &site, &output);
    std::iter::once(&mut site).chain(languages.values_mut()).for_each(|site| websub.advertise(site));
    let state = output::state(&reader, places, &output.dir);
    let content = content(&mut reader, &facts, output.layout.rules);
    let rules = output.layout.rules;
    let folding = match rules {
        Rules::Zola(slugify) => Folding::Slug(slugify),
        _ if facts.hugo.is_some() => Folding::Term,
        _ => Folding::Case,
    };
    let categories = feeds::categories(&mut reader, &settings.labels, &site, folding, rules, &facts);
    let mut feeds = feeds::custom(&settings.feeds, &categories, &content, &output, &facts, reader.report);
    match (&mut facts.jekyll, rules) {
        (Some(jekyll), Rules::JekyllFeed) => feeds.extend(feeds::of_collections(jekyll, &site, &content, &categories)),
        // Nobody reads them.
        (Some(jekyll), _) => jekyll.collections.clear(),
        (None, _) => {}
    }
    if let (Some(zola), Rules::Zola(_)) = (&facts.zola, rules) {
        let of_sections = feeds::of_sections(zola, &site, &languages, &content, &output, &feeds);
        feeds.extend(of_sections);
    }
    let identity_keys = reader.list("identity.keys", |key| Ok(key.to_owned())).unwrap_or_default();
    let identity = identity::resolve(&mut reader, places, &facts.root);
    let findings = findings::of(&places.file, stated, &facts, &site, &identity);
    let exclude = exclude(&mut reader, &facts);
    let threads = threads(&reader);
    let server = server::resolve(&mut reader, places);
    let (log, log_level) = log(&reader);
    let mut ours = vec![&output.dir, &state];
    ours.extend(content.pages.as_ref().map(|pages| &pages.folder));
    let source = source(&mut reader, &mut facts, exclude.clone(), &ours, &mut notes);
    let mut report = report.finish()?;

    let mut files = vec![places.file.clone()];
    files.append(&mut facts.files);
    files.push(identity.file.clone());
    let mut config = Config {
        site,
        languages,
        source,
        output,
        content,
        identity_keys,
        identity,
        categories,
        feeds,
        state,
        threads,
        server,
        websub,
        log,
        log_level,
        files,
        folders: facts.folders,
        fingerprint: String::new(),
        notes,
        findings,
    };
    config.output.aliases = aliases::resolve(&settings.aliases, &config, &mut report);
    report.finish()?;
    config.fingerprint = fingerprint::of(&config, &exclude.1);
    Ok(config)
}

fn site_folder(reader: &mut Reader<'_, '_>, places: &Places) -> PathBuf {
    let setting = reader.get("source.path");
    let folder = setting.and_then(|setting| places.path(setting)).unwrap_or_else(|| places.folder().to_path_buf());
    if !folder.is_dir() {
        reader.problem("source.path", &format!("{} is no folder", folder.display()));
    }
    folder
}

fn source(
    reader: &mut Reader<'_, '_>,
    facts: &mut Facts,
    exclude: (GlobSet, Vec<String>),
    ours: &[&PathBuf],
    notes: &mut Vec<String>,
) -> Source {
    let drafts = reader.bool("source.drafts").unwrap_or(facts.drafts);
    let permalink = reader.parse("source.permalink", permalink);
    if permalink.is_some() && (facts.jekyll.is_some() || facts.hugo.is_some() || facts.zola.is_some()) {
        notes.push(
            "`source.permalink` is for plain sites: this one's pages are where its generator puts them".to_owned(),
        );
    }
    let dialect = match (facts.jekyll.take(), facts.hugo.take(), facts.zola.take()) {
        (Some(mut jekyll), _, _) => {
            jekyll.show_drafts = drafts;
            Dialect::Jekyll(jekyll)
        }
        (None, Some(hugo), _) => Dialect::Hugo(hugo),
        (None, None, Some(zola)) => Dialect::Zola(zola),
        (None, None, None) => Dialect::Plain {
            permalink: permalink.unwrap_or_else(|| ":year/:month/:slug/".to_owned()),
            authors: std::mem::take(&mut facts.authors),
        },
    };
    let skipped = ours.iter().copied().chain(&facts.destination);
    Source {
        skip: skipped.filter_map(|folder| below(&facts.root, folder)).collect(),
        root: facts.root.clone(),
        dialect,
        exclude: exclude.0,
        future: reader.bool("source.future").unwrap_or(facts.future),
        drafts,
        follow_symlinks: match reader.text("source.follow_symlinks") {
            Some("never") => FollowSymlinks::Never,
            Some("all") => FollowSymlinks::All,
            _ => FollowSymlinks::Inside,
        },
        poll: reader.parse("source.poll", poll).flatten(),
    }
}

/// How often everything is looked at; `None` to watch.
fn poll(text: &str) -> Result<Option<Duration>, String> {
    const BOUNDS: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(24 * 3600);
    if text == "auto" {
        return Ok(None);
    }
    let every = parse_duration(text).filter(|every| BOUNDS.contains(every));
    every.map(Some).ok_or_else(|| "must be `auto`, or a time from `100 ms` to `24 h` such as `5 s`".to_owned())
}

/// A template of placeholders `:name` and literal text, as Jekyll's.
fn permalink(template: &str) -> Result<String, String> {
    if template.trim().is_empty() || template.chars().any(char::is_control) || template.contains("//") {
        return Err("must be a path such as `:year/:month/:slug/`".to_owned());
    }
    if template.contains(['?', '#']) || template.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("must be a path: no `?`, no `#`, no `.` or `..` segment".to_owned());
    }
    if !template.contains(':') {
        return Err("needs a placeholder such as `:slug`, or all posts would have one page".to_owned());
    }
    Ok(template.trim().to_owned())
}

/// Our globs, each also with everything below it; with all that decides about files as text.
fn exclude(reader: &mut Reader<'_, '_>, facts: &Facts) -> (GlobSet, Vec<String>) {
    let glob = |pattern: &str| {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let build =
            |text: &str| GlobBuilder::new(text).literal_separator(true).build().map_err(|error| error.to_string());
        Ok::<_, String>([build(pattern)?, build(&format!("{pattern}/**"))?])
    };
    let ours = reader.list("source.exclude", glob).unwrap_or_default();
    let mut set = GlobSetBuilder::new();
    let mut texts = Vec::new();
    for glob in ours.into_iter().flatten() {
        texts.push(glob.glob().to_owned());
        set.add(glob);
    }
    texts.extend(facts.exclude.iter().cloned());
    texts.extend(facts.include.iter().map(|pattern| format!("not {pattern}")));
    let set = reader.accept("source.exclude", set.build().map_err(|error| error.to_string()));
    (set.unwrap_or_else(GlobSet::empty), texts)
}

fn content(reader: &mut Reader<'_, '_>, facts: &Facts, rules: Rules) -> Content {
    const LEAST: u64 = 1024;
    let size = reader.get("content.max_size").map(|setting| match &setting.written {
        Written::Int(number) => u64::try_from(*number).ok(),
        Written::Text(text) => parse_size(text),
        _ => None,
    });
    let max_size = size.map_or(Some(1 << 20), |size| {
        let problem = "must be a size such as `1 MiB`, or a number of bytes, from 1 KiB";
        reader.accept("content.max_size", size.filter(|&size| size >= LEAST).ok_or_else(|| problem.to_owned()))
    });
    Content {
        mode: mode(reader.text("content.mode")).or(facts.mode).unwrap_or(ContentMode::Full),
        limit: reader.count("content.limit").or(facts.limit).unwrap_or(match rules {
            Rules::JekyllFeed => 10,
            // Zola's feeds hold all pages; ours are bounded by their size.
            Rules::Zola(_) => usize::MAX,
            Rules::Ours => 20,
        }),
        max_size: max_size.unwrap_or(1 << 20),
        keep_iframes: reader.text("content.iframes") == Some("keep"),
        first_picture: reader.bool("content.first_picture").unwrap_or(false),
        pages: pages(reader, facts),
    }
}

/// The folder and selectors of `content.from = "page"`. They are checked also where they are not used.
fn pages(reader: &mut Reader<'_, '_>, facts: &Facts) -> Option<Pages> {
    let folder = reader.parse("content.pages", |text| match text.trim() {
        "" => Err("must be a folder".to_owned()),
        _ => Ok(absolute(&facts.root, text.as_ref())),
    });
    let select = reader.parse("content.select", CssSelector::parse);
    let remove = reader.parse("content.remove", CssSelector::parse);
    (reader.text("content.from") == Some("page")).then(|| Pages {
        folder: folder
            .unwrap_or_else(|| absolute(&facts.root, facts.destination.as_deref().unwrap_or("public".as_ref()))),
        select,
        remove,
    })
}

fn mode(name: Option<&str>) -> Option<ContentMode> {
    match name? {
        "full" => Some(ContentMode::Full),
        "excerpt" => Some(ContentMode::Excerpt),
        "none" => Some(ContentMode::None),
        _ => None,
    }
}

fn threads(reader: &Reader<'_, '_>) -> usize {
    match reader.count("state.threads") {
        Some(threads) if threads > 0 => threads.min(1024),
        _ => crate::processor::cores(),
    }
}

fn log(reader: &Reader<'_, '_>) -> (LogFormat, LogLevel) {
    let format = if reader.text("log.format") == Some("json") { LogFormat::Json } else { LogFormat::Text };
    let level = match reader.text("log.level") {
        Some("error") => LogLevel::Error,
        Some("warn") => LogLevel::Warn,
        Some("debug") => LogLevel::Debug,
        Some("trace") => LogLevel::Trace,
        _ => LogLevel::Info,
    };
    (format, level)
}
