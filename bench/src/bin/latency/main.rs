//! Measures `syndicated run`: from the save of a post to its being in all four feeds that it must be in.
//!
//! `latency --bin PROGRAM --site DIR --out DIR --state DIR [--edits 500] [--seed 1] [--timeout 10] [--start-timeout 900]
//! [--listen HOST:PORT]`
//!
//! Starts the service, which serves the feeds as well where it is to listen, waits for its first publication, then saves posts one after the other, each newer than all posts
//! of the site, by turns new and changed, by turns written in place and renamed into place. The clock runs from the
//! `close` or `rename` of the save until the post stands in `rss.xml` and `atom.xml` of its category and of all posts.
//! The posts are removed at the end. Times in milliseconds, memory in KiB.

mod arrivals;
mod edits;
mod service;

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use arrivals::Arrivals;
use edits::Editor;
use service::{Memory, Service};
use syndicated_bench::args::Args;
use syndicated_bench::rng::Rng;

/// Errors end the program with their text; nothing here can go on after one.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What the service does on its own after its first publication should be over by then.
const SETTLE: Duration = Duration::from_secs(3);
/// Edits come at any phase of whatever the service does in turns.
const LONGEST_PAUSE_MS: usize = 20;

fn main() -> ExitCode {
    match run(Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latency: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: Args) -> Result<()> {
    let (program, site) = (args.path("--bin")?, args.path("--site")?);
    let (out, state) = (args.path("--out")?, args.path("--state")?);
    let edits = args.option("--edits")?.unwrap_or(500);
    let seed = args.option("--seed")?.unwrap_or(1);
    let timeout = Duration::from_secs(args.option("--timeout")?.unwrap_or(10));
    let start_timeout = Duration::from_secs(args.option("--start-timeout")?.unwrap_or(900));
    let listen: Option<String> = args.option("--listen")?;
    args.finish()?;

    let mut editor = Editor::new(&site)?;
    let mut service = Service::start(&program, &site, &out, &state, listen.as_deref())?;
    let categories = service.first_publication(&out, start_timeout)?;
    let mut arrivals = Arrivals::new(&out)?;
    let rng = &mut Rng::of(seed, 0);
    let mut edit = |timeout| -> Result<Option<Duration>> {
        let edit = editor.next(rng, &categories);
        arrivals.expect(&edit.category)?;
        let saved = editor.save(&edit)?;
        arrivals.wait(saved, &edit.marker, timeout)
    };

    edit(start_timeout)?.ok_or("the first post came through to no feed in time")?;
    thread::sleep(SETTLE);
    let at_start = service.memory()?;
    let pauses = &mut Rng::of(seed, 1);
    let mut times = Vec::with_capacity(edits);
    for _ in 0..edits {
        thread::sleep(Duration::from_millis(pauses.below(LONGEST_PAUSE_MS) as u64));
        times.extend(edit(timeout)?);
    }
    thread::sleep(SETTLE);
    let at_end = service.memory()?;
    drop(editor);
    service.stop()?;
    report(edits, times, &at_start, &at_end);
    Ok(())
}

fn report(edits: usize, mut times: Vec<Duration>, at_start: &Memory, at_end: &Memory) {
    println!("edits {edits}");
    println!("timeouts {}", edits - times.len());
    times.sort_unstable();
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)] {
        // Nearest rank: the smallest time that this share of all edits does not exceed.
        let rank = (share * times.len() as f64).ceil() as usize;
        match times.get(rank.saturating_sub(1)) {
            Some(time) => println!("{name}_ms {:.2}", time.as_secs_f64() * 1e3),
            None => println!("{name}_ms -"),
        }
    }
    println!("idle_kib {}", at_start.resident);
    println!("idle_end_kib {}", at_end.resident);
    println!("peak_kib {}", at_end.peak);
}
