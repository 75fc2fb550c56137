//! The tool as a user runs it: the real binary over small folders. One file per capability.

mod support;

mod cleaning;
mod concurrency;
mod documents;
mod errors;
mod filters;
mod formats;
mod names;
mod properties;
mod samples;
mod search;
mod seed;
mod shell;
mod show;
mod update;
