//! Behaviour through the public face: the command line, files, and the library's engine.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod admin;
mod aliases;
mod archives;
mod categories;
mod check;
mod commands;
mod configuration;
mod corpus;
mod determinism;
mod discovery;
mod docs;
mod entries;
mod examples;
mod fixture;
mod golden;
mod history;
mod html;
mod http;
mod hugo;
mod identity;
mod inputs;
mod irregular;
mod jekyll_feed;
mod jekyll_sites;
mod keep;
mod languages;
mod liquid;
mod live;
mod live_service;
mod markdown;
mod media;
mod page;
mod plain;
mod readers;
mod reading;
mod service;
mod status;
mod systemd;
mod tidy;
mod torture;
mod upgrade;
mod websub;
mod zola;
mod zola_templates;
