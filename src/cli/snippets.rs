//! `snippets`: the lines by which the site's own pages lead to its feeds.

use super::args::Snippets;
use super::build::everything;
use super::{CommandError, Exit, load, show};
use crate::engine::{Engine, Silent};
use crate::model::{Group, Label};
use crate::writers;

pub(super) fn snippets(args: &Snippets) -> Result<Exit, CommandError> {
    let mut engine = Engine::looking(load(&args.site)?)?;
    everything(&mut engine, &Silent)?;
    let wanted = match &args.category {
        None => None,
        Some(name) => {
            let key = Label::new(name).map(|label| engine.config().categories.key(&label));
            Some(Group::Category(key.ok_or_else(|| unknown(name))?))
        }
    };
    let mut text = String::new();
    for feed in engine.feeds()? {
        let is_wanted = match &wanted {
            Some(key) => feed.key.group == *key,
            None => match &feed.key.group {
                Group::All | Group::Custom(_) => true,
                // Those that jekyll-feed is told to make.
                Group::Category(label) => engine.config().categories.standing.contains(label),
                Group::Tag(_) | Group::Author(_) => false,
            },
        };
        if !is_wanted {
            continue;
        }
        let head = engine.head(&feed)?;
        // Among several languages each says which it is.
        let language = head.language.as_deref().filter(|_| !engine.config().languages.is_empty());
        for target in engine.config().targets(&feed.key) {
            text.push_str(&writers::snippet(&head.title, language, &target));
            text.push('\n');
        }
    }
    match &args.category {
        Some(name) if text.is_empty() => Err(unknown(name)),
        _ => {
            show::print(&text);
            Ok(Exit::Done)
        }
    }
}

fn unknown(category: &str) -> CommandError {
    CommandError::Other(format!("no post has the category {category}; `syndicated list` shows those that there are"))
}
