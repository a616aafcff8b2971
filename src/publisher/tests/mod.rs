//! The publisher against a model of a disk that can freeze, fail and tear, and against real folders.

mod behaviour;
mod crash;
mod disk;
mod folder;
mod locking;
mod manifests;

use super::*;

fn path(text: &str) -> FeedPath {
    FeedPath::new(text).unwrap()
}

fn open<S: Store>(store: S) -> Publisher<S> {
    Publisher::open(store, HashMap::new()).unwrap()
}

/// The hints that a catalog would keep.
fn hints<S: Store>(publisher: &Publisher<S>) -> HashMap<FeedPath, Hint> {
    publisher.paths().into_iter().filter_map(|path| Some((path.clone(), publisher.hint(&path)?))).collect()
}
