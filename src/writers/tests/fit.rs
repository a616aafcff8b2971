//! The limit on size.

use proptest::prelude::*;

use super::*;

const BOTH: [Format; 2] = [Format::Rss, Format::Atom];

fn sized(sizes: &[usize]) -> Feed {
    let item = |(n, size): (usize, &usize)| Item {
        summary: Some("Short".to_owned()),
        content: Some("&".repeat(*size)),
        ..bare_item(u32::try_from(n).unwrap())
    };
    bare_feed(sizes.iter().enumerate().map(item).collect())
}

fn fitted(feed: &Feed, max_size: u64) -> Fitted {
    fit(feed, &BOTH.map(target), max_size).unwrap()
}

fn largest(fitted: &Fitted) -> usize {
    fitted.documents.iter().map(|(_, bytes)| bytes.len()).max().unwrap()
}

fn of_newest(feed: &Feed, count: usize) -> usize {
    let feed = Feed { items: feed.items[..count].to_vec(), ..feed.clone() };
    BOTH.iter().map(|&format| document(&feed, format).len()).max().unwrap()
}

#[test]
fn a_feed_that_fits_is_whole() {
    let feed = sized(&[100; 20]);
    let fitted = fitted(&feed, 1 << 20);
    assert_eq!((fitted.kept, fitted.excerpted), (20, false));
    for (format, bytes) in fitted.documents {
        assert_eq!(String::from_utf8(bytes).unwrap(), document(&feed, format));
    }
}

#[test]
fn the_larger_format_decides_for_both() {
    // An ampersand is one byte in RSS's CDATA and five in Atom.
    let feed = sized(&[10_000; 20]);
    let fitted = fitted(&feed, 120_000);
    assert_eq!(fitted.kept, 2);
    let counts: Vec<_> = fitted
        .documents
        .iter()
        .map(|(_, bytes)| feed_rs::parser::parse(bytes.as_slice()).unwrap().entries.len())
        .collect();
    assert_eq!(counts, [2, 2]);
}

#[test]
fn one_item_stays_as_an_excerpt() {
    let fitted = fitted(&sized(&[50_000, 10]), 20_000);
    assert_eq!((fitted.kept, fitted.excerpted), (1, true));
    for (_, bytes) in &fitted.documents {
        let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        assert_eq!(feed.entries[0].summary.as_ref().unwrap().content, "Short");
        assert!(feed.entries[0].content.is_none());
    }
}

#[test]
fn a_feed_without_items_is_written_whatever_the_limit() {
    let fitted = fitted(&sized(&[]), 0);
    assert_eq!((fitted.kept, fitted.documents.len()), (0, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_many_items_stay_as_fit(sizes in prop::collection::vec(0_usize..3000, 1..12), max_size in 2000_u64..40_000) {
        let feed = sized(&sizes);
        let fitted = fitted(&feed, max_size);
        prop_assert!(largest(&fitted) as u64 <= max_size);
        if fitted.excerpted {
            prop_assert!(of_newest(&feed, 1) as u64 > max_size);
        } else {
            prop_assert_eq!(largest(&fitted), of_newest(&feed, fitted.kept));
            prop_assert!(fitted.kept == sizes.len() || of_newest(&feed, fitted.kept + 1) as u64 > max_size);
        }
    }
}
