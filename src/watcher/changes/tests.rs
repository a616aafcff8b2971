//! What was said is what a batch holds, at the right time.

use proptest::prelude::*;

use super::*;

const MS: Duration = Duration::from_millis(1);

fn path(text: &str) -> SitePath {
    SitePath::from_bytes(text.as_bytes())
}

fn file(text: &str, change: Change) -> Fact {
    Fact::File(path(text), change)
}

fn set(paths: &[&str]) -> BTreeSet<SitePath> {
    paths.iter().map(|text| path(text)).collect()
}

/// Records facts at their milliseconds.
fn after(facts: &[(u32, Fact)]) -> Changes {
    let mut changes = Changes::default();
    for (at, fact) in facts {
        changes.record(fact.clone(), MS * *at);
    }
    changes
}

#[test]
fn nothing_is_quiet_and_never_due() {
    let mut changes = Changes::default();
    assert!(changes.is_quiet() && changes.take(MS).is_empty());
}

#[test]
fn a_close_is_due_at_once_and_only_once() {
    let mut changes = after(&[(5, file("a.md", Change::Writing)), (6, file("a.md", Change::Done))]);
    assert_eq!(changes.next_due(), Some(Duration::ZERO));
    assert_eq!(changes.take(MS * 6).paths, set(&["a.md"]));
    assert!(changes.is_quiet() && changes.take(MS * 5000).is_empty());
}

#[test]
fn a_file_is_touched_from_the_first_word_of_it_until_a_batch_has_it() {
    let mut changes = after(&[(0, file("a.md", Change::Writing)), (0, file("_data/x.yml", Change::Done))]);
    assert!(changes.is_touched(&path("a.md")) && !changes.is_touched(&path("b.md")));
    assert!(changes.is_configuration_touched(&[path("_data")]) && !changes.is_configuration_touched(&[path("_dat")]));
    changes.take(MS);
    assert!(changes.is_touched(&path("a.md")) && !changes.is_configuration_touched(&[path("_data")]));
    changes.record(file("a.md", Change::Done), MS);
    assert!(changes.is_touched(&path("a.md")));
    changes.take(MS);
    assert!(!changes.is_touched(&path("a.md")));
}

#[test]
fn a_write_without_end_is_read_after_a_second_of_quiet() {
    let mut changes = after(&[(0, file("a.md", Change::Writing)), (900, file("a.md", Change::Writing))]);
    let batch = changes.take(MS * 1000);
    assert_eq!((batch.is_empty(), batch.writing), (true, set(&["a.md"])));
    assert_eq!(changes.next_due(), Some(MS * 1900));
    assert_eq!(changes.take(MS * 1899).paths, set(&[]));
    let batch = changes.take(MS * 1900);
    assert_eq!((batch.paths, batch.writing), (set(&["a.md"]), set(&[])));
    assert!(changes.is_quiet());
}

#[test]
fn a_file_that_is_written_again_before_it_was_taken_is_not_read_half_written() {
    let mut changes = after(&[(0, file("a.md", Change::Done)), (1, file("a.md", Change::Writing))]);
    let batch = changes.take(MS * 2);
    assert_eq!((batch.paths, batch.writing), (set(&[]), set(&["a.md"])));
}

#[test]
fn attributes_alone_are_due_and_do_not_end_a_write() {
    let mut changes = after(&[
        (0, file("mode.md", Change::Attributes)),
        (0, file("saved.md", Change::Writing)),
        (1, file("saved.md", Change::Attributes)),
    ]);
    let batch = changes.take(MS * 2);
    assert_eq!((batch.paths, batch.writing), (set(&["mode.md"]), set(&["saved.md"])));
}

#[test]
fn a_backup_rename_never_shows_the_post_gone() {
    let mut changes = after(&[(0, file("a.md", Change::Removed))]);
    assert_eq!(changes.take(MS).paths, set(&[]));
    changes.record(file("a.md", Change::Writing), MS * 20);
    let batch = changes.take(GRACE + MS);
    assert_eq!((batch.paths, batch.writing), (set(&[]), set(&["a.md"])));
    changes.record(file("a.md", Change::Done), MS * 400);
    assert_eq!(changes.take(MS * 400).paths, set(&["a.md"]));
    assert!(changes.is_quiet());
}

#[test]
fn a_removal_is_due_after_its_grace() {
    let mut changes = after(&[(0, file("a.md", Change::Removed)), (0, Fact::Folder(path("f"), Change::Removed))]);
    assert_eq!(changes.next_due(), Some(GRACE));
    assert!(changes.take(GRACE - MS).is_empty());
    let batch = changes.take(GRACE);
    assert_eq!((batch.paths, batch.folders), (set(&["a.md"]), set(&["f"])));
}

#[test]
fn a_folder_covers_what_is_below_it_and_nothing_beside_it() {
    let mut changes = Changes::default();
    for name in ["a/x.md", "a-b/x.md", "a", "a/b/y.md", "a0"] {
        changes.record(file(name, Change::Done), MS);
    }
    for name in ["a/b/c", "a", "b", "a-b/c"] {
        changes.record(Fact::Folder(path(name), Change::Done), MS);
    }
    let batch = changes.take(MS);
    assert_eq!((batch.paths, batch.folders), (set(&["a-b/x.md", "a0"]), set(&["a", "b", "a-b/c"])));
}

#[test]
fn everything_covers_all_but_keeps_half_written_files_out() {
    let mut changes = after(&[
        (0, file("a.md", Change::Done)),
        (0, file("b.md", Change::Writing)),
        (1, Fact::Everything),
        (2, file("c.md", Change::Done)),
        (2, Fact::Folder(path("d"), Change::Done)),
    ]);
    let batch = changes.take(MS * 3);
    assert!(batch.everything && batch.paths.is_empty() && batch.folders.is_empty());
    assert_eq!(batch.writing, set(&["b.md"]));
}

#[test]
fn the_root_as_a_folder_is_everything() {
    assert!(after(&[(0, Fact::Folder(SitePath::default(), Change::Removed))]).take(MS).everything);
}

#[test]
fn a_configuration_file_settles_like_any_other() {
    let config = || PathBuf::from("/etc/syndicated.toml");
    let mut changes = after(&[(0, Fact::Config(config(), Change::Writing))]);
    assert!(!changes.take(MS).config);
    changes.record(Fact::Config(config(), Change::Done), MS * 2);
    assert!(changes.take(MS * 2).config && changes.is_quiet());
}

#[test]
fn too_many_paths_become_everything() {
    for change in [Change::Done, Change::Writing, Change::Removed] {
        let mut changes = Changes::default();
        for n in 0..=MAX_PATHS {
            changes.record(file(&format!("{n}.md"), change), MS);
        }
        let batch = changes.take(MS);
        assert!(batch.everything && batch.paths.is_empty() && batch.writing.is_empty());
    }
}

#[test]
fn a_million_facts_of_one_file_take_no_room() {
    let mut changes = Changes::default();
    for n in 0..1_000_000 {
        let change = if n % 2 == 0 { Change::Writing } else { Change::Done };
        changes.record(file("a.md", change), MS * n);
    }
    assert_eq!(changes.take(MS * 1_000_000).paths, set(&["a.md"]));
    assert!(changes.is_quiet());
}

#[test]
fn problems_are_told_once_and_are_bounded() {
    let mut changes = Changes::default();
    for n in 0..1000 {
        changes.record(Fact::Problem(Problem::Overflow), MS);
        changes.record(Fact::Problem(Problem::RootGone { root: PathBuf::from(n.to_string()) }), MS);
    }
    let problems = changes.take(MS).problems;
    assert_eq!(problems.len(), MAX_PROBLEMS);
    assert_eq!(problems.iter().filter(|problem| **problem == Problem::Overflow).count(), 1);
    assert!(changes.take(MS).problems.is_empty() && changes.is_quiet());
}

#[test]
fn what_is_known_elsewhere_is_owed_no_more() {
    let mut changes = after(&[
        (0, file("a/x.md", Change::Writing)),
        (0, file("a-b/x.md", Change::Writing)),
        (0, Fact::Folder(path("a"), Change::Removed)),
        (1, Fact::Everything),
        (1, Fact::Elsewhere(path("a"))),
    ]);
    let batch = changes.take(MS);
    assert_eq!((batch.everything, batch.writing), (true, set(&["a-b/x.md"])));
    let batch = changes.take(QUIET);
    assert_eq!((batch.paths, batch.folders), (set(&["a-b/x.md"]), set(&[])));
}

/// Whoever waits until all is quiet must be woken once more.
#[test]
fn what_came_to_nothing_is_quiet_after_a_last_look() {
    let mut changes = after(&[(0, file("a/x.md", Change::Writing)), (1, Fact::Elsewhere(path("a")))]);
    assert!(!changes.is_quiet());
    let due = changes.next_due().unwrap();
    assert!(changes.take(due).is_empty() && changes.is_quiet());
}

fn any_path() -> impl Strategy<Value = SitePath> {
    "[ab](/[ab]){0,3}".prop_map(|text| path(&text))
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let change =
        || prop_oneof![Just(Change::Writing), Just(Change::Done), Just(Change::Attributes), Just(Change::Removed)];
    prop_oneof![
        10 => (any_path(), change()).prop_map(|(path, change)| Fact::File(path, change)),
        3 => (any_path(), change()).prop_map(|(path, change)| Fact::Folder(path, change)),
        1 => Just(Fact::Everything),
        1 => change().prop_map(|change| Fact::Config(PathBuf::from("c"), change)),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Record(Fact),
    Wait(u32),
    Take,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![6 => any_fact().prop_map(Step::Record), 2 => (0..700u32).prop_map(Step::Wait), 2 => Just(Step::Take)]
}

fn covers(batch: &Batch, fact: &Fact) -> bool {
    let below = |path: &SitePath| batch.everything || batch.folders.iter().any(|folder| path.is_below(folder));
    match fact {
        Fact::File(path, _) => !batch.writing.contains(path) && (batch.paths.contains(path) || below(path)),
        Fact::Folder(path, _) => below(path) || path.as_bytes().is_empty() && batch.everything,
        Fact::Config(..) => batch.config,
        Fact::Everything => batch.everything,
        Fact::Elsewhere(_) => true,
        Fact::Problem(_) => !batch.problems.is_empty(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Every fact is in a batch that is taken after it; when nothing is due any more, nothing is owed.
    #[test]
    fn every_fact_is_covered(steps in prop::collection::vec(any_step(), 1..60)) {
        let (mut changes, mut now, mut owed) = (Changes::default(), MS, Vec::<Fact>::new());
        for step in steps {
            match step {
                Step::Record(fact) => {
                    changes.record(fact.clone(), now);
                    owed.push(fact);
                }
                Step::Wait(ms) => now += MS * ms,
                Step::Take => {
                    let batch = changes.take(now);
                    prop_assert!(batch.paths.is_disjoint(&batch.writing));
                    owed.retain(|fact| !covers(&batch, fact));
                }
            }
            prop_assert!(owed.is_empty() || !changes.is_quiet());
        }
        for _ in 0..3 {
            let Some(due) = changes.next_due() else { break };
            now = now.max(due);
            prop_assert!(due <= now);
            let batch = changes.take(now + QUIET);
            owed.retain(|fact| !covers(&batch, fact));
            now += QUIET;
        }
        prop_assert!(changes.is_quiet());
        prop_assert_eq!(owed, vec![]);
    }
}
