//! Asks for one feed at a steady pace, and prints the median and the 99th percentile of the answers' times in milliseconds.
//!
//! `steady --address HOST:PORT --path PATH --rate PER_SECOND --seconds N`. An answer counts from the instant at which its request was due,
//! so that one which is late delays no other unseen.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use syndicated_bench::args::Args;

/// How many connections take turns.
const CONNECTIONS: u32 = 16;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("steady: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut args = Args::from_env();
    let address: String = args.option("--address")?.ok_or("--address HOST:PORT is needed")?;
    let path: String = args.option("--path")?.ok_or("--path PATH is needed")?;
    let rate: u32 = args.option("--rate")?.unwrap_or(1000);
    let seconds: u64 = args.option("--seconds")?.unwrap_or(3);
    args.finish()?;
    let pace = Duration::from_secs(1) * CONNECTIONS / rate.max(1);
    let begin = Instant::now() + Duration::from_millis(50);
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|n| {
            let (address, path) = (address.clone(), path.clone());
            let first = begin + pace * n / CONNECTIONS;
            thread::spawn(move || ask(&address, &path, first, pace, begin + Duration::from_secs(seconds)))
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.join().map_err(|_| "a connection's thread failed")??);
    }
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{:.3} {:.3} {}", milliseconds(at(0.5)), milliseconds(at(0.99)), times.len());
    Ok(())
}

/// One connection's requests; how long after it was due each was answered.
fn ask(address: &str, path: &str, first: Instant, pace: Duration, end: Instant) -> Result<Vec<Duration>, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip\r\n\r\n");
    let (mut due, mut times, mut buffer) = (first, Vec::new(), vec![0; 1 << 20]);
    while due < end {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(request.as_bytes()).map_err(failed)?;
        hear(&mut stream, &mut buffer)?;
        times.push(due.elapsed());
        due += pace;
    }
    Ok(times)
}

/// Reads one answer with a `Content-Length`.
fn hear(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<(), String> {
    let mut filled = 0;
    loop {
        let room = buffer.get_mut(filled..).unwrap_or_default();
        let read = stream.read(room).map_err(|error| error.to_string())?;
        if read == 0 {
            return Err("the connection was closed".to_owned());
        }
        filled += read;
        let heard = buffer.get(..filled).unwrap_or_default();
        let Some(end) = heard.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(heard.get(..end).unwrap_or_default()).to_lowercase();
        if !head.starts_with("http/1.1 200") {
            return Err(format!("not served: {}", head.lines().next().unwrap_or_default()));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if filled >= end + 4 + length.ok_or("no Content-Length")? {
            return Ok(());
        }
    }
}
