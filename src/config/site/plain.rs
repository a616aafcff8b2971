//! A plain site: any tree of posts, with nothing of its own but perhaps a `CNAME` and a file of authors.

use super::{Facts, Lookup, authors};
use crate::config::ConfigError;

/// What a plain site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    facts.address = lookup.address(None, "", &mut facts.files)?;
    // As Docusaurus has them beside the posts.
    facts.authors = authors::read(lookup, "", &mut facts);
    Ok(facts)
}
