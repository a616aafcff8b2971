//! The categories: their labels, and how many posts each gets.

use std::collections::BTreeSet;

use crate::rng::Rng;

const STREAM: u64 = u64::MAX;
const ONSETS: [&str; 20] =
    ["b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "w"];
const RHYMES: [&str; 16] =
    ["a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "i", "ing", "o", "ong", "ou", "u", "un"];
/// Labels that a path, a URL, YAML or a folding file system would trip over.
const ODD: [&str; 22] = [
    "TechWeb",
    "Techweb",
    "Bonds & Rates",
    "zhongxin(xianggang)",
    "c",
    "c++",
    "c#",
    ".NET",
    "a.b",
    "trailing.",
    "100%",
    "r&d",
    "it's",
    "con",
    "MARKET",
    "market",
    "Zürich",
    "外汇",
    "债 券",
    "under_score",
    "chart-📈",
    "_private",
];

/// The labels of a corpus and the law that deals them out.
#[derive(Debug)]
pub(crate) struct Labels {
    names: Vec<String>,
    /// Zipf's law, summed up: the label of rank n gets a share proportional to 1/n.
    cumulative: Vec<f64>,
}

impl Labels {
    /// `count` distinct labels; with `odd`, a quarter of them at most from [`ODD`].
    pub(crate) fn new(count: usize, seed: u64, odd: bool) -> Self {
        let rng = &mut Rng::of(seed, STREAM);
        let odd = ODD.iter().take(if odd { count / 4 } else { 0 });
        let mut names: Vec<String> = odd.map(|&label| label.to_owned()).collect();
        let mut seen: BTreeSet<String> = names.iter().cloned().collect();
        while names.len() < count {
            let name: String = (0..rng.between(2, 6)).flat_map(|_| [rng.pick(&ONSETS), rng.pick(&RHYMES)]).collect();
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
        for at in (1..names.len()).rev() {
            names.swap(at, rng.below(at + 1));
        }
        let cumulative = (1..=count).scan(0.0, |sum, rank| {
            *sum += 1.0 / rank as f64;
            Some(*sum)
        });
        Self { names, cumulative: cumulative.collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, rank: usize) -> &str {
        self.names.get(rank).map_or("", String::as_str)
    }

    /// A rank, by the law.
    pub(crate) fn deal(&self, rng: &mut Rng) -> usize {
        let all = self.cumulative.last().copied().unwrap_or_default();
        let at = rng.share() * all;
        self.cumulative.partition_point(|&sum| sum <= at).min(self.len().saturating_sub(1))
    }
}

/// The label as readers tell labels apart: case and runs of white space do not count.
pub(crate) fn fold(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A label as YAML that reads back as that one label, wherever a value may stand.
pub(crate) fn quoted(label: &str) -> String {
    format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\""))
}
