//! Which id each post keeps, whatever becomes of the site's address, its permalink, its date or its file's name.

use std::collections::HashSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{ItemId, SitePath};

/// The longest path that a row may have, in bytes: what Linux takes.
const MAX_PATH: usize = 4096;
/// How many faults are told one by one.
const MOST_FAULTS: usize = 20;

/// The SHA-256 of the text below a post's front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// Of this text.
    #[must_use]
    pub fn of(body: &str) -> Self {
        Self(Sha256::digest(body.as_bytes()).into())
    }

    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `None` unless `text` is 64 hexadecimal digits.
    fn parse(text: &str) -> Option<Self> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() {
            return None;
        }
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

/// One row: the post at `path` has the id `id`, and had this body when it was pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Where it lies below the site.
    pub path: SitePath,
    /// Its id.
    pub id: ItemId,
    /// By which it is found again under another name.
    pub body: BodyHash,
}

/// What a file of UTF-8 may begin with.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The rows of an `ids.tsv`, at most one a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// By path.
    rows: Vec<Pin>,
    /// The rows whose id and body no other row has, by body: only of them a renamed file can be told.
    movable: Vec<usize>,
    digest: i64,
}

impl Pins {
    /// These rows; of several for one path the first.
    #[must_use]
    pub fn new(mut rows: Vec<Pin>) -> Self {
        rows.sort_by(|a, b| a.path.cmp(&b.path));
        rows.dedup_by(|later, first| later.path == first.path);
        let mut ids = HashSet::new();
        let shared: HashSet<&ItemId> = rows.iter().map(|row| &row.id).filter(|id| !ids.insert(*id)).collect();
        let mut bodies = HashSet::new();
        let same: HashSet<BodyHash> = rows.iter().map(|row| row.body).filter(|body| !bodies.insert(*body)).collect();
        let is_movable = |row: &Pin| !shared.contains(&row.id) && !same.contains(&row.body);
        let mut movable: Vec<(BodyHash, usize)> =
            rows.iter().enumerate().filter(|(_, row)| is_movable(row)).map(|(n, row)| (row.body, n)).collect();
        movable.sort_unstable();
        let movable = movable.into_iter().map(|(_, n)| n).collect();
        let mut hash = Xxh3::new();
        for row in &rows {
            for part in [row.path.as_bytes(), row.id.as_str().as_bytes(), row.body.as_bytes()] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        Self { digest: hash.digest().cast_signed(), movable, rows }
    }

    /// Reads the lines of an `ids.tsv`: path, id and the SHA-256 of the body in hexadecimal, tabs between them. Lines that
    /// are no rows do not count, and are told with their number.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> (Self, Vec<String>) {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for (line, number) in bytes.split(|&b| b == b'\n').zip(1_usize..) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            match row(line) {
                Ok(row) => rows.push((number, row)),
                Err(problem) => faults.push((number, format!("{problem}: this line does not count"))),
            }
        }
        rows.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
        rows.dedup_by(|(line, later), (_, first)| {
            let is_second = later.path == first.path;
            if is_second {
                let message = format!("another row has the path {} already: this one does not count", later.path);
                faults.push((*line, message));
            }
            is_second
        });
        faults.extend(shared_ids(&rows));
        faults.sort();
        let more = faults.len().saturating_sub(MOST_FAULTS);
        faults.truncate(MOST_FAULTS);
        let mut told: Vec<String> = faults.into_iter().map(|(line, message)| format!("{line}: {message}")).collect();
        told.extend((more > 0).then(|| format!(" and {more} more lines like these")));
        (Self::new(rows.into_iter().map(|(_, row)| row).collect()), told)
    }

    /// The text of an `ids.tsv` with these rows, sorted by path.
    #[must_use]
    pub fn to_tsv(&self) -> String {
        let mut text = String::new();
        // A path may begin with what a reader takes for the mark of the file.
        if self.rows.first().is_some_and(|row| row.path.as_bytes().starts_with(BYTE_ORDER_MARK)) {
            text.push('\u{feff}');
        }
        for Pin { path, id, body } in &self.rows {
            let _ = write!(text, "{}\t{}\t", path.text(), id.as_str());
            for byte in body.as_bytes() {
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        }
        text
    }

    /// Whether a path can stand in a row: UTF-8, without control characters, and not too long.
    #[must_use]
    pub fn can_hold(path: &SitePath) -> bool {
        std::str::from_utf8(path.as_bytes()).is_ok_and(is_path)
    }

    /// Whether nothing is pinned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Pin> {
        self.rows.iter()
    }

    /// The row of a path.
    #[must_use]
    pub fn get(&self, path: &SitePath) -> Option<&Pin> {
        let at = self.rows.binary_search_by(|row| row.path.cmp(path)).ok()?;
        self.rows.get(at)
    }

    /// The one row with this body, of which a file with another name can be told; `None` when several have it.
    #[must_use]
    pub fn movable(&self, body: BodyHash) -> Option<&Pin> {
        let row = |at: &usize| self.rows.get(*at);
        let found = self.movable.binary_search_by(|at| row(at).map(|row| row.body).cmp(&Some(body))).ok()?;
        self.movable.get(found).and_then(row)
    }

    /// What of these rows bears on the reading of the file at `path`, as a number; 0 when nothing is pinned at all.
    #[must_use]
    pub fn mark(&self, path: &SitePath) -> i64 {
        if self.rows.is_empty() {
            return 0;
        }
        self.get(path).map_or(1, |row| xxh3_64(row.id.as_str().as_bytes()).cast_signed())
    }

    /// A hash of all rows.
    #[must_use]
    pub fn digest(&self) -> i64 {
        self.digest
    }
}

/// The rows whose id one before them has, with what is to be said of them.
fn shared_ids(rows: &[(usize, Pin)]) -> Vec<(usize, String)> {
    let mut by_id: Vec<(&str, usize)> = rows.iter().map(|(line, row)| (row.id.as_str(), *line)).collect();
    by_id.sort_unstable();
    let pairs = by_id.iter().zip(by_id.iter().skip(1)).filter(|((id, _), (other, _))| id == other);
    pairs
        .map(|((id, first), (_, line))| {
            (*line, format!("line {first} has the id {id} too, and two posts cannot share one"))
        })
        .collect()
}

fn row(line: &[u8]) -> Result<Pin, String> {
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut fields = line.split('\t');
    let (Some(path), Some(id), Some(body), None) = (fields.next(), fields.next(), fields.next(), fields.next()) else {
        return Err("it is not a path, an id and a SHA-256 with tabs between them".to_owned());
    };
    if !is_path(path) {
        return Err("the path is none below the site".to_owned());
    }
    let id = ItemId::parse(id).ok_or("the id is no absolute IRI")?;
    let body = BodyHash::parse(body).ok_or("the SHA-256 is not 64 hexadecimal digits")?;
    Ok(Pin { path: SitePath::from_bytes(path.as_bytes()), id, body })
}

fn is_path(path: &str) -> bool {
    path.len() <= MAX_PATH
        && !path.chars().any(char::is_control)
        && path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(path: &str, id: &str, body: &str) -> String {
        Pins::new(vec![Pin {
            path: SitePath::from_bytes(path.as_bytes()),
            id: ItemId::parse(id).unwrap(),
            body: BodyHash::of(body),
        }])
        .to_tsv()
    }

    #[test]
    fn what_is_written_is_read_again_sorted_by_path() {
        let text = [line("b.md", "urn:x:2", "b"), line("a/新.md", "urn:x:1", "a")].concat();
        let (pins, faults) = Pins::parse(text.as_bytes());
        assert_eq!(faults, Vec::<String>::new());
        let sorted = pins.to_tsv();
        assert!(sorted.starts_with("a/新.md\turn:x:1\t") && sorted.ends_with('\n'), "{sorted}");
        let with_crlf = format!("\u{feff}{}\r\n", sorted.replace('\n', "\r\n"));
        assert_eq!(Pins::parse(with_crlf.as_bytes()), (pins, Vec::new()));
    }

    #[test]
    fn what_is_no_row_is_told_with_its_line_and_the_others_count() {
        let good = line("good.md", "urn:x:1", "x");
        let sha = "0".repeat(64);
        for bad in [
            "one field".to_owned(),
            format!("a.md\turn:x:2\t{sha}\tmore"),
            format!("a.md\tno iri\t{sha}"),
            format!("a.md\turn:x:2\t{}", "0".repeat(63)),
            format!("a.md\turn:x:2\t{}", "g".repeat(64)),
            format!("../a.md\turn:x:2\t{sha}"),
            format!("/a.md\turn:x:2\t{sha}"),
            format!("a//b.md\turn:x:2\t{sha}"),
            format!("{}\turn:x:2\t{sha}", "x".repeat(MAX_PATH + 1)),
            "<<<<<<< HEAD".to_owned(),
        ] {
            let (pins, faults) = Pins::parse(format!("\n{bad}\n{good}").as_bytes());
            assert_eq!(pins.iter().count(), 1, "{bad}");
            assert_eq!(faults.len(), 1, "{bad}");
            assert!(faults[0].starts_with("2: "), "{faults:?}");
        }
        let (pins, faults) = Pins::parse(&[good.as_bytes(), b"\xff\xfe\n".repeat(1_000).as_slice()].concat());
        assert_eq!((pins.iter().count(), faults.len()), (1, MOST_FAULTS + 1));
    }

    #[test]
    fn of_two_rows_for_a_path_the_first_counts_and_of_two_with_an_id_both() {
        let text = [line("a.md", "urn:x:1", "a"), line("a.md", "urn:x:2", "b"), line("c.md", "urn:x:1", "c")].concat();
        let (pins, faults) = Pins::parse(text.as_bytes());
        assert_eq!(faults.len(), 2, "{faults:?}");
        let ids: Vec<&str> = pins.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["urn:x:1", "urn:x:1"]);
        // Which of the two would a renamed file be?
        assert_eq!(pins.movable(BodyHash::of("a")), None);
    }

    #[test]
    fn only_a_body_that_one_row_has_tells_a_renamed_file() {
        let text = [line("a", "urn:x:1", "same"), line("b", "urn:x:2", "same"), line("c", "urn:x:3", "own")].concat();
        let (pins, _) = Pins::parse(text.as_bytes());
        assert_eq!(pins.movable(BodyHash::of("same")), None);
        assert_eq!(pins.movable(BodyHash::of("own")).unwrap().id.as_str(), "urn:x:3");
        assert_eq!(pins.movable(BodyHash::of("none")), None);
    }

    #[test]
    fn a_mark_tells_whether_a_file_has_to_be_read_again() {
        let path = |text: &str| SitePath::from_bytes(text.as_bytes());
        let one = Pins::parse(line("a", "urn:x:1", "x").as_bytes()).0;
        let other = Pins::parse(line("a", "urn:x:2", "x").as_bytes()).0;
        assert_eq!(Pins::default().mark(&path("a")), 0);
        assert_ne!(one.mark(&path("a")), other.mark(&path("a")));
        assert_eq!(one.mark(&path("b")), other.mark(&path("b")));
        assert_ne!(one.digest(), other.digest());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_rows_that_are_written_and_read_again(
            lines in proptest::collection::vec("(a|b/c|\\.\\.|[^\n]{0,3})\t(urn:x:[12]| ?urn:新|[^\n]{0,3})\t(0{64}|[0-9aAg]{63,65})?\r?", 0..6),
            noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
        ) {
            let (pins, _) = Pins::parse(&[lines.join("\n").as_bytes(), &noise].concat());
            proptest::prop_assert_eq!(Pins::parse(pins.to_tsv().as_bytes()).0, pins);
        }
    }
}
