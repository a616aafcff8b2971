//! What the bench and the tests share.
