//! A plain site: any tree of posts, with nothing of its own but perhaps a `CNAME`.

use super::{Facts, Lookup};
use crate::config::ConfigError;

/// What a plain site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    facts.address = lookup.address(None, "", &mut facts.files)?;
    Ok(facts)
}
