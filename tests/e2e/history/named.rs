//! Histories that once ended otherwise than a full build, and what an edit may cost.

use std::fs;

use syndicated::model::SitePath;
use syndicated::watcher::changes::Batch;

use super::player::Player;
use super::post::Post;
use super::steps::{Mishap, Step};

fn write(place: u8, post: Post) -> Step {
    Step::Write { place, post, rename: true, fresh: false }
}

fn plays(steps: &[Step]) -> Player {
    let mut player = Player::new(false);
    for step in steps.iter().chain([&Step::Check]) {
        player.play(step).unwrap();
    }
    player
}

#[test]
fn a_folder_with_the_name_of_a_post_is_reported_as_long_as_it_is_there() {
    let folder = Step::FolderAsPost { place: 0 };
    plays(&[write(1, Post::of(0, 0, 0, 1)), Step::Check, folder.clone(), Step::Check, folder]);
}

#[test]
fn a_post_that_is_shown_no_more_is_not_told_of_its_permalink() {
    let (early, late) = (Post::of(2, 0, 5, 1), Post::of(8, 0, 6, 1));
    let shown = Step::Clock { instant: 5, seconds: 0 };
    plays(&[write(0, early), write(12, late), shown, Step::Check, Step::Clock { instant: 1, seconds: 0 }]);
}

#[test]
fn a_catalog_made_anew_under_way_makes_the_feeds_without_posts_too() {
    for page in 0..32 {
        let damaged = Step::Restart(Mishap::DamagedCatalog { how: 1, at: page });
        plays(&[write(12, Post::of(2, 0, 0, 1)), Step::Check, Step::RemoveFolder { folder: 1 }, damaged]);
    }
}

#[test]
fn a_sound_that_became_a_link_is_looked_at_where_it_leads() {
    let sounding = Post::of(0, 0, 0, 1).switched(5);
    let restart = || Step::Restart(Mishap::None);
    let there = Step::Sound { n: 133, size: 0, rename: true, fresh: false };
    plays(&[write(16, sounding), restart(), Step::LinkSound { n: 162, target: 89 }, restart(), there]);
}

#[test]
fn a_renamed_post_is_told_by_its_body_whatever_comes_and_goes() {
    // One post a body; `00` is pinned, renamed, copied, and comes back.
    let post = |place, body| write(place, Post::of(2, 1, 0, body));
    let gone = |from, to| Step::Rename { from, to };
    plays(&[
        post(0, 7),
        post(3, 8),
        Step::Pin,
        gone(0, 1),
        Step::Check,
        post(4, 7),
        Step::Check,
        Step::Remove { place: 4 },
        Step::Check,
    ]);
    plays(&[
        post(0, 7),
        Step::Pin,
        gone(0, 1),
        Step::Check,
        post(0, 9),
        Step::Check,
        post(1, 9),
        Step::Pin,
        Step::Check,
        Step::Unpin,
    ]);
    // The id of the row that the file is told by is one that another post states.
    let rows = |id| Step::EditIds { rows: [[12, id, 7], [24, 2, 8], [0, 240, 0], [0, 240, 0]] };
    plays(&[post(0, 7), write(1, Post::of(8, 1, 10, 8)), rows(0), Step::Check, rows(2), Step::Check, rows(245)]);
}

#[test]
fn a_file_behind_a_linked_folder_has_one_path() {
    // `.hidden` is no folder of posts, and a link shows what is in it.
    let link = Step::LinkFolder { place: 100, target: 8 };
    let hidden = |body| write(96, Post::of(2, 1, 0, body));
    plays(&[
        hidden(0),
        link.clone(),
        Step::Check,
        hidden(1),
        Step::Check,
        Step::LinkFolder { place: 101, target: 8 },
        link,
    ]);
}

#[test]
fn a_file_may_be_told_of_under_any_of_its_paths() {
    // `_posts/a-link` leads to `_posts`.
    let link = Step::LinkFolder { place: 100, target: 0 };
    for extra in 1..4 {
        let mut steps = vec![write(3, Post::of(2, 1, 0, 1)), write(4, Post::of(2, 1, 0, 1)), link.clone(), Step::Check];
        // Which path it is goes round with each change.
        steps.extend((0..extra).map(|_| Step::Touch { place: 4 }));
        plays(
            &[steps, vec![Step::Check, write(3, Post::of(2, 2, 0, 2)), Step::Check, Step::Remove { place: 3 }]]
                .concat(),
        );
    }
}

#[test]
fn the_state_may_be_deleted_under_a_running_service() {
    plays(&[write(0, Post::of(2, 1, 0, 1)), Step::Check, Step::LoseState, write(0, Post::of(2, 2, 0, 2))]);
    // Also when its catalog has only just been filled.
    plays(&[Step::Configure { n: 1 }, Step::LoseState, Step::Settings { dialect: "jekyll", page: false, aliases: 0 }]);
}

#[test]
fn files_that_only_hints_vouched_for_stay_ours() {
    let [out, back] = [Step::MoveOut { folder: 0 }, Step::MoveIn { folder: 0 }];
    // The batch of the start fails for want of posts, and the next configuration's catalog has no hints.
    plays(&[Step::Check, out, Step::Restart(Mishap::NoManifest), Step::Configure { n: 1 }, back]);
}

#[test]
fn what_could_not_be_published_at_the_start_is_made_up_for() {
    let mut player = plays(&[write(0, Post::of(2, 4, 0, 1))]);
    let folder = player.out().join("tech");
    player.play(&Step::Restart(Mishap::None)).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    let everything = Batch { everything: true, ..Batch::default() };
    player.reopen();
    assert!(!player.try_apply(&everything).unwrap().failures.is_empty());
    fs::remove_file(&folder).unwrap();
    let report = player.try_apply(&Batch::default()).unwrap();
    assert_eq!((report.failures.len(), report.written), (0, 3));
    player.play(&Step::Check).unwrap();
}

#[test]
fn an_edit_of_a_post_that_no_feed_shows_makes_no_feed() {
    let mut player = Player::new(true);
    let old = |body| write(0, Post::of(2, 1, 0, body));
    player.play(&old(0)).unwrap();
    // The feeds show three posts, the widest five.
    for place in 1..7 {
        player.play(&write(place, Post::of(8, 1, 0, 1))).unwrap();
    }
    player.play(&Step::Clock { instant: 5, seconds: 0 }).unwrap();
    player.tell();
    for step in [old(1), Step::Remove { place: 0 }, old(2)] {
        player.play(&step).unwrap();
        let report = player.tell();
        assert_eq!((report.looked_at, report.written, report.unchanged), (1, 0, 0), "{step:?}");
    }
    // As the newest, or as the one that decides on the label's spelling, it counts.
    player.play(&write(0, Post::of(9, 1, 0, 2))).unwrap();
    assert!(player.tell().written > 0);
    player.play(&Step::Check).unwrap();
}

#[test]
fn a_page_of_a_post_that_no_feed_shows_makes_no_feed() {
    let mut player = Player::new(true);
    player.play(&write(0, Post::of(2, 1, 0, 1))).unwrap();
    // The feeds show three posts, the widest five; their permalinks have the dates of their front matter.
    for place in 1..7 {
        player.play(&write(place, Post::of(8, 1, 0, 1))).unwrap();
    }
    player.play(&Step::Clock { instant: 5, seconds: 0 }).unwrap();
    player.tell();
    let mut build = |path: &str| {
        let place = player.built().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "<article>Built.</article>").unwrap();
        let told = Batch { paths: [SitePath::from_bytes(path.as_bytes())].into(), ..Batch::default() };
        let report = player.try_apply(&Batch { pages: Some(Box::new(told)), ..Batch::default() }).unwrap();
        (report.looked_at, report.written, report.unchanged)
    };
    assert_eq!(build("tech/2024/01/01/a.html"), (0, 0, 0));
    assert_eq!(build("style.css"), (0, 0, 0));
    // The feed of all posts and that of the category, each with a copy at an old path; the others have excerpts, or none of
    // the posts. Their pages for people show no more of a text than before.
    assert_eq!(build("tech/2024/09/09/f.html"), (0, 6, 2));
    player.play(&Step::Check).unwrap();
}

#[test]
fn a_list_and_a_feed_without_posts_stay_ours_without_a_manifest() {
    let posts = [0, 24, 33].map(|place| Step::Write { place, post: Post::of(0, 0, 0, 0), rename: false, fresh: false });
    let [out, back] = [Step::Restart(Mishap::None), Step::MoveOut { folder: 1 }];
    plays(&[&posts[..], &[out, back, Step::Restart(Mishap::NoManifest)]].concat());
}
