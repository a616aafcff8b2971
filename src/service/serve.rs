//! `serve`: only the server, of feeds that others publish; it follows them.

use std::sync::Arc;

use tracing::{error, info};

use super::systemd::Systemd;
use super::watched::Watch;
use super::{Effects, Next, RECONCILE, ServiceError, Signals};
use crate::config::{Config, FollowSymlinks};
use crate::delivery::Delivery;
use crate::model::SitePath;
use crate::watcher::notify::{Options, WatchError};

/// Serves what is published until a signal ends it.
///
/// # Errors
/// When it cannot listen or watch.
pub async fn serve(config: Config, effects: Effects<'_>, mut signals: Signals) -> Result<(), ServiceError> {
    let systemd = Systemd::find();
    // Watch first, then look.
    let mut watch = watch_output(&config)?;
    let mut delivery = Delivery::open(&config)?;
    let published = delivery.handle();
    published.complete(true);
    info!(files = published.state().files, output = %config.output.dir.display(), "ready");
    systemd.ready();
    loop {
        let beat = systemd.beat_every();
        let wants_reload = tokio::select! {
            biased;
            next = signals.next() => match next {
                Next::End(signal) => {
                    systemd.stopping();
                    delivery.close().await;
                    info!(signal, "stopped");
                    return Ok(());
                }
                _ => true,
            },
            batch = watch.inbox.next() => batch.config,
            () = tokio::time::sleep(RECONCILE) => false,
            () = tokio::time::sleep(beat.unwrap_or(RECONCILE)), if beat.is_some() => {
                systemd.beat();
                continue;
            }
        };
        if wants_reload {
            systemd.reloading();
            match reload(&effects, &mut delivery) {
                Ok(new) => {
                    watch = new;
                    info!("the configuration was read again");
                }
                Err(refused) => error!("the configuration was not taken over, the old one goes on: {refused}"),
            }
            systemd.ready();
        }
        published.look_again();
    }
}

fn reload(effects: &Effects<'_>, delivery: &mut Delivery) -> Result<Watch, String> {
    let config = (effects.load)()?;
    let prepared = delivery.prepare(&config).map_err(|error| error.to_string())?;
    let watch = watch_output(&config).map_err(|error| error.to_string())?;
    delivery.reload(&config, prepared);
    Ok(watch)
}

/// Watches the output, but not what is on its way there.
fn watch_output(config: &Config) -> Result<Watch, WatchError> {
    let interesting = |path: &SitePath| {
        let text = path.text();
        let name = text.rsplit('/').next().unwrap_or_default();
        !name.starts_with('.') || name == ".syndicated.json"
    };
    Watch::begin(Options {
        root: config.output.dir.clone(),
        config_files: config.files.clone(),
        interesting: Arc::new(interesting),
        follow: FollowSymlinks::Never,
        poll: config.source.poll,
        cookies: config.state.join("cookies/output"),
    })
}
