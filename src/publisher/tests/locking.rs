//! One instance a destination.

use super::*;

fn held(result: Result<Lock, LockError>) -> (std::path::PathBuf, Option<u32>) {
    match result {
        Err(LockError::Held { path, pid }) => (path, pid),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_instance_is_told_who_holds_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let (output, state) = (dir.path().join("feeds"), dir.path().join(".syndicated/feeds"));
    let first = Lock::acquire(&output, &state).unwrap();
    let us = Some(std::process::id());

    assert_eq!(held(Lock::acquire(&output, &state)), (state.clone(), us));
    assert_eq!(held(Lock::acquire(&dir.path().join("other"), &state)), (state.clone(), us));
    // Where the system lists locks, the holder of the output is known without a file.
    let (path, pid) = held(Lock::acquire(&output, &dir.path().join("state2")));
    assert_eq!(path, output);
    assert!(pid == us || pid.is_none(), "{pid:?}");
    assert_eq!(std::fs::read_dir(&output).unwrap().count(), 0, "the output shows no lock file");

    drop(first);
    drop(Lock::acquire(&output, &state).unwrap());
}

#[test]
fn different_outputs_do_not_exclude_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let lock = |name: &str| Lock::acquire(&dir.path().join(name), &dir.path().join(".syndicated").join(name));
    let _one = lock("one").unwrap();
    let _two = lock("two").unwrap();
}

#[test]
fn the_message_names_the_folder_and_the_process() {
    let error = LockError::Held { path: "/srv/feeds".into(), pid: Some(42) };
    assert_eq!(
        error.to_string(),
        "/srv/feeds is in use by another syndicated (process 42); stop that one, or choose another output and state"
    );
    let error = LockError::Held { path: "/srv/feeds".into(), pid: None };
    assert_eq!(
        error.to_string(),
        "/srv/feeds is in use by another syndicated; stop that one, or choose another output and state"
    );
}
