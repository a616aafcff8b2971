//! What a subscriber asks of the hub: a form in, a request or what is wrong with it out (§5.1).

use percent_encoding::percent_decode;

use super::callback::Callback;
use super::secret::{MOST as MOST_SECRET, Secret};

/// Most bytes of a request's body: three long addresses, escaped.
pub const MOST: usize = 16 << 10;

/// A request that can be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is asked for.
    pub mode: Mode,
    /// The topic, as it was named.
    pub topic: String,
    /// Where the subscriber wants to be told.
    pub callback: Callback,
    /// For how many seconds; only of who subscribes.
    pub lease: Option<u64>,
    /// What content is signed with; only of who subscribes.
    pub secret: Option<Secret>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To be told of changes from now on.
    Subscribe,
    /// Not to be any more.
    Unsubscribe,
}

impl Mode {
    /// Its name in requests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// What is wrong with a request: a status of HTTP and a sentence for whoever writes the subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// 4xx or 5xx.
    pub status: u16,
    /// The sentence. It holds nothing of the request.
    pub text: String,
}

impl Fault {
    pub(super) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

/// Reads a form.
///
/// # Errors
/// What is wrong with it. Parameters that are not known are ignored.
pub fn parse(content_type: Option<&str>, body: &[u8]) -> Result<Request, Fault> {
    let essence = content_type.and_then(|it| it.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Fault::new(415, "the body has to be application/x-www-form-urlencoded"));
    }
    if body.len() > MOST {
        return Err(Fault::new(413, "the body is too long"));
    }
    let [mut mode, mut topic, mut callback, mut lease, mut secret] = [const { None }; 5];
    for pair in body.split(|&byte| byte == b'&') {
        let at = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
        let (name, value) = (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default());
        let (slot, name) = match decode(name).as_deref() {
            Some("hub.mode") => (&mut mode, "hub.mode"),
            Some("hub.topic") => (&mut topic, "hub.topic"),
            Some("hub.callback") => (&mut callback, "hub.callback"),
            Some("hub.lease_seconds") => (&mut lease, "hub.lease_seconds"),
            Some("hub.secret") => (&mut secret, "hub.secret"),
            _ => continue,
        };
        let value = decode(value).ok_or_else(|| bad(name, "is not UTF-8"))?;
        if slot.replace(value).is_some() {
            return Err(bad(name, "is given twice"));
        }
    }
    let mode = match mode.as_deref() {
        Some("subscribe") => Mode::Subscribe,
        Some("unsubscribe") => Mode::Unsubscribe,
        Some("publish") => {
            return Err(Fault::new(
                403,
                "this hub is for the feeds of one site, which tells it itself what has changed",
            ));
        }
        Some(_) => return Err(bad("hub.mode", "is neither subscribe nor unsubscribe")),
        None => return Err(bad("hub.mode", "is missing")),
    };
    let callback = callback.filter(|text| !text.is_empty()).ok_or_else(|| bad("hub.callback", "is missing"))?;
    let callback = Callback::parse(&callback).map_err(|why| bad("hub.callback", why))?;
    let topic = topic.filter(|text| !text.is_empty()).ok_or_else(|| bad("hub.topic", "is missing"))?;
    // Of who leaves, the rest is to be ignored.
    let (lease, secret) = match mode {
        Mode::Subscribe => (seconds(lease)?, key(secret)?),
        Mode::Unsubscribe => (None, None),
    };
    Ok(Request { mode, topic, callback, lease, secret })
}

/// A positive decimal integer; more than can be counted is the most that can.
fn seconds(text: Option<String>) -> Result<Option<u64>, Fault> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.bytes().all(|byte| byte == b'0') {
        return Err(bad("hub.lease_seconds", "is no positive decimal integer"));
    }
    Ok(Some(text.parse().unwrap_or(u64::MAX)))
}

fn key(text: Option<String>) -> Result<Option<Secret>, Fault> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.len() > MOST_SECRET {
        return Err(bad("hub.secret", "has to be less than 200 bytes"));
    }
    Ok(Secret::new(&text))
}

fn bad(name: &str, what: &str) -> Fault {
    Fault::new(400, format!("{name} {what}"))
}

/// The text that an escaped one stands for; `None` when that is not UTF-8 (the URL standard, §5.1).
fn decode(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    String::from_utf8(percent_decode(&spaced).collect()).ok()
}

#[cfg(test)]
mod tests;
