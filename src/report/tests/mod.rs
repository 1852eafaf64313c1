//! Tests of the whole stage on a made-up run: what must hold whatever a report looks like.
//!
//! Apart from the modules because each of these properties is kept by several of them together.

mod agreement;
mod files;
pub mod fixture;
mod layout;
mod limits;
mod privacy;
mod words;
