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
    /// Most members of one file, those of containers in it and those that are no documents included.
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
            xml_entities: 4,
            cells: 1_000_000,
        }
    }
}

/// A limit: how options and reports name it.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The option that sets it, without dashes.
    pub option: &'static str,
    /// What is limited, for help.
    pub help: &'static str,
    /// What is over it, for the report: "is larger than", "has more text than".
    pub says: &'static str,
    /// What it is counted in: `bytes`, `seconds`, or what is counted.
    pub unit: &'static str,
    /// Its value.
    pub value: fn(&mut Limits) -> &mut u64,
}

macro_rules! limit {
    ($field:ident, $option:literal, $unit:literal, $says:literal, $help:literal) => {
        Limit { option: $option, help: $help, says: $says, unit: $unit, value: |limits| &mut limits.$field }
    };
}

/// Every limit, in the order of the fields.
pub const LIMITS: &[Limit] = &[
    limit!(file, "max-file-size", "bytes", "is larger than", "Largest file that is read"),
    limit!(text, "max-text", "bytes", "has more text than", "Longest text of a document"),
    limit!(seconds, "max-time", "seconds", "takes longer than", "Longest time for one document"),
    limit!(memory, "max-memory", "bytes", "needs more memory than", "Most memory for one document (Linux)"),
    limit!(depth, "max-depth", "levels", "nests archives deeper than", "Deepest nesting of archives"),
    limit!(members, "max-members", "members", "holds more than", "Most members of one file, of archives in it too"),
    limit!(unpacked, "max-unpacked", "bytes", "unpacks to more than", "Most that one file may unpack to"),
    limit!(xml_depth, "max-xml-depth", "levels", "nests XML deeper than", "Deepest nesting of XML elements"),
    limit!(
        xml_entities,
        "max-entities",
        "entities",
        "defines more XML entities than",
        "Most entities that XML may define; none is ever followed"
    ),
    limit!(cells, "max-cells", "cells", "has tables of more than", "Most cells in the tables of a document"),
];

impl Limits {
    /// The value of a limit.
    pub fn get(&self, limit: &Limit) -> u64 {
        *(limit.value)(&mut self.clone())
    }

    /// Sets the limit of that option; false if there is none.
    pub fn set(&mut self, option: &str, value: u64) -> bool {
        let limit = LIMITS.iter().find(|l| l.option == option);
        limit.map(|l| *(l.value)(self) = value).is_some()
    }

    /// The problem of a document that is over the limit which `option` sets.
    pub fn over(&self, option: &'static str) -> Problem {
        let limit = LIMITS.iter().find(|l| l.option == option);
        debug_assert!(limit.is_some(), "`{option}` is no limit");
        let (says, amount) = match limit {
            Some(l) => (l.says, amount(self.get(l), l.unit)),
            None => ("is over the limit of", String::new()),
        };
        Problem::Limit { says: says.to_string(), amount, option: option.to_string() }
    }
}

/// Reads an amount as people write it: `20`, `500k`, `100MB`, `1.5 GB`, `90s`; none if it is not one.
pub fn parse_amount(text: &str) -> Option<u64> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok()?;
    let factor = match text[digits..].trim() {
        "" | "b" | "s" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        _ => return None,
    };
    let value = number * factor;
    (value.is_finite() && (1.0..=1e15).contains(&value)).then_some(value as u64)
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
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(parse_amount("100MB"), Some(100_000_000));
        assert_eq!(parse_amount(" 1.5 gb "), Some(1_500_000_000));
        assert_eq!(parse_amount("60"), Some(60));
        for wrong in ["", "x", "1x", "-1", "0", "1e30", "9999999999999999999"] {
            assert_eq!(parse_amount(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn limits_are_set_by_their_option() {
        let mut limits = Limits::default();
        for (at, limit) in LIMITS.iter().enumerate() {
            assert!(limits.set(limit.option, at as u64 + 7));
            assert_eq!(limits.get(limit), at as u64 + 7);
        }
        assert_ne!(limits.file, limits.cells);
        assert!(!limits.set("max-nothing", 1));
    }

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
