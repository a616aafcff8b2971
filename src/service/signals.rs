//! The signals that a service heeds.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Next, ServiceError};

/// The signals that a service heeds.
pub struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Self, ServiceError> {
        let listen = |kind| signal(kind).map_err(ServiceError::Signals);
        Ok(Self {
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    pub(super) async fn next(&mut self) -> Next {
        tokio::select! {
            _ = self.interrupt.recv() => Next::End("SIGINT"),
            _ = self.terminate.recv() => Next::End("SIGTERM"),
            _ = self.hangup.recv() => Next::Reload,
        }
    }
}
