//! Templates of a site that posts ask for: Hugo's shortcodes and hooks, Zola's shortcodes and links at headings.

use super::feeds::post_of;
use super::sites::Site;

const HUGO: &str = "---\ntitle: Odd\ndate: 2022-03-31\nlist: [a, {b: 1}]\n---\n# Head\n\n{{< x a=\"b\" c=1 >}}in *it* {{< y >}}{{< /x >}}\n\n\
                    {{% x \"one\" 2 %}}\n\n[text](https://example.com/ \"title\") ![alt](p.png)\n\n```go {a=1}\ncode\n```\n\n> [!note] said\n";
const ZOLA: &str = "+++\ntitle = 'Odd'\ndate = 2022-03-31\n[extra]\nlist = ['a', 'b']\n+++\n# Head\n\n{{ x(a=\"b\", c=1, d=[1, 2]) }}\n\n\
                    {% x(a='b') %}\nin *it* {{ x() }}\n{% end %}\n";

/// The text as each of them: the feeds of a post that asks for them are sound, and made within bounds.
pub(crate) fn any(bytes: &[u8]) {
    let template = String::from_utf8_lossy(bytes);
    let hugo = [
        ("hugo.toml", "title = 'Example'\n[params]\nunit = 'b'\n[markup.goldmark.renderer]\nunsafe = true\n"),
        ("layouts/shortcodes/x.html", &*template),
        ("layouts/shortcodes/y.html", "{{ partial \"z.html\" . }}{{ .Parent.Get \"a\" }}"),
        ("layouts/partials/z.html", &*template),
        ("layouts/_default/_markup/render-link.html", &*template),
        ("layouts/_default/_markup/render-codeblock.html", &*template),
        ("layouts/_default/_markup/render-heading.html", &*template),
    ];
    post_of(&Site::new("content/posts/odd.md", "", &hugo), HUGO.as_bytes());
    let zola = [
        ("zola.toml", "base_url = 'https://example.com'\n[extra]\nunit = 'b'\n"),
        ("content/_index.md", "+++\nsort_by = 'date'\ninsert_anchor_links = 'left'\n+++\n"),
        ("templates/shortcodes/x.html", &*template),
        ("templates/anchor-link.html", &*template),
    ];
    post_of(&Site::new("content/odd.md", "", &zola), ZOLA.as_bytes());
}
