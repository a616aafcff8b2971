//! The states of a subscription, at times that are made up.

use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400;

fn none() -> Subscription {
    let callback = Callback::parse("https://sub.example/x").unwrap();
    Subscription::new(FeedPath::new("rss.xml").unwrap(), callback)
}

fn asked(mode: Mode, number: u64) -> Asked {
    Asked {
        mode,
        topic: "https://example.com/feeds/rss.xml".to_owned(),
        lease: 10 * DAY,
        secret: Secret::new(&format!("secret {number}")),
        has: Some([1; 32]),
        number,
        tries: 0,
    }
}

fn subscribed(at: i64) -> Subscription {
    let mut it = none();
    it.ask(asked(Mode::Subscribe, 1));
    assert_eq!(it.answered(1, Answer::Yes(at)), Next::Confirmed(Mode::Subscribe));
    it
}

#[test]
fn nothing_is_delivered_before_it_is_verified() {
    let mut it = none();
    it.ask(asked(Mode::Subscribe, 1));
    assert!(!it.lacks(&[2; 32], 0) && !it.is_over(0));
    assert_eq!(it.answered(1, Answer::No), Next::Dropped);
    assert!(it.is_over(0));
}

#[test]
fn a_lease_is_counted_from_the_question_and_enforced_to_the_second() {
    let it = subscribed(1000);
    assert!(it.lacks(&[2; 32], 1000 + 10 * DAY - 1));
    assert!(!it.lacks(&[2; 32], 1000 + 10 * DAY) && it.is_over(1000 + 10 * DAY));
}

#[test]
fn who_subscribes_has_the_version_that_was_there_and_lacks_the_next() {
    let mut it = subscribed(0);
    assert!(!it.lacks(&[1; 32], 0) && it.lacks(&[2; 32], 0));
    it.delivered([2; 32]);
    assert!(!it.lacks(&[2; 32], 0) && it.lacks(&[1; 32], 0));
}

#[test]
fn a_renewal_replaces_lease_and_secret_and_forgets_no_version_that_is_owed() {
    let mut it = subscribed(0);
    it.ask(Asked { secret: None, has: Some([9; 32]), ..asked(Mode::Subscribe, 2) });
    assert_eq!(it.active.as_ref().unwrap().secret, Secret::new("secret 1"), "only once it is verified");
    assert_eq!(it.answered(2, Answer::Yes(5 * DAY)), Next::Confirmed(Mode::Subscribe));
    let active = it.active.as_ref().unwrap();
    assert_eq!((active.until, &active.secret, active.has), (15 * DAY, &None, Some([1; 32])));
}

#[test]
fn a_request_that_is_refused_or_unanswered_leaves_all_as_it_was() {
    for mode in [Mode::Subscribe, Mode::Unsubscribe] {
        let before = subscribed(0);
        let mut it = before.clone();
        it.ask(asked(mode, 2));
        assert_eq!(it.answered(2, Answer::No), Next::Dropped);
        assert_eq!(it, before);
        it.ask(asked(mode, 3));
        assert_eq!(it.answered(3, Answer::Silence), Next::Again(1));
        assert_eq!(it.answered(3, Answer::Silence), Next::Again(2));
        assert_eq!(it.answered(3, Answer::Silence), Next::Dropped);
        assert_eq!(it, before);
    }
}

#[test]
fn an_answer_counts_for_its_own_request_only() {
    let mut it = none();
    it.ask(asked(Mode::Subscribe, 1));
    it.ask(asked(Mode::Subscribe, 2));
    assert_eq!(it.answered(1, Answer::Yes(0)), Next::Late);
    assert_eq!(it.active, None);
    assert_eq!(it.answered(2, Answer::Yes(0)), Next::Confirmed(Mode::Subscribe));
    assert_eq!(it.answered(2, Answer::Yes(0)), Next::Late);
}

#[test]
fn who_leaves_or_is_gone_is_told_nothing() {
    let mut it = subscribed(0);
    it.ask(asked(Mode::Unsubscribe, 2));
    assert!(it.lacks(&[2; 32], 0));
    assert_eq!(it.answered(2, Answer::Yes(0)), Next::Confirmed(Mode::Unsubscribe));
    assert!(it.is_over(0));
    let mut it = subscribed(0);
    it.end();
    assert!(it.is_over(0));
    it.delivered([2; 32]);
    assert_eq!(it.active, None);
}

#[derive(Debug, Clone)]
enum Step {
    Ask(Mode),
    Answer(bool, Answer),
    Delivered(u8),
    End,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let mode = || prop_oneof![Just(Mode::Subscribe), Just(Mode::Unsubscribe)];
    let answer = prop_oneof![Just(Answer::Yes(0)), Just(Answer::No), Just(Answer::Silence)];
    prop_oneof![
        mode().prop_map(Step::Ask),
        (any::<bool>(), answer).prop_map(|(is_late, answer)| Step::Answer(is_late, answer)),
        any::<u8>().prop_map(Step::Delivered),
        Just(Step::End),
        (0..20 * DAY).prop_map(Step::Wait),
    ]
}

proptest! {
    /// Against a model that knows nothing but the last word that was verified.
    #[test]
    fn only_what_is_verified_changes_what_holds(steps in proptest::collection::vec(step(), 0..40)) {
        let (mut it, mut now, mut number) = (none(), 0, 0);
        let mut until: Option<i64> = None;
        for step in steps {
            match step {
                Step::Ask(mode) => {
                    number += 1;
                    it.ask(asked(mode, number));
                }
                Step::Answer(is_late, answer) => {
                    let answer = if let Answer::Yes(_) = answer { Answer::Yes(now) } else { answer };
                    match it.answered(if is_late { number + 1 } else { number }, answer) {
                        Next::Confirmed(Mode::Subscribe) => until = Some(now + 10 * DAY),
                        Next::Confirmed(Mode::Unsubscribe) => until = None,
                        Next::Dropped | Next::Again(_) => prop_assert!(!matches!(answer, Answer::Yes(_))),
                        Next::Late => {}
                    }
                }
                Step::Delivered(version) => it.delivered([version; 32]),
                Step::End => {
                    it.end();
                    until = None;
                }
                Step::Wait(time) => now += time,
            }
            prop_assert_eq!(it.live(now).map(|active| active.until), until.filter(|until| now < *until));
        }
    }
}
