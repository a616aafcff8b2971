//! What becomes of each attribute of an element.

use super::address::Data;

/// Attributes by what they can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It runs, sends or embeds something.
    Active,
    /// It holds a reference.
    Address,
    /// It holds several references to pictures, with descriptors.
    AddressSet,
    /// It holds an inline style sheet.
    Style,
    /// It hides its element.
    Hidden,
    /// It is none of our business.
    Passive,
}

const KINDS: [(&str, Kind); 17] = [
    ("href", Kind::Address),
    ("src", Kind::Address),
    ("style", Kind::Style),
    ("srcset", Kind::AddressSet),
    ("hidden", Kind::Hidden),
    ("poster", Kind::Address),
    ("cite", Kind::Address),
    ("xlink:href", Kind::Address),
    ("background", Kind::Address),
    ("longdesc", Kind::Address),
    ("lowsrc", Kind::Address),
    ("dynsrc", Kind::Address),
    ("action", Kind::Active),
    ("formaction", Kind::Active),
    ("srcdoc", Kind::Active),
    ("ping", Kind::Active),
    ("attributionsrc", Kind::Active),
];

/// The kind of the attribute `name`, in any case.
pub(super) fn kind(name: &str) -> Kind {
    // Behind another attribute it would be that one's value, whose quote may never end.
    if name.starts_with('=') {
        return Kind::Active;
    }
    if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
        return Kind::Active;
    }
    KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or(Kind::Passive, |&(_, kind)| kind)
}

/// Which `data:` URLs the attribute of an element may hold: an SVG only where it is no more than a picture.
pub(super) fn data(element: &str, name: &str) -> Data {
    let shown = match element {
        "img" => ["src", "srcset"].as_slice(),
        "source" => ["srcset"].as_slice(),
        "video" => ["poster"].as_slice(),
        _ => [].as_slice(),
    };
    if shown.iter().any(|known| known.eq_ignore_ascii_case(name)) { Data::Picture } else { Data::Raster }
}

/// Appends ` name="value"` with the value as it stands in a source, in quotes that it does not contain.
pub(super) fn push(tag: &mut String, name: &str, value: Option<&str>) {
    tag.push(' ');
    tag.push_str(name);
    let Some(value) = value else { return };
    tag.push('=');
    match (value.contains('"'), value.contains('\'')) {
        (false, _) => tag.extend(["\"", value, "\""]),
        (true, false) => tag.extend(["'", value, "'"]),
        (true, true) => tag.extend(["\"", &value.replace('"', "&quot;"), "\""]),
    }
}
