//! `identity.ids`: the file of the ids that posts keep, read.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::config::Identity;
use crate::config::load::{Places, show};
use crate::config::reader::Reader;
use crate::model::Pins;

/// How large the file may be, in bytes: the rows of a million posts, and some.
const MAX_BYTES: u64 = 256 << 20;

/// The file as set, else `ids.tsv` in the site's folder. One that is not there pins nothing; one that cannot be read is an
/// error, because without it every id could be another.
pub(super) fn resolve(reader: &mut Reader<'_, '_>, places: &Places, root: &Path) -> Identity {
    let set = reader.get("identity.ids").and_then(|setting| places.path(setting));
    let file = set.unwrap_or_else(|| root.join("ids.tsv"));
    let shown = show(&file, &places.current_dir);
    let bytes = read(&file).map_err(|problem| format!("{shown} {problem}"));
    let (pins, faults) = Pins::parse(&reader.accept("identity.ids", bytes).unwrap_or_default());
    Identity { file, shown, pins: Arc::new(pins), faults }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        // Opening a FIFO would wait for its other end.
        Ok(_) => return Err("is no file".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err("is larger than 256 MiB".to_owned());
    }
    Ok(bytes)
}
