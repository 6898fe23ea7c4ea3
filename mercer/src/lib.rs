//! mercer
