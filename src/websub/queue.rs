//! Errands waiting for their turn, fair between hosts: each host in turn, each with a few under way, one that fails with one. Pure.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How many errands a host may have under way.
pub const AT_ONCE: usize = 8;

/// Queues of hosts.
#[derive(Debug)]
pub struct Queues<T> {
    hosts: HashMap<Arc<str>, Host<T>>,
    /// Those that have something waiting and may have more under way, in the order of their turns.
    turns: VecDeque<Arc<str>>,
    waiting: usize,
}

#[derive(Debug)]
struct Host<T> {
    waiting: VecDeque<T>,
    under_way: usize,
    is_failing: bool,
    has_turn: bool,
}

impl<T> Default for Queues<T> {
    fn default() -> Self {
        Self { hosts: HashMap::new(), turns: VecDeque::new(), waiting: 0 }
    }
}

impl<T> Default for Host<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), under_way: 0, is_failing: false, has_turn: false }
    }
}

impl<T> Host<T> {
    fn may_go(&self) -> bool {
        !self.has_turn && !self.waiting.is_empty() && self.under_way < if self.is_failing { 1 } else { AT_ONCE }
    }
}

impl<T> Queues<T> {
    /// Puts an errand at the end of its host's queue, or at the front.
    pub fn push(&mut self, host: &Arc<str>, errand: T, is_urgent: bool) {
        let queue = self.hosts.entry(Arc::clone(host)).or_default();
        if is_urgent {
            queue.waiting.push_front(errand);
        } else {
            queue.waiting.push_back(errand);
        }
        self.waiting += 1;
        self.give_turn(host);
    }

    /// Whether an errand can be done now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.turns.is_empty()
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// The next errand; it is under way until it is [`Self::done`].
    pub fn pop(&mut self) -> Option<(Arc<str>, T)> {
        let host = self.turns.pop_front()?;
        let queue = self.hosts.get_mut(&host)?;
        queue.has_turn = false;
        let errand = queue.waiting.pop_front()?;
        queue.under_way += 1;
        self.waiting -= 1;
        self.give_turn(&host);
        Some((host, errand))
    }

    /// An errand is over; `went_well` says whether the host can be reached, where that is known now.
    pub fn done(&mut self, host: &Arc<str>, went_well: Option<bool>) {
        let Some(queue) = self.hosts.get_mut(host) else { return };
        queue.under_way = queue.under_way.saturating_sub(1);
        queue.is_failing = went_well.map_or(queue.is_failing, |well| !well);
        if queue.under_way == 0 && queue.waiting.is_empty() && !queue.is_failing {
            self.hosts.remove(host);
        } else {
            self.give_turn(host);
        }
    }

    /// Forgets which hosts fail that have nothing to do.
    pub fn forget(&mut self) {
        self.hosts.retain(|_, queue| queue.under_way > 0 || !queue.waiting.is_empty());
    }

    fn give_turn(&mut self, host: &Arc<str>) {
        if let Some(queue) = self.hosts.get_mut(host)
            && queue.may_go()
        {
            queue.has_turn = true;
            self.turns.push_back(Arc::clone(host));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn host(name: &str) -> Arc<str> {
        name.into()
    }

    #[test]
    fn hosts_take_turns_and_none_has_more_than_its_share() {
        let mut queues = Queues::default();
        (0..100).for_each(|n| queues.push(&host("a"), n, false));
        (0..2).for_each(|n| queues.push(&host("b"), n, false));
        let order: Vec<_> = std::iter::from_fn(|| queues.pop()).map(|(host, n)| format!("{host}{n}")).collect();
        assert_eq!(order, ["a0", "b0", "a1", "b1", "a2", "a3", "a4", "a5", "a6", "a7"]);
        assert!(!queues.is_ready() && queues.waiting() == 92);
        queues.done(&host("a"), Some(true));
        assert_eq!(queues.pop().unwrap().1, 8);
    }

    #[test]
    fn a_host_that_fails_has_one_under_way_until_it_does_not() {
        let mut queues = Queues::default();
        (0..20).for_each(|n| queues.push(&host("a"), n, false));
        assert_eq!(std::iter::from_fn(|| queues.pop()).count(), AT_ONCE);
        (0..AT_ONCE).for_each(|_| queues.done(&host("a"), Some(false)));
        assert_eq!(std::iter::from_fn(|| queues.pop()).count(), 1);
        queues.done(&host("a"), Some(true));
        assert_eq!(std::iter::from_fn(|| queues.pop()).count(), AT_ONCE);
    }

    #[test]
    fn what_is_urgent_is_first() {
        let mut queues = Queues::default();
        queues.push(&host("a"), 1, false);
        queues.push(&host("a"), 2, true);
        assert_eq!(queues.pop().unwrap().1, 2);
    }

    proptest! {
        #[test]
        fn each_errand_is_done_once(steps in proptest::collection::vec((0usize..4, any::<Option<bool>>(), any::<bool>()), 0..200)) {
            let names = ["a", "b", "c", "d"].map(host);
            let (mut queues, mut pushed, mut popped, mut under_way) = (Queues::default(), 0, Vec::new(), Vec::new());
            for (at, went_well, pushes) in steps {
                if pushes {
                    queues.push(&names[at], pushed, went_well == Some(true));
                    pushed += 1;
                } else if let Some((host, errand)) = queues.pop() {
                    popped.push(errand);
                    under_way.push(host);
                } else if let Some(host) = under_way.pop() {
                    queues.done(&host, went_well);
                }
            }
            loop {
                while let Some((host, errand)) = queues.pop() {
                    popped.push(errand);
                    under_way.push(host);
                }
                let Some(host) = under_way.pop() else { break };
                queues.done(&host, Some(true));
            }
            popped.sort_unstable();
            prop_assert_eq!(popped, (0..pushed).collect::<Vec<_>>());
            prop_assert_eq!(queues.waiting(), 0);
        }
    }
}
