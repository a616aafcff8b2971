//! `completions` and `man`: made from the same table as the parser.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;

use super::args::{Cli, Completions, Man};
use super::{CommandError, Exit, show};

pub(super) fn completions(args: &Completions) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "syndicated", &mut script);
    show::print(&String::from_utf8_lossy(&script));
    Ok(Exit::Done)
}

pub(super) fn man(args: &Man) -> Result<Exit, CommandError> {
    let command = Cli::command();
    let Some(folder) = &args.out else {
        show::print(&String::from_utf8_lossy(&page(command)?));
        return Ok(Exit::Done);
    };
    write_pages(folder, "syndicated", &command)?;
    Ok(Exit::Done)
}

/// The page of a command, and those of its own commands.
fn write_pages(folder: &Path, name: &str, command: &clap::Command) -> Result<(), CommandError> {
    write(folder, name, &page(command.clone().display_name(name.to_owned()))?)?;
    for sub in command.get_subcommands() {
        write_pages(folder, &format!("{name}-{}", sub.get_name()), sub)?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Result<Vec<u8>, CommandError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| CommandError::Other(format!("cannot make the manual page: {error}")))?;
    Ok(page)
}

fn write(folder: &Path, name: &str, page: &[u8]) -> Result<(), CommandError> {
    let file = folder.join(format!("{name}.1"));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, page))
        .map_err(|error| CommandError::Other(format!("cannot write {}: {error}", file.display())))
}
