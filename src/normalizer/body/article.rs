//! The article of a page that the site's generator has built, as the HTML that stands in the page.
//!
//! The page is read as a stream, and the first element that matches is a range of its text: there is no tree, so deep
//! nesting costs no stack and long pages no memory beyond their own.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use lol_html::errors::RewritingError;
use lol_html::html_content::Element;
use lol_html::{ElementContentHandlers, HandlerResult, HtmlRewriter, MemorySettings, Selector, Settings};

use crate::config::CssSelector;

/// What marks the text of a post on a page, the surest first: the microformat `h-entry`, schema.org's `articleBody`,
/// and the elements of HTML. The first that the page has counts, wherever it stands.
const MARKS: [&str; 4] = [".h-entry .e-content", "[itemprop~=articleBody]", "article", "main"];

/// Bytes that the parser may use for a page with open elements.
const MEMORY: usize = 64 << 20;

/// The most that the elements of a page may lie deep, all together. A selector with ancestors looks at those of each
/// element: this is some ten thousand elements in each other, and beyond it a page is not understood.
const DEEPEST: usize = 1 << 27;

/// What is taken out of pages.
#[derive(Debug)]
pub struct Selection {
    /// In the order in which they count.
    marks: Vec<Selector>,
    remove: Option<Selector>,
}

impl Selection {
    /// What `select` matches, else what usually marks an article, without what `remove` matches.
    #[must_use]
    pub fn new(select: Option<&CssSelector>, remove: Option<&CssSelector>) -> Self {
        let marks = match select {
            Some(own) => vec![own.as_parsed().clone()],
            None => MARKS.iter().filter_map(|mark| mark.parse().ok()).collect(),
        };
        Self { marks, remove: remove.map(|remove| remove.as_parsed().clone()) }
    }

    /// What the first selected element of the page holds; `None` when there is none, or the page nests without bound.
    ///
    /// It is a part of the page as it stands there, which remains to be cleaned.
    #[must_use]
    pub fn extract(&self, page: &str) -> Option<String> {
        let found = self.find(page).ok()?;
        let article = found.articles.into_iter().flatten().next()?;
        let mut html = String::with_capacity(article.len());
        let mut at = article.start;
        let touches = |removed: &Range<usize>| removed.start < article.end && removed.end > article.start;
        for removed in found.removed.into_iter().filter(touches) {
            // It may hold all of the article.
            html.push_str(page.get(at..removed.start.max(at))?);
            // What stood before it must not become one with what comes after it; no comment outlives the cleaning.
            html.push_str("<!---->");
            at = removed.end.min(article.end);
        }
        html.push_str(page.get(at..article.end)?);
        Some(html)
    }

    fn find(&self, page: &str) -> Result<Found, RewritingError> {
        let found = Rc::new(RefCell::new(Found { articles: vec![None; self.marks.len()], ..Found::default() }));
        let mut settings = Settings::new()
            .with_strict(false)
            .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY))
            .append_element_content_handler(lol_html::element!("*", |element| note_depth(element, &found)));
        for (n, mark) in self.marks.iter().enumerate() {
            let found = Rc::clone(&found);
            let handler = ElementContentHandlers::default()
                .element(move |element: &mut Element| note_article(element, n, page, &found));
            settings = settings.append_element_content_handler((Cow::Borrowed(mark), handler));
        }
        if let Some(remove) = &self.remove {
            let found = Rc::clone(&found);
            let handler = ElementContentHandlers::default()
                .element(move |element: &mut Element| note_removed(element, page, &found));
            settings = settings.append_element_content_handler((Cow::Borrowed(remove), handler));
        }
        let mut parser = HtmlRewriter::new(settings, |_: &[u8]| {});
        parser.write(page.as_bytes())?;
        parser.end()?;
        Ok(found.take())
    }
}

/// What was met on a page.
#[derive(Debug, Default)]
struct Found {
    /// What the first element of each mark holds.
    articles: Vec<Option<Range<usize>>>,
    /// Elements that are left out, tags and all, in the order of their start tags; those within others are not among them.
    removed: Vec<Range<usize>>,
    depth: usize,
    /// The sum of the depths of all elements so far.
    depths: usize,
}

fn note_depth(element: &mut Element, found: &Rc<RefCell<Found>>) -> HandlerResult {
    let mut now = found.borrow_mut();
    now.depths += now.depth;
    if now.depths > DEEPEST {
        return Err("the page nests without bound".into());
    }
    if element.can_have_content() {
        now.depth += 1;
        let found = Rc::clone(found);
        element.on_end_tag(Box::new(move |_| {
            found.borrow_mut().depth -= 1;
            Ok(())
        }))?;
    }
    Ok(())
}

fn note_article(element: &mut Element, mark: usize, page: &str, found: &Rc<RefCell<Found>>) -> HandlerResult {
    let start = element.source_location().bytes().end;
    let mut now = found.borrow_mut();
    let Some(article @ None) = now.articles.get_mut(mark) else { return Ok(()) };
    if !element.can_have_content() {
        return Ok(()); // It holds nothing; another one may.
    }
    *article = Some(start..page.len());
    let found = Rc::clone(found);
    element.on_end_tag(Box::new(move |end_tag| {
        if let Some(Some(article)) = found.borrow_mut().articles.get_mut(mark) {
            article.end = end_tag.source_location().bytes().start;
        }
        Ok(())
    }))
}

fn note_removed(element: &mut Element, page: &str, found: &Rc<RefCell<Found>>) -> HandlerResult {
    let tag = element.source_location().bytes();
    let mut now = found.borrow_mut();
    if now.removed.last().is_some_and(|last| tag.start < last.end) {
        return Ok(()); // It goes with the one that it lies in.
    }
    let number = now.removed.len();
    if !element.can_have_content() {
        now.removed.push(tag);
        return Ok(());
    }
    now.removed.push(tag.start..page.len());
    let (found, name) = (Rc::clone(found), element.tag_name());
    element.on_end_tag(Box::new(move |end_tag| {
        let place = end_tag.source_location().bytes();
        if let Some(removed) = found.borrow_mut().removed.get_mut(number) {
            // The end tag may be that of an element around it, which stays.
            removed.end = if end_tag.name() == name { place.end } else { place.start };
        }
        Ok(())
    }))
}
