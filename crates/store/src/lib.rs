//! The engine: what goes in, what may be asked, what leaves.
