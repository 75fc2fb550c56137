//! What an index says of itself before a run: which folders it covers, and how they are read.

use crate::error::{Error, Result};
use crate::index::{Location, Payload, Reader};

/// What the last run left; none where there is no index. A rebuild goes by what is left of a damaged index, or of one of
/// another format, and needs nothing of it where it is named what to read (`is_named`).
/// Errors: why the index cannot be read.
pub fn payload(location: &Location, rebuild: bool, is_named: bool) -> Result<Option<Payload>> {
    match Reader::open(location) {
        Ok(reader) => Ok(Some(reader.payload().clone())),
        Err(Error::NoIndex { .. }) => Ok(None),
        Err(error) if rebuild => match location.payload_left() {
            None if !is_named => Err(error),
            left => Ok(left),
        },
        Err(error) => Err(error),
    }
}
