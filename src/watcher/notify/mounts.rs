//! Whether something was mounted or unmounted where the site lies, which file events do not tell.

#[cfg(target_os = "linux")]
pub(super) use self::linux::Mounts;
#[cfg(not(target_os = "linux"))]
pub(super) use self::other::Mounts;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::{self, PipeWriter, Read as _, Seek as _};
    use std::os::fd::AsFd as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::{Path, PathBuf};
    use std::thread;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;

    use super::relevant;

    /// A thread that sleeps until the table of mounts changes. It ends when this is dropped.
    #[derive(Debug)]
    pub(in super::super) struct Mounts {
        _alive: PipeWriter,
    }

    impl Mounts {
        /// Calls `changed` whenever the mounts at, above or below `root` have become others.
        ///
        /// # Errors
        /// When there is no `/proc`, or no further thread.
        pub(in super::super) fn watch(root: &Path, changed: impl Fn() + Send + 'static) -> io::Result<Self> {
            let mut table = File::open("/proc/self/mountinfo")?;
            let (end, alive) = io::pipe()?;
            let root = std::path::absolute(root)?;
            let mut known = read(&mut table, &root)?;
            let body = move || {
                loop {
                    let ended = {
                        // The kernel reports a change as an error and as urgent data; the table is always readable.
                        let mut wait =
                            [PollFd::new(&table, PollFlags::PRI), PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN)];
                        match poll(&mut wait, None) {
                            Ok(_) => wait.last().is_none_or(|end| !end.revents().is_empty()),
                            Err(Errno::INTR) => continue,
                            Err(_) => true,
                        }
                    };
                    let Some(now) = (!ended).then(|| read(&mut table, &root).ok()).flatten() else { return };
                    if now != known {
                        known = now;
                        changed();
                    }
                }
            };
            thread::Builder::new().name("mounts".to_owned()).spawn(body)?;
            Ok(Self { _alive: alive })
        }
    }

    fn read(table: &mut File, root: &Path) -> io::Result<Vec<Vec<u8>>> {
        let mut text = Vec::new();
        table.rewind()?;
        table.read_to_end(&mut text)?;
        let real = std::fs::canonicalize(root).unwrap_or_else(|_| PathBuf::from(root));
        let roots = [root.as_os_str().as_bytes(), real.as_os_str().as_bytes()];
        Ok(relevant(&text, &roots))
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::io;
    use std::path::Path;

    /// There is no such table to watch: a check finds out.
    #[derive(Debug)]
    pub(in super::super) struct Mounts;

    impl Mounts {
        pub(in super::super) fn watch(_: &Path, _: impl Fn() + Send + 'static) -> io::Result<Self> {
            Ok(Self)
        }
    }
}

/// The entries of a `mountinfo` table (`proc_pid_mountinfo(5)`) at, above or below one of `roots`: id, device, place.
fn relevant(table: &[u8], roots: &[&[u8]]) -> Vec<Vec<u8>> {
    let entry = |line: &[u8]| {
        let mut fields = line.split(|&b| b == b' ');
        let (id, device, place) = (fields.next()?, fields.nth(1)?, fields.nth(1)?);
        let place = unescape(place);
        let near = roots.iter().any(|root| holds(&place, root) || holds(root, &place));
        near.then(|| [id, device, &place].join(&b' '))
    };
    table.split(|&b| b == b'\n').filter_map(entry).collect()
}

/// Whether `path` is `folder` or lies below it.
fn holds(folder: &[u8], path: &[u8]) -> bool {
    let folder = folder.strip_suffix(b"/").unwrap_or(folder);
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// The kernel writes blanks, tabs, line ends and backslashes as three octal digits.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if let [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] = rest {
            plain.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
            rest = after;
        } else {
            plain.push(*first);
            rest = after;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
        30 22 0:25 / /srv/my\\040site rw - tmpfs t rw\n\
        31 30 0:26 / /srv/my\\040site/_posts rw - tmpfs t rw\n\
        32 22 0:27 / /srv/my\\040site2 rw - tmpfs t rw\n\
        bad line\n";

    #[test]
    fn only_mounts_that_the_site_is_on_or_holds_count() {
        let places = relevant(TABLE, &[b"/srv/my site"]);
        assert_eq!(places, [&b"22 8:1 /"[..], b"30 0:25 /srv/my site", b"31 0:26 /srv/my site/_posts"]);
    }

    #[test]
    fn an_escape_that_is_none_stands() {
        assert_eq!(unescape(br"a\040b\9\400\\"), br"a b\9\400\\");
    }
}
