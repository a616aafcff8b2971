//! The changes of a storm: what people, editors and tools do to files. Many are impossible as things stand, which is part of
//! the noise.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use super::ground::{GIT, Place};
use super::random::Random;

type Step = fn(&mut Random, &Place) -> io::Result<()>;

/// Each with how often it comes.
const STEPS: &[(usize, Step)] = &[
    (8, write_at_once),
    (8, truncate_and_write),
    (6, append),
    (8, write_beside),
    (4, as_vim_does),
    (4, as_emacs_does),
    (6, remove),
    (5, rename),
    (4, change_case),
    (4, move_folder),
    (3, move_out),
    (4, move_in),
    (2, remove_folder),
    (3, make_folder),
    (5, link_to_file),
    (3, link_to_folder),
    (4, hard_link),
    (2, lock_and_unlock),
    (3, touch),
    (3, change_input),
    (2, sed),
    (2, git),
    (2, rsync),
    (1, tar),
    (1, copy),
];

/// One change.
pub(super) fn step(random: &mut Random, place: &Place) -> io::Result<()> {
    let all: usize = STEPS.iter().map(|(weight, _)| weight).sum();
    let mut at = random.below(all);
    for (weight, step) in STEPS {
        if at < *weight {
            return step(random, place);
        }
        at -= weight;
    }
    Ok(())
}

impl Place {
    fn folder(&self, random: &mut Random) -> PathBuf {
        self.root.join(random.pick(self.ground.folders()))
    }

    fn moved(&self, random: &mut Random) -> PathBuf {
        self.root.join(random.pick(self.ground.moved()))
    }

    /// Where a post may be; few, so that changes meet.
    fn post(&self, random: &mut Random) -> PathBuf {
        let name = format!("2020-0{}-01-{}.md", 1 + random.below(6), random.pick(&["a", "b", "A"]));
        let folder = self.folder(random);
        if random.below(3) == 0 {
            let _ = fs::create_dir_all(&folder);
        }
        folder.join(name)
    }
}

/// A post; now and then an irregular one, or none.
fn text(random: &mut Random) -> String {
    let n = random.below(100_000);
    let label = random.pick(&["tech", "money", "tech, money", "c++", "中文, tech", ""]);
    let body = format!("Line of {n}, {{{{ site.data.words.word }}}}.\n\n").repeat(1 + random.below(60));
    match random.below(20) {
        0 => body,
        1 => format!("---\ntitle: {n}\n"),
        2 => format!("---\ntitle: \"A \"quoted\" {n}\"\ncategories: [{label}]\n---\n{body}"),
        3 => format!("---\ntitle: {n}\ndraft: true\npublished: false\n---\n{body}"),
        _ => format!("---\ntitle: Post {n}\ncategories: [{label}]\nauthor: jo\n---\n{body}"),
    }
}

fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{before}{name}{after}"))
}

fn write_at_once(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::write(place.post(random), text(random))
}

/// In pieces, so that others see each of its states.
fn truncate_and_write(random: &mut Random, place: &Place) -> io::Result<()> {
    let mut file = File::create(place.post(random))?;
    text(random).as_bytes().chunks(200).try_for_each(|piece| file.write_all(piece))
}

fn append(random: &mut Random, place: &Place) -> io::Result<()> {
    let mut file = File::options().append(true).open(place.post(random))?;
    for n in 0..=random.below(3) {
        writeln!(file, "\nAnd {n}.")?;
    }
    Ok(())
}

fn write_beside(random: &mut Random, place: &Place) -> io::Result<()> {
    let post = place.post(random);
    let new = beside(&post, ".", ".tmp");
    fs::write(&new, text(random))?;
    fs::rename(new, post)
}

/// With `backup`: a probe whether it may write there, the old state aside, the new one under its name.
fn as_vim_does(random: &mut Random, place: &Place) -> io::Result<()> {
    let post = place.post(random);
    let (probe, backup) = (post.with_file_name("4913"), beside(&post, "", "~"));
    fs::write(&probe, [])?;
    fs::remove_file(probe)?;
    fs::rename(&post, &backup)?;
    fs::write(&post, text(random))?;
    fs::remove_file(backup)
}

/// A lock that is a link to nowhere, an automatic save, the old state aside.
fn as_emacs_does(random: &mut Random, place: &Place) -> io::Result<()> {
    let post = place.post(random);
    let (lock, save) = (beside(&post, ".#", ""), beside(&post, "#", "#"));
    let _ = symlink("jo@example.1:2", &lock);
    fs::write(&save, text(random))?;
    let saved = fs::rename(&post, beside(&post, "", "~")).and_then(|()| fs::write(&post, text(random)));
    fs::remove_file(save)?;
    fs::remove_file(lock)?;
    saved
}

fn remove(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::remove_file(place.post(random))
}

fn rename(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::rename(place.post(random), place.post(random))
}

/// Of a file or a folder.
fn change_case(random: &mut Random, place: &Place) -> io::Result<()> {
    let path = if random.below(3) == 0 { place.moved(random) } else { place.post(random) };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (upper, lower) = (name.to_uppercase().replace(".MD", ".md"), name.to_lowercase());
    fs::rename(&path, path.with_file_name(if upper == name { lower } else { upper }))
}

fn move_folder(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::rename(place.moved(random), place.moved(random))
}

fn away(random: &mut Random, place: &Place) -> PathBuf {
    place.outside.join(random.pick(&["away0", "away1"]))
}

fn move_out(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::rename(place.moved(random), away(random, place))
}

fn move_in(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::rename(away(random, place), place.moved(random))
}

fn remove_folder(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::remove_dir_all(place.moved(random))
}

fn make_folder(random: &mut Random, place: &Place) -> io::Result<()> {
    fs::create_dir_all(place.folder(random))
}

/// Made beside and renamed over, as `ln -sfn` does.
fn swap_link(target: &Path, at: &Path) -> io::Result<()> {
    let new = beside(at, ".", ".new");
    let _ = fs::remove_file(&new);
    symlink(target, &new)?;
    fs::rename(new, at)
}

fn link_to_file(random: &mut Random, place: &Place) -> io::Result<()> {
    swap_link(&place.post(random), &place.post(random))
}

fn link_to_folder(random: &mut Random, place: &Place) -> io::Result<()> {
    if !place.links {
        return truncate_and_write(random, place);
    }
    let at = place.moved(random);
    if random.below(2) == 0 {
        // A link that is in the way goes.
        let _ = fs::remove_file(&at);
    }
    swap_link(&place.moved(random), &at)
}

/// And an edit through either name.
fn hard_link(random: &mut Random, place: &Place) -> io::Result<()> {
    let (one, other) = (place.post(random), place.post(random));
    fs::hard_link(&one, &other)?;
    let mut file = File::options().append(true).open(random.pick(&[&one, &other]))?;
    writeln!(file, "\nBy one of two names.")
}

fn lock_and_unlock(random: &mut Random, place: &Place) -> io::Result<()> {
    let post = place.post(random);
    fs::set_permissions(&post, Permissions::from_mode(0o000))?;
    fs::set_permissions(&post, Permissions::from_mode(0o644))
}

fn touch(random: &mut Random, place: &Place) -> io::Result<()> {
    let file = File::options().append(true).open(place.post(random))?;
    file.set_modified(UNIX_EPOCH + Duration::from_secs(1_600_000_000 + random.below(1_000_000) as u64))
}

fn change_input(random: &mut Random, place: &Place) -> io::Result<()> {
    let inputs = place.ground.inputs(random.below(5));
    let (name, text) = &inputs[random.below(inputs.len())];
    let path = place.root.join(name);
    if random.below(2) == 0 {
        return fs::write(path, text);
    }
    let new = beside(&path, ".", ".tmp");
    fs::write(&new, text)?;
    fs::rename(new, path)
}

fn tool(program: &str, folder: &Path, arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.status()?.success() { Ok(()) } else { Err(io::Error::other(program.to_owned())) }
}

fn sed(random: &mut Random, place: &Place) -> io::Result<()> {
    let (post, n) = (place.post(random), random.below(100));
    tool("sed", &place.root, &["-i", &format!("s/Line/Line {n}/"), &post.to_string_lossy()])
}

fn git(random: &mut Random, place: &Place) -> io::Result<()> {
    let checkout = ["checkout", "-q", "-f", random.pick(&["one", "two"])];
    tool("git", &place.root.join("repo"), &[&GIT[..], &checkout].concat())
}

fn rsync(random: &mut Random, place: &Place) -> io::Result<()> {
    let from = place.outside.join(random.pick(&["mirror0", "mirror1"]));
    tool("rsync", &from, &["-a", "--delete", "./", &place.root.join("mirror").to_string_lossy()])
}

fn tar(_: &mut Random, place: &Place) -> io::Result<()> {
    let archive = place.outside.join("tree.tar");
    tool("tar", &place.root, &["-xf", &archive.to_string_lossy()])
}

fn copy(random: &mut Random, place: &Place) -> io::Result<()> {
    let tree = place.outside.join("tree");
    tool("cp", &place.root, &["-r", &tree.to_string_lossy(), &place.moved(random).to_string_lossy()])
}
