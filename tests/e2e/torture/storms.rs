//! After a storm of changes, and amid none of its own doing, the feeds are those of a build from nothing.

use super::{Tortured, seeds, tell};

#[test]
fn after_a_storm_the_feeds_are_those_of_a_build_from_nothing() {
    let (mut storms, mut changes) = (0, 0);
    for seed in seeds(3) {
        let tortured = Tortured::new(seed);
        let running = tortured.site.start();
        changes += tortured.storm.rages(&tortured.site);
        running.as_built(&tortured.site);
        storms += 1;
    }
    tell(&format!("{storms} storms, {changes} changes, no difference"));
}
