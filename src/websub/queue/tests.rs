//! Turns, shares and lanes.

use proptest::prelude::*;

use super::*;

fn host(name: &str) -> Arc<str> {
    name.into()
}

fn all(queues: &mut Queues<usize>, lane: Lane) -> Vec<usize> {
    std::iter::from_fn(|| queues.pop(lane)).map(|(_, errand)| errand).collect()
}

#[test]
fn hosts_take_turns_and_none_has_more_than_its_share() {
    let mut queues = Queues::default();
    (0..100).for_each(|n| queues.push(&host("a"), n, Lane::Prompt, false));
    (0..2).for_each(|n| queues.push(&host("b"), n, Lane::Prompt, false));
    let order: Vec<_> = std::iter::from_fn(|| queues.pop(Lane::Prompt)).map(|(host, n)| format!("{host}{n}")).collect();
    assert_eq!(order, ["a0", "b0", "a1", "b1", "a2", "a3", "a4", "a5", "a6", "a7"]);
    assert!(!queues.is_ready(Lane::Prompt) && queues.waiting() == 92);
    queues.done(&host("a"), Lane::Prompt, Some(true));
    assert_eq!(queues.pop(Lane::Prompt).unwrap().1, 8);
}

#[test]
fn a_host_that_fails_has_few_under_way_until_it_does_not() {
    for (lane, most, of_failing) in [(Lane::Prompt, PROMPT, 1), (Lane::Slow, SLOW, 4)] {
        let mut queues = Queues::default();
        (0..100).for_each(|n| queues.push(&host("a"), n, lane, false));
        assert_eq!(all(&mut queues, lane).len(), most);
        (0..most).for_each(|_| queues.done(&host("a"), lane, Some(false)));
        assert_eq!(all(&mut queues, lane).len(), of_failing);
        queues.done(&host("a"), lane, Some(true));
        assert_eq!(all(&mut queues, lane).len(), most - (of_failing - 1));
    }
}

#[test]
fn who_keeps_us_waiting_keeps_nobody_else_waiting() {
    let mut queues = Queues::default();
    (0..1000).for_each(|n| queues.push(&host("a"), n, Lane::Slow, false));
    assert_eq!(all(&mut queues, Lane::Slow).len(), SLOW);
    queues.push(&host("a"), 1000, Lane::Prompt, false);
    assert_eq!(queues.pop(Lane::Prompt).unwrap().1, 1000);
}

#[test]
fn what_takes_long_makes_room_as_long_as_there_is_some() {
    let mut queues = Queues::default();
    (0..100).for_each(|n| queues.push(&host("a"), n, Lane::Prompt, false));
    let mut made_room = 0;
    while queues.pop(Lane::Prompt).is_some() && queues.slows(&host("a")) {
        made_room += 1;
    }
    assert_eq!(made_room, SLOW);
    queues.done(&host("a"), Lane::Slow, Some(true));
    assert!(queues.slows(&host("a")));
}

#[test]
fn what_is_urgent_is_first() {
    let mut queues = Queues::default();
    queues.push(&host("a"), 1, Lane::Prompt, false);
    queues.push(&host("a"), 2, Lane::Prompt, true);
    assert_eq!(queues.pop(Lane::Prompt).unwrap().1, 2);
}

proptest! {
    #[test]
    fn each_errand_is_done_once(steps in proptest::collection::vec((0usize..4, any::<Option<bool>>(), 0..4u8, any::<bool>()), 0..200)) {
        let names = ["a", "b", "c", "d"].map(host);
        let (mut queues, mut pushed, mut popped, mut under_way) = (Queues::default(), 0, Vec::new(), Vec::new());
        for (at, went_well, what, is_slow) in steps {
            let lane = if is_slow { Lane::Slow } else { Lane::Prompt };
            match what {
                0 | 1 => {
                    queues.push(&names[at], pushed, lane, went_well == Some(true));
                    pushed += 1;
                }
                2 => if let Some((host, errand)) = queues.pop(lane) {
                    popped.push(errand);
                    let slows = lane == Lane::Prompt && went_well.is_none() && queues.slows(&host);
                    under_way.push((host, if slows { Lane::Slow } else { lane }));
                },
                _ => if let Some((host, lane)) = under_way.pop() {
                    queues.done(&host, lane, went_well);
                },
            }
        }
        loop {
            for lane in [Lane::Prompt, Lane::Slow] {
                while let Some((host, errand)) = queues.pop(lane) {
                    popped.push(errand);
                    under_way.push((host, lane));
                }
            }
            let Some((host, lane)) = under_way.pop() else { break };
            queues.done(&host, lane, Some(true));
        }
        popped.sort_unstable();
        prop_assert_eq!(popped, (0..pushed).collect::<Vec<_>>());
        prop_assert_eq!(queues.waiting(), 0);
        queues.forget();
        prop_assert!(queues.hosts.is_empty());
    }
}
