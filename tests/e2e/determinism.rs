//! The same posts, configuration and instant give the same bytes, whatever the machine and the history.

use std::fs;

use crate::fixture::{Site, front, short};

/// Sixty posts, some irregular, in the order that the key gives.
fn site(order: impl Fn(usize) -> usize) -> Site {
    let mut numbers: Vec<usize> = (0..60).collect();
    numbers.sort_by_key(|&n| order(n));
    let mut site = Site::jekyll().config("[categories]\ntags = true\nauthors = true");
    for n in numbers {
        let text = match n % 10 {
            3 => front(&format!("title: \"P\"{n}\"\"\ncategories: [Odd]\ntags: [t]"), "x"),
            7 => front("title: Same\nfeed_id: tag:example.com,2022:x", "x"),
            8 => "---\nnever: ends\n".to_owned(),
            _ => short(&format!("P{n}"), ["Tech", "tech", "TECH, 'c++'"][n % 3]),
        };
        // Several of one instant: their paths order them.
        site = site.post(&format!("2022-01-{:02}-p{n}.md", n % 7 + 1), text);
    }
    site.file("site/tech.html", "---\nlayout: category\ntitle: T\ncategory: tech\n---\n")
}

#[test]
fn neither_the_number_of_threads_nor_the_order_of_the_files_changes_a_byte() {
    let (one, eight) =
        (site(|n| n).env("SYNDICATED_STATE_THREADS", "1"), site(|n| n * 37 % 61).config("[state]\nthreads = 8"));
    assert_eq!(one.build().diagnostics(), eight.build().diagnostics());
    assert!(one.published() == eight.published());
    one.assert_sound();
}

#[test]
fn neither_the_catalog_nor_the_history_changes_a_byte() {
    let (fresh, old) = (site(|n| n), site(|n| n));
    fresh.build();
    for n in 0..10 {
        old.write("site/_posts/2022-01-09-extra.md", short(&format!("Extra {n}"), &format!("extra{n}, tech")));
        if n % 4 == 3 {
            fs::remove_dir_all(old.path(".syndicated")).unwrap();
        }
        old.build();
    }
    old.remove("site/_posts/2022-01-09-extra.md");
    old.build();
    assert!(fresh.published() == old.published());
    old.report(&["--full"], 0);
    assert!(fresh.published() == old.published());
}

#[test]
fn neither_the_time_of_files_nor_the_locale_changes_a_byte() {
    let (a, b) =
        (site(|n| n), site(|n| n).env("LC_ALL", "tr_TR.UTF-8").env("LANG", "zh_CN.UTF-8").env("TZ", "Asia/Tokyo"));
    let file = fs::File::options().write(true).open(b.path("site/_posts/2022-01-01-p0.md")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    a.build();
    b.build();
    assert!(a.published() == b.published());
}

#[test]
fn a_site_elsewhere_gives_the_same_bytes() {
    let (here, there) = (site(|n| n), site(|n| n));
    here.build();
    there.run_cmd(["build", "--out", "public/x", "--state", "elsewhere"]).exits(0);
    assert!(here.published() == crate::fixture::files_below(&there.path("public/x")));
    assert!(there.exists("elsewhere/catalog.sqlite") && !there.exists(".syndicated"));
}
