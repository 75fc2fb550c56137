//! Numbers and stretches of bytes that may not be there.

/// The byte at a place.
pub fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The 16-bit number at a place.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = stretch(bytes, at, 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// The 32-bit number at a place.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = stretch(bytes, at, 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// The 32-bit number at a place, as a place or a length.
pub fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|n| usize::try_from(n).ok())
}

/// So many bytes at a place.
pub fn stretch(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// So many UTF-16 units at a place, as text.
pub fn utf16_at(bytes: &[u8], at: usize, units: usize) -> Option<String> {
    let bytes = stretch(bytes, at, units.checked_mul(2)?)?;
    Some(encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned())
}
