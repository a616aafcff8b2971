//! State and output that are damaged, swapped or gone, between two runs and beneath a running service: noticed, made anew,
//! and no reader ever sees a torn feed.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::process::Signal;
use syndicated_bench::rng::Rng;

use super::victim::seeds;
use super::watching::Watching;
use crate::fixture::{Site, short};

const CATALOG: &str = ".syndicated/feeds/catalog.sqlite";
const POSTS: usize = 40;

fn site(random: &mut Rng) -> Site {
    let site = Site::jekyll();
    for n in 0..POSTS {
        edit(&site, n, random);
    }
    site
}

fn edit(site: &Site, n: usize, random: &mut Rng) {
    let post = short(&format!("P{n} {}", random.below(1000)), &format!("c{}, tech", random.below(6)));
    site.write(&format!("site/_posts/2022-01-{:02}-p{n}.md", n % 28 + 1), post);
}

fn noise(random: &mut Rng, length: usize) -> Vec<u8> {
    (0..length).map(|_| random.bits() as u8).collect()
}

/// Overwrites a part of a file in place, as it is seen by whoever has it open.
fn overwrite(file: &Path, random: &mut Rng, bytes: &[u8]) {
    let Ok(open) = fs::File::options().write(true).open(file) else { return };
    let size = usize::try_from(open.metadata().unwrap().len()).unwrap();
    open.write_all_at(bytes, random.below(size) as u64).unwrap();
}

fn cut(file: &Path, random: &mut Rng) {
    let Ok(open) = fs::File::options().write(true).open(file) else { return };
    let size = usize::try_from(open.metadata().unwrap().len()).unwrap();
    open.set_len(random.below(size) as u64).unwrap();
}

/// One thing that happens to state or output; what it was.
fn harm(site: &Site, other: &Site, random: &mut Rng) -> &'static str {
    let catalog = site.path(CATALOG);
    let page = random.below(64) as u64 * 4096;
    match random.below(14) {
        0 => {
            cut(&catalog, random);
            "the catalog is cut"
        }
        1 => {
            let noise = noise(random, 4096);
            let Ok(open) = fs::File::options().write(true).open(&catalog) else { return "nothing" };
            open.write_all_at(&noise, page).unwrap();
            "a page of the catalog is noise"
        }
        2 => {
            let Ok(open) = fs::File::options().write(true).open(&catalog) else { return "nothing" };
            open.write_all_at(&[0; 4096], page).unwrap();
            "a page of the catalog is lost"
        }
        3 => {
            let length = 1 + random.below(8192);
            let noise = noise(random, length);
            overwrite(&catalog, random, &noise);
            "bytes of the catalog are noise"
        }
        4 => {
            fs::write(&catalog, noise(random, 20_000)).unwrap();
            "the catalog is noise"
        }
        5 => {
            fs::copy(other.path(CATALOG), &catalog).unwrap();
            "the catalog is another site's, copied over"
        }
        6 => {
            fs::copy(other.path(CATALOG), site.path("theirs")).unwrap();
            fs::rename(site.path("theirs"), &catalog).unwrap();
            "the catalog is another site's, renamed over"
        }
        7 => {
            // `user_version` of SQLite's file format.
            let Ok(open) = fs::File::options().write(true).open(&catalog) else { return "nothing" };
            open.write_all_at(&99_u32.to_be_bytes(), 60).unwrap();
            "the catalog is of another version"
        }
        8 => {
            let _ = fs::remove_dir_all(site.path(".syndicated"));
            "the state is gone"
        }
        9 => {
            // With the manifest gone as well, what was put there would be somebody else's.
            for path in site.published().into_keys().filter(|path| path != ".syndicated.json") {
                match random.below(3) {
                    0 => site.remove(&format!("feeds/{path}")),
                    1 if path.ends_with("atom.xml") && site.exists("feeds/tech/atom.xml") => {
                        site.write("theirs", site.text("feeds/tech/atom.xml"));
                        site.rename("theirs", &format!("feeds/{path}"));
                    }
                    _ => {}
                }
            }
            "the output is half gone, and wrong"
        }
        10 => {
            fs::remove_dir_all(site.path("feeds")).unwrap();
            "the output is gone"
        }
        11 => {
            let _ = fs::remove_file(site.path("feeds/.syndicated.json"));
            "the manifest is gone"
        }
        12 => {
            cut(&site.path("feeds/.syndicated.json"), random);
            "the manifest is cut"
        }
        _ => {
            site.rename("site/_posts", "posts");
            fs::rename(other.path("site/_posts"), site.path("site/_posts")).unwrap();
            fs::rename(site.path("posts"), other.path("site/_posts")).unwrap();
            "the posts are another site's"
        }
    }
}

fn assert_as_built(site: &Site, case: &str) {
    let (published, again) = (site.published(), site.built_again());
    let differ = |path: &&String| published.get(*path) != again.get(*path);
    let differing: Vec<_> = published.keys().chain(again.keys()).filter(differ).collect();
    assert!(differing.is_empty(), "{case}: not as built from nothing: {differing:?}");
}

#[test]
fn a_build_makes_up_for_all_that_was_damaged() {
    for seed in seeds(1..16) {
        let random = &mut Rng::of(seed, 4);
        let (site, other) = (site(random), site(random));
        site.build();
        other.build();
        for _ in 0..4 {
            let harmed = harm(&site, &other, random);
            let case = format!("SEED={seed}: {harmed}");
            edit(&site, random.below(POSTS), random);
            let ran = site.run_cmd(["build"]);
            assert_eq!(ran.code, 0, "{case}: {}{}", ran.stdout, ran.stderr);
            assert_as_built(&site, &case);
        }
    }
}

#[test]
fn a_service_makes_up_for_all_that_is_damaged_beneath_it() {
    for seed in seeds(1..11) {
        let random = &mut Rng::of(seed, 5);
        let (site, other) = (site(random), site(random));
        other.build();
        let mut running = site.start();
        let watching = Watching::begin(site.path("feeds"));
        for round in 0..4 {
            let harmed = harm(&site, &other, random);
            let case = format!("SEED={seed}: {harmed} in round {round}");
            edit(&site, random.below(POSTS), random);
            if harmed == "the state is gone" {
                // With it went the socket to ask by.
                running.until(&case, || site.run_cmd(["status", "--wait", "--timeout", "5"]).code == 0);
            }
            if harmed.starts_with("the output is half gone") {
                // Nobody tells of that: it is found within ten minutes, or when everything is asked to be looked at.
                running.send(Signal::HUP);
                running.until(&case, || site.published() == site.built_again());
            }
            running.settles(&site);
            assert_as_built(&site, &format!("{case}; the log:\n{}", running.log()));
        }
        watching.end();
        assert_eq!(running.stop(Signal::TERM), Some(0), "SEED={seed}: {}", running.log());
        site.start().as_built(&site);
    }
}

#[test]
fn a_manifest_of_a_later_version_is_refused_and_named() {
    let site = site(&mut Rng::of(1, 6));
    site.build();
    let manifest = site.text("feeds/.syndicated.json");
    site.write("feeds/.syndicated.json", manifest.replacen("\"version\":1", "\"version\":2", 1));
    let before = site.stamps();
    site.run_cmd(["build"]).exits(2).complains("feeds/.syndicated.json").complains("version 2");
    assert_eq!(site.stamps(), before);
    site.write("feeds/.syndicated.json", manifest);
    site.build();
    assert_as_built(&site, "restored");
}
