//! Posts full of Liquid, as themes and their authors write it, and what it reads beside them.

/// The files of the site that the posts' templates read.
pub(crate) const FILES: [(&str, &str); 4] = [
    (
        "_data/desks.yml",
        "- {name: 国内, place: 北京, staff: 12}\n- {name: 国际, place: 上海, staff: 7}\n- {name: 财经, place: 深圳, staff: 9}\n",
    ),
    ("_data/links.json", "{\"terms\": \"/terms/\", \"privacy\": \"/privacy/\"}\n"),
    (
        "_includes/figure.html",
        "<figure><img src=\"{{ include.src | absolute_url }}\" alt=\"{{ include.alt | escape }}\">\
         {% if include.caption %}<figcaption>{{ include.caption | upcase }}</figcaption>{% endif %}</figure>\n",
    ),
    (
        "_includes/desk.html",
        "{% assign desk = site.data.desks | where: \"name\", include.name | first %}\
         {% if desk %}{{ desk.name }} ({{ desk.place }}, {{ desk.staff | plus: 1 }}){% else %}-{% endif %}",
    ),
];

/// A post's text with Liquid before, in and behind it.
pub(crate) fn body(text: &str, number: usize) -> String {
    format!(
        "{{% include figure.html src=\"/img/{number}.png\" alt=page.title caption=\"no. {number}\" %}}\n\n\
         {text}\n\n\
         {{% for desk in site.data.desks %}}{{% unless desk.staff < 8 %}}{{{{ forloop.index }}}}. \
         {{% include desk.html name=desk.name %}}{{% endunless %}}\n{{% endfor %}}\n\n\
         {{% assign words = page.title | split: \" \" %}}{{% capture last %}}{{{{ words | last }}}}{{% endcapture %}}\
         {{{{ last | prepend: site.title | slugify }}}} {{{{ page.date | date: \"%-d %B %Y\" }}}}, \
         [{{{{ site.title }}}}]({{{{ page.url | absolute_url }}}}), [terms]({{{{ site.data.links.terms | relative_url }}}})\n\n\
         {{% if page.tags.size > 0 and page.title contains \"{number}\" %}}{{{{ page.tags | array_to_sentence_string }}}}\
         {{% endif %}}\n\n{{% highlight ruby %}}\nputs \"{number}\" if 1 < 2\n{{% endhighlight %}}"
    )
}
