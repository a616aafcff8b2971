//! The part of the status page that tells of push: hubs that are told of changes, and the subscribers of the hub that this is.

use maud::{Markup, html};

use super::most_subscribed;
use super::page::{MOST_FEEDS, NUMBER, TEXT, figure, table};
use super::shown::Count;
use crate::websub::{HubNumbers, Numbers, PingNumbers};

/// What became of pings and deliveries since the start.
pub(super) fn push(numbers: &Numbers) -> Markup {
    html! {
        section aria-labelledby="push" {
            h2 id="push" { "Push" }
            @if let Some(pings) = &numbers.pings { (told(pings)) }
            @if let Some(hub) = &numbers.hub { (delivered(hub)) }
        }
        @if let Some(hub) = numbers.hub.as_ref().filter(|hub| !hub.topics.is_empty()) { (subscribers(hub)) }
    }
}

fn told(pings: &PingNumbers) -> Markup {
    html! {
        dl.figures {
            (figure("Told to hubs", &Count(pings.sent), html! { "changed feeds" }))
            (figure("Still to tell", &Count(pings.waiting), html! { (Count(pings.given_up)) " given up" }))
            (figure("Failed", &Count(pings.failed), html! { "requests to hubs" }))
        }
        @if !pings.failing.is_empty() { p { "The last request failed: " (pings.failing) } }
    }
}

fn delivered(hub: &HubNumbers) -> Markup {
    html! {
        dl.figures {
            (figure("Subscriptions", &Count(hub.subscribers), html! { (Count(hub.asked)) " to confirm" }))
            (figure("Delivered", &Count(hub.delivered), html! { (Count(hub.waiting + hub.under_way)) " to come" }))
            (figure("Failed", &Count(hub.failed), html! { (Count(hub.retried)) " tried again" }))
            (figure("Requests", &Count(hub.requests),
                html! { (Count(hub.refused)) " refused, " (Count(hub.unconfirmed)) " not confirmed, " (Count(hub.gone)) " gone" }))
        }
        p { "The hub is " code { (hub.url) } "." }
    }
}

fn subscribers(hub: &HubNumbers) -> Markup {
    let topics = most_subscribed(&hub.topics);
    html! {
        (table("subscribers", "Subscribers of the hub", &[("Feed", TEXT), ("Subscriptions", NUMBER)], html! {
            @for topic in topics.iter().take(MOST_FEEDS) {
                tr { th scope="row" { code { (topic.path) } } td.number { (Count(topic.subscribers)) } }
            }
        }))
        @if topics.len() > MOST_FEEDS {
            p { "These are the " (Count(MOST_FEEDS as u64)) " with most of " (Count(topics.len() as u64)) " feeds." }
        }
    }
}
