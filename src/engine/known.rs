//! Every post with what it is known by: what `ids` pins, and finds the posts of other feeds by.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Engine, EngineError};
use crate::model::{BodyHash, ItemId, SitePath, WebUrl};
use crate::watcher::scan::{self, Content};

/// One post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where it lies.
    pub path: SitePath,
    /// The id that feeds show.
    pub id: ItemId,
    /// Its page.
    pub link: WebUrl,
    /// The body by which it is found again under another name.
    pub body: BodyHash,
    /// Whether its front matter says its id, so that no row can give it another.
    pub is_stated: bool,
}

impl Engine {
    /// Every post of the last batch, by path, shown or not; of several with one id the one that is shown.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn known(&self) -> Result<Vec<Known>, EngineError> {
        let posts = self.catalog.identities()?;
        let (root, normalizer) = (&self.config.source.root, &self.normalizer);
        let read = |(path, id): (SitePath, ItemId)| {
            // What has changed since then is for the next time.
            let (Content::Bytes(bytes), _) = scan::read(Vec::new(), &path.under(root)) else { return None };
            let own = normalizer.identity(&path, &bytes)?;
            Some(Known { path, id, link: own.link, body: own.body, is_stated: own.is_stated })
        };
        Ok(self.pool.install(|| posts.into_par_iter().filter_map(read).collect()))
    }
}
