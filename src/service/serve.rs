//! `serve`: only the server, of feeds that others publish; it follows them.

use std::sync::Arc;

use tokio::sync::mpsc;
use tracing::{error, info};

use super::admin::Admin;
use super::front::{self, Ask};
use super::live::Live;
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
    let live = Arc::new(Live::new());
    let systemd = &live.systemd;
    let (asker, mut asks) = mpsc::channel(front::QUEUE);
    let mut admin = Admin::open(&config, &live, &asker, false)?;
    // Watch first, then look.
    let mut watch = watch_output(&config)?;
    let mut delivery = Delivery::open(&config)?;
    let published = delivery.handle();
    note(&live, &config, &delivery);
    info!(files = published.state().files, output = %config.output.dir.display(), "ready");
    systemd.ready();
    loop {
        let beat = systemd.beat_every();
        let wants_reload = tokio::select! {
            biased;
            next = signals.next() => match next {
                Next::End(signal) => {
                    live.ends();
                    delivery.close().await;
                    info!(signal, "stopped");
                    return Ok(());
                }
                _ => true,
            },
            batch = watch.inbox.next() => batch.config,
            Some(ask) = asks.recv() => {
                answer(ask);
                continue;
            }
            () = tokio::time::sleep(RECONCILE) => false,
            () = tokio::time::sleep(beat.unwrap_or(RECONCILE)), if beat.is_some() => {
                systemd.beat();
                continue;
            }
        };
        if wants_reload {
            systemd.reloading();
            match reload(&effects, &mut delivery, &mut admin, &live) {
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

fn reload(effects: &Effects<'_>, delivery: &mut Delivery, admin: &mut Admin, live: &Live) -> Result<Watch, String> {
    let config = (effects.load)()?;
    let prepared = delivery.prepare(&config).map_err(|error| error.to_string())?;
    let for_operators = admin.prepare(&config).map_err(|error| error.to_string())?;
    let watch = watch_output(&config).map_err(|error| error.to_string())?;
    delivery.reload(&config, prepared);
    admin.reload(&config, for_operators);
    note(live, &config, delivery);
    Ok(watch)
}

/// Lets operators know what is served: all that there is.
fn note(live: &Live, config: &Config, delivery: &Delivery) {
    live.note(|status| {
        status.site = config.source.root.display().to_string();
        status.output = config.output.dir.display().to_string();
    });
    live.serves(delivery);
    live.all_is_published(true);
}

/// Says that it is there: there is nothing else to do for who asks.
fn answer(ask: Ask) {
    let (Ask::Refresh(done) | Ask::Alive(done) | Ask::Idle(done) | Ask::IdleNow(done)) = ask;
    // Whoever asked may have gone.
    let _ = done.send(());
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
