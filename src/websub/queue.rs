//! Errands waiting for their turn, fair between hosts and, of one host, between callbacks: each host in turn, and who keeps us waiting
//! in a lane of its own, so that it keeps nobody else waiting. Pure.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How many prompt errands a host may have under way.
pub const PROMPT: usize = 8;
/// How many slow ones beside them.
pub const SLOW: usize = 32;
/// The same while the host fails.
const PROMPT_OF_FAILING: usize = 1;
const SLOW_OF_FAILING: usize = 4;

/// Where an errand waits, and whose room it takes while it is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// For callbacks that answered at once the last time.
    Prompt,
    /// For those that did not, or were never asked, and for what takes long.
    Slow,
}

/// Queues of hosts.
#[derive(Debug)]
pub struct Queues<T> {
    hosts: HashMap<Arc<str>, Host<T>>,
    /// Those that have something waiting in a lane and may have more under way, in the order of their turns.
    turns: Lanes<VecDeque<Arc<str>>>,
    waiting: usize,
}

#[derive(Debug)]
struct Host<T> {
    lanes: Lanes<Queue<T>>,
    is_failing: bool,
}

#[derive(Debug)]
struct Queue<T> {
    waiting: VecDeque<T>,
    under_way: usize,
    has_turn: bool,
}

#[derive(Debug, Default)]
struct Lanes<Q> {
    prompt: Q,
    slow: Q,
}

impl<Q> Lanes<Q> {
    fn of(&mut self, lane: Lane) -> &mut Q {
        match lane {
            Lane::Prompt => &mut self.prompt,
            Lane::Slow => &mut self.slow,
        }
    }
}

impl<T> Default for Queues<T> {
    fn default() -> Self {
        Self { hosts: HashMap::new(), turns: Lanes::default(), waiting: 0 }
    }
}

impl<T> Default for Host<T> {
    fn default() -> Self {
        Self { lanes: Lanes::default(), is_failing: false }
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), under_way: 0, has_turn: false }
    }
}

impl<T> Host<T> {
    fn has_room(&mut self, lane: Lane) -> bool {
        let most = match (lane, self.is_failing) {
            (Lane::Prompt, false) => PROMPT,
            (Lane::Prompt, true) => PROMPT_OF_FAILING,
            (Lane::Slow, false) => SLOW,
            (Lane::Slow, true) => SLOW_OF_FAILING,
        };
        self.lanes.of(lane).under_way < most
    }

    fn is_idle(&self) -> bool {
        let Lanes { prompt, slow } = &self.lanes;
        [prompt, slow].into_iter().all(|lane| lane.under_way == 0 && lane.waiting.is_empty())
    }
}

impl<T> Queues<T> {
    /// Puts an errand at the end of its host's queue, or at the front.
    pub fn push(&mut self, host: &Arc<str>, errand: T, lane: Lane, is_urgent: bool) {
        let queue = self.hosts.entry(Arc::clone(host)).or_default().lanes.of(lane);
        if is_urgent {
            queue.waiting.push_front(errand);
        } else {
            queue.waiting.push_back(errand);
        }
        self.waiting += 1;
        self.give_turn(host, lane);
    }

    /// Whether an errand of a lane can be done now.
    #[must_use]
    pub fn is_ready(&self, lane: Lane) -> bool {
        match lane {
            Lane::Prompt => !self.turns.prompt.is_empty(),
            Lane::Slow => !self.turns.slow.is_empty(),
        }
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// The next errand of a lane; it is under way until it is [`Self::done`].
    pub fn pop(&mut self, lane: Lane) -> Option<(Arc<str>, T)> {
        loop {
            let host = self.turns.of(lane).pop_front()?;
            let Some(of_host) = self.hosts.get_mut(&host) else { continue };
            // It may have begun to fail since it was given its turn; the end of what it has under way gives it another.
            let has_room = of_host.has_room(lane);
            let queue = of_host.lanes.of(lane);
            queue.has_turn = false;
            if has_room && let Some(errand) = queue.waiting.pop_front() {
                queue.under_way += 1;
                self.waiting -= 1;
                self.give_turn(&host, lane);
                return Some((host, errand));
            }
        }
    }

    /// A prompt errand takes long: it is a slow one from now on, if its host may have another. If not, it is still a prompt one.
    pub fn slows(&mut self, host: &Arc<str>) -> bool {
        let Some(queue) = self.hosts.get_mut(host) else { return false };
        if !queue.has_room(Lane::Slow) {
            return false;
        }
        queue.lanes.slow.under_way += 1;
        queue.lanes.prompt.under_way = queue.lanes.prompt.under_way.saturating_sub(1);
        self.give_turn(host, Lane::Prompt);
        true
    }

    /// An errand of a lane is over; `went_well` says whether the host can be reached, where that is known now.
    pub fn done(&mut self, host: &Arc<str>, lane: Lane, went_well: Option<bool>) {
        let Some(queue) = self.hosts.get_mut(host) else { return };
        let under_way = &mut queue.lanes.of(lane).under_way;
        *under_way = under_way.saturating_sub(1);
        queue.is_failing = went_well.map_or(queue.is_failing, |well| !well);
        if queue.is_idle() && !queue.is_failing {
            self.hosts.remove(host);
        } else {
            self.give_turn(host, Lane::Prompt);
            self.give_turn(host, Lane::Slow);
        }
    }

    /// Forgets which hosts fail that have nothing to do.
    pub fn forget(&mut self) {
        self.hosts.retain(|_, queue| !queue.is_idle());
    }

    fn give_turn(&mut self, host: &Arc<str>, lane: Lane) {
        let Some(queue) = self.hosts.get_mut(host) else { return };
        let has_room = queue.has_room(lane);
        let queue = queue.lanes.of(lane);
        if has_room && !queue.has_turn && !queue.waiting.is_empty() {
            queue.has_turn = true;
            self.turns.of(lane).push_back(Arc::clone(host));
        }
    }
}

#[cfg(test)]
mod tests;
