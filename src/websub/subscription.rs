//! One subscription: what of it is confirmed, what is asked for, and what becomes of both. Pure; the time is handed in.
//!
//! What is confirmed stands until something else is (§5.1): a request that is not verified changes nothing of it.

use super::callback::Callback;
use super::request::Mode;
use super::secret::Secret;
use crate::model::FeedPath;

/// The SHA-256 of a feed's bytes.
pub type Digest = [u8; 32];

/// How often a subscriber that cannot be reached is asked whether it meant it.
pub const MOST_TRIES: u32 = 3;

/// The state of one topic and callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The path of the feed when it was subscribed to.
    pub path: FeedPath,
    /// Where the subscriber is told.
    pub callback: Callback,
    /// What is confirmed.
    pub active: Option<Active>,
    /// What is asked for and not confirmed yet.
    pub asked: Option<Asked>,
}

/// A confirmed subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// The topic, as the subscriber named it.
    pub topic: String,
    /// When it ends, in seconds since 1970.
    pub until: i64,
    /// What content is signed with.
    pub secret: Option<Secret>,
    /// The version of the feed that the subscriber has.
    pub has: Option<Digest>,
}

/// A request that the subscriber has to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// For what.
    pub mode: Mode,
    /// The topic, as it was named.
    pub topic: String,
    /// For how long, in seconds; the hub has decided that.
    pub lease: i64,
    /// What content is to be signed with.
    pub secret: Option<Secret>,
    /// The version of the feed when it was asked for: who subscribes has that.
    pub has: Option<Digest>,
    /// Tells this request from those before and after it.
    pub number: u64,
    /// How often the subscriber could not be reached.
    pub tries: u32,
}

/// What a subscriber made of the question whether it meant it (§5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It echoed the challenge. It had been asked at this time, in seconds since 1970.
    Yes(i64),
    /// It said anything else.
    No,
    /// Nothing was heard of it.
    Silence,
}

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// What was asked for holds now.
    Confirmed(Mode),
    /// All is as before.
    Dropped,
    /// The subscriber is to be asked again, after so many failures.
    Again(u32),
    /// The answer is to a request that another one has replaced.
    Late,
}

impl Subscription {
    /// Nothing yet.
    #[must_use]
    pub fn new(path: FeedPath, callback: Callback) -> Self {
        Self { path, callback, active: None, asked: None }
    }

    /// A request takes the place of one that is not confirmed yet.
    pub fn ask(&mut self, asked: Asked) {
        self.asked = Some(asked);
    }

    /// What comes of the answer to the request of this number.
    pub fn answered(&mut self, number: u64, answer: Answer) -> Next {
        let Some(asked) = self.asked.as_mut().filter(|asked| asked.number == number) else { return Next::Late };
        if answer == Answer::Silence && asked.tries + 1 < MOST_TRIES {
            asked.tries += 1;
            return Next::Again(asked.tries);
        }
        let (Answer::Yes(at), Some(asked)) = (answer, self.asked.take()) else {
            self.asked = None;
            return Next::Dropped;
        };
        self.active = match asked.mode {
            Mode::Unsubscribe => None,
            Mode::Subscribe => Some(Active {
                topic: asked.topic,
                until: at.saturating_add(asked.lease),
                secret: asked.secret,
                // Who renews may still be owed a version.
                has: self.active.take().map_or(asked.has, |active| active.has),
            }),
        };
        Next::Confirmed(asked.mode)
    }

    /// The confirmed subscription, unless its time is over.
    #[must_use]
    pub fn live(&self, now: i64) -> Option<&Active> {
        self.active.as_ref().filter(|active| now < active.until)
    }

    /// Whether the subscriber is to get this version.
    #[must_use]
    pub fn lacks(&self, version: &Digest, now: i64) -> bool {
        self.live(now).is_some_and(|active| active.has.as_ref() != Some(version))
    }

    /// The subscriber has this version now.
    pub fn delivered(&mut self, version: Digest) {
        if let Some(active) = &mut self.active {
            active.has = Some(version);
        }
    }

    /// The subscriber is told nothing any more: it said so by `410` (§7), or was denied (§5.2).
    pub fn end(&mut self) {
        self.active = None;
    }

    /// Whether nothing is left that would have to be remembered.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.asked.is_none() && self.live(now).is_none()
    }
}

#[cfg(test)]
mod tests;
