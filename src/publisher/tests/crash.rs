//! Whatever happens, every visible file is wholly old or wholly new, and the next run reaches the final state.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::disk::{Disk, Fault};
use super::*;

type Site = BTreeMap<FeedPath, Vec<u8>>;

/// What `build` does with its output; the first error is returned after everything else was done.
fn run(
    disk: &Disk,
    known: &HashMap<FeedPath, Hint>,
    site: &Site,
) -> (HashMap<FeedPath, Hint>, Result<(), PublishError>) {
    let publisher = match Publisher::open(disk.clone(), known.clone()) {
        Ok(publisher) => publisher,
        Err(error) => return (known.clone(), Err(error)),
    };
    let mut outcome = publisher.announce(site.keys());
    for path in publisher.paths().iter().filter(|path| !site.contains_key(*path)) {
        outcome = outcome.and(publisher.remove(path));
    }
    for (path, bytes) in site {
        outcome = outcome.and(publisher.publish(path, bytes).map(|_| ()));
    }
    outcome = outcome.and(publisher.finish());
    (hints(&publisher), outcome)
}

/// The output has exactly these feeds, and the manifest that a build from nothing would write.
fn assert_final(disk: &Disk, site: &Site) {
    let names: Vec<_> = site.keys().map(|path| path.as_str().to_owned()).collect();
    assert_eq!(disk.names(), names);
    for (path, bytes) in site {
        assert_eq!(disk.get(path.as_str()).as_ref(), Some(bytes), "{path}");
    }
    let fresh = Disk::default();
    run(&fresh, &HashMap::new(), site).1.unwrap();
    assert_eq!(disk.get(".syndicated.json"), fresh.get(".syndicated.json"));
}

fn assert_whole(disk: &Disk, old: &Site, new: &Site) {
    for name in disk.names() {
        let Some(path) = FeedPath::new(&name).filter(|_| !name.contains(".syndicated-tmp-")) else { continue };
        let bytes = disk.get(&name);
        assert!(bytes.as_ref() == old.get(&path) || bytes.as_ref() == new.get(&path), "{name} is neither old nor new");
    }
}

fn site() -> impl Strategy<Value = Site> {
    let names = prop::sample::select(vec!["a.xml", "b.xml", "n/a.xml", "n/b.xml", "n/m/a.xml", "o/a.xml"]);
    prop::collection::btree_map(names.prop_map(path), prop::collection::vec(any::<u8>(), 1..5), 0..6)
}

/// Which hints survive: those of the run before, those of the run that died, or none.
#[derive(Debug, Clone, Copy)]
enum Kept {
    Before,
    Died,
    Nothing,
}

fn kept() -> impl Strategy<Value = Kept> {
    prop::sample::select(vec![Kept::Before, Kept::Died, Kept::Nothing])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn after_a_crash_anywhere_the_next_run_completes(old in site(), new in site(), next in site(), kept in kept()) {
        for at in 1.. {
            let disk = Disk::default();
            let (before, outcome) = run(&disk, &HashMap::new(), &old);
            outcome.unwrap();
            disk.arm(Some(Fault::Freeze(at)));
            let (died, outcome) = run(&disk, &before, &new);
            assert_whole(&disk, &old, &new);
            disk.arm(None);
            let hints = match kept { Kept::Before => before, Kept::Died => died, Kept::Nothing => HashMap::new() };
            // Posts may have changed in the meantime.
            run(&disk, &hints, &next).1.unwrap();
            assert_final(&disk, &next);
            if outcome.is_ok() {
                break;
            }
        }
    }

    #[test]
    fn an_error_anywhere_leaves_whole_feeds_and_no_temporary_file(old in site(), new in site(), kept in kept()) {
        for at in 1.. {
            let disk = Disk::default();
            let (before, outcome) = run(&disk, &HashMap::new(), &old);
            outcome.unwrap();
            disk.arm(Some(Fault::Error(at)));
            let (died, _) = run(&disk, &before, &new);
            assert_whole(&disk, &old, &new);
            assert!(disk.names().iter().all(|name| !name.contains(".syndicated-tmp-")));
            let reached = disk.inner().operations >= at;
            disk.arm(None);
            let hints = match kept { Kept::Before => before, Kept::Died => died, Kept::Nothing => HashMap::new() };
            run(&disk, &hints, &new).1.unwrap();
            assert_final(&disk, &new);
            if !reached {
                break;
            }
        }
    }

    /// Nothing is synced, so a power cut may empty any file of the last run, the manifest too.
    #[test]
    fn files_torn_by_a_power_cut_are_made_again(old in site(), new in site(), at in 1_usize..60, torn in any::<u64>()) {
        let disk = Disk::default();
        let (before, outcome) = run(&disk, &HashMap::new(), &old);
        outcome.unwrap();
        let synced = disk.clock();
        disk.arm(Some(Fault::Freeze(at)));
        let _ = run(&disk, &before, &new);
        for (n, content) in disk.inner().files.values_mut().enumerate() {
            if content.inode > synced && torn >> (n % 64) & 1 == 1 {
                content.bytes.clear();
            }
        }
        disk.arm(None);
        let (healed, outcome) = run(&disk, &before, &new);
        outcome.unwrap();
        // A temporary file in a folder that only the torn manifest knew goes at the next start.
        run(&disk, &healed, &new).1.unwrap();
        assert_final(&disk, &new);
    }

    #[test]
    fn foreign_files_are_never_touched(old in site(), new in site(), foreign in site()) {
        let disk = Disk::default();
        for (path, bytes) in &foreign {
            disk.put(path.as_str(), bytes);
        }
        let mut known = HashMap::new();
        for site in [&old, &new, &old] {
            let (hints, outcome) = run(&disk, &known, site);
            known = hints;
            let is_taken = |(path, bytes): (&FeedPath, &Vec<u8>)| foreign.get(path).is_some_and(|other| other != bytes);
            // A file that once had the bytes of a feed was adopted, and is ours from then on.
            let adopted = [&old, &new].iter().any(|site| site.iter().any(|(path, bytes)| foreign.get(path) == Some(bytes)));
            if adopted {
                return Ok(());
            }
            assert_eq!(outcome.is_err(), site.iter().any(is_taken));
            for (path, bytes) in &foreign {
                assert_eq!(disk.get(path.as_str()).as_ref(), Some(bytes));
            }
        }
    }
}
