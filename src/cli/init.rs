//! `init`: a commented configuration for the site here.

use std::fs::File;
use std::io::{ErrorKind, Write as _};

use super::args::Init;
use super::{CommandError, Exit, current_dir, relative, show};
use crate::config;

pub(super) fn init(args: &Init) -> Result<Exit, CommandError> {
    let from = current_dir()?;
    let folder = args.site.as_ref().map_or_else(|| from.clone(), |site| from.join(site));
    if !folder.is_dir() {
        return Err(CommandError::Other(format!("{}: there is no such folder", folder.display())));
    }
    // A site's own configuration may be named config.toml, and must not be met.
    let taken = folder.join("config.toml").exists();
    let file = folder.join(if taken { "syndicated.toml" } else { "config.toml" });
    let text = config::init_text(&folder);
    let shown = relative(&file, &from);
    let written = File::create_new(&file).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            show::print(&format!("wrote {shown}\nnext: look through it, then `syndicated build`\n"));
            Ok(Exit::Done)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(CommandError::Other(format!("{shown} is there already, and was left as it is")))
        }
        Err(error) => Err(CommandError::Other(format!("cannot write {shown}: {error}"))),
    }
}
