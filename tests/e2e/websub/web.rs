//! A server of a test's own: hears requests, says what it is told to, and remembers what it heard.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use url::form_urlencoded;

/// How long anything may take on a slow machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What is said to it.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// How many bytes of the body are announced and never come.
    pub(crate) missing: usize,
}

impl Said {
    /// A status, or 0: nothing, while the connection stays open.
    pub(crate) fn just(status: u16) -> Self {
        Self::text(status, "")
    }

    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self { status, fields: Vec::new(), body: text.as_bytes().to_vec(), missing: 0 }
    }
}

impl Heard {
    /// The value of a field that stands at most once.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(own, _)| own == name);
        let first = found.next();
        assert!(found.next().is_none(), "{name} twice: {self:?}");
        first.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        values(self.target.split_once('?').map_or("", |(_, query)| query).as_bytes(), name).pop()
    }

    /// All values of a name in the form that is the body.
    pub(crate) fn form(&self, name: &str) -> Vec<String> {
        values(&self.body, name)
    }
}

fn values(form: &[u8], name: &str) -> Vec<String> {
    form_urlencoded::parse(form).filter(|(own, _)| own == name).map(|(_, value)| value.into_owned()).collect()
}

type Handler = dyn Fn(&Heard) -> Said + Send + Sync;

/// The server.
pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    handler: Box<Handler>,
    heard: Mutex<Vec<Heard>>,
    more: Condvar,
    connections: AtomicUsize,
    is_over: AtomicBool,
}

impl Web {
    pub(crate) fn start(handler: impl Fn(&Heard) -> Said + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), handler)
    }

    pub(crate) fn at(address: SocketAddr, handler: impl Fn(&Heard) -> Said + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            heard: Mutex::default(),
            more: Condvar::new(),
            connections: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let of_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if of_listener.is_over.load(Ordering::SeqCst) {
                    return;
                }
                of_listener.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&of_listener);
                thread::spawn(move || while answer(&stream, &shared) {});
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was heard so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// How many have connected.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until what was heard is as wanted; all of it.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut(&[Heard]) -> bool) -> Vec<Heard> {
        let heard = self.shared.heard.lock().unwrap();
        let (heard, waited) = self.shared.more.wait_timeout_while(heard, DEADLINE, |heard| !holds(heard)).unwrap();
        assert!(!waited.timed_out(), "never: {what}; heard {:#?}", *heard);
        heard.clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers one request; whether there may be another.
fn answer(mut stream: &TcpStream, shared: &Shared) -> bool {
    let mut unread = Vec::new();
    let mut bytes = [0; 16 << 10];
    let end = loop {
        if let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut bytes) {
            Ok(0) | Err(_) => return false,
            Ok(length) => unread.extend_from_slice(&bytes[..length]),
        }
    };
    let head = String::from_utf8(unread[..end].to_vec()).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let mut line = lines.next().unwrap().split(' ');
    let (method, target) = (line.next().unwrap().to_owned(), line.next().unwrap().to_owned());
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let fields: Vec<_> = lines.map(|line| field(line).unwrap()).collect();
    let length =
        fields.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = unread.split_off(end);
    while body.len() < length {
        match stream.read(&mut bytes) {
            Ok(0) | Err(_) => return false,
            Ok(length) => body.extend_from_slice(&bytes[..length]),
        }
    }
    let heard = Heard { method, target, fields, body };
    let said = (shared.handler)(&heard);
    let answered = said.status == 0 || {
        let fields: String = said.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = said.body.len() + said.missing;
        let head = format!("HTTP/1.1 {} X\r\nContent-Length: {length}\r\n{fields}\r\n", said.status);
        stream.write_all(&[head.as_bytes(), &said.body].concat()).is_ok()
    };
    // Said first, so that whoever waits for it can count on the answer.
    shared.heard.lock().unwrap().push(heard);
    shared.more.notify_all();
    if said.status == 0 || said.missing > 0 {
        // Until the other side has had enough.
        while stream.read(&mut bytes).is_ok_and(|length| length > 0) {}
        return false;
    }
    answered
}
