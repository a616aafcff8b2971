//! What an engine and its caller tell each other while a batch is applied.

use std::collections::BTreeSet;

use crate::model::{FeedPath, Hint, SitePath};

/// Told how far a run is.
pub trait Progress: Sync {
    /// So many inputs were looked at.
    fn read(&self, _inputs: u64) {}
    /// So many feeds of all were made.
    fn made(&self, _feeds: u64, _of: u64) {}
    /// These files are in place now, or gone where there is no hint; more may follow.
    fn published(&self, _files: &[(FeedPath, Option<Hint>)]) {}
    /// No more follow.
    fn settled(&self) {}
}

/// Tells nobody.
#[derive(Debug)]
pub struct Silent;

impl Progress for Silent {}

/// Knows which files somebody is at. What was read of them may be half; each is in doubt in a later batch.
pub trait Meanwhile: Sync {
    /// Those of these inputs that were touched since the batch was taken, by all that happened before this call.
    fn touched(&self, inputs: &BTreeSet<SitePath>) -> BTreeSet<SitePath>;
    /// These are to be looked at again when they have been left alone for a while.
    fn put_off(&self, inputs: &BTreeSet<SitePath>);
    /// The same as [`Self::touched`] of built pages.
    fn touched_pages(&self, pages: &BTreeSet<SitePath>) -> BTreeSet<SitePath>;
}

/// Whom a run tells and asks.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) progress: &'a dyn Progress,
    pub(super) meanwhile: Option<&'a dyn Meanwhile>,
}
