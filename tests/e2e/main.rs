//! The tool as a user runs it: the real binary over small folders. One file per capability.
