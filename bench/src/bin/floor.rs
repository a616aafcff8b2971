//! The floor of a cold build: reads every post whole and writes as many bytes as the feeds have, with nothing in between.
//!
//! `floor --posts DIR --feeds DIR --out DIR [--threads 2]` copies the feeds of `--feeds`, which are read before the clock
//! starts, into the fresh folder `--out`: each beside its place first, then renamed, as a publisher must.
//! Prints `list`, `read`, `write` and `total` in seconds.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use syndicated_bench::args::Args;

/// Where a feed lies below its folder, and its bytes.
type Feed = (PathBuf, Vec<u8>);

fn main() -> ExitCode {
    match run(Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let (posts, feeds, out) = (args.path("--posts")?, args.path("--feeds")?, args.path("--out")?);
    let threads = args.option("--threads")?.unwrap_or(2);
    args.finish()?;
    if out.exists() {
        return Err(format!("{} exists: the floor writes into a fresh folder", out.display()).into());
    }
    let feeds = load(&feeds)?;

    let start = Instant::now();
    let posts = files(&posts)?;
    let listed = Instant::now();
    let bytes = read_all(&posts, threads)?;
    let read = Instant::now();
    write_all(&feeds, &out, threads)?;
    let written = Instant::now();

    println!("list {:.4}", (listed - start).as_secs_f64());
    println!("read {:.4}", (read - listed).as_secs_f64());
    println!("write {:.4}", (written - read).as_secs_f64());
    println!("total {:.4}", (written - start).as_secs_f64());
    let out_bytes: usize = feeds.iter().map(|(_, bytes)| bytes.len()).sum();
    eprintln!("{} posts of {bytes} bytes, {} feeds of {out_bytes} bytes", posts.len(), feeds.len());
    Ok(())
}

/// Every regular file at any depth below `root`.
fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

/// The files below `root`, their paths below it and their bytes.
fn load(root: &Path) -> io::Result<Vec<Feed>> {
    let below = |path: &Path| path.strip_prefix(root).map(Path::to_owned).map_err(io::Error::other);
    files(root)?.into_iter().map(|path| Ok((below(&path)?, fs::read(&path)?))).collect()
}

fn read_all(paths: &[PathBuf], threads: usize) -> io::Result<u64> {
    let bytes = AtomicU64::new(0);
    share(paths, threads, || {
        let mut buffer = Vec::new();
        let bytes = &bytes;
        move |path: &PathBuf| {
            buffer.clear();
            bytes.fetch_add(File::open(path)?.read_to_end(&mut buffer)? as u64, Ordering::Relaxed);
            Ok(())
        }
    })?;
    Ok(bytes.into_inner())
}

fn write_all(feeds: &[Feed], out: &Path, threads: usize) -> io::Result<()> {
    share(feeds, threads, || {
        |(path, bytes): &Feed| {
            let path = out.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let beside = path.with_extension("tmp");
            fs::write(&beside, bytes)?;
            fs::rename(&beside, &path)
        }
    })
}

/// Does the work of `worker` on every item; each thread takes the next few that nobody has taken.
fn share<T: Sync, W>(items: &[T], threads: usize, worker: impl Fn() -> W + Sync) -> io::Result<()>
where
    W: FnMut(&T) -> io::Result<()>,
{
    const BATCH: usize = 64;
    let next = AtomicUsize::new(0);
    let one_thread = || {
        let mut work = worker();
        loop {
            let rest = items.get(next.fetch_add(BATCH, Ordering::Relaxed)..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            rest.iter().take(BATCH).try_for_each(&mut work)?;
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(one_thread)).collect();
        threads.into_iter().try_for_each(|t| t.join().map_err(|_| io::Error::other("a thread panicked"))?)
    })
}
