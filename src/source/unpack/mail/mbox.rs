//! Boxes of messages, one after another, each after a line that begins with `From `.

use super::super::{Container, Sink};
use super::as_mail;
use crate::error::Problem;
use crate::source::{Blob, Head};
use regex::bytes::Regex;
use std::sync::OnceLock;

/// A box of messages.
pub const CONTAINER: Container =
    Container { name: "mailbox", extensions: &["mbox", "mbx"], is_binary: false, recognises, unpack };

/// A separator and a field of a head after it.
fn recognises(head: &Head) -> bool {
    let mut lines = head.start().lines();
    let is_field = |l: &str| {
        l.split_once(':')
            .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    };
    lines.next().is_some_and(|l| is_separator(l.as_bytes()))
        && lines.find(|l| !l.starts_with('>')).is_some_and(is_field)
}

/// Whether a line parts messages: `From somebody Mon Jan  8 09:00:00 2024`.
fn is_separator(line: &[u8]) -> bool {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(r"^From .{0,200}?(?-u)(?:\d\d?:\d\d.*\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b.*\d\d?:\d\d)")
            .expect("the pattern is fixed and compiled by tests")
    });
    line.starts_with(b"From ") && pattern.is_match(line.get(..300).unwrap_or(line))
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let bytes = as_mail(&blob.bytes);
    let mut number = 0;
    let mut message: Option<Vec<u8>> = None;
    let mut after_blank = true;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if after_blank && is_separator(line) {
            hand_over(message.replace(Vec::new()), &mut number, sink)?;
        } else if let Some(message) = &mut message {
            // A line of the text that looked like a separator was quoted when it was put in.
            let quotes = line.iter().take_while(|b| **b == b'>').count();
            let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|l| l.starts_with(b"From "));
            message.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
        }
        after_blank = line.trim_ascii().is_empty();
    }
    if message.is_none() {
        return Err(Problem::Content("has no messages".into()));
    }
    hand_over(message, &mut number, sink)
}

fn hand_over(message: Option<Vec<u8>>, number: &mut u64, sink: &mut Sink) -> Result<(), Problem> {
    let Some(message) = message.filter(|m| !m.trim_ascii().is_empty()) else { return Ok(()) };
    *number += 1;
    sink.member(&number.to_string(), Ok(Blob::numbered(format!("{number}.eml"), message)))
}

#[cfg(test)]
mod tests {
    use super::super::super::test::lines;
    use super::*;

    const BOX: &str = "From a@b.example Mon Jan  8 09:00:00 2024\nFrom: A\nSubject: one\n\nText.\n>From here on.\n\n\
        From the tower one sees 2024 trains.\n\n\
        From - Tue Jan  9 10:30:00 2024\r\nFrom: B\r\n\r\n>>From twice\r\n";

    #[test]
    fn messages_are_parted_at_separators_only() {
        assert_eq!(
            lines(&CONTAINER, "a.mbox", BOX.as_bytes()),
            [
                "1 [1.eml] From: A\nSubject: one\n\nText.\nFrom here on.\n\nFrom the tower one sees 2024 trains.\n\n",
                "2 [2.eml] From: B\r\n\r\n>From twice\r\n"
            ]
        );
        assert_eq!(lines(&CONTAINER, "a.mbox", b"text"), ["end: has no messages"]);
    }

    #[test]
    fn a_box_is_told_by_its_first_two_lines() {
        assert!(recognises(&Head::new(BOX.as_bytes())));
        assert!(recognises(&Head::new(b"From 12@xxx Wed Jul 16 06:24:10 +0000 2008\r\nX-GM-THRID: 1\r\n")));
        assert!(!recognises(&Head::new(b"From 10:00 on 5 May 2024 the port is open\nto all who come\n")));
        assert!(!recognises(&Head::new(b"From the mayor\nSubject: x\n")));
    }
}
