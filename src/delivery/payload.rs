//! A body of a response that is whole.

use std::convert::Infallible;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::often::MemoryFile;

/// A body that is whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Payload {
    bytes: Bytes,
    /// What the same bytes are in as well.
    file: Option<Arc<MemoryFile>>,
}

impl Payload {
    pub(super) fn new(bytes: Bytes, file: Option<Arc<MemoryFile>>) -> Self {
        Self { bytes, file }
    }

    pub(super) fn bytes(self) -> Bytes {
        self.bytes
    }

    /// The file that the bytes are in as well, where there is one.
    pub(super) fn file(&self) -> Option<&Arc<MemoryFile>> {
        self.file.as_ref()
    }
}

impl Deref for Payload {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self::new(bytes, None)
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
