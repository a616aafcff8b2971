//! Push in a service: hubs of others and subscribers of our own are told what was published. What goes wrong with that costs no
//! publication anything.

use std::sync::{Arc, OnceLock};

use tracing::{error, warn};

use crate::clock;
use crate::config::Config;
use crate::delivery::endpoint::Endpoint;
use crate::model::{FeedPath, Hint};
use crate::websub::connect::System;
use crate::websub::ping::{self, Pinger};
use crate::websub::{Hub, Numbers, Owner, PACE, World};

/// Who is told of publications.
#[derive(Debug, Default)]
pub(super) struct Push {
    pinger: Option<Pinger>,
    hub: Option<Hub>,
    begun: OnceLock<()>,
}

impl Push {
    /// As a configuration wants it. Before anything is published, so that what changes is known.
    pub(super) fn open(config: &Config) -> Self {
        let world = |pace| World { now: Arc::new(clock::now), resolver: Arc::new(System), pace };
        let pinger = (!config.websub.hubs.is_empty()).then(|| Pinger::open(config, world(ping::PACE)));
        let hub = config.websub.hub.as_ref().map(|hub| Hub::open(config, hub, world(PACE)));
        if hub.is_some() && config.server.listen.is_empty() {
            warn!("`websub.hub` is set, and `server.listen` is not: nobody can subscribe");
        }
        Self {
            pinger: pinger.and_then(|opened| opened.inspect_err(|error| error!("{error}")).ok()),
            hub: hub.and_then(|opened| opened.inspect_err(|error| error!("{error}; there is no hub")).ok()),
            begun: OnceLock::new(),
        }
    }

    /// The first publication is over.
    pub(super) fn begin(&self) {
        self.begun.get_or_init(|| self.hub.iter().for_each(Hub::begin));
    }

    /// These files are in place now, or gone where there is no hint.
    pub(super) fn published(&self, files: &[(FeedPath, Option<Hint>)]) {
        if self.pinger.is_none() && self.hub.is_none() {
            return;
        }
        let files: Vec<_> = files.iter().map(|(path, hint)| (path.clone(), hint.map(|hint| hint.sha256))).collect();
        self.pinger.iter().for_each(|pinger| pinger.published(&files));
        self.hub.iter().for_each(|hub| hub.published(&files));
    }

    /// Who takes requests for subscriptions, from the first publication on.
    pub(super) fn endpoint(&self) -> Option<Arc<dyn Endpoint>> {
        self.begun.get()?;
        self.hub.as_ref().map(Hub::endpoint)
    }

    /// Who may change subscriptions, from the first publication on.
    pub(super) fn owner(&self) -> Option<Owner> {
        self.begun.get()?;
        self.hub.as_ref().map(Hub::owner)
    }

    /// What became of it so far; `None` where nobody is told.
    pub(super) fn numbers(&self) -> Option<Numbers> {
        let (pings, hub) = (self.pinger.as_ref().map(Pinger::numbers), self.hub.as_ref().map(Hub::numbers));
        (pings.is_some() || hub.is_some()).then_some(Numbers { pings, hub })
    }

    /// Ends it: what is not told is told by the next service.
    pub(super) async fn close(self) {
        let Self { pinger, hub, .. } = self;
        tokio::join!(
            async {
                if let Some(pinger) = pinger {
                    pinger.close().await
                }
            },
            async {
                if let Some(hub) = hub {
                    hub.close().await
                }
            },
        );
    }
}

/// Whether two configurations tell the same people of the same feeds.
pub(super) fn is_same(new: &Config, old: &Config) -> bool {
    new.websub == old.websub
        && new.site.hubs == old.site.hubs
        && new.output.dir == old.output.dir
        && new.output.feeds_url == old.output.feeds_url
        && new.output.aliases == old.output.aliases
        && new.output.opml == old.output.opml
        && new.output.archive == old.output.archive
        && new.state == old.state
        && new.server.listen.is_empty() == old.server.listen.is_empty()
}
