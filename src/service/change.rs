//! Changes of the hub's subscriptions that are asked for by the socket, while the service runs: one line each after that of the request.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

use super::front::{self, AskError, Request};
use super::live::Live;
use crate::websub::Owner;
use crate::websub::records::Record;

/// How long a line may be on its way.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is to become of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Take those that follow, each as `hub export` prints it.
    Import,
    /// Remove those of the callbacks or hosts that follow.
    Remove,
}

/// What became of that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Taken, or removed.
    pub done: usize,
    /// Left out, since their time is over.
    pub over: usize,
    /// Why nothing was changed.
    pub error: Option<String>,
}

/// Has the service whose state is in this folder change the subscriptions of its hub. The lines are on its disk afterwards, or nothing is.
///
/// # Errors
/// When there is no such service, or it ends meanwhile.
pub async fn change<'a>(state: &Path, what: Change, lines: impl Iterator<Item = &'a str>) -> Result<Changed, AskError> {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    front::exchange(state, &Request { change: Some(what), ..Request::default() }, &text)
        .await
        .map_err(|error| AskError::of(state, error))
}

/// Does it.
pub(super) async fn answer(what: Change, lines: impl AsyncBufRead + Unpin, live: &Live) -> Changed {
    let Some(owner) = live.owner() else {
        return refused("the service that runs is no hub at the moment: see `hub` under `[websub]`, and its log");
    };
    let done = match what {
        Change::Import => import(lines, &owner).await,
        Change::Remove => remove(lines, &owner).await,
    };
    done.unwrap_or_else(refused)
}

async fn import(lines: impl AsyncBufRead + Unpin, owner: &Owner) -> Result<Changed, &'static str> {
    let read = |line: String| serde_json::from_str::<Record>(&line).ok()?.subscription().ok();
    let given = read_all(lines, read, "a line is none of `hub export`").await?;
    let done = owner.import(given).await.ok_or(NOT_KEPT)?;
    Ok(Changed { done: done.taken, over: done.over, error: None })
}

async fn remove(lines: impl AsyncBufRead + Unpin, owner: &Owner) -> Result<Changed, &'static str> {
    let callbacks = read_all(lines, Some, "").await?;
    let done = owner.remove(&callbacks).await.ok_or(NOT_KEPT)?;
    Ok(Changed { done, ..Changed::default() })
}

const NOT_KEPT: &str = "the service cannot write its subscriptions, and nothing was changed: its log says why";

async fn read_all<T>(
    lines: impl AsyncBufRead + Unpin,
    read: impl Fn(String) -> Option<T>,
    fault: &'static str,
) -> Result<Vec<T>, &'static str> {
    let (mut lines, mut all) = (lines.lines(), Vec::new());
    loop {
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        match line.map_err(|_| "the lines took too long")?.map_err(|_| "the lines broke off")? {
            Some(line) => all.push(read(line).ok_or(fault)?),
            None => return Ok(all),
        }
    }
}

fn refused(why: impl Into<String>) -> Changed {
    Changed { error: Some(why.into()), ..Changed::default() }
}
