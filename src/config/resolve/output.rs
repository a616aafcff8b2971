//! `[output]` and `[state]`: where feeds go, under which addresses and paths.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::config::layout::{Layout, OwnPaths, PathTemplate, Paths, Rules};
use crate::config::load::Places;
use crate::config::reader::Reader;
use crate::config::settings::Written;
use crate::config::site::{Facts, address};
use crate::config::template::{check_template, may_meet};
use crate::config::units::{is_mode, parse_mode};
use crate::config::{Aliases, Archive, Output, Site, archive};
use crate::model::{FeedPath, Format, Language, WebUrl};

/// `[output]`.
pub(super) fn resolve(reader: &mut Reader<'_, '_>, places: &Places, facts: &Facts, site: &Site) -> Output {
    let dir = reader.get("output.path").and_then(|setting| places.path(setting));
    if let Some(dir) = &dir {
        if dir.exists() && !dir.is_dir() {
            reader.problem("output.path", &format!("{} is no folder", dir.display()));
        }
        // No post below the output is ever read, so that all of them would seem to be gone.
        let holds_posts = |below: &Path| below.iter().any(|folder| folder == "_posts" || folder == "_drafts");
        if facts.jekyll.is_some() && dir.strip_prefix(&facts.root).is_ok_and(holds_posts) {
            reader.problem(
                "output.path",
                &format!("{} is a folder of posts: feeds need one of their own", dir.display()),
            );
        }
    }
    let formats = formats(reader);
    let feeds_url = reader.parse("output.feeds_url", |text| {
        let url = address::on_site(&site.url, text).ok_or_else(|| format!("`{text}` is neither a URL nor a path"))?;
        address::parse_base(url.as_str())
    });
    let opml = reader.bool("output.opml").unwrap_or(true);
    let archive = archive(reader);
    let layout = layout(reader, facts, &formats);
    // jekyll-feed's feeds and Zola's lie among the pages.
    let folder = if layout.rules == Rules::Ours { "feeds/" } else { "/" };
    let feeds_url = feeds_url.or_else(|| site.absolute(folder)).unwrap_or_else(|| site.url.clone());
    let html = html(reader).then(|| index(&feeds_url, site)).flatten();
    let output = Output {
        dir: dir.unwrap_or_else(|| places.output_base.join("feeds")),
        feeds_url,
        layout,
        formats,
        archive,
        opml,
        html,
        mode: mode(reader),
        // They are held against all feeds, of which not all are known yet.
        aliases: Aliases::default(),
    };
    let conflict = output.layout.every_paths().find_map(|paths| conflict(paths, &output));
    if let Some((key, problem)) = conflict.or_else(|| language_conflict(&output.layout, facts)) {
        let key = if reader.get(key).is_some() { key } else { "output.layout" };
        reader.problem(key, &problem);
    }
    output
}

/// Whether there are pages for people: who serves feeds has somebody who looks at them.
fn html(reader: &Reader<'_, '_>) -> bool {
    let is_served = || match reader.get("server.listen").map(|setting| &setting.written) {
        Some(Written::List(addresses)) => !addresses.is_empty(),
        listen => listen.is_some(),
    };
    reader.bool("output.html").unwrap_or_else(is_served)
}

/// Where the page lies that lists all feeds: what a web server shows of the folder, unless that is the home page of the site.
fn index(feeds_url: &WebUrl, site: &Site) -> Option<FeedPath> {
    FeedPath::new(if feeds_url == &site.url { "feeds.html" } else { "index.html" })
}

/// The state's folder: as set, else `.syndicated/` and the output's name, beside the output.
pub(super) fn state(reader: &Reader<'_, '_>, places: &Places, out: &Path) -> PathBuf {
    let set = reader.get("state.path").and_then(|setting| places.path(setting));
    set.unwrap_or_else(|| {
        let name = out.file_name().unwrap_or(OsStr::new("feeds"));
        out.parent().unwrap_or(out).join(".syndicated").join(name)
    })
}

fn formats(reader: &mut Reader<'_, '_>) -> Vec<Format> {
    let mut formats = Vec::new();
    let named = reader.list("output.formats", |name| {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(String::new)
    });
    for format in named.unwrap_or_else(|| vec![Format::Rss, Format::Atom]) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    if formats.is_empty() {
        reader.problem("output.formats", "must name at least one format");
    }
    formats
}

/// The archives; their folder is checked whether there are any or not.
fn archive(reader: &mut Reader<'_, '_>) -> Option<Archive> {
    let own = reader.parse("output.layout.archive", Archive::parse);
    let archive = own.or_else(|| Archive::parse(archive::FOLDER).ok());
    archive.filter(|_| reader.bool("output.archive") == Some(true))
}

/// The named layout with the templates that are given laid over it.
fn layout(reader: &mut Reader<'_, '_>, facts: &Facts, formats: &[Format]) -> Layout {
    let name = reader.text("output.layout").unwrap_or("default");
    // The site's own feed path, where it is a file that could be ours.
    let site_path = facts.feed_path.as_deref().map(|path| path.trim_start_matches('/'));
    let site_path = site_path.filter(|path| !path.contains(['{', '}']) && check_template(path, false).is_ok());
    let tags = facts.tag_feeds.as_deref().map(|path| path.trim_start_matches('/'));
    let tags =
        tags.filter(|path| !path.contains(['{', '}']) && check_template(&format!("{path}{{slug}}.xml"), true).is_ok());
    let own = OwnPaths {
        all: site_path,
        tags,
        hugo: facts.hugo.as_deref(),
        zola: facts.zola.as_deref(),
        folder: facts.feeds_folder.as_deref(),
    };
    let mut layout = Layout::named(name, &own);
    let mut given = |key: &str, needs_slug: bool, of: fn(&mut Paths) -> &mut PathTemplate| {
        if let Some(own) = reader.parse(key, |template| PathTemplate::parse(template, needs_slug, formats)) {
            layout.every_paths_mut().for_each(|paths| of(paths).clone_from(&own));
        }
    };
    given("output.layout.all", false, |paths| &mut paths.all);
    given("output.layout.category", true, |paths| &mut paths.category);
    given("output.layout.tag", true, |paths| &mut paths.tag);
    given("output.layout.author", true, |paths| &mut paths.author);
    layout
}

/// Two kinds of feeds, two files of one, a feed and a list of all, or one and the pages of archives, that could be one file; with
/// the key of the second.
fn conflict(paths: &Paths, output: &Output) -> Option<(&'static str, String)> {
    let lists = output.lists();
    let mut seen: Vec<(&str, String)> = lists.iter().map(|(path, list)| (*list, path.to_string())).collect();
    let documents = paths
        .kinds()
        .into_iter()
        .flat_map(|(kind, key, path)| output.formats.iter().map(move |&format| (kind, key, path.template(format))));
    let pages = documents.clone().filter_map(|(_, _, template)| {
        let template = output.archive.as_ref()?.template_of(template);
        Some(("a page of an archive", "output.layout.archive", template))
    });
    let own = paths
        .kinds()
        .into_iter()
        .filter_map(|(kind, key, path)| output.html.as_ref().map(|_| (kind, key, path.page().to_owned())));
    let documents = documents.clone().map(|(kind, key, template)| (kind, key, template.to_owned()));
    for (kind, key, template) in documents.chain(own).chain(pages) {
        if let Some((other, taken)) = seen.iter().find(|(_, taken)| may_meet(taken, &template)) {
            let problem = format!("`{template}` of {kind} can meet `{taken}` of {other}");
            return Some((key, problem));
        }
        seen.push((kind, template));
    }
    None
}

/// A kind of feeds that could lie in the folder of a further language; with its key.
fn language_conflict(layout: &Layout, facts: &Facts) -> Option<(&'static str, String)> {
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let kinds = layout.paths.kinds();
    let mut all =
        kinds.iter().flat_map(|(kind, key, path)| Format::ALL.map(|format| (kind, key, path.template(format))));
    all.find_map(|(kind, key, template)| {
        let path = format!("{}{template}", layout.default_folder);
        let meets = |language: &Language| may_meet(&first(&path), &first(&layout.folder(Some(language))));
        let language = facts.languages.iter().map(|own| &own.language).find(|language| meets(language))?;
        Some((*key, format!("`{template}` of {kind} can meet the folder of the language {language}")))
    })
}

fn mode(reader: &mut Reader<'_, '_>) -> Option<u32> {
    let mode = match &reader.get("output.mode")?.written {
        Written::Text(text) => parse_mode(text),
        Written::Int(number) => u32::try_from(*number).ok().filter(|&mode| is_mode(mode)),
        _ => None,
    };
    let problem = "must be permissions in octal, such as \"0644\", that let their owner read and write";
    reader.accept("output.mode", mode.ok_or_else(|| problem.to_owned()))
}
