//! The site around the posts: its configuration, Jekyll's category pages, Hugo's feed template.

use std::io;
use std::path::Path;

use super::calendar::{Local, SPAN, START};
use super::expect::put;
use super::labels::{Labels, quoted};
use super::post::SITE_URL;
use super::text::Voice;
use super::{Layout, Options, liquid};
use crate::rng::Rng;

const JEKYLL: &str = "title: 合成财经\nlang: zh-CN\ntimezone: Asia/Shanghai\nauthor: Corpus Desk\n";

/// Feeds and nothing else: a page for no post (`render = "link"`), one RSS of summaries for each term and for all.
const HUGO: &str = r#"title = "合成财经"
locale = "zh-CN"
timeZone = "Asia/Shanghai"
disableKinds = ["404", "robotstxt", "section", "sitemap", "taxonomy"]
hasCJKLanguage = true

[taxonomies]
category = "categories"

[outputs]
home = ["rss"]
term = ["rss"]

[services.rss]
limit = 20

[markup.goldmark.renderer]
unsafe = true

[[cascade]]
[cascade.build]
list = "always"
publishResources = false
render = "link"
[cascade.target]
kind = "page"
"#;

/// Hugo's own feed, less what we do not measure: the summary of each of the newest posts.
const HUGO_RSS: &str = r#"{{- $pages := .Pages -}}
{{- if .IsHome -}}{{- $pages = .Site.RegularPages -}}{{- end -}}
{{- $pages = $pages.ByDate.Reverse | first .Site.Config.Services.RSS.Limit -}}
{{- printf "<?xml version=\"1.0\" encoding=\"utf-8\"?>" | safeHTML }}
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>{{ .Title }}</title>
    <link>{{ .Permalink }}</link>
    <description>{{ .Title }}</description>
    {{- with .OutputFormats.Get "RSS" }}
    {{ printf "<atom:link href=%q rel=\"self\" type=%q />" .Permalink .MediaType | safeHTML }}
    {{- end }}
    {{- range $pages }}
    <item>
      <title>{{ .Title }}</title>
      <link>{{ .Permalink }}</link>
      <pubDate>{{ .PublishDate.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
      <guid>{{ .Permalink }}</guid>
      <description>{{ .Summary | transform.XMLEscape | safeHTML }}</description>
    </item>
    {{- end }}
  </channel>
</rss>
"#;

/// The folders that the posts lie in.
pub(crate) fn folders(options: &Options) -> Vec<String> {
    match options.layout {
        Layout::JekyllFlat => vec!["_posts".into(), "category".into()],
        Layout::JekyllLiquid => ["_posts", "category", "_data", "_includes"].map(Into::into).to_vec(),
        Layout::Hugo => vec!["content/posts".into(), "layouts".into()],
        Layout::JekyllDated => {
            let ends = [Local::at(START).year, Local::at(START + SPAN - 1).year];
            let months = (ends[0]..=ends[1]).flat_map(|year| (1..=12).map(move |month| (year, month)));
            months.map(|(year, month)| format!("_posts/{year:04}/{month:02}")).chain(["category".into()]).collect()
        }
    }
}

/// Everything but the posts. The configuration comes last: where it lies, the corpus is whole.
pub(crate) fn write(options: &Options, labels: &Labels) -> io::Result<()> {
    let out = &options.out;
    if options.layout == Layout::Hugo {
        put(&out.join("layouts/rss.xml"), HUGO_RSS.as_bytes())?;
        return put(&out.join("hugo.toml"), format!("baseURL = \"{SITE_URL}/\"\n{HUGO}").as_bytes());
    }
    if options.layout == Layout::JekyllLiquid {
        for (path, text) in liquid::FILES {
            put(&out.join(path), text.as_bytes())?;
        }
    }
    for rank in (0..labels.len()).step_by(3) {
        category_page(out, options.seed, rank, labels.name(rank))?;
    }
    put(&out.join("_config.yml"), format!("url: {SITE_URL}\n{JEKYLL}").as_bytes())
}

fn category_page(out: &Path, seed: u64, rank: usize, label: &str) -> io::Result<()> {
    let title = Voice::Chinese.phrase(&mut Rng::of(seed ^ 0xCA7E, rank as u64));
    let page = format!("---\nlayout: category\ntitle: {title}\ncategory: {}\n---\n", quoted(label));
    put(&out.join("category").join(format!("{label}.html")), page.as_bytes())
}
