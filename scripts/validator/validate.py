"""Says what a feed validator would: `validate.py FEED...`, one line a problem, 1 if there is any.

The rules are those of the W3C's validator for what the schemas beside this file cannot say: dates, ids, text that should be
none, and the HTML inside. Two readers of their own take part: feedparser for the feed, html5lib for its HTML.
"""

import collections
import datetime
import email.utils
import re
import sys
import xml.etree.ElementTree as ET

import feedparser
import html5lib

ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
# What the W3C's validator calls a risk, as far as an element or attribute does something.
RISKS = set("applet base basefont body embed form frame frameset head html input button select textarea link meta noscript "
            "object param script style template title".split())
HANDLERS = re.compile(r"^(on.*|srcdoc|formaction)$")
ADDRESSES = {"a": ["href"], "area": ["href"], "img": ["src"], "source": ["src"], "video": ["src", "poster"], "audio": ["src"]}
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def problems(path):
    """Yields what is wrong with one feed."""
    read = feedparser.parse(path)
    if read.bozo:
        yield f"feedparser: {read.bozo_exception}"
    root = ET.parse(path).getroot()
    entries = root.findall(f"{ATOM}entry") or root.findall("channel/item")
    if len(entries) != len(read.entries):
        yield f"feedparser finds {len(read.entries)} of {len(entries)} entries"
    for element in root.iter():
        if CONTROLS.search((element.text or "") + "".join(element.attrib.values())):
            yield f"BadCharacters in {element.tag}"
        if element.tag == "pubDate" or element.tag == "lastBuildDate":
            yield from rfc822(element.text)
        if element.tag in (f"{ATOM}updated", f"{ATOM}published"):
            yield from implausible(datetime.datetime.fromisoformat(element.text.replace("Z", "+00:00")), element.text)
    ids = [entry.findtext(f"{ATOM}id") or entry.findtext("guid") for entry in entries]
    for shared, times in collections.Counter(ids).items():
        if times > 1:
            yield f"DuplicateEntries: {shared}"
    if root.tag == f"{ATOM}feed" and root.find(f"{ATOM}author") is None:
        if any(entry.find(f"{ATOM}author") is None for entry in entries):
            yield "MissingElement: author"
    for entry in entries:
        for html in (entry.findtext(f"{ATOM}content"), entry.findtext(f"{CONTENT}encoded"), entry.findtext("description")):
            yield from risks(html or "")


def rfc822(text):
    """The weekday has to be that of the day."""
    at = email.utils.parsedate_to_datetime(text)
    if at.strftime("%a") != text[:3]:
        yield f"IncorrectDOW: {text}"
    yield from implausible(at, text)


def implausible(at, text):
    """An empty feed is of 1970, and says so in no other way."""
    if at.timestamp() != 0 and (at.year < 1990 or at.timestamp() > datetime.datetime.now().timestamp() + 600):
        yield f"ImplausibleDate: {text}"


def risks(html):
    """Elements that run or load, handlers, and addresses that lead nowhere outside the site."""
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            yield "a comment"
            continue
        if element.tag in RISKS:
            yield f"SecurityRisk: {element.tag}"
        for name, value in element.attrib.items():
            if isinstance(name, str) and HANDLERS.match(name.lower()):
                yield f"SecurityRiskAttr: {name}"
            if name in ADDRESSES.get(element.tag, []):
                address = value.strip().lower()
                if not SCHEME.match(address):
                    yield f"ContainsRelRef: {value}"
                elif address.startswith(("javascript:", "vbscript:")):
                    yield f"a script as an address: {value}"


def main(paths):
    found = [f"{path}: {problem}" for path in paths for problem in dict.fromkeys(problems(path))]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
