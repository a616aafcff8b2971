//! The ids that a site pins, in a history: all of them as they are, or lines as somebody might have edited them.

use std::fs;

use proptest::prelude::*;
use syndicated::engine::{Engine, Silent};
use syndicated::model::{BodyHash, ItemId, Pin, Pins, SitePath};
use syndicated::watcher::changes::Batch;

use super::player::Player;
use super::post;

const IDS: [&str; 5] = ["urn:x:1", "urn:x:2", "urn:pin:1", "urn:pin:2", "https://news.example/2024/01/01/a"];

impl Player {
    /// As `ids pin` does it, by what it sees for itself.
    pub(super) fn pin(&mut self) -> Result<(), TestCaseError> {
        let mut looking = Engine::looking(self.engine().config().clone()).unwrap();
        looking.apply(&Batch { everything: true, ..Batch::default() }, self.now, &Silent).unwrap();
        let known = looking.known().unwrap();
        let rows = known.into_iter().map(|post| Pin { path: post.path, id: post.id, body: post.body });
        self.configure("ids.tsv", &Pins::new(rows.collect()).to_tsv())
    }

    /// Each row: a place, an id, a body; some are none, some meet others.
    pub(super) fn edit_ids(&mut self, rows: [[u8; 3]; 4]) -> Result<(), TestCaseError> {
        let mut text = String::new();
        for [place, id, body] in rows {
            let row = Pin {
                path: SitePath::from_bytes(post::place(place % 48).as_bytes()),
                id: ItemId::parse(IDS[usize::from(id) % IDS.len()]).unwrap(),
                body: BodyHash::of(&post::body(body % post::BODY_COUNT)),
            };
            match id {
                250.. => text.push_str("<<<<<<< HEAD\n"),
                240.. => {}
                _ => text.push_str(&Pins::new(vec![row]).to_tsv()),
            }
        }
        self.configure("ids.tsv", &text)
    }

    pub(super) fn unpin(&mut self) -> Result<(), TestCaseError> {
        let _ = fs::remove_file(self.at("ids.tsv"));
        self.reconfigure()
    }
}
