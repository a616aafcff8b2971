//! What the pages say by themselves, in each language that they speak.

use chrono::Datelike;

use crate::model::{Format, Timestamp};

/// The texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    /// Its BCP 47 tag.
    pub(super) tag: &'static str,
    pub(super) feeds: &'static str,
    pub(super) all_feeds: &'static str,
    pub(super) all_posts: &'static str,
    pub(super) own: &'static str,
    pub(super) categories: &'static str,
    pub(super) tags: &'static str,
    pub(super) authors: &'static str,
    pub(super) title: &'static str,
    pub(super) often: &'static str,
    pub(super) newest: &'static str,
    /// Before a date.
    pub(super) newest_at: &'static str,
    pub(super) subscribe: &'static str,
    pub(super) subscribe_to_all: &'static str,
    pub(super) open: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) find: &'static str,
    /// With `{}` for how many, and `{all}` for of how many.
    pub(super) found: &'static str,
    pub(super) newest_posts: &'static str,
    pub(super) no_posts: &'static str,
    pub(super) none_yet: &'static str,
    pub(super) by: &'static str,
    pub(super) listed: &'static str,
    pub(super) opml: &'static str,
    pub(super) often_means: &'static str,
    pub(super) what: &'static str,
    pub(super) feed_is: &'static str,
    pub(super) steps: [&'static str; 3],
    pub(super) audio: &'static str,
    pub(super) video: &'static str,
    pub(super) file: &'static str,
    /// A week, a month, a year: with `{}` for how many posts.
    rates: [&'static str; 3],
    date: fn(year: i32, month: usize, day: u32) -> String,
}

const ENGLISH: Texts = Texts {
    tag: "en",
    feeds: "Feeds",
    all_feeds: "All feeds",
    all_posts: "All posts",
    own: "Selections",
    categories: "Categories",
    tags: "Tags",
    authors: "Authors",
    title: "Feed",
    often: "How often",
    newest: "Newest post",
    newest_at: "Newest post: ",
    subscribe: "Subscribe",
    subscribe_to_all: "Subscribe to all posts",
    open: "Open in a feed reader",
    copy: "Copy",
    copied: "Copied",
    find: "Find a feed",
    found: "{} of {all} feeds",
    newest_posts: "Newest posts",
    no_posts: "No posts yet. Subscribe now, and you will not miss the first.",
    none_yet: "none yet",
    by: "by ",
    listed: ", ",
    opml: "All feeds as one file for a reader to import (OPML)",
    often_means: "How often posts come is told by the dates of the newest ones.",
    what: "What is a feed?",
    feed_is: "A feed is a list of a site's newest posts that programs can read. A feed reader checks the feeds that you choose, and \
              shows you everything new in one place: complete, in order, without an account here and without your e-mail address.",
    steps: [
        "Choose a feed reader: an app for your phone or computer, or a website.",
        "Copy the address of a feed.",
        "Paste it into your reader, where it says “add” or “subscribe”.",
    ],
    audio: "Audio",
    video: "Video",
    file: "File",
    rates: ["about {} a week", "about {} a month", "about {} a year"],
    date: |year, month, day| {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        format!("{day} {} {year}", MONTHS.get(month).unwrap_or(&""))
    },
};

const SIMPLIFIED: Texts = Texts {
    tag: "zh-Hans",
    feeds: "订阅源",
    all_feeds: "全部订阅源",
    all_posts: "全部文章",
    own: "专题",
    categories: "分类",
    tags: "标签",
    authors: "作者",
    title: "订阅源",
    often: "更新频率",
    newest: "最新文章",
    newest_at: "最新文章：",
    subscribe: "订阅",
    subscribe_to_all: "订阅全部文章",
    open: "用阅读器打开",
    copy: "复制",
    copied: "已复制",
    find: "查找订阅源",
    found: "找到 {} 个，共 {all} 个订阅源",
    newest_posts: "最新文章",
    no_posts: "还没有文章。现在订阅，一篇也不会错过。",
    none_yet: "暂无",
    by: "作者：",
    listed: "、",
    opml: "下载全部订阅源的列表，供阅读器导入（OPML）",
    often_means: "更新频率按最新文章的日期推算。",
    what: "什么是订阅源？",
    feed_is: "订阅源（feed）是供程序读取的网站最新文章列表。阅读器会查看您选择的订阅源，把所有新内容按顺序集中显示在一处：\
              一篇不漏，无需在本站注册，也无需留下邮箱。",
    steps: [
        "选择一个阅读器：手机或电脑上的应用，或者网页服务。",
        "复制订阅源的地址。",
        "在阅读器中选择“添加”或“订阅”，粘贴该地址。",
    ],
    audio: "音频",
    video: "视频",
    file: "文件",
    rates: ["每周约 {} 篇", "每月约 {} 篇", "每年约 {} 篇"],
    date: chinese_date,
};

const TRADITIONAL: Texts = Texts {
    tag: "zh-Hant",
    feeds: "訂閱源",
    all_feeds: "全部訂閱源",
    all_posts: "全部文章",
    own: "專題",
    categories: "分類",
    tags: "標籤",
    authors: "作者",
    title: "訂閱源",
    often: "更新頻率",
    newest: "最新文章",
    newest_at: "最新文章：",
    subscribe: "訂閱",
    subscribe_to_all: "訂閱全部文章",
    open: "用閱讀器開啟",
    copy: "複製",
    copied: "已複製",
    find: "尋找訂閱源",
    found: "找到 {} 個，共 {all} 個訂閱源",
    newest_posts: "最新文章",
    no_posts: "還沒有文章。現在訂閱，一篇也不會錯過。",
    none_yet: "暫無",
    by: "作者：",
    listed: "、",
    opml: "下載全部訂閱源的清單，供閱讀器匯入（OPML）",
    often_means: "更新頻率按最新文章的日期推算。",
    what: "什麼是訂閱源？",
    feed_is: "訂閱源（feed）是供程式讀取的網站最新文章清單。閱讀器會查看您選擇的訂閱源，把所有新內容依序集中顯示在一處：\
              一篇不漏，無需在本站註冊，也無需留下電子郵件。",
    steps: [
        "選擇一個閱讀器：手機或電腦上的應用程式，或者網頁服務。",
        "複製訂閱源的網址。",
        "在閱讀器中選擇「新增」或「訂閱」，貼上該網址。",
    ],
    audio: "音訊",
    video: "影片",
    file: "檔案",
    rates: ["每週約 {} 篇", "每月約 {} 篇", "每年約 {} 篇"],
    date: chinese_date,
};

fn chinese_date(year: i32, month: usize, day: u32) -> String {
    format!("{year}年{}月{day}日", month + 1)
}

impl Texts {
    /// Those of a language (a BCP 47 tag), English where there are none.
    pub(super) fn of(language: Option<&str>) -> &'static Self {
        let tag = language.unwrap_or_default().to_ascii_lowercase();
        let mut parts = tag.split('-');
        if parts.next() != Some("zh") {
            return &ENGLISH;
        }
        let is_traditional = |part| matches!(part, "hant" | "tw" | "hk" | "mo");
        if !tag.contains("hans") && parts.any(is_traditional) { &TRADITIONAL } else { &SIMPLIFIED }
    }

    /// Whether a text in this language is one in that of the texts.
    pub(super) fn speak(&self, language: &str) -> bool {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        primary(language) == primary(self.tag)
    }

    /// A date, such as `16 March 2026`.
    pub(super) fn date(&self, at: Timestamp) -> String {
        let at = at.date_time();
        (self.date)(at.year(), at.month0() as usize, at.day())
    }

    /// So many posts a year, by the week, the month or the year.
    pub(super) fn rate(&self, a_year: u32) -> String {
        let (rate, many) = match (a_year, &self.rates) {
            (52.., [week, ..]) => (week, (f64::from(a_year) / 52.18).round()),
            (12.., [_, month, _]) => (month, (f64::from(a_year) / 12.0).round()),
            (_, [.., year]) => (year, f64::from(a_year)),
        };
        rate.replace("{}", &number(many as u64))
    }
}

/// A number with its thousands told apart.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a format is called.
pub(super) fn name(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Atom => "Atom",
        Format::Json => "JSON Feed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_for_chinese_sites_and_english_for_all_others() {
        for (language, tag) in [
            (None, "en"),
            (Some("en-GB"), "en"),
            (Some("fr"), "en"),
            (Some("zh"), "zh-Hans"),
            (Some("zh-CN"), "zh-Hans"),
            (Some("ZH-hant"), "zh-Hant"),
            (Some("zh-TW"), "zh-Hant"),
            (Some("zh-Hans-HK"), "zh-Hans"),
            (Some("zha"), "en"),
        ] {
            assert_eq!(Texts::of(language).tag, tag, "{language:?}");
        }
        assert!(ENGLISH.speak("en-GB") && SIMPLIFIED.speak("zh") && !ENGLISH.speak("fr"));
    }

    #[test]
    fn dates_and_rates_read_as_people_say_them() {
        let at = Timestamp::from_micros(1_647_000_000_000_000, 8 * 3600).unwrap();
        assert_eq!(ENGLISH.date(at), "11 March 2022");
        assert_eq!(SIMPLIFIED.date(at), "2022年3月11日");
        for (a_year, rate) in [
            (1, "about 1 a year"),
            (11, "about 11 a year"),
            (12, "about 1 a month"),
            (51, "about 4 a month"),
            (52, "about 1 a week"),
            (365, "about 7 a week"),
            (1_000_000, "about 19,164 a week"),
        ] {
            assert_eq!(ENGLISH.rate(a_year), rate);
        }
        assert_eq!(TRADITIONAL.rate(104), "每週約 2 篇");
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }
}
