//! Options that a text sets for itself with `{::options … /}`.

use std::ops::RangeInclusive;

use super::tree::Attributes;

#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) auto_ids: bool,
    pub(super) auto_id_prefix: String,
    pub(super) parse_block_html: bool,
    pub(super) parse_span_html: bool,
    pub(super) footnote_nr: usize,
    pub(super) header_offset: i8,
    /// Levels of the headings that a table of contents lists.
    pub(super) toc_levels: RangeInclusive<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            auto_ids: true,
            auto_id_prefix: String::new(),
            parse_block_html: false,
            parse_span_html: true,
            footnote_nr: 1,
            header_offset: 0,
            toc_levels: 1..=6,
        }
    }
}

impl Options {
    /// Those that change what a feed says; any other is left alone, as is a value that is none.
    pub(super) fn set(&mut self, stated: &Attributes) {
        for (name, value) in stated.iter() {
            let flag = value.trim() != "false";
            match name {
                "auto_ids" => self.auto_ids = flag,
                "auto_id_prefix" => value.clone_into(&mut self.auto_id_prefix),
                "parse_block_html" => self.parse_block_html = flag,
                "parse_span_html" => self.parse_span_html = flag,
                "footnote_nr" => self.footnote_nr = value.trim().parse().unwrap_or(self.footnote_nr),
                "header_offset" => self.header_offset = value.trim().parse().unwrap_or(self.header_offset),
                "toc_levels" => self.toc_levels = levels(value).unwrap_or_else(|| self.toc_levels.clone()),
                _ => {}
            }
        }
    }
}

/// `2..4` or `2,3`.
fn levels(value: &str) -> Option<RangeInclusive<u8>> {
    if let Some((first, last)) = value.split_once("..") {
        return Some(first.trim().parse().ok()?..=last.trim().parse().ok()?);
    }
    let levels: Vec<u8> = value.split(',').map(|level| level.trim().parse().ok()).collect::<Option<_>>()?;
    Some(*levels.iter().min()?..=*levels.iter().max()?)
}
