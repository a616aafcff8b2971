//! Front matter: the block of keys and values at the head of a post.
