//! A client that sends what it is told, byte for byte.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// How long anything may take on a slow machine.
const DEADLINE: Option<Duration> = Some(Duration::from_secs(20));

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A connection.
pub(crate) struct Client {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
}

/// What was heard.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn tcp(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(DEADLINE).unwrap();
        stream.set_write_timeout(DEADLINE).unwrap();
        Self { stream: Box::new(stream), unread: Vec::new() }
    }

    pub(crate) fn unix(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(DEADLINE).unwrap();
        Self { stream: Box::new(stream), unread: Vec::new() }
    }

    pub(crate) fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        // Who is refused may have been refused before all was sent.
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Sends a request and hears the response.
    pub(crate) fn asks(&mut self, method: &str, path: &str, fields: &[&str]) -> Response {
        self.sends(request(method, path, fields));
        self.hears(method == "HEAD")
    }

    pub(crate) fn get(&mut self, path: &str) -> Response {
        self.asks("GET", path, &[])
    }

    /// The next response.
    pub(crate) fn hears(&mut self, is_head: bool) -> Response {
        self.try_hear(is_head).unwrap_or_else(|error| panic!("no response: {error}; {:?}", self.unread))
    }

    /// The next response, or why there is none.
    pub(crate) fn try_hear(&mut self, is_head: bool) -> io::Result<Response> {
        let end = loop {
            match self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end,
                None => self.read_more()?,
            }
        };
        let head = String::from_utf8(self.unread[..end + 4].to_vec()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status: u16 = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let field =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        let fields = lines.map(|line| field(line).unwrap_or_else(|| panic!("{line}"))).collect();
        let mut response = Response { status, fields, body: Vec::new() };
        let has_body = !is_head && status != 304 && status != 204;
        let length =
            if has_body { response.field("content-length").map_or(0, |text| text.parse().unwrap()) } else { 0 };
        let whole = end + 4 + length;
        while self.unread.len() < whole {
            self.read_more()?;
        }
        response.body = self.unread.drain(..whole).skip(end + 4).collect();
        Ok(response)
    }

    /// Whether what came last was a whole response.
    pub(crate) fn has_heard_all(&self) -> bool {
        self.unread.is_empty()
    }

    /// Waits until the other side has closed the connection: what was heard before.
    pub(crate) fn closed(&mut self) -> io::Result<Vec<u8>> {
        loop {
            match self.read_more().map_err(|error| error.kind()) {
                Ok(()) => {}
                Err(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => break,
                Err(other) => return Err(other.into()),
            }
        }
        Ok(std::mem::take(&mut self.unread))
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut bytes = [0; 16 << 10];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                self.unread.extend_from_slice(&bytes[..length]);
                Ok(())
            }
        }
    }
}

/// A request with these fields, for the host of the site.
pub(crate) fn request(method: &str, path: &str, fields: &[&str]) -> String {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: example.com\r\n");
    fields.iter().for_each(|field| request.push_str(&format!("{field}\r\n")));
    request + "\r\n"
}

impl Response {
    /// The value of a field that stands at most once.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(own, _)| own == name);
        let first = found.next();
        assert!(found.next().is_none(), "{name} twice: {self:?}");
        first.map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?} {}", self.fields, String::from_utf8_lossy(&self.body));
        self
    }

    /// Its entity tag, which it has.
    #[track_caller]
    pub(crate) fn tag(&self) -> &str {
        self.field("etag").unwrap_or_else(|| panic!("no tag: {self:?}"))
    }

    /// When the feed last changed, in seconds since 1970.
    #[track_caller]
    pub(crate) fn modified(&self) -> i64 {
        seconds(self.field("last-modified").unwrap_or_else(|| panic!("no date: {self:?}")))
    }
}

/// A date of HTTP in seconds since 1970.
pub(crate) fn seconds(date: &str) -> i64 {
    chrono::NaiveDateTime::parse_from_str(date, "%a, %d %b %Y %H:%M:%S GMT").unwrap().and_utc().timestamp()
}
