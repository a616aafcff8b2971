//! Sentences, titles and bodies that have the sizes and the markup of financial news, and no meaning.

use std::fmt::Write as _;

use crate::rng::Rng;

const CHINESE: [&str; 64] = [
    "股市",
    "债市",
    "汇率",
    "油价",
    "金价",
    "粮食",
    "钢铁",
    "煤炭",
    "光伏",
    "风电",
    "储能",
    "锂矿",
    "稀土",
    "航运",
    "港口",
    "铁路",
    "地产",
    "物业",
    "保险",
    "信托",
    "租赁",
    "支付",
    "征信",
    "外贸",
    "内需",
    "就业",
    "工资",
    "税收",
    "财政",
    "货币",
    "贷款",
    "存款",
    "上调",
    "下调",
    "回升",
    "回落",
    "走强",
    "走弱",
    "扩大",
    "收窄",
    "签约",
    "投产",
    "停产",
    "并购",
    "分拆",
    "上市",
    "退市",
    "回购",
    "一季度",
    "二季度",
    "上半年",
    "全年",
    "本月",
    "上月",
    "昨日",
    "盘中",
    "收盘",
    "尾盘",
    "预期",
    "高于",
    "低于",
    "持平",
    "超过",
    "不足",
];
const ENGLISH: [&str; 48] = [
    "shares",
    "bonds",
    "yields",
    "crude",
    "copper",
    "freight",
    "orders",
    "wages",
    "imports",
    "exports",
    "margins",
    "inventories",
    "rose",
    "fell",
    "slipped",
    "gained",
    "widened",
    "narrowed",
    "eased",
    "rallied",
    "stalled",
    "recovered",
    "doubled",
    "halved",
    "as",
    "after",
    "while",
    "before",
    "because",
    "although",
    "despite",
    "against",
    "regional",
    "quarterly",
    "annual",
    "seasonal",
    "domestic",
    "overseas",
    "listed",
    "private",
    "lenders",
    "brokers",
    "insurers",
    "refiners",
    "carmakers",
    "utilities",
    "exporters",
    "regulators",
];
const UNITS: [&str; 6] = ["亿元", "%", "万吨", "点", "家", "美元/桶"];

/// The language of one post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Chinese,
    English,
}

impl Voice {
    /// Four posts in five are Chinese.
    pub(crate) fn pick(rng: &mut Rng) -> Self {
        if rng.below(5) == 0 { Self::English } else { Self::Chinese }
    }

    pub(crate) fn word(self, rng: &mut Rng) -> &'static str {
        match self {
            Self::Chinese => rng.pick(&CHINESE),
            Self::English => rng.pick(&ENGLISH),
        }
    }

    /// A phrase of about a dozen characters, or half a dozen words.
    pub(crate) fn phrase(self, rng: &mut Rng) -> String {
        let mut text = String::new();
        self.phrase_into(rng, &mut text);
        text
    }

    fn phrase_into(self, rng: &mut Rng, text: &mut String) {
        for n in 0..rng.between(4, 9) {
            if n > 0 && self == Self::English {
                text.push(' ');
            }
            text.push_str(self.word(rng));
        }
    }

    fn sentence_into(self, rng: &mut Rng, text: &mut String) {
        let (comma, stop) = match self {
            Self::Chinese => ("，", "。"),
            Self::English => (", ", ". "),
        };
        self.phrase_into(rng, text);
        text.push_str(comma);
        self.phrase_into(rng, text);
        if rng.below(3) == 0 {
            let _ = write!(text, " {}.{:02}{}", rng.below(1000), rng.below(100), rng.pick(&UNITS));
        }
        text.push_str(stop);
    }

    /// One to four sentences.
    pub(crate) fn paragraph(self, rng: &mut Rng) -> String {
        let mut text = String::new();
        for _ in 0..rng.between(1, 4) {
            self.sentence_into(rng, &mut text);
        }
        text
    }

    /// One line of `<p>…</p><p>…`, as a news scraper leaves it, of at least `size` bytes.
    pub(crate) fn html(self, rng: &mut Rng, size: usize) -> String {
        let mut body = String::with_capacity(size + 1024);
        while body.len() < size {
            body.push_str("<p>");
            match rng.below(12) {
                0 => {
                    let _ = write!(body, "<strong>{}</strong>", self.phrase(rng));
                }
                1 => {
                    let (name, width, height) = (rng.below(5000), rng.between(300, 900), rng.between(200, 600));
                    let _ = write!(
                        body,
                        r#"<img src="//img.example.net/{name}_w{width}h{height}.jpg" alt="{}" width="{width}" style="border:1px solid #ccc;padding:2px" />"#,
                        self.word(rng)
                    );
                }
                kind => {
                    for _ in 0..rng.between(2, 6) {
                        self.sentence_into(rng, &mut body);
                    }
                    if kind == 2 {
                        let (stock, word) = (600_000 + rng.below(4000), self.word(rng));
                        let _ = write!(
                            body,
                            r#"<a href="//quote.example.com/s/{stock}?from=news&amp;t=1" class="stock">{word}</a>"#
                        );
                    }
                }
            }
            body.push_str("</p>");
        }
        body
    }

    /// A post that somebody wrote by hand: every common construct of Markdown once.
    pub(crate) fn markdown(self, rng: &mut Rng, number: usize) -> String {
        let mut body = String::with_capacity(4096);
        let _ = write!(
            body,
            "{}\n\n## {}\n\n{}\n\n![{}](/assets/charts/{number}.png \"{}\")\n\n",
            self.paragraph(rng),
            self.phrase(rng),
            self.paragraph(rng),
            self.word(rng),
            self.phrase(rng),
        );
        let _ = write!(
            body,
            "[{}](../notes/{number}.html)、[{}](?page=2#more)、[{}](#sum) <https://example.org/n/{number}>[^1]\n\n",
            self.word(rng),
            self.word(rng),
            self.word(rng),
        );
        let _ = write!(
            body,
            "| {} | {} |\n|:--|--:|\n| {} | {number} |\n| `x < y && z` | **{}** |\n\n",
            self.word(rng),
            self.word(rng),
            self.phrase(rng),
            self.phrase(rng),
        );
        let _ = write!(
            body,
            "1. {}\n2. {}\n   - {}\n   - ~~{}~~\n\n> {}\n\n### {} & *{}*\n\n",
            self.paragraph(rng),
            self.paragraph(rng),
            self.phrase(rng),
            self.phrase(rng),
            self.paragraph(rng),
            self.word(rng),
            self.word(rng),
        );
        let _ = write!(
            body,
            "```python\nrates = [{}, {}]\nprint(sum(rates) / len(rates) < 5 and \"&\")\n```\n\n{}\n\n[^1]: {}",
            rng.below(100),
            rng.below(100),
            self.paragraph(rng),
            self.phrase(rng),
        );
        body
    }
}
