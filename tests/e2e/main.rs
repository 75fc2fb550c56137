//! The tool as a user runs it: the real binary over small folders. One file per capability.

mod support;

mod annotation;
mod cleaning;
mod concurrency;
mod containers;
mod copies;
mod documents;
mod errors;
mod facets;
mod filters;
mod formats;
mod kills;
mod limits;
mod names;
mod paths;
mod properties;
mod query;
mod rules;
mod samples;
mod search;
mod seed;
mod shell;
mod show;
mod update;
mod watch;
