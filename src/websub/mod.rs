//! Push by WebSub (W3C Recommendation of 23 January 2018): hubs of others are told what has changed (`ping`), and subscribers of our own
//! hub are sent it.
//!
//! `request`, `subscription`, `book`, `queue`, `later`, `rate`, `topics`, `changes`, `callback`, `secret` and `guard` are pure; `store` and
//! `keeper` are the disk; `connect` and `client` the network; `hub` takes requests, `owner` what its owner changes, `dispatch` decides who is
//! asked and told when, `errand` does it, and `attempt` is one that is under way.

mod attempt;
pub mod book;
pub mod callback;
pub mod chance;
pub mod changes;
pub mod client;
pub mod connect;
mod content;
mod dispatch;
mod errand;
pub mod guard;
mod hub;
mod keeper;
pub mod later;
mod numbers;
mod owner;
pub mod ping;
pub mod queue;
pub mod rate;
pub mod records;
pub mod request;
pub mod secret;
pub mod store;
pub mod subscription;
pub mod topics;

pub use errand::tell_denied;
pub use hub::{Clock, Hub, PACE, World};
pub use numbers::{HubNumbers, Numbers, PingNumbers, TopicNumbers};
pub use owner::Owner;
