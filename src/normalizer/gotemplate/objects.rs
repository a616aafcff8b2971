//! What the page, the site and a shortcode have for a template.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::value::{Call, Kind, Notes, Object, Value};
use super::{Run, functions};

impl Run<'_> {
    /// A field of a value, or a method of it with its arguments; `None` for one that is not known.
    pub(super) fn field(&mut self, value: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
        match value {
            Value::Object(object) => self.of_object(&object.clone(), name, arguments),
            Value::Map(_) if arguments.is_empty() => Some(value.at(name)),
            Value::Nil if arguments.is_empty() => Some(Value::Nil),
            _ => None,
        }
    }

    fn of_object(&mut self, object: &Object, name: &str, arguments: &[Value]) -> Option<Value> {
        match object {
            Object::Page => self.of_page(name, arguments),
            Object::Site => self.of_site(name),
            Object::PageParams => {
                Some(self.host.page_param(&name.to_lowercase()).as_ref().map_or(Value::Nil, Value::from_model))
            }
            Object::SiteParams => {
                Some(self.host.site_param(&name.to_lowercase()).as_ref().map_or(Value::Nil, Value::from_model))
            }
            Object::Language => self.host.site(&format!("Language.{name}")).map(Value::plain),
            Object::Program => Some(match name {
                "IsProduction" => Value::Bool(true),
                "IsServer" | "IsDevelopment" | "IsMultihost" => Value::Bool(false),
                "IsExtended" => Value::Bool(true),
                "Environment" => Value::plain("production"),
                _ => return None,
            }),
            Object::Resources => self.of_resources(name, arguments),
            Object::Resource(url, file) => Some(match name {
                "Permalink" => Value::plain(url),
                "RelPermalink" => Value::plain(functions::on_site(url)),
                "Name" | "Title" => Value::plain(file),
                "ResourceType" => Value::plain("image"),
                // The picture in another size lies where only Hugo knows.
                "Resize" | "Fit" | "Fill" | "Crop" | "Process" | "Filter" => Value::Object(object.clone()),
                "Width" | "Height" => Value::Nil,
                _ => return None,
            }),
            Object::Notebook(notes) => of_notebook(notes, name, arguments),
            Object::Call(call) => self.of_call(call, name, arguments),
        }
    }

    fn of_page(&mut self, name: &str, arguments: &[Value]) -> Option<Value> {
        Some(match name {
            "Params" => Value::Object(Object::PageParams),
            "Param" => {
                let key = arguments.first()?.to_text()?.to_lowercase();
                let own = self.host.page_param(&key).or_else(|| self.host.site_param(&key));
                match own {
                    Some(value) => Value::from_model(&value),
                    None => self.host.param(&key).map_or(Value::Nil, Value::plain),
                }
            }
            "Site" => Value::Object(Object::Site),
            "Page" => Value::Object(Object::Page),
            "Language" => Value::Object(Object::Language),
            "Resources" => Value::Object(Object::Resources),
            "Scratch" | "Store" => Value::Object(Object::Notebook(Rc::clone(&self.notes))),
            "IsPage" => Value::Bool(true),
            "IsHome" | "IsSection" | "IsNode" | "Draft" => Value::Bool(false),
            "Kind" => Value::plain("page"),
            "RenderString" => {
                let (text, options) = arguments.split_last()?;
                let is_block =
                    options.first().is_some_and(|options| options.at("display").equals(&Value::plain("block")));
                let html = self.host.markdown(&text.to_text()?);
                Value::html(if is_block { html.as_str() } else { functions::inline(&html) })
            }
            "Ref" | "RelRef" => self.reference(arguments.last()?, name == "RelRef")?,
            _ if arguments.is_empty() => Value::plain(self.host.page(name)?),
            _ => return None,
        })
    }

    fn of_site(&mut self, name: &str) -> Option<Value> {
        Some(match name {
            "Params" => Value::Object(Object::SiteParams),
            "Language" => Value::Object(Object::Language),
            "Store" => Value::Object(Object::Notebook(Rc::clone(&self.notes))),
            "IsServer" | "IsMultiLingual" => Value::Bool(false),
            _ => Value::plain(self.host.site(name)?),
        })
    }

    /// A file by its name: a pattern is none that could be known.
    fn of_resources(&mut self, name: &str, arguments: &[Value]) -> Option<Value> {
        match name {
            "ByType" => Some(Value::Object(Object::Resources)),
            "Get" | "GetMatch" => {
                let asked = arguments.first()?.to_text()?;
                let file = asked.trim_start_matches("./");
                let is_pattern = file.contains(['*', '?', '[', '{']) && name == "GetMatch";
                let is_elsewhere =
                    file.is_empty() || file.starts_with('/') || file.contains("://") || file.contains("..");
                if is_elsewhere {
                    return Some(Value::Nil);
                }
                if is_pattern {
                    return None;
                }
                let url = self.host.resource(file);
                Some(url.map_or(Value::Nil, |url| Value::Object(Object::Resource(url.into(), file.into()))))
            }
            _ => None,
        }
    }

    fn of_call(&mut self, call: &Rc<Call>, name: &str, arguments: &[Value]) -> Option<Value> {
        let is_named = call.parameters.iter().any(|(name, _)| name.is_some());
        Some(match name {
            "Get" => {
                let parameter = match arguments.first()? {
                    Value::Int(place) => {
                        call.parameters.iter().filter(|(name, _)| name.is_none()).nth(usize::try_from(*place).ok()?)
                    }
                    key => {
                        let key = key.to_text()?;
                        call.parameters.iter().rev().find(|(name, _)| name.as_deref() == Some(&*key))
                    }
                };
                parameter.map_or(Value::Nil, |(_, value)| value.clone())
            }
            "Params" if is_named => {
                let named = call.parameters.iter().filter_map(|(name, value)| Some((name.clone()?, value.clone())));
                Value::Map(Rc::new(named.collect()))
            }
            "Params" => Value::list(call.parameters.iter().map(|(_, value)| value.clone()).collect()),
            "IsNamedParams" => Value::Bool(is_named),
            "Inner" => Value::Text(call.inner.get().cloned().unwrap_or_else(|| "".into()), Kind::Html),
            "InnerDeindent" => Value::html(functions::deindented(call.inner.get().map_or("", |inner| inner))),
            "Name" => Value::plain(&call.name),
            "Ordinal" => Value::Int(i64::try_from(call.ordinal).ok()?),
            "Parent" => call.parent.as_ref().map_or(Value::Nil, |parent| super::of_call(Rc::clone(parent))),
            "Page" => Value::Object(Object::Page),
            "Site" => Value::Object(Object::Site),
            "Scratch" | "Store" => Value::Object(Object::Notebook(Rc::clone(&call.notes))),
            "Position" => Value::plain(""),
            "Ref" | "RelRef" => self.reference(arguments.last()?, name == "RelRef")?,
            _ => return None,
        })
    }

    /// The address of the page that a text or a map names.
    pub(super) fn reference(&mut self, target: &Value, is_relative: bool) -> Option<Value> {
        let (path, language) = match target {
            Value::Map(_) => (target.at("path").to_text()?, Some(target.at("lang")).filter(Value::is_true)),
            path => (path.to_text()?, None),
        };
        let language = language.and_then(|language| language.to_text());
        let url = self.host.link(&path, language.as_deref())?;
        Some(Value::plain(if is_relative { functions::on_site(&url) } else { &url }))
    }
}

/// What a notebook has, or takes down.
fn of_notebook(notes: &Notes, name: &str, arguments: &[Value]) -> Option<Value> {
    let key = arguments.first()?.to_text()?.to_string();
    if arguments.iter().any(Value::has_object) {
        return None;
    }
    let mut notes = notes.try_borrow_mut().ok()?;
    match name {
        "Get" => return Some(notes.get(&key).cloned().unwrap_or(Value::Nil)),
        "Set" => drop(notes.insert(key, arguments.get(1)?.clone())),
        "Add" => {
            let sum = sum(notes.get(&key), arguments.get(1)?)?;
            notes.insert(key, sum);
        }
        "SetInMap" => {
            let mut pairs = match notes.remove(&key) {
                Some(Value::Map(pairs)) => (*pairs).clone(),
                _ => BTreeMap::new(),
            };
            pairs.insert(arguments.get(1)?.to_text()?.to_string(), arguments.get(2)?.clone());
            notes.insert(key, Value::Map(Rc::new(pairs)));
        }
        "Delete" => drop(notes.remove(&key)),
        _ => return None,
    }
    Some(Value::Nil)
}

/// What was noted and what is added to it.
fn sum(known: Option<&Value>, more: &Value) -> Option<Value> {
    const MOST: usize = 1 << 16;
    Some(match known {
        None => more.clone(),
        Some(Value::List(items)) => {
            let more = if let Value::List(more) = more { more.to_vec() } else { vec![more.clone()] };
            (items.len() + more.len() < MOST).then(|| Value::list(items.iter().cloned().chain(more).collect()))?
        }
        Some(Value::Int(number)) => Value::Int(number.checked_add(more.to_int()?)?),
        Some(known) => {
            let text = format!("{}{}", known.to_text()?, more.to_text()?);
            (text.len() < MOST).then(|| Value::plain(text))?
        }
    })
}
