//! A progress bar for runs of more than a second, on a terminal.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Progress;

const PATIENCE: Duration = Duration::from_secs(1);

/// Appears after a second, goes away when dropped.
#[derive(Debug)]
pub(super) struct Bar {
    started: Instant,
    shown: Mutex<Option<ProgressBar>>,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), shown: Mutex::new(None) }
    }

    fn update(&self, length: Option<u64>, template: &str, position: u64) {
        if self.started.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut shown) = self.shown.lock() else { return };
        let bar = shown.get_or_insert_with(ProgressBar::no_length);
        if bar.length() != length {
            if let Some(length) = length {
                bar.set_length(length);
            }
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        bar.set_position(position);
    }
}

impl Progress for Bar {
    fn read(&self, inputs: u64) {
        self.update(None, "{spinner} reading posts: {pos}", inputs);
    }

    fn made(&self, feeds: u64, of: u64) {
        self.update(Some(of), "  writing feeds: {bar:30} {pos} of {len}", feeds);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Ok(mut shown) = self.shown.lock()
            && let Some(bar) = shown.take()
        {
            bar.finish_and_clear();
        }
    }
}
