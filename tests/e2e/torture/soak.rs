//! What a service takes of the machine: over hundreds of thousands of edits, in a burst, at a cold start, and when nothing happens.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::process::{Process, Usage};
use super::random::Random;
use super::tell;
use super::victim::is_long;
use crate::fixture::{Site, short};
use crate::service::Running;

const POSTS: usize = 300;
const CATEGORIES: usize = 40;
const PARTS: usize = 10;
const MARKER: &str = "site/_posts/2022-12-31-marker.md";

fn name(n: usize) -> String {
    format!("site/_posts/2022-{:02}-{:02}-p{n}.md", n % 12 + 1, n % 28 + 1)
}

fn post(n: usize, random: &mut Random) -> String {
    let labels = format!("c{}, c{}", random.below(CATEGORIES), random.below(CATEGORIES));
    short(&format!("P{n} {}", random.below(1_000_000)), &labels) + &"Text. ".repeat(random.below(200))
}

fn site() -> Site {
    let mut random = Random::new(1);
    (0..POSTS).fold(Site::jekyll(), |site, n| site.file(&name(n), post(n, &mut random)))
}

/// One edit, as editors and programs make them.
fn edit(site: &Site, random: &mut Random) {
    let n = random.below(POSTS);
    let path = name(n);
    match random.below(10) {
        0 if site.exists(&path) => site.remove(&path),
        1..=3 => {
            site.write("site/_posts/.new", post(n, random));
            site.rename("site/_posts/.new", &path);
        }
        _ => site.write(&path, post(n, random)),
    }
}

/// Waits until what was changed last is published, which needs no further program.
fn is_followed(running: &Running, site: &Site, n: usize) {
    let title = format!("<title>Marker {n}</title>");
    running.until("the last edit is published", || {
        fs::read_to_string(site.path("feeds/marker/atom.xml")).is_ok_and(|feed| feed.contains(&title))
    });
}

#[test]
fn over_many_edits_open_files_memory_and_work_do_not_grow() {
    // So many are made without waiting for the feeds.
    let (edits, together) = if is_long() { (200_000, 100) } else { (400, 10) };
    let site = site();
    let running = site.start();
    let process = Process::of(running.pid());
    let (mut random, mut made, mut parts) = (Random::new(2), 0, Vec::new());
    for part in 1..=PARTS {
        let before = process.usage();
        while made < edits * part / PARTS {
            (1..together).for_each(|_| edit(&site, &mut random));
            made += together;
            site.write(MARKER, short(&format!("Marker {made}"), "marker"));
            is_followed(&running, &site, made);
        }
        running.settles(&site);
        let usage = process.usage();
        let cpu = (usage.cpu - before.cpu).as_secs_f64() * 1e6 / (edits / PARTS) as f64;
        tell(&format!("after {made} edits: {usage}, {cpu:.0} ms of CPU a thousand edits"));
        parts.push((usage, cpu));
    }
    running.as_built(&site);
    // The first part fills caches.
    let (early, late) = (&parts[1..3], &parts[PARTS - 2..]);
    let most =
        |of: &[(Usage, f64)], value: fn(&Usage) -> u64| of.iter().map(|(usage, _)| value(usage)).max().unwrap() as f64;
    let files = most(late, |usage| usage.files) / most(early, |usage| usage.files);
    let memory = most(late, |usage| usage.resident) / most(early, |usage| usage.resident);
    let work = late.iter().map(|(_, cpu)| cpu).sum::<f64>() / early.iter().map(|(_, cpu)| cpu).sum::<f64>();
    tell(&format!("late by early: open files {files:.2}, memory {memory:.2}, CPU {work:.2}"));
    assert!(files <= 1.2 && memory <= 1.3, "open files {files:.2}, memory {memory:.2} times those of the early parts");
    assert!(!is_long() || work <= 2.0, "CPU {work:.2} times that of the early parts");
}

#[test]
fn a_burst_takes_bounded_memory_and_is_published_meanwhile() {
    let changes = if is_long() { 100_000 } else { 4_000 };
    let site = site();
    let running = site.start();
    let process = Process::of(running.pid());
    let before = process.usage();
    let feed = site.path("feeds/atom.xml");
    let old = fs::read(&feed).unwrap();
    let (is_over, began) = (Arc::new(AtomicBool::new(false)), Instant::now());
    let looker = thread::spawn({
        let is_over = Arc::clone(&is_over);
        move || {
            while fs::read(&feed).unwrap() == old {
                assert!(!is_over.load(Ordering::Relaxed), "nothing was published during the burst");
                thread::park_timeout(Duration::from_millis(1));
            }
            began.elapsed()
        }
    });
    let mut random = Random::new(3);
    for n in 0..changes {
        // A tenth of them are new, and each post is changed ten times.
        let n = n % (changes / 10);
        site.write(&name(n), post(n, &mut random));
    }
    let burst = began.elapsed();
    running.settles(&site);
    let settled = began.elapsed();
    is_over.store(true, Ordering::Relaxed);
    let first = looker.join().unwrap();
    running.as_built(&site);
    let after = process.usage();
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    tell(&format!(
        "{changes} changes in {}: first publication after {}, all of them after {}; before: {before}; after: {after}",
        seconds(burst),
        seconds(first),
        seconds(settled)
    ));
    assert!(after.peak < 256 << 20, "at most {} bytes of memory", after.peak);
}

#[test]
fn an_idle_service_sleeps() {
    let site = site();
    let running = site.start();
    running.settles(&site);
    let process = Process::of(running.pid());
    let second = Duration::from_secs(1);
    running.until("a second without anything to do", || process.wakeups_during(second) == 0);
    let time = if is_long() { 60 * second } else { second };
    let wakeups = process.wakeups_during(time);
    tell(&format!("idle for {} s: {wakeups} wake-ups of {} threads", time.as_secs(), process.threads().len()));
    assert_eq!(wakeups, 0);
}

#[test]
fn the_watchdog_and_nothing_else_wakes_an_idle_service() {
    let site = site();
    let socket = std::os::unix::net::UnixDatagram::bind(site.path("notify")).unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut command = site.command(["run"]);
    command.env("NOTIFY_SOCKET", site.path("notify")).env("WATCHDOG_USEC", "1000000");
    let running = Running::spawn(command);
    running.logs("ready");
    let process = Process::of(running.pid());
    let beats = || {
        let mut message = [0; 4096];
        let received = std::iter::from_fn(|| socket.recv(&mut message).ok().map(|n| message[..n].to_vec()));
        received.filter(|text| text.starts_with(b"WATCHDOG=1")).count() as u64
    };
    beats();
    running.until("only the watchdog wakes it", || {
        let wakeups = process.wakeups_during(Duration::from_secs(2));
        let beats = beats();
        tell(&format!("idle with a watchdog of 1 s, for 2 s: {wakeups} wake-ups, {beats} beats"));
        // A beat wakes the timer's thread and the loop, and arms the timer anew.
        beats > 0 && wakeups <= 6 * beats
    });
}

#[test]
fn a_cold_start_takes_as_many_threads_as_it_is_told() {
    for threads in [1, 3] {
        let mut random = Random::new(4);
        let site = (0..2_000).fold(Site::jekyll(), |site, n| site.file(&name(n), post(n, &mut random)));
        let site = site.env("SYNDICATED_STATE_THREADS", &threads.to_string());
        let running = Running::spawn(site.command(["run"]));
        let process = Process::of(running.pid());
        let (mut workers, mut all) = (0, 0);
        running.until("it is ready", || {
            let names = process.threads();
            workers = workers.max(names.iter().filter(|name| name.starts_with("posts-")).count());
            all = all.max(names.len());
            running.log().contains("ready")
        });
        tell(&format!("threads = {threads}: {workers} of them at work on posts and feeds, {all} in all"));
        assert_eq!(workers, threads);
    }
}
