//! The addresses that are open, each with the tasks that accept connections there.

use std::collections::BTreeMap;

use tokio::task::JoinHandle;
use tracing::info;

use super::DeliveryError;
use super::listener::{self, Listener};
use crate::config::Address;

/// Open addresses; they are closed when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Doors(BTreeMap<Address, Vec<Door>>);

/// Addresses of a configuration to come, open.
#[derive(Debug)]
pub struct Prepared(Vec<(Address, Vec<Listener>)>);

#[derive(Debug)]
struct Door {
    shown: String,
    task: JoinHandle<()>,
}

impl Doors {
    /// Opens those of these addresses that are not open; Unix sockets get this mode.
    ///
    /// # Errors
    /// When one cannot be had; all is as before.
    pub(crate) fn prepare(&self, addresses: &[Address], socket_mode: u32) -> Result<Prepared, DeliveryError> {
        let new = addresses.iter().filter(|address| !self.0.contains_key(*address));
        let open = |address: &Address| match listener::open(address, socket_mode) {
            Ok(listeners) => Ok((address.clone(), listeners)),
            Err(error) => Err(DeliveryError::Listen { address: address.clone(), error }),
        };
        new.map(open).collect::<Result<_, _>>().map(Prepared)
    }

    /// Closes what is not among these addresses, and has a task accept at each that was prepared.
    pub(crate) fn change(
        &mut self,
        addresses: &[Address],
        Prepared(opened): Prepared,
        what: &'static str,
        accept: impl Fn(Listener) -> JoinHandle<()>,
    ) {
        self.0.retain(|address, _| addresses.contains(address));
        for (address, listeners) in opened {
            let doors = listeners.into_iter().map(|listener| {
                let shown = listener.shown();
                info!(address = shown, "{what}");
                Door { shown, task: accept(listener) }
            });
            self.0.insert(address, doors.collect());
        }
    }

    /// Where they are, as people write it.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.0.values().flatten().map(|door| door.shown.clone()).collect()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}
