//! Edits on the disk, each noted as a watcher would tell of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::player::{Player, Waiting};
use super::post::{self, FOLDERS, Post, SOUNDS};

/// Links to folders lie here.
const LINKS: [&str; 4] = ["_posts/a-link", "_posts/z-link", "linked", "news/link"];

impl Player {
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.site.join(path)
    }

    /// A change will be told under one of the paths that its folder has, as a watcher knows each folder by one.
    pub(super) fn note(&mut self, path: &str, folder: bool) {
        // With linked folders about, a watcher takes the end of a folder for a reason to look at everything.
        self.unseen |= folder && self.linked && !self.at(path).exists();
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let real = fs::canonicalize(self.at(above)).unwrap_or_else(|_| self.at(above));
        let real = real.join(name);
        let Ok(below) = real.strip_prefix(&self.site) else { return };
        let below = below.to_string_lossy().into_owned();
        let is_watched = |path: &str| {
            ["_posts", "news", "News", "old", "linked", "media", "public"].iter().any(|top| path.starts_with(top))
        };
        let mut names = self.aliases(&real);
        names.push(below.clone());
        if !is_watched(&below) {
            // Some of them are watched. Of the folder itself nobody tells but the regular look at everything.
            self.unseen |= folder;
            self.waiting.extend(names.into_iter().map(|path| Waiting { path, folder, built: false }));
            return;
        }
        names.retain(|name| is_watched(name));
        self.ticks += 1;
        let path = names.swap_remove(usize::try_from(self.ticks).unwrap() % names.len());
        self.waiting.push(Waiting { path, folder, built: false });
    }

    /// The other paths of a file, through linked folders.
    pub(super) fn aliases(&self, real: &Path) -> Vec<String> {
        let links = LINKS.iter().chain(&FOLDERS).filter(|link| self.at(link).is_symlink());
        links
            .filter_map(|link| {
                let target = fs::canonicalize(self.at(link)).ok()?;
                let rest = real.strip_prefix(target).ok().filter(|rest| *rest != Path::new(""))?;
                Some(format!("{link}/{}", rest.display()))
            })
            .collect()
    }

    /// Makes the folders above a path, unless a file is in the way.
    pub(super) fn make_room(&mut self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else { return true };
        let mut at = 0;
        while at < folder.len() {
            at = folder[at + 1..].find('/').map_or(folder.len(), |next| at + 1 + next);
            let above = &folder[..at];
            if !self.at(above).exists() {
                if fs::create_dir(self.at(above)).is_err() {
                    return false;
                }
                self.note(above, true);
            }
        }
        self.at(folder).is_dir()
    }

    pub(super) fn write(&mut self, path: &str, bytes: &[u8], rename: bool, fresh: bool) {
        if !self.make_room(path) {
            return;
        }
        let place = self.at(path);
        if place.is_dir() {
            return;
        }
        let written = if rename { self.aside.join("new") } else { place.clone() };
        // A link that leads nowhere would be written through.
        if !rename && place.is_symlink() && !place.exists() {
            return;
        }
        let through_link = !rename && place.is_symlink();
        fs::write(&written, bytes).unwrap();
        self.stamp(&written, fresh);
        if rename {
            fs::rename(&written, &place).unwrap();
        }
        self.note(path, false);
        if through_link {
            self.note_target(&place);
        }
    }

    /// The kernel tells of the file that a link leads to.
    pub(super) fn note_target(&mut self, link: &Path) {
        let Ok(target) = fs::canonicalize(link) else { return };
        if let Ok(below) = target.strip_prefix(&self.site) {
            self.note(&below.to_string_lossy(), false);
        }
    }

    /// Times never repeat, as a clock's do not; a fresh one is within the resolution of some file systems.
    pub(super) fn stamp(&mut self, path: &Path, fresh: bool) {
        self.ticks += 1;
        let base = if fresh { u64::try_from(self.now).unwrap() / 1_000_000 } else { 1_700_000_000 };
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(base) + Duration::from_nanos(self.ticks);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    pub(super) fn write_post(&mut self, path: &str, post: Post, rename: bool, fresh: bool) {
        self.write(path, &post.bytes(), rename, fresh);
    }

    pub(super) fn touch(&mut self, path: &str) {
        if self.at(path).is_file() {
            self.stamp(&self.at(path), false);
            self.note(path, false);
            self.note_target(&self.at(path));
        }
    }

    pub(super) fn remove(&mut self, path: &str) {
        if fs::remove_file(self.at(path)).is_ok() {
            self.note(path, false);
        }
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if !self.at(from).is_file() || !self.make_room(to) || self.at(to).is_dir() {
            return;
        }
        if fs::rename(self.at(from), self.at(to)).is_ok() {
            self.note(from, false);
            self.note(to, false);
        }
    }

    pub(super) fn folder_as_post(&mut self, path: &str) {
        if !self.make_room(path) {
            return;
        }
        let there = self.at(path).is_dir();
        let done = if there { fs::remove_dir_all(self.at(path)) } else { fs::create_dir(self.at(path)) };
        if done.is_ok() {
            self.note(path, true);
        }
    }

    pub(super) fn move_folder(&mut self, from: &str, to: &str) {
        if self.at(from).is_dir()
            && !self.at(to).exists()
            && self.make_room(to)
            && fs::rename(self.at(from), self.at(to)).is_ok()
        {
            self.note(from, true);
            self.note(to, true);
        }
    }

    pub(super) fn move_out(&mut self, folder: u8) {
        let path = FOLDERS[usize::from(folder)];
        let away = self.aside.join(folder.to_string());
        if self.at(path).is_dir() && !away.exists() && fs::rename(self.at(path), away).is_ok() {
            self.note(path, true);
        }
    }

    pub(super) fn move_in(&mut self, folder: u8) {
        let path = FOLDERS[usize::from(folder)];
        let away = self.aside.join(folder.to_string());
        if away.exists() && !self.at(path).exists() && self.make_room(path) && fs::rename(away, self.at(path)).is_ok() {
            self.note(path, true);
        }
    }

    pub(super) fn remove_folder(&mut self, path: &str) {
        let place = self.at(path);
        let removed = if place.is_symlink() { fs::remove_file(place) } else { fs::remove_dir_all(place) };
        if removed.is_ok() {
            self.note(path, true);
        }
    }

    pub(super) fn link_file(&mut self, path: &str, target: u8) {
        if !self.make_room(path) || self.at(path).is_dir() {
            return;
        }
        let target = if target < 250 { self.at(&post::place(target % 48)) } else { self.aside.join("nothing") };
        let _ = fs::remove_file(self.at(path));
        self.linked |= !target.is_file();
        symlink(target, self.at(path)).unwrap();
        self.note(path, false);
    }

    pub(super) fn link_sound(&mut self, path: &str, target: u8) {
        if !self.make_room(path) || self.at(path).is_dir() {
            return;
        }
        let target = match target {
            0..100 => SOUNDS[usize::from(target) % SOUNDS.len()].to_owned(),
            _ => post::place(target % 48),
        };
        let _ = fs::remove_file(self.at(path));
        symlink(self.at(&target), self.at(path)).unwrap();
        self.note(path, false);
    }

    pub(super) fn move_sounds(&mut self) {
        let (folder, away) = (self.at("media"), self.aside.join("media"));
        let moved = if away.exists() { fs::rename(away, folder) } else { fs::rename(folder, away) };
        if moved.is_ok() {
            self.note("media", true);
        }
    }

    pub(super) fn link_folder(&mut self, place: u8, target: u8) {
        let path =
            LINKS.get(usize::from(place).wrapping_sub(100)).copied().unwrap_or_else(|| FOLDERS[usize::from(place)]);
        if self.at(path).is_symlink() {
            fs::remove_file(self.at(path)).unwrap();
            self.note(path, true);
        }
        if target >= 200 || self.at(path).exists() || !self.make_room(path) {
            return;
        }
        let target = self.at(FOLDERS[usize::from(target) % FOLDERS.len()]);
        if symlink(target, self.at(path)).is_ok() {
            self.linked = true;
            self.note(path, true);
        }
    }
}
