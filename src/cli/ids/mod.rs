//! `ids`: the ids that posts keep, written to `ids.tsv`; nothing else writes it.

mod feeds;
mod import;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::args::{Ids, IdsCommand, Pin as PinArgs};
use super::build::everything;
use super::{CommandError, Exit, current_dir, load, relative, show};
use crate::engine::{Engine, Silent};
use crate::model::{ItemId, Pin, Pins, SitePath};

pub(super) fn ids(args: &Ids) -> Result<Exit, CommandError> {
    match &args.command {
        IdsCommand::Pin(PinArgs { site }) => {
            let mut engine = Engine::looking(load(site)?)?;
            everything(&mut engine, &Silent)?;
            show::print(&format!("{}\n", pin(&engine)?));
            Ok(Exit::Done)
        }
        IdsCommand::Import(args) => import::import(args),
    }
}

/// Writes the ids that the posts of the engine's last batch have; what was done, in a sentence.
pub(super) fn pin(engine: &Engine) -> Result<String, CommandError> {
    let old = &engine.config().identity.pins;
    let mut rows = Vec::new();
    let mut without_row = Vec::new();
    for post in engine.known()? {
        if Pins::can_hold(&post.path) {
            rows.push(Pin { path: post.path, id: post.id, body: post.body });
        } else {
            without_row.push(post.path);
        }
    }
    let (posts, new) = (rows.len(), rows.iter().filter(|row| old.get(&row.path).is_none()).count());
    let pins = Pins::new(with_rows_of_others(rows, old));
    let gone = pins.iter().count() - posts;
    let file = write(engine, &pins)?;
    let mut said = format!("{file}: {}, {new} new", show::plural(posts, "post"));
    if gone > 0 {
        said.push_str(&format!(
            "; {} of files that are no posts now kept, in case they come back",
            show::plural(gone, "row")
        ));
    }
    if let Some(first) = without_row.first() {
        said.push_str(&format!(
            "; {} such as {first} with a name that no row can hold",
            show::plural(without_row.len(), "post")
        ));
    }
    Ok(said)
}

/// The rows, and those of before for other paths whose ids no row has now.
fn with_rows_of_others(mut rows: Vec<Pin>, old: &Pins) -> Vec<Pin> {
    let ids: HashSet<ItemId> = rows.iter().map(|row| row.id.clone()).collect();
    let paths: HashSet<SitePath> = rows.iter().map(|row| row.path.clone()).collect();
    rows.extend(old.iter().filter(|row| !paths.contains(&row.path) && !ids.contains(&row.id)).cloned());
    rows
}

/// Replaces `ids.tsv` in one step, unless it says the same; its name as the user knows it.
fn write(engine: &Engine, pins: &Pins) -> Result<String, CommandError> {
    let file = &engine.config().identity.file;
    let shown = relative(file, &current_dir()?);
    let text = pins.to_tsv();
    let failed = |error: io::Error| CommandError::Other(format!("cannot write {shown}: {error}"));
    if fs::read(file).is_ok_and(|found| found == text.as_bytes()) || (pins.is_empty() && !file.exists()) {
        return Ok(shown);
    }
    // Through a link, so that the link stays.
    let place = file.canonicalize().unwrap_or_else(|_| file.clone());
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = place.with_file_name(name);
    let written = write_new(&beside, text.as_bytes()).and_then(|()| fs::rename(&beside, &place));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map(|()| shown.clone()).map_err(failed)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
