//! What may happen in a history.

use proptest::collection::vec;
use proptest::prelude::*;

use super::post::{FOLDERS, INSTANTS, PAGES, Post};

/// A site's life.
#[derive(Debug, Clone)]
pub(super) struct History {
    pub(super) allow_empty: bool,
    pub(super) steps: Vec<Step>,
}

/// One thing that happens. Numbers stand for places in the tables of `post`.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Write {
        place: u8,
        post: Post,
        rename: bool,
        fresh: bool,
    },
    Touch {
        place: u8,
    },
    Remove {
        place: u8,
    },
    /// Of the post at a place, or the next that there is.
    Rename {
        from: u8,
        to: u8,
    },
    /// A folder where a post may lie.
    FolderAsPost {
        place: u8,
    },
    Page {
        page: u8,
        label: u8,
    },
    RemovePage {
        page: u8,
    },
    MoveFolder {
        from: u8,
        to: u8,
    },
    /// Out of the site, or back into it.
    MoveOut {
        folder: u8,
    },
    MoveIn {
        folder: u8,
    },
    RemoveFolder {
        folder: u8,
    },
    LinkFile {
        place: u8,
        target: u8,
    },
    LinkFolder {
        place: u8,
        target: u8,
    },
    Configure {
        n: u8,
    },
    Settings {
        dialect: &'static str,
        page: bool,
        aliases: u8,
    },
    /// The ids that posts have now are theirs from now on.
    Pin,
    EditIds {
        rows: [[u8; 3]; 4],
    },
    Unpin,
    /// A page of a post, as the site's generator writes it.
    Build {
        link: u8,
        ending: u8,
        article: u8,
        rename: bool,
        fresh: bool,
    },
    RemoveBuilt {
        n: u8,
    },
    RemoveBuiltFolder {
        n: u8,
    },
    /// All pages away, or back.
    MoveBuilt,
    /// A file that posts come with.
    Sound {
        n: u8,
        size: u8,
        rename: bool,
        fresh: bool,
    },
    RemoveSound {
        n: u8,
    },
    /// A link to another such file, or to a post.
    LinkSound {
        n: u8,
        target: u8,
    },
    /// All of them away, or back.
    MoveSounds,
    Clock {
        instant: u8,
        seconds: i8,
    },
    Deliver(Delivery),
    Snapshot,
    /// Somebody deletes the state under the running service.
    LoseState,
    Restart(Mishap),
    Check,
}

/// How changes are told. Bits of the masks stand for the changes that wait, the oldest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delivery {
    pub(super) told: u32,
    pub(super) again: u32,
    pub(super) writing: u32,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    AsTheyAre,
    ByPath,
    ByFolder,
    Everything,
}

/// What is found at the next start.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mishap {
    None,
    NoState,
    DamagedCatalog { how: u8, at: u16 },
    DeletedFile(u8),
    TruncatedFile(u8),
    EditedFile(u8),
    NoManifest,
    OldState,
    OldManifest,
    OldOutput,
}

impl Arbitrary for History {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        (prop::bool::weighted(0.7), vec(step(), 1..60))
            .prop_map(|(allow_empty, steps)| Self { allow_empty, steps })
            .boxed()
    }
}

fn step() -> impl Strategy<Value = Step> {
    let place = || prop_oneof![6 => 0..48_u8, 1 => 0..(10 * 12) as u8];
    let folder = || 0..FOLDERS.len() as u8;
    let page = || 0..PAGES.len() as u8;
    let link = || prop_oneof![Just(100_u8), Just(101), Just(102), Just(103), 0..FOLDERS.len() as u8];
    prop_oneof![
        40 => (place(), any::<Post>(), any::<bool>(), prop::bool::weighted(0.1))
            .prop_map(|(place, post, rename, fresh)| Step::Write { place, post, rename, fresh }),
        2 => place().prop_map(|place| Step::Touch { place }),
        8 => place().prop_map(|place| Step::Remove { place }),
        9 => (place(), place()).prop_map(|(from, to)| Step::Rename { from, to }),
        1 => place().prop_map(|place| Step::FolderAsPost { place }),
        4 => (page(), any::<u8>()).prop_map(|(page, label)| Step::Page { page, label }),
        2 => page().prop_map(|page| Step::RemovePage { page }),
        3 => (folder(), folder()).prop_map(|(from, to)| Step::MoveFolder { from, to }),
        2 => folder().prop_map(|folder| Step::MoveOut { folder }),
        2 => folder().prop_map(|folder| Step::MoveIn { folder }),
        2 => folder().prop_map(|folder| Step::RemoveFolder { folder }),
        2 => (place(), any::<u8>()).prop_map(|(place, target)| Step::LinkFile { place, target }),
        2 => (link(), any::<u8>()).prop_map(|(place, target)| Step::LinkFolder { place, target }),
        2 => any::<u8>().prop_map(|n| Step::Configure { n }),
        4 => Just(Step::Pin),
        3 => any::<[[u8; 3]; 4]>().prop_map(|rows| Step::EditIds { rows }),
        1 => Just(Step::Unpin),
        2 => (prop_oneof![Just("jekyll"), Just("plain"), Just("hugo")], prop::bool::weighted(0.8), any::<u8>())
            .prop_map(|(dialect, page, aliases)| Step::Settings { dialect, page, aliases }),
        14 => (any::<[u8; 3]>(), any::<bool>(), prop::bool::weighted(0.1)).prop_map(|([link, ending, article], rename, fresh)| {
            Step::Build { link, ending, article, rename, fresh }
        }),
        2 => any::<u8>().prop_map(|n| Step::RemoveBuilt { n }),
        1 => any::<u8>().prop_map(|n| Step::RemoveBuiltFolder { n }),
        1 => Just(Step::MoveBuilt),
        8 => (any::<[u8; 2]>(), any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|([n, size], rename, fresh)| Step::Sound { n, size, rename, fresh }),
        2 => any::<u8>().prop_map(|n| Step::RemoveSound { n }),
        2 => any::<[u8; 2]>().prop_map(|[n, target]| Step::LinkSound { n, target }),
        2 => Just(Step::MoveSounds),
        5 => (0..INSTANTS.len() as u8, -1..=1_i8).prop_map(|(instant, seconds)| Step::Clock { instant, seconds }),
        25 => delivery().prop_map(Step::Deliver),
        3 => Just(Step::Snapshot),
        1 => Just(Step::LoseState),
        5 => mishap().prop_map(Step::Restart),
        6 => Just(Step::Check),
    ]
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let how = prop_oneof![
        4 => Just(How::AsTheyAre),
        2 => Just(How::ByPath),
        2 => Just(How::ByFolder),
        1 => Just(How::Everything),
    ];
    let mask = || prop_oneof![2 => Just(0), 1 => any::<u32>()];
    (prop_oneof![Just(u32::MAX), any::<u32>()], mask(), mask(), how).prop_map(|(told, again, writing, how)| Delivery {
        told,
        again,
        writing,
        how,
    })
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        4 => Just(Mishap::None),
        1 => Just(Mishap::NoState),
        2 => (any::<u8>(), any::<u16>()).prop_map(|(how, at)| Mishap::DamagedCatalog { how, at }),
        1 => any::<u8>().prop_map(Mishap::DeletedFile),
        1 => any::<u8>().prop_map(Mishap::TruncatedFile),
        1 => any::<u8>().prop_map(Mishap::EditedFile),
        1 => Just(Mishap::NoManifest),
        2 => Just(Mishap::OldState),
        1 => Just(Mishap::OldManifest),
        2 => Just(Mishap::OldOutput),
    ]
}
