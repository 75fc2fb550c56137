//! How much of a document is read: what bounds the harm that one file can do.

use crate::error::Problem;
use serde::{Deserialize, Serialize};

/// Limits on one file and on what it holds. Sizes are in bytes unless said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest file.
    pub file: u64,
    /// Longest text of a document.
    pub text: u64,
    /// Longest time for one document, in seconds.
    pub seconds: u64,
    /// Most memory for reading one document.
    pub memory: u64,
    /// Deepest nesting of archives; 1 is an archive without archives in it.
    pub depth: u64,
    /// Most documents in one file.
    pub members: u64,
    /// Most bytes that one file unpacks to, all its members together.
    pub unpacked: u64,
    /// Deepest nesting of XML elements.
    pub xml_depth: u64,
    /// Most entities that an XML part may define; none is ever replaced or followed.
    pub xml_entities: u64,
    /// Most cells in the tables of one document.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file: 100_000_000,
            text: 20_000_000,
            seconds: 60,
            memory: 1_000_000_000,
            depth: 4,
            members: 100_000,
            unpacked: 1_000_000_000,
            xml_depth: 512,
            xml_entities: 16,
            cells: 1_000_000,
        }
    }
}

/// A limit: how options and reports name it.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The option that sets it, without dashes.
    pub option: &'static str,
    /// What is limited, for the report: "is larger than", "has more text than".
    pub says: &'static str,
    /// What it is counted in: `bytes`, `seconds`, or what is counted.
    pub unit: &'static str,
    /// Its value.
    pub of: fn(&Limits) -> u64,
}

/// Every limit, in the order of the fields.
pub const LIMITS: &[Limit] = &[
    Limit { option: "max-file-size", says: "is larger than", unit: "bytes", of: |l| l.file },
    Limit { option: "max-text", says: "has more text than", unit: "bytes", of: |l| l.text },
    Limit { option: "max-time", says: "takes longer than", unit: "seconds", of: |l| l.seconds },
    Limit { option: "max-memory", says: "needs more memory than", unit: "bytes", of: |l| l.memory },
    Limit { option: "max-depth", says: "nests archives deeper than", unit: "levels", of: |l| l.depth },
    Limit { option: "max-members", says: "holds more than", unit: "documents", of: |l| l.members },
    Limit { option: "max-unpacked", says: "unpacks to more than", unit: "bytes", of: |l| l.unpacked },
    Limit { option: "max-xml-depth", says: "nests XML deeper than", unit: "levels", of: |l| l.xml_depth },
    Limit { option: "max-entities", says: "defines more XML entities than", unit: "entities", of: |l| l.xml_entities },
    Limit { option: "max-cells", says: "has tables of more than", unit: "cells", of: |l| l.cells },
];

impl Limits {
    /// The problem of a document that is over the limit which `option` sets.
    pub fn over(&self, option: &'static str) -> Problem {
        let limit = LIMITS.iter().find(|l| l.option == option);
        debug_assert!(limit.is_some(), "`{option}` is no limit");
        let (says, amount) = match limit {
            Some(l) => (l.says, amount((l.of)(self), l.unit)),
            None => ("is over the limit of", String::new()),
        };
        Problem::Limit { says: says.to_string(), amount, option: option.to_string() }
    }
}

/// An amount for people: `100 MB`, `60 seconds`, `4 levels`.
pub fn amount(value: u64, unit: &str) -> String {
    match (unit, value) {
        ("bytes", 1_000_000_000..) if value.is_multiple_of(100_000_000) => format!("{} GB", value as f64 / 1e9),
        ("bytes", 1_000_000..) => format!("{} MB", (value as f64 / 1e5).round() / 10.0),
        ("bytes", 1_000..) => format!("{} kB", (value as f64 / 100.0).round() / 10.0),
        ("seconds", 1) => "1 second".to_string(),
        _ => format!("{value} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_the_limit_and_its_option() {
        let limits = Limits::default();
        assert_eq!(limits.over("max-file-size").to_string(), "is larger than 100 MB (--max-file-size)");
        assert_eq!(limits.over("max-time").to_string(), "takes longer than 60 seconds (--max-time)");
        assert_eq!(amount(1_500_000_000, "bytes"), "1.5 GB");
        assert_eq!(amount(1_234_567, "bytes"), "1.2 MB");
        assert_eq!(amount(20, "bytes"), "20 bytes");
    }
}
