//! A post's text as the HTML that feeds carry.
