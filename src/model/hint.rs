//! What is remembered of a published file between runs.

/// What a published file looked like, kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hint {
    /// In bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Its number in the file system.
    pub inode: u64,
    /// The SHA-256 of its bytes. It ties the hint to them: the manifest on disk may lag behind, or be ahead.
    pub sha256: [u8; 32],
}
