//! Measures the hub of `syndicated run`: from the save of a post until every subscriber on this machine has the feed.
//!
//! `websub --bin PROGRAM [--subscribers 10000] [--hosts 1000] [--dead 0] [--runs 5]`
//!
//! Subscribers are callbacks at addresses of 127.0.0.0/8, so many hosts, and half of them have a secret; the feed of all posts is 20 KB. Of
//! the dead ones half refuse connections and half take a request and never answer, each a host of its own. Each run saves a post and waits
//! until the live ones have it. The floor is the same number of `POST`s of as many bytes by a bare `hyper` client in a process of its own,
//! over as many connections as the hub has at most. Times in milliseconds, memory in KiB.

mod floor;
mod hub;
mod sink;

use std::process::{Command, ExitCode};
use std::time::Duration;

use hub::Hub;
use sink::Sink;
use syndicated_bench::args::Args;

/// Errors end the program with their text; nothing here can go on after one.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long anything may take.
const TIMEOUT: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    match run(Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("websub: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: Args) -> Result<()> {
    // The floor in a process of its own.
    if let Some(port) = args.option("--floor")? {
        let (subscribers, hosts) = (args.option("--subscribers")?.unwrap_or(0), args.option("--hosts")?.unwrap_or(1));
        let bytes = args.option("--bytes")?.unwrap_or(0);
        return floor::run(port, subscribers, hosts, bytes);
    }
    let program = args.path("--bin")?.canonicalize()?;
    let subscribers = args.option("--subscribers")?.unwrap_or(10_000);
    let hosts = args.option("--hosts")?.unwrap_or(1000);
    let dead = args.option("--dead")?.unwrap_or(0);
    let runs = args.option("--runs")?.unwrap_or(5);
    args.finish()?;

    let sink = Sink::start(subscribers)?;
    let mut hub = Hub::start(&program, &sink, subscribers, hosts, dead)?;
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for run in 0..runs {
        sink.expect();
        let saved = hub.save(run)?;
        times.push(sink.wait(saved, TIMEOUT)?);
        sink.expect();
        floors.push(floor(&sink, subscribers, hosts)?);
    }
    println!("subscribers {subscribers}\nhosts {hosts}\ndead {dead}\nfeed_bytes {}", sink.bytes());
    report("fanout", times);
    report("floor", floors);
    println!("peak_kib {}\nafter_kib {}", hub.memory("VmHWM:")?, hub.memory("VmRSS:")?);
    hub.stop()
}

/// The time that the floor takes by its own clock.
fn floor(sink: &Sink, subscribers: usize, hosts: usize) -> Result<Duration> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--floor", &sink.port().to_string(), "--bytes", &sink.bytes().to_string()]);
    command.args(["--subscribers", &subscribers.to_string(), "--hosts", &hosts.to_string()]);
    let output = command.output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(Duration::from_secs_f64(text.trim().parse()?))
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let show = |time: Option<&Duration>| time.map_or("-".to_owned(), |time| format!("{:.0}", time.as_secs_f64() * 1e3));
    println!("{name}_ms {}", show(times.get(times.len() / 2)));
    println!("{name}_min_ms {}\n{name}_max_ms {}", show(times.first()), show(times.last()));
}
