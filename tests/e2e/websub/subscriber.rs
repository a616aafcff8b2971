//! A subscriber that does what the Recommendation says of one, or the opposite.

use std::sync::{Arc, Mutex};

use sha2::{Digest as _, Sha256};

use super::web::{Heard, Said, Web};

/// What it does when it is asked whether it meant a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Confirms {
    /// Echoes the challenge of those topics that it wants, and says 404 to others (§5.3.1).
    Topic(String),
    /// Echoes any.
    All,
    /// Says this instead.
    With(u16, String),
    /// Sends the hub elsewhere.
    By(u16),
}

/// The subscriber.
pub(crate) struct Subscriber {
    pub(crate) web: Web,
    behaviour: Arc<Mutex<Behaviour>>,
}

struct Behaviour {
    confirms: Confirms,
    /// What it says to content: a status, 0 for nothing at all.
    takes: u16,
}

impl Subscriber {
    pub(crate) fn new(confirms: Confirms) -> Self {
        let behaviour = Arc::new(Mutex::new(Behaviour { confirms, takes: 204 }));
        let own = Arc::clone(&behaviour);
        let web = Web::start(move |heard| {
            let own = own.lock().unwrap();
            match heard.method.as_str() {
                "GET" => answer(&own.confirms, heard),
                _ => Said::just(own.takes),
            }
        });
        Self { web, behaviour }
    }

    pub(crate) fn confirms(&self, how: Confirms) {
        self.behaviour.lock().unwrap().confirms = how;
    }

    pub(crate) fn takes_with(&self, status: u16) {
        self.behaviour.lock().unwrap().takes = status;
    }

    pub(crate) fn callback(&self) -> String {
        self.web.url("/callback?id=a%20b&hub.mode=mine")
    }

    /// The questions that it was asked.
    pub(crate) fn questions(&self) -> Vec<Heard> {
        self.web.heard().into_iter().filter(|heard| heard.method == "GET").collect()
    }

    /// The content that came.
    pub(crate) fn content(&self) -> Vec<Heard> {
        self.web.heard().into_iter().filter(|heard| heard.method == "POST").collect()
    }

    /// Waits for the question of this number, from 1 on.
    #[track_caller]
    pub(crate) fn asked(&self, number: usize) -> Heard {
        let is_question = |heard: &&Heard| heard.method == "GET";
        self.web.until("a question", |heard| heard.iter().filter(is_question).count() >= number);
        self.questions().swap_remove(number - 1)
    }

    /// Waits for the content of this number, from 1 on.
    #[track_caller]
    pub(crate) fn gets(&self, number: usize) -> Heard {
        let is_content = |heard: &&Heard| heard.method == "POST";
        self.web.until("content", |heard| heard.iter().filter(is_content).count() >= number);
        self.content().swap_remove(number - 1)
    }
}

fn answer(confirms: &Confirms, heard: &Heard) -> Said {
    let (topic, challenge) = (last(heard, "hub.topic"), last(heard, "hub.challenge"));
    match confirms {
        Confirms::Topic(wanted) if topic.as_ref() != Some(wanted) => Said::just(404),
        Confirms::Topic(_) | Confirms::All => Said::text(200, &challenge.unwrap_or_default()),
        Confirms::With(status, text) => Said::text(*status, &text.replace("CHALLENGE", &challenge.unwrap_or_default())),
        Confirms::By(status) => {
            let there = format!("{}&there=1", heard.target);
            if heard.target.contains("there=1") {
                return Said::text(200, &challenge.unwrap_or_default());
            }
            Said { fields: vec![("Location", there)], ..Said::text(*status, &challenge.unwrap_or_default()) }
        }
    }
}

/// The last of a name in the query: those before it are the callback's own.
pub(crate) fn last(heard: &Heard, name: &str) -> Option<String> {
    heard.query(name)
}

/// HMAC as RFC 2104 has it, of SHA-256.
pub(crate) fn hmac_sha256(key: &[u8], text: &[u8]) -> String {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36)[..], text].concat());
    let outer = Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner[..]].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The targets of a `Link` field by relation (RFC 8288).
pub(crate) fn links(field: &str, relation: &str) -> Vec<String> {
    let of = |link: &str| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        parameters.split(';').any(|it| it.trim() == format!("rel=\"{relation}\"")).then(|| target.to_owned())
    };
    field.split(',').filter_map(of).collect()
}
