//! A post's text as the HTML that feeds carry.

pub mod html;
pub mod markdown;
