use std::collections::BTreeSet;

use super::*;

fn corpus(change: impl FnOnce(&mut Options)) -> (tempfile::TempDir, Expectations) {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::new(folder.path());
    options.posts = 400;
    options.categories = 30;
    change(&mut options);
    let expectations = write(&options).unwrap();
    (folder, expectations)
}

fn posts(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut posts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap_or_default()))
        .collect();
    posts.sort();
    posts
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let (one, expect_one) = corpus(|options| (options.threads, options.irregular) = (1, 0.5));
    let (four, expect_four) = corpus(|options| (options.threads, options.irregular) = (4, 0.5));
    assert_eq!(expect_one, expect_four);
    assert_eq!(posts(&one.path().join("_posts")), posts(&four.path().join("_posts")));
}

#[test]
fn another_seed_is_another_corpus() {
    let (one, _) = corpus(|_| {});
    let (two, _) = corpus(|options| options.seed = 2);
    assert_ne!(posts(&one.path().join("_posts")), posts(&two.path().join("_posts")));
}

#[test]
fn every_post_is_kept_or_dropped_and_every_kind_comes_up() {
    let (folder, expect) = corpus(|options| (options.posts, options.irregular) = (2_000, 0.9));
    assert_eq!(expect.kept + expect.dropped, 2_000);
    assert_eq!(posts(&folder.path().join("_posts")).len(), 2_000);
    for severity in [Severity::Warning, Severity::Error] {
        assert!(expect.reported.values().any(|&reported| reported == severity));
    }
    assert!(expect.reported.keys().all(|path| folder.path().join(path).symlink_metadata().is_ok()));
    assert!(expect.newest.keys().any(|label| label == "techweb"), "odd labels, folded");
}

#[test]
fn a_clean_corpus_has_nothing_to_report_and_no_missing_category() {
    let (_folder, expect) = corpus(|options| options.irregular = 0.0);
    assert_eq!((expect.kept, expect.dropped, expect.reported.len(), expect.newest.len()), (400, 0, 0, 30));
    assert_eq!(expect.all.len(), FEED_LIMIT);
    assert!(expect.all.is_sorted_by(|newer, older| newer > older));
}

#[test]
fn the_newest_of_each_category_are_those_in_the_files() {
    let (folder, expect) = corpus(|options| options.irregular = 0.0);
    for (label, newest) in &expect.newest {
        let line = format!("categories: {label}");
        let mut holders: Vec<String> = posts(&folder.path().join("_posts"))
            .into_iter()
            .filter(|(_, bytes)| String::from_utf8_lossy(bytes).lines().any(|l| l == line))
            .map(|(name, _)| name["2023-01-01-".len()..name.len() - 3].to_owned())
            .collect();
        holders.reverse();
        holders.truncate(FEED_LIMIT);
        assert_eq!(newest, &holders, "{label}");
    }
}

#[test]
fn hugo_reads_the_same_posts() {
    let (jekyll, from_jekyll) = corpus(|options| options.irregular = 0.0);
    let (hugo, from_hugo) = corpus(|options| (options.irregular, options.layout) = (0.0, Layout::Hugo));
    assert_eq!(from_jekyll, from_hugo);
    let bodies = |folder: PathBuf| -> BTreeSet<String> {
        let text = posts(&folder).into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap());
        text.map(|text| text.splitn(3, "---\n").last().unwrap().to_owned()).collect()
    };
    assert_eq!(bodies(jekyll.path().join("_posts")), bodies(hugo.path().join("content/posts")));
}

#[test]
fn a_dated_corpus_is_the_flat_one_in_folders() {
    let (_flat, from_flat) = corpus(|_| {});
    let (dated, from_dated) = corpus(|options| options.layout = Layout::JekyllDated);
    assert_eq!(from_flat.newest, from_dated.newest);
    assert!(dated.path().join("_posts/2023/01").is_dir() && dated.path().join("_posts/2024/12").is_dir());
}

#[test]
fn a_second_corpus_in_one_folder_is_refused() {
    let (folder, _) = corpus(|_| {});
    assert!(is_written(folder.path()));
    assert!(write(&Options::new(folder.path())).is_err());
}
