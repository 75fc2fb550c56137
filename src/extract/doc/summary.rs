//! The summary information: what an Office file says of itself, as a set of properties.

use super::bytes::{size_at, stretch, u16_at, u32_at};
use crate::extract::codepage::{self, CodePage};

/// What a file says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was made: `2020-06-05`.
    pub created: Option<String>,
}

/// Seconds from 1601, where these times begin, to 1970.
const EPOCH: i64 = 11_644_473_600;

/// Reads the stream, as far as it is whole.
pub fn read(stream: &[u8]) -> Summary {
    read_set(stream).unwrap_or_default()
}

fn read_set(stream: &[u8]) -> Option<Summary> {
    let set = stream.get(size_at(stream, 44)?..)?;
    let count = size_at(set, 4)?.min(set.len() / 8);
    let property = |id: u32| {
        let at = (0..count).map(|n| 8 + 8 * n).find(|at| u32_at(set, *at) == Some(id))?;
        set.get(size_at(set, at + 4)?..)
    };
    let number = property(1).and_then(|p| u16_at(p, 4)).unwrap_or(1252);
    let page = codepage::by_number(u32::from(number)).unwrap_or(codepage::WESTERN);
    let text = |id| property(id).and_then(|p| text(p, page));
    Some(Summary { title: text(2), author: text(4), created: property(12).and_then(day) })
}

fn text(property: &[u8], page: CodePage) -> Option<String> {
    let length = size_at(property, 4)?;
    let bytes = match u32_at(property, 0)? {
        0x1e => stretch(property, 8, length)?,
        0x1f => return tidied(&super::bytes::utf16_at(property, 8, length)?),
        _ => return None,
    };
    tidied(&page.decode(bytes))
}

fn tidied(text: &str) -> Option<String> {
    let text = text.split('\0').next()?.trim();
    (!text.is_empty()).then(|| text.to_string())
}

fn day(property: &[u8]) -> Option<String> {
    if u32_at(property, 0)? != 0x40 {
        return None;
    }
    let ticks = u64::from(u32_at(property, 4)?) | u64::from(u32_at(property, 8)?) << 32;
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(EPOCH).filter(|s| *s > 0)?;
    let date = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?.date();
    Some(format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

#[cfg(test)]
pub mod test {
    /// A summary in a code page: title, author and the ticks of its making.
    pub fn summary(page: u16, title: &[u8], author: &[u8], ticks: u64) -> Vec<u8> {
        let text = |text: &[u8]| [&0x1eu32.to_le_bytes()[..], &(text.len() as u32).to_le_bytes(), text].concat();
        let properties = [
            (1u32, [&2u32.to_le_bytes()[..], &u32::from(page).to_le_bytes()].concat()),
            (2, text(title)),
            (4, text(author)),
            (12, [&0x40u32.to_le_bytes()[..], &ticks.to_le_bytes()].concat()),
        ];
        let mut set = vec![0; 4];
        set.extend((properties.len() as u32).to_le_bytes());
        let mut at = 8 + 8 * properties.len() as u32;
        for (id, bytes) in &properties {
            set.extend(id.to_le_bytes());
            set.extend(at.to_le_bytes());
            at += bytes.len() as u32;
        }
        properties.iter().for_each(|(_, bytes)| set.extend(bytes));
        let mut stream = vec![0; 44];
        stream.extend(48u32.to_le_bytes());
        stream.extend(set);
        stream
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_read_in_their_code_page() {
        let stream = test::summary(936, b"\xb8\xdb\0", b"Li", 132_568_992_000_000_000);
        let expected =
            Summary { title: Some("港".into()), author: Some("Li".into()), created: Some("2021-02-04".into()) };
        assert_eq!(read(&stream), expected);
        for cut in 0..stream.len() {
            read(&stream[..cut]);
        }
        assert_eq!(read(&test::summary(1252, b"", b"\0", u64::MAX)).title, None);
    }
}
