//! Conditional requests: what a client has already need not be sent again (RFC 9110 §13).

use hyper::HeaderMap;
use hyper::header::{HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};

use super::coding::{Accepted, Coding};
use super::form::{Form, TagBase};

/// The fields that state a condition.
const CONDITIONS: [HeaderName; 4] = [IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_MATCH, IF_UNMODIFIED_SINCE];

/// What is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All of it, in this coding.
    Send(Coding),
    /// The client has it, in this form.
    NotModified(Form),
    /// The client wants it only as it no longer is.
    Failed,
}

/// Weighs the conditions of a `GET` or `HEAD`, in the order of RFC 9110 §13.2.2.
///
/// Of all forms that the client takes, the one that it has is the one to send: its tag is answered with `304` whatever the
/// coding that it would get now. A form that it could not read is none of them, so a cache keeps its variants apart.
/// `modified` is in seconds since 1970.
#[must_use]
pub fn weigh(headers: &HeaderMap, base: &TagBase, modified: i64, accepted: Accepted, best: Coding) -> Verdict {
    // To go over the names once is less than to look for each.
    let stated = CONDITIONS.map(|condition| headers.keys().any(|name| *name == condition));
    let [has_none_match, has_modified, has_match, has_unmodified] = stated;
    let takes = |form: &Form| accepted.takes(form.coding());
    let held = |name: HeaderName, strong: bool| match tags(headers, &name) {
        Tags::Any => Some(Form::quick(best)),
        Tags::Listed(list) => {
            list.filter(|tag| !(strong && tag.is_weak)).find_map(|tag| base.form(tag.opaque).filter(takes))
        }
    };
    let date = |name: HeaderName| headers.get(name).and_then(|value| date(value.as_bytes()));
    if has_match {
        if held(IF_MATCH, true).is_none() {
            return Verdict::Failed;
        }
    } else if has_unmodified && date(IF_UNMODIFIED_SINCE).is_some_and(|date| modified > date) {
        return Verdict::Failed;
    }
    if has_none_match {
        return held(IF_NONE_MATCH, false).map_or(Verdict::Send(best), Verdict::NotModified);
    }
    match has_modified.then(|| date(IF_MODIFIED_SINCE)).flatten() {
        Some(date) if modified <= date => Verdict::NotModified(Form::quick(best)),
        _ => Verdict::Send(best),
    }
}

/// Whether the client has these bytes in one form or other, by `If-None-Match`.
#[must_use]
pub fn has(headers: &HeaderMap, base: &TagBase) -> bool {
    match tags(headers, &IF_NONE_MATCH) {
        Tags::Any => false,
        Tags::Listed(mut list) => list.any(|tag| base.form(tag.opaque).is_some()),
    }
}

/// A date of any of the three formats, in seconds since 1970 (RFC 9110 §5.6.7).
fn date(value: &[u8]) -> Option<i64> {
    let date = httpdate::parse_http_date(std::str::from_utf8(value).ok()?.trim_ascii()).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

struct Tag<'a> {
    is_weak: bool,
    opaque: &'a [u8],
}

enum Tags<L> {
    Any,
    Listed(L),
}

fn tags<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Tags<impl Iterator<Item = Tag<'a>>> {
    let values = || headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii());
    if values().any(|value| value == b"*") { Tags::Any } else { Tags::Listed(values().flat_map(List)) }
}

/// The tags of a list, in order. One without quotes counts as well: some clients lose them.
struct List<'a>(&'a [u8]);

impl<'a> Iterator for List<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let start = self.0.iter().position(|&byte| byte != b',' && !byte.is_ascii_whitespace())?;
        let rest = self.0.get(start..).unwrap_or_default();
        let (is_weak, rest) = rest.strip_prefix(b"W/").map_or((false, rest), |rest| (true, rest));
        let end_of = |text: &[u8], end: u8| text.iter().position(|&byte| byte == end);
        let (opaque, behind) = match rest.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = end_of(quoted, b'"')?;
                (quoted.get(..end)?, quoted.get(end + 1..)?)
            }
            None => {
                let (bare, behind) = rest.split_at(end_of(rest, b',').unwrap_or(rest.len()));
                (bare.trim_ascii_end(), behind)
            }
        };
        self.0 = behind;
        Some(Tag { is_weak, opaque })
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    const MODIFIED: i64 = 1_700_000_000;
    const THEN: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

    fn base() -> TagBase {
        TagBase::of(&[0xab; 32])
    }

    fn tag(form: Form) -> String {
        String::from_utf8(base().tag(form)).unwrap()
    }

    /// With these fields, from a client that takes gzip and br.
    fn verdict(fields: &[(HeaderName, &str)]) -> Verdict {
        let accepted = Accepted::of([b"gzip, br".as_slice()]);
        let headers: HeaderMap =
            fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        // `collect` keeps the last of a name only.
        let mut all = HeaderMap::new();
        for (name, value) in fields {
            all.append(name, HeaderValue::from_str(value).unwrap());
        }
        assert!(all.len() >= headers.len());
        weigh(&all, &base(), MODIFIED, accepted, Coding::Br)
    }

    #[test]
    fn without_conditions_it_is_sent() {
        assert_eq!(verdict(&[]), Verdict::Send(Coding::Br));
    }

    #[test]
    fn a_form_that_the_client_has_is_not_sent_again() {
        for form in [Form::Identity, Form::Gzip, Form::Br, Form::SmallBr] {
            let tag = tag(form);
            for value in
                [tag.clone(), format!("W/{tag}"), format!("\"x\" , {tag}"), format!("\"a,b\",,W/\"\",{tag}, \"y\"")]
            {
                assert_eq!(verdict(&[(IF_NONE_MATCH, &value)]), Verdict::NotModified(form), "{value}");
            }
            let bare = tag.trim_matches('"');
            assert_eq!(verdict(&[(IF_NONE_MATCH, bare)]), Verdict::NotModified(form), "{bare}");
            assert_eq!(verdict(&[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, &tag)]), Verdict::NotModified(form));
        }
        assert_eq!(verdict(&[(IF_NONE_MATCH, "*")]), Verdict::NotModified(Form::Br));
    }

    #[test]
    fn a_form_that_the_client_cannot_read_is_none_that_it_has() {
        assert_eq!(verdict(&[(IF_NONE_MATCH, &tag(Form::Zstd))]), Verdict::Send(Coding::Br));
    }

    #[test]
    fn other_tags_and_broken_lists_match_nothing() {
        for value in ["\"x\"", "", "\"", "W/", "W/\"", ",", "\"x", "W/*", &tag(Form::Gzip).replace("-gzip", "-GZIP")] {
            assert_eq!(verdict(&[(IF_NONE_MATCH, value)]), Verdict::Send(Coding::Br), "{value}");
        }
    }

    #[test]
    fn a_tag_counts_before_a_date() {
        assert_eq!(verdict(&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, THEN)]), Verdict::Send(Coding::Br));
        let early = "Mon, 01 Jan 2001 00:00:00 GMT";
        let held = tag(Form::Gzip);
        assert_eq!(verdict(&[(IF_NONE_MATCH, &held), (IF_MODIFIED_SINCE, early)]), Verdict::NotModified(Form::Gzip));
    }

    #[test]
    fn bytes_are_known_by_the_tag_of_any_form() {
        let headers = |value: &str| HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_str(value).unwrap())]);
        for form in Form::ALL {
            assert!(has(&headers(&format!("\"x\", W/{}", tag(form))), &base()), "{form:?}");
        }
        assert!(!has(&headers("*"), &base()) && !has(&headers("\"x\""), &base()) && !has(&HeaderMap::new(), &base()));
    }

    #[test]
    fn dates_of_all_three_formats_count_and_others_do_not() {
        for date in
            [THEN, "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023", "Fri, 01 Jan 2100 00:00:00 GMT"]
        {
            assert_eq!(verdict(&[(IF_MODIFIED_SINCE, date)]), Verdict::NotModified(Form::Br), "{date}");
        }
        for date in ["Tue, 14 Nov 2023 22:13:19 GMT", "yesterday", "", "0", "1700000000"] {
            assert_eq!(verdict(&[(IF_MODIFIED_SINCE, date)]), Verdict::Send(Coding::Br), "{date}");
        }
    }

    #[test]
    fn what_must_still_be_as_it_was() {
        let (gzip, weak) = (tag(Form::Gzip), format!("W/{}", tag(Form::Gzip)));
        assert_eq!(verdict(&[(IF_MATCH, "*")]), Verdict::Send(Coding::Br));
        assert_eq!(verdict(&[(IF_MATCH, &gzip)]), Verdict::Send(Coding::Br));
        assert_eq!(verdict(&[(IF_MATCH, &weak)]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_MATCH, "\"x\"")]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, THEN)]), Verdict::Send(Coding::Br));
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, "Mon, 01 Jan 2001 00:00:00 GMT")]), Verdict::Failed);
    }
}
