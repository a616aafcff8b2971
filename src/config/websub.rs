//! Push: the hubs that are told of changed feeds, and the hub that `run` is for them itself.

use std::time::Duration;

use super::Site;
use crate::model::WebUrl;

/// The settings of `[websub]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSub {
    /// Hubs of others, which are told of each changed feed.
    pub hubs: Vec<WebUrl>,
    /// Those of them that are told of many feeds at once.
    pub batch: Vec<WebUrl>,
    /// The hub that `run` is; `None`: it is none.
    pub hub: Option<Hub>,
}

/// The hub for the site's own feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Its public address.
    pub url: WebUrl,
    /// How long a subscription holds that asks for no time.
    pub lease: Duration,
    /// How long one holds at most.
    pub longest_lease: Duration,
    /// Whether subscribers get only the entries that are new to them, where that can be told.
    pub only_changes: bool,
    /// How what is sent to subscribers with a secret is signed.
    pub signature: Signature,
    /// Whether callbacks may lead to this machine and to private networks.
    pub allow_private: bool,
    /// How many subscriptions there may be.
    pub subscriptions: usize,
    /// How many of them one host may have.
    pub subscriptions_per_host: usize,
}

/// The algorithms of the Recommendation (§7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// HMAC with SHA-1.
    Sha1,
    /// HMAC with SHA-256.
    Sha256,
    /// HMAC with SHA-384.
    Sha384,
    /// HMAC with SHA-512.
    Sha512,
}

impl Signature {
    /// Their names in the configuration, which are those of the Recommendation.
    pub const NAMES: &'static [&'static str] = &["sha1", "sha256", "sha384", "sha512"];

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|it| it.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

impl WebSub {
    /// Whether anybody is to be told of changed feeds.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.hub.is_some() || !self.hubs.is_empty()
    }

    /// Feeds of this site announce all of the hubs, first the one that has a post first: many subscribers take no other.
    pub(super) fn advertise(&self, site: &mut Site) {
        site.hubs = self.hub.iter().map(|hub| &hub.url).chain(&self.hubs).cloned().collect();
        let mut seen = std::collections::BTreeSet::new();
        site.hubs.retain(|hub| seen.insert(hub.clone()));
    }
}
