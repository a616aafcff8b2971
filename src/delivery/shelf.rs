//! What is served: each feed by its address, in the version that is published. Readers never wait for a publication, nor it
//! for them: they take the version that is there, and all that they send is of that one.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use hyper::header::HeaderValue;
use tracing::{debug, warn};

use super::audience::{Audience, Readers};
use super::budget::Budget;
use super::delta::Cut;
use super::kind::{ENOUGH, Kind};
use super::past::{Log, Past};
use super::remembered::Remembered;
use super::target;
use super::version::Version;
use crate::clock;
use crate::config::{Aliases, Config};
use crate::model::{FeedPath, Hint, WebUrl};
use crate::publisher::{Digest, Found, Published, StoreError};

/// The published feeds of one output.
#[derive(Debug)]
pub(super) struct Shelf {
    files: Published,
    /// The address of the output.
    address: WebUrl,
    hubs: Vec<WebUrl>,
    aliases: Aliases,
    /// The page that lists all feeds, which stands for the folder.
    front: Option<FeedPath>,
    pub(super) budget: Arc<Budget>,
    audience: Arc<Audience>,
    index: ArcSwap<Index>,
    /// Changes come one after the other.
    changing: Mutex<Changing>,
    log: Mutex<Log>,
}

/// What is about to change, and what is remembered of what was.
#[derive(Debug)]
struct Changing {
    remembered: Remembered,
    /// Feeds that come with the end of the publication, by the paths of their addresses.
    coming: HashMap<Box<str>, Arc<Entry>>,
    /// Feeds that go with it.
    going: BTreeSet<FeedPath>,
}

/// All feeds at one time.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the path of their address, percent-encoded.
    feeds: HashMap<Box<str>, Arc<Entry>>,
    gone: BTreeSet<FeedPath>,
}

/// A feed at its address.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: FeedPath,
    /// The `Link` field.
    pub(super) link: HeaderValue,
    pub(super) current: ArcSwap<Version>,
    pub(super) readers: Arc<Readers>,
}

/// What is at an address.
#[derive(Debug)]
pub(super) enum Place<'a> {
    Feed(&'a Arc<Entry>),
    /// Nothing but the way to the page that lists all feeds.
    Above,
    Gone,
    Nothing,
}

impl Shelf {
    /// The feeds that the manifest of the output lists. Where a file has the length that is stated there, it is believed; its
    /// digest is compared when it is first sent.
    pub(super) fn open(config: &Config, audience: &Arc<Audience>) -> Self {
        let shelf = Self {
            audience: Arc::clone(audience),
            files: Published::at(&config.output.dir),
            address: config.output.feeds_url.clone(),
            hubs: config.site.hubs.clone(),
            aliases: config.output.aliases.clone(),
            front: config.output.html.clone(),
            budget: Budget::new(config.server.cache),
            index: ArcSwap::default(),
            changing: Mutex::new(Changing {
                remembered: Remembered::of(&config.state),
                coming: HashMap::new(),
                going: BTreeSet::new(),
            }),
            log: Mutex::new(Log::of(&config.state)),
        };
        shelf.look(true);
        shelf.log().forget_others();
        shelf
    }

    /// Whether a configuration wants the same feeds at the same addresses, within the same memory.
    pub(super) fn is_for(&self, new: &Config, old: &Config) -> bool {
        self.address == new.output.feeds_url
            && self.hubs == new.site.hubs
            && self.aliases == new.output.aliases
            && self.front == new.output.html
            && self.budget.limit() == new.server.cache
            && (&new.output.dir, &new.state) == (&old.output.dir, &old.state)
    }

    /// The path of the page that lists all feeds.
    pub(super) fn front(&self) -> &str {
        self.address.url().path()
    }

    /// The address of a feed.
    pub(super) fn location(&self, path: &FeedPath) -> WebUrl {
        path.address(&self.address)
    }

    /// The address that the feed with this old path has now.
    pub(super) fn moved(&self, path: &FeedPath) -> Option<WebUrl> {
        self.aliases.now(path).map(|now| self.location(now))
    }

    /// How many feeds' files there are.
    pub(super) fn len(&self) -> usize {
        self.index.load().feeds.len()
    }

    /// The feeds as they are now. Who asks for one borrows it from here: to count how many hold it takes each core longer than
    /// to find it.
    pub(super) fn index(&self) -> Guard<Arc<Index>> {
        self.index.load()
    }

    /// What is at a path.
    ///
    /// # Errors
    /// When that is no path.
    pub(super) fn find<'a>(&self, index: &'a Index, raw: &str) -> Result<Place<'a>, target::Fault> {
        if let Some(entry) = index.feeds.get(raw) {
            return Ok(Place::Feed(entry));
        }
        let path = target::path(raw)?;
        let base = percent_encoding::percent_decode_str(self.address.url().path()).decode_utf8_lossy();
        let front = self.front.as_ref().and_then(|front| index.feeds.get(self.key(front).as_str()));
        match front {
            Some(front) if path == base => return Ok(Place::Feed(front)),
            Some(_) if path == "/" || base.strip_suffix('/') == Some(&path) => return Ok(Place::Above),
            _ => {}
        }
        let below = path.strip_prefix(&*base).and_then(FeedPath::new);
        Ok(below.map_or(Place::Nothing, |path| match index.feeds.get(self.key(&path).as_str()) {
            Some(entry) => Place::Feed(entry),
            None if index.gone.contains(&path) => Place::Gone,
            None => Place::Nothing,
        }))
    }

    /// All feeds.
    pub(super) fn entries(&self) -> Vec<Arc<Entry>> {
        self.index.load().feeds.values().cloned().collect()
    }

    /// Takes over what was published by this process. The feeds that are new or changed are returned.
    pub(super) fn publish(&self, files: &[(FeedPath, Option<Hint>)]) -> Vec<Arc<Entry>> {
        let mut changing = self.changing();
        let index = self.index.load();
        let mut changed = Vec::new();
        for (path, hint) in files {
            let key = self.key(path).into_boxed_str();
            let known = changing.coming.get(&key).or_else(|| index.feeds.get(&key)).cloned();
            let Some(hint) = hint else {
                changing.coming.remove(&key);
                changing.going.extend(known.map(|_| path.clone()));
                continue;
            };
            changing.going.remove(path);
            let digest = Digest { length: hint.size, sha256: hint.sha256 };
            let before = known.as_ref().map(|entry| entry.current.load_full());
            if before.as_ref().is_some_and(|before| before.digest == digest) {
                continue;
            }
            let kind = match &before {
                Some(before) => before.kind.clone(),
                None => {
                    self.files.head(path, ENOUGH).ok().flatten().map_or(Kind::Other, |found| Kind::of(&found.bytes))
                }
            };
            let version = Version::new(digest, kind, hint.mtime_ns, None, before.as_deref());
            let version = Arc::new(self.after(version, before.as_deref(), path, self.len() + files.len()));
            changed.push(match known {
                Some(entry) => {
                    entry.current.store(version);
                    entry
                }
                None => {
                    let entry = Arc::new(self.entry(path, version));
                    changing.coming.insert(key, Arc::clone(&entry));
                    entry
                }
            });
        }
        changed
    }

    /// A publication is over: feeds come and go, once for all of them.
    pub(super) fn settle(&self) {
        let mut changing = self.changing();
        if !(changing.coming.is_empty() && changing.going.is_empty()) {
            self.rearrange(&mut changing);
        }
        self.tidy_log();
    }

    /// Looks at all files again, and reads those that changed. The feeds that are new or changed are returned.
    pub(super) fn look_again(&self) -> Vec<Arc<Entry>> {
        self.look(false)
    }

    fn look(&self, believes: bool) -> Vec<Arc<Entry>> {
        let mut changing = self.changing();
        let listed = match self.files.list() {
            Ok(listed) => listed,
            Err(error) => {
                warn!("the list of published files cannot be read, what was served before is served on: {error}");
                return Vec::new();
            }
        };
        let index = self.index.load_full();
        let paths: Vec<&FeedPath> = listed.iter().map(|(path, _)| path).collect();
        let (mut changed, mut there) = (Vec::new(), BTreeSet::new());
        for ((path, digest), stat) in listed.iter().zip(self.files.stat_all(&paths)) {
            let Some(stat) = stat else { continue };
            let known = index.feeds.get(self.key(path).as_str());
            let before = known.map(|entry| entry.current.load_full());
            if before.as_ref().is_some_and(|before| before.is_as(&stat)) {
                there.insert(path.clone());
                continue;
            }
            let version = match digest.filter(|digest| believes && digest.length == stat.size) {
                Some(digest) => self.believed(path, digest),
                None => self.read(path, before.as_deref()),
            };
            let version =
                version.map(|found| found.map(|version| self.after(version, before.as_deref(), path, listed.len())));
            match (version, known) {
                (Ok(None), _) => continue,
                (Ok(Some(version)), Some(entry)) => {
                    if before.is_some_and(|before| before.digest == version.digest) {
                        entry.current.load().note(stat);
                    } else {
                        entry.current.store(Arc::new(version));
                        changed.push(Arc::clone(entry));
                    }
                }
                (Ok(Some(version)), None) => {
                    let entry = Arc::new(self.entry(path, Arc::new(version)));
                    changed.push(Arc::clone(&entry));
                    changing.coming.insert(self.key(path).into_boxed_str(), entry);
                }
                // What was served before is served on.
                (Err(error), _) => warn!("{path} cannot be read: {error}"),
            }
            there.insert(path.clone());
        }
        let gone = index.feeds.values().map(|entry| entry.path.clone()).filter(|path| !there.contains(path));
        changing.going.extend(gone);
        let is_first = index.feeds.is_empty();
        if is_first || !(changing.coming.is_empty() && changing.going.is_empty()) {
            self.rearrange(&mut changing);
        }
        self.tidy_log();
        changed
    }

    /// The bytes of a feed, as they are in its file.
    pub(super) fn bytes(&self, path: &FeedPath) -> Result<Option<Found>, StoreError> {
        self.files.read(path)
    }

    /// Other bytes than those of its version are in a feed's file: somebody has just replaced it. Unless that is known already.
    pub(super) fn replace(&self, entry: &Entry, old: &Arc<Version>, found: &Found) {
        let _changing = self.changing();
        if Arc::ptr_eq(&entry.current.load(), old) {
            entry.current.store(Arc::new(self.after(version(found, Some(old)), Some(old), &entry.path, self.len())));
        }
    }

    /// The file of a feed is not there.
    pub(super) fn miss(&self, entry: &Entry) {
        let mut changing = self.changing();
        changing.going.insert(entry.path.clone());
        self.rearrange(&mut changing);
    }

    /// Takes note of what is in a version that is about to be sent, so that later ones can be told from it.
    pub(super) fn remember(&self, entry: &Entry, version: &Version, bytes: &[u8]) {
        let hashes = || Cut::of(&version.kind, bytes).map(|cut| cut.hashes()).unwrap_or_default();
        if let Some(past) = version.note_entries(hashes)
            && let Err(error) = self.log().add(&entry.path, &past)
        {
            debug!("what was sent cannot be remembered for the next start: {error}");
        }
    }

    /// A version that takes the place of another, or is the first that is known of this process; of so many feeds.
    fn after(&self, version: Version, before: Option<&Version>, path: &FeedPath, feeds: usize) -> Version {
        let versions = before.map_or_else(|| self.log().take(path), Version::versions);
        version.after(versions, feeds)
    }

    /// Writes the file of versions anew when it is long.
    fn tidy_log(&self) {
        let mut log = self.log();
        if !log.is_long(self.len()) {
            return;
        }
        let versions = |entry: Arc<Entry>| (entry.path.clone(), entry.current.load().versions());
        let feeds: Vec<(FeedPath, Vec<Past>)> = self.entries().into_iter().map(versions).collect();
        if let Err(error) = log.rewrite(&feeds) {
            debug!("what was sent cannot be remembered for the next start: {error}");
        }
    }

    fn believed(&self, path: &FeedPath, digest: Digest) -> Result<Option<Version>, StoreError> {
        let found = self.files.head(path, ENOUGH)?;
        let version =
            |found: Found| Version::new(digest, Kind::of(&found.bytes), found.stat.mtime_ns, Some(found.stat), None);
        Ok(found.map(version))
    }

    fn read(&self, path: &FeedPath, before: Option<&Version>) -> Result<Option<Version>, StoreError> {
        Ok(self.files.read(path)?.map(|found| version(&found, before)))
    }

    fn entry(&self, path: &FeedPath, version: Arc<Version>) -> Entry {
        let mut link = format!("<{}>; rel=\"self\"", self.location(path));
        for hub in &self.hubs {
            link.push_str(&format!(", <{hub}>; rel=\"hub\""));
        }
        Entry {
            path: path.clone(),
            // A URL is of visible ASCII.
            link: HeaderValue::from_str(&link).unwrap_or(HeaderValue::from_static("")),
            current: ArcSwap::new(version),
            readers: self.audience.of(path),
        }
    }

    /// Puts feeds in and takes feeds out.
    fn rearrange(&self, changing: &mut Changing) {
        let Changing { remembered, coming, going } = changing;
        let mut feeds = self.index.load().feeds.clone();
        feeds.retain(|_, entry| !going.contains(&entry.path));
        feeds.extend(coming.drain());
        going.clear();
        let paths = feeds.values().map(|entry| entry.path.clone()).collect();
        if remembered.serve(paths, clock::now().div_euclid(1_000_000))
            && let Err(error) = remembered.save()
        {
            warn!("what was served cannot be remembered for the next start: {error}");
        }
        self.index.store(Arc::new(Index { feeds, gone: remembered.gone() }));
    }

    /// The path of a feed's address.
    fn key(&self, path: &FeedPath) -> String {
        self.location(path).url().path().to_owned()
    }

    fn changing(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn version(found: &Found, before: Option<&Version>) -> Version {
    let digest = Digest::of(&found.bytes);
    Version::new(digest, Kind::of(&found.bytes), found.stat.mtime_ns, Some(found.stat), before)
}
