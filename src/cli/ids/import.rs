//! `ids import`: posts take over the ids that another program's feeds have for the same pages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use super::feeds::{self, Old, page_key};
use super::{with_rows_of_others, write};
use crate::cli::args::Import;
use crate::cli::build::everything;
use crate::cli::{CommandError, Exit, load, show};
use crate::engine::{Engine, Known, Silent};
use crate::model::{ItemId, Pin, Pins, SitePath};

pub(super) fn import(args: &Import) -> Result<Exit, CommandError> {
    let mut entries = Vec::new();
    for feed in &args.feeds {
        entries.extend(feeds::read(feed)?);
    }
    let mut engine = Engine::looking(load(&args.site)?)?;
    everything(&mut engine, &Silent)?;
    let posts = engine.known()?;
    let matched = matched(&entries, &posts);
    let rows = posts.iter().filter_map(|post| {
        let id = matched.taken.get(&post.path)?;
        Some(Pin { path: post.path.clone(), id: id.clone(), body: post.body })
    });
    let pins = Pins::new(with_rows_of_others(rows.collect(), &engine.config().identity.pins));
    let file = write(&engine, &pins)?;
    let mut text = String::new();
    if args.verbose {
        for (path, id) in &matched.taken {
            let _ = writeln!(text, "{path} keeps {}", show::printable(id.as_str()));
        }
    }
    for problem in &matched.problems {
        let _ = writeln!(text, "not taken over: {}", show::printable(problem));
    }
    let (taken, problems) = (matched.taken.len(), matched.problems.len());
    let _ = writeln!(
        text,
        "{file}: {} taken over from {}, {problems} not",
        show::plural(taken, "id"),
        plural_entries(entries.len())
    );
    show::print(&text);
    Ok(Exit::Done)
}

fn plural_entries(n: usize) -> String {
    if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") }
}

/// Which post takes over which id.
#[derive(Debug, Default, PartialEq, Eq)]
struct Matched {
    taken: BTreeMap<SitePath, ItemId>,
    /// Why the other entries' ids are not taken over.
    problems: Vec<String>,
}

fn matched(entries: &[Old], posts: &[Known]) -> Matched {
    let mut pages: HashMap<String, Vec<&Known>> = HashMap::new();
    for post in posts {
        if let Some(key) = page_key(post.link.as_str()) {
            pages.entry(key).or_default().push(post);
        }
    }
    // Nobody may take the id that another post has now: then one of the two would be in no feed.
    let mut owners: HashMap<ItemId, &SitePath> = posts.iter().map(|post| (post.id.clone(), &post.path)).collect();
    let mut matched = Matched::default();
    // An entry may stand in several feeds.
    let mut seen = HashSet::new();
    for entry in entries.iter().filter(|entry| seen.insert(*entry)) {
        match heir(entry, &pages, &owners, &matched.taken) {
            Ok((post, id)) => {
                owners.insert(id.clone(), &post.path);
                matched.taken.insert(post.path.clone(), id);
            }
            Err(problem) => matched.problems.push(format!("{} of {}: {problem}", entry.id, entry.link)),
        }
    }
    matched
}

/// The post that takes over the id of an entry, or why none does.
fn heir<'a>(
    entry: &Old,
    pages: &HashMap<String, Vec<&'a Known>>,
    owners: &HashMap<ItemId, &SitePath>,
    taken: &BTreeMap<SitePath, ItemId>,
) -> Result<(&'a Known, ItemId), String> {
    let found = page_key(&entry.link).and_then(|key| pages.get(&key)).map_or(&[][..], Vec::as_slice);
    let post = match found {
        [] => return Err("no post has this page".to_owned()),
        [post] => *post,
        [one, other, ..] => return Err(format!("{} and {} both have this page", one.path, other.path)),
    };
    let id = ItemId::parse(&entry.id).ok_or("it is no absolute IRI, which an Atom id must be")?;
    if post.is_stated && post.id != id {
        return Err(format!("{} says its own in its front matter (feed_id)", post.path));
    }
    if let Some(other) = taken.get(&post.path).filter(|other| **other != id) {
        return Err(format!("{} has taken over {} already", post.path, other.as_str()));
    }
    if let Some(owner) = owners.get(&id).filter(|owner| **owner != &post.path) {
        return Err(format!("{owner} has it"));
    }
    if !Pins::can_hold(&post.path) {
        return Err(format!("{} has a name that no row can hold", post.path));
    }
    Ok((post, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyHash, WebUrl};

    fn post(path: &str, id: &str, link: &str, is_stated: bool) -> Known {
        Known {
            path: SitePath::from_bytes(path.as_bytes()),
            id: ItemId::parse(id).unwrap(),
            link: WebUrl::parse(link).unwrap(),
            body: BodyHash::of(path),
            is_stated,
        }
    }

    fn entry(link: &str, id: &str) -> Old {
        Old { link: link.to_owned(), id: id.to_owned() }
    }

    #[test]
    fn an_entry_is_the_post_with_its_page() {
        let posts = [
            post("a.md", "https://new.example/a", "https://new.example/2020/a/", false),
            post("b.md", "urn:own", "https://new.example/2020/b/", true),
            post("c.md", "https://new.example/c", "https://new.example/2020/same/", false),
            post("d.md", "https://new.example/d", "https://new.example/2020/same/", false),
            post("e.md", "https://new.example/e", "https://new.example/2020/e/", false),
        ];
        let entries = [
            entry("http://old.example/2020/a", "http://old.example/?p=1"),
            entry("http://old.example/2020/a", "http://old.example/?p=1"),
            entry("http://old.example/2020/a/index.html", "http://old.example/?p=2"),
            entry("http://old.example/2020/b/", "http://old.example/?p=3"),
            entry("http://old.example/2020/same/", "http://old.example/?p=4"),
            entry("http://old.example/2020/gone/", "http://old.example/?p=5"),
            entry("http://old.example/2020/e/", "17"),
            entry("http://old.example/2020/e/", "urn:own"),
            entry("http://old.example/2020/e/", "http://old.example/?p=1"),
        ];
        let matched = matched(&entries, &posts);
        let taken: Vec<_> = matched.taken.iter().map(|(path, id)| (path.to_string(), id.as_str())).collect();
        assert_eq!(taken, [("a.md".to_owned(), "http://old.example/?p=1")]);
        let why = ["already", "feed_id", "c.md and d.md", "no post", "no absolute IRI", "b.md has it", "a.md has it"];
        assert_eq!(matched.problems.len(), why.len(), "{:?}", matched.problems);
        for (problem, why) in matched.problems.iter().zip(why) {
            assert!(problem.contains(why), "{problem}");
        }
    }
}
