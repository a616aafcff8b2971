//! The values that carry the flow, valid by construction: a value that exists needs no second check.
//!
//! Nothing here imports another room, reads a file or asks for the time.

mod diagnostic;
mod feed;
mod feed_path;
mod hint;
mod item;
mod label;
mod legal;
mod path_text;
mod period;
mod pins;
mod post;
mod printable;
mod rhythm;
mod site_path;
mod slug;
mod slugify;
mod timestamp;
mod value;
mod web_url;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use feed::{Feed, FeedKey, Format, Group, Language};
pub use feed_path::FeedPath;
pub use hint::Hint;
pub use item::{Author, Enclosure, Item, ItemId, is_email};
pub use label::{Folding, Label};
pub use legal::{is_legal, is_plain, legal};
pub use path_text::{path_of_text, term_path};
pub use period::Period;
pub use pins::{BodyHash, Pin, Pins};
pub use post::{CategoryPage, Claim, LeftOut, Post, Reading, Record};
pub use printable::{is_deceptive, printable};
pub use rhythm::Rhythm;
pub use site_path::SitePath;
pub use slug::Slug;
pub use slugify::Slugify;
pub use timestamp::Timestamp;
pub use value::{Duplicates, MapBuilder, Seed, Tally, Value};
pub use web_url::WebUrl;
