//! `serve`: the server alone.

use super::args::Serve;
use super::{CommandError, Exit, load_with, log, runtime};
use crate::clock;
use crate::config::{Address, Config, Overrides};
use crate::service::serve::serve as run_server;
use crate::service::{Effects, Signals};

pub(super) fn serve(args: &Serve) -> Result<Exit, CommandError> {
    let config = load(args)?;
    log(&config, args.json, &args.volume);
    runtime(config.threads)?.block_on(async {
        let signals = Signals::listen()?;
        let again = || load(args).map_err(|error| error.to_string());
        run_server(config, Effects { load: &again, now: &clock::now }, signals).await?;
        Ok(Exit::Done)
    })
}

/// The configuration, in which there is somewhere to listen.
fn load(args: &Serve) -> Result<Config, CommandError> {
    let mut config =
        load_with(&Overrides { listen: args.listen.clone(), admin: args.admin.clone(), ..args.site.overrides() })?;
    if config.server.listen.is_empty() {
        config.server.listen.push(Address::usual());
    }
    Ok(config)
}
