//! Pages as the site's generator builds them, in a folder beside the site: written, changed and removed at any time.

use std::fs;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::compare;
use super::player::{Player, Waiting};

const ENDINGS: [&str; 3] = ["/index.html", ".html", ""];
const ARTICLES: [&str; 8] = [
    "<article><p>Built.</p></article>",
    "<main><p>Built <a href='x'>otherwise</a>.</p></main>",
    "<article>Longer than any other page, so that the sizes of the feeds differ, too.<script>no</script></article>",
    "<div class=h-entry><nav>n</nav><div class=e-content>An entry.<p class=share>s</p></div></div><article>no</article>",
    "<article> <!-- nothing --> </article>",
    "<p>no mark</p>",
    "<article>never ends",
    "",
];

impl Player {
    /// The folder that the configuration names.
    pub(super) fn built(&self) -> PathBuf {
        self.site.with_file_name("built")
    }

    /// Writes a page of a post that the feeds show, or of another one.
    pub(super) fn build_page(&mut self, link: u8, ending: u8, article: u8, rename: bool, fresh: bool) {
        let ending = ENDINGS[usize::from(ending) % ENDINGS.len()];
        let path = format!("{}{ending}", self.linked_place(link)).trim_start_matches('/').to_owned();
        let place = self.built().join(&path);
        if path.is_empty() || !self.make_built_room(&path) || place.is_dir() {
            return;
        }
        let written = if rename { self.aside.join("page") } else { place.clone() };
        fs::write(&written, ARTICLES[usize::from(article) % ARTICLES.len()]).unwrap();
        self.stamp(&written, fresh);
        if rename {
            fs::rename(&written, &place).unwrap();
        }
        self.note_built(&path, false);
    }

    pub(super) fn remove_page(&mut self, n: u8) {
        let Some(path) = self.built_page(n) else { return };
        fs::remove_file(self.built().join(&path)).unwrap();
        self.note_built(&path, false);
    }

    /// The folder of a page goes, with all that is in it; or the folder of all, which a watcher tells of as that.
    pub(super) fn remove_pages(&mut self, n: u8) {
        let Some(path) = self.built_page(n) else { return };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        fs::remove_dir_all(self.built().join(folder)).unwrap();
        self.note_built(folder, true);
    }

    /// All pages are set aside, or come back.
    pub(super) fn move_pages(&mut self) {
        let (built, away) = (self.built(), self.aside.join("built"));
        let _ = if away.exists() { fs::rename(away, built) } else { fs::rename(built, away) };
        self.note_built("", true);
    }

    fn note_built(&mut self, path: &str, folder: bool) {
        self.waiting.push(Waiting { path: path.to_owned(), folder, built: true });
    }

    fn built_page(&self, n: u8) -> Option<String> {
        let pages: Vec<String> = compare::tree(&self.built()).into_keys().collect();
        (!pages.is_empty()).then(|| pages[usize::from(n) % pages.len()].clone())
    }

    /// Where the page of a post lies, but for its ending.
    fn linked_place(&self, link: u8) -> String {
        let feed = fs::read_to_string(self.out().join("rss.xml")).unwrap_or_default();
        let links = feed.split("<link>https://news.example/").skip(1).filter_map(|rest| Some(rest.split_once('<')?.0));
        let mut places: Vec<String> =
            links.map(|link| percent_decode_str(link.trim_end_matches('/')).decode_utf8_lossy().into_owned()).collect();
        places.extend(["same", "other", "2024/01/01/a", "news/2024/01/02/a.html", "a.html"].map(str::to_owned));
        places.swap_remove(usize::from(link) % places.len())
    }

    fn make_built_room(&mut self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        for folder in [""].into_iter().chain(folders) {
            let place = self.built().join(folder);
            if !place.exists() {
                if fs::create_dir(place).is_err() {
                    return false;
                }
                self.note_built(folder, true);
            } else if !place.is_dir() {
                return false;
            }
        }
        true
    }
}
