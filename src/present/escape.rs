//! Every escaper there is. Documents come from the web: nothing in them may steer a terminal or a spreadsheet.

use std::borrow::Cow;

/// Text for a terminal: control characters, and those that hide or reorder text, shown as what they
/// are. Line ends stay.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !steers(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_steering(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Whether any character of a text does.
fn steers(text: &str) -> bool {
    // Most texts are seen through by their bytes, all of them in one go.
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) | (*byte == b'\n');
    !text.as_bytes().iter().fold(true, |all, byte| all & is_plain(byte)) && text.chars().any(is_steering)
}

/// Whether a character moves the cursor, or the direction of writing.
pub fn is_steering(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{fff9}'..='\u{fffb}')
}

/// JSON whose strings hold no raw character that steers a terminal; it means the same.
pub fn json(text: &str) -> Cow<'_, str> {
    if !steers(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_steering(c) { out.push_str(&format!("\\u{:04x}", c as u32)) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A file's path, as text, as a `file` address: every byte that is not plain percent-encoded.
pub fn file_address(path: &str, host: &str) -> String {
    let mut out = format!("file://{host}");
    for byte in crate::model::key_bytes(path).iter() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(char::from(*byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_steers_it() {
        assert_eq!(terminal("a\u{1b}[31m\u{202e}b\nc"), "a\\u{1b}[31m\\u{202e}b\nc");
        assert_eq!(terminal("新疆"), "新疆");
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = serde_json::to_string("a\u{9b}\u{202e}b").unwrap();
        assert_eq!(json(&text), "\"a\\u009b\\u202eb\"");
        assert_eq!(serde_json::from_str::<String>(&json(&text)).unwrap(), "a\u{9b}\u{202e}b");
    }

    #[test]
    fn formulas_are_defused_and_addresses_encoded() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a=1"), "a=1");
        assert_eq!(file_address("/a b/新\u{1b}", "h"), "file://h/a%20b/%E6%96%B0%1B");
        assert_eq!(file_address("/a\u{fffd}FF", "h"), "file://h/a%FF");
    }
}
