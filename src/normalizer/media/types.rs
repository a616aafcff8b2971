//! Media types by the ending of a file's name (IANA's registry), for what posts come with.

/// What stands for a file of which nothing is known.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// Endings in the order in which one of several files is the first choice, each with its type.
pub(super) const SOUND: [(&str, &str); 17] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("mp4a", "audio/mp4"),
    ("m4b", "audio/mp4"),
    ("aac", "audio/aac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("weba", "audio/webm"),
    ("ogv", "video/ogg"),
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
];
const OTHERS: [(&str, &str); 12] = [
    ("pdf", "application/pdf"),
    ("epub", "application/epub+zip"),
    ("zip", "application/zip"),
    ("torrent", "application/x-bittorrent"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
];

/// The type of a file with this name or path.
pub(super) fn by_name(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next()?;
    let (_, ending) = name.rsplit_once('.')?;
    let all = SOUND.iter().chain(&OTHERS);
    all.clone().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, media_type)| *media_type)
}

/// Whether files of this type are to be heard, seen or read by themselves, as what a podcast's post comes with.
pub(super) fn is_episode(media_type: &str) -> bool {
    media_type.starts_with("audio/")
        || media_type.starts_with("video/")
        || matches!(media_type, "application/pdf" | "application/epub+zip")
}
