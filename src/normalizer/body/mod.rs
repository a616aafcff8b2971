//! The text of a post: Markdown rendered, the article of a built page taken out, HTML made fit for feeds.

pub mod article;
pub mod html;
pub mod markdown;
mod picture;

pub(crate) use picture::first_picture;
