//! Names of files that were chosen to harm who reads them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use super::{built, ended, printable, sound};
use crate::fixture::{Site, front};

/// What stands behind the date in a post's name.
fn names() -> Vec<Vec<u8>> {
    let texts = [
        "a\nforged: error: nothing\n",
        "a\rforged",
        "\x1b[31mred\x1b]0;title\x07",
        "\"quoted\"",
        "it's",
        "back\\slash\\..\\x",
        "-rf",
        "--help",
        "$(touch x)`touch y`;touch z",
        "%n%s%00%2e%2e",
        "<script>&amp;]]>",
        "раураl",
        "\u{202e}dm.gpj",
        "\u{200f}right\u{2066}isolate\u{2069}",
        "\u{2028}forged",
        "x\u{301}\u{301}\u{301}",
        "\u{feff}bom",
        " ",
        "a.md.md",
        "con",
    ];
    let mut names: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    names.push(b"\xff\xfe not \xc3 UTF-8".to_vec());
    names.push(vec![b'x'; 255 - "2022-03-31-.md".len()]);
    names.push("长".repeat(80).into_bytes());
    names
}

fn write(site: &Site, folder: &str, name: &[u8], text: &str) {
    let place = site.path(folder).join(OsStr::from_bytes(name));
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

#[test]
fn names_of_posts_forge_no_line_and_no_feed() {
    let site = sound();
    for name in names() {
        write(&site, "site/_posts", &[b"2022-03-31-", &name[..], b".md"].concat(), &front("categories: odd", "x"));
        // And a finding that names it.
        let broken = [b"2022-04-01-", &name[..], b".md"].concat();
        write(&site, "site/_posts", &broken, "---\ntitle: never closed\n");
    }
    let report = built(&site);
    printable(&site);
    let left_out = report.diagnostics();
    let unterminated = left_out.iter().filter(|found| found.ends_with("front-matter-unterminated")).count();
    assert_eq!(unterminated, names().len(), "{left_out:#?}");
    assert_eq!(site.feed("odd/atom.xml").items.len(), names().len().min(20));
    assert_eq!(site.published(), site.built_again());
}

#[test]
fn names_of_folders_forge_no_line_and_no_feed() {
    let site = sound();
    for name in names().into_iter().filter(|name| !name.starts_with(b"-")) {
        write(&site, "site", &[&name[..], b"/_posts/2022-03-31-odd.md"].concat(), &front("title: Odd", "x"));
    }
    built(&site);
    printable(&site);
    assert_eq!(site.published(), site.built_again());
}

#[test]
fn names_of_plain_posts_forge_no_line_and_no_feed() {
    let plain = || Site::plain().file("site/2022-01-01-sound.md", crate::fixture::short("Sound", "news"));
    let site = plain();
    for name in names() {
        write(&site, "site", &[b"2022-03-31-", &name[..], b".md"].concat(), &front("title: Odd\ncategories: odd", "x"));
    }
    site.build();
    site.assert_sound();
    printable(&site);
    assert_eq!(super::of_others(&site), super::of_others(&ended(plain())));
}
