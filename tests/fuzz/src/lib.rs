//! What every target does. Of a format: any bytes under a name give a document, members, or a reason; never a panic,
//! an endless loop or more memory than the limits allow.

mod query;

pub use query::query;

use dryport::clean;
use dryport::extract::{self, Kind};
use dryport::source::unpack::{self, Budget};
use dryport::source::{Blob, Limits};

/// Limits small enough that a slow input is one that is slow for its size.
fn limits() -> Limits {
    Limits {
        file: 1 << 20,
        text: 1 << 20,
        unpacked: 8 << 20,
        members: 200,
        depth: 3,
        cells: 20_000,
        ..Limits::default()
    }
}

/// Reads bytes as the document that their content or this name says they are, and cleans it.
pub fn document(name: &str, data: &[u8]) {
    read(&Blob::of_file(name, data), &limits());
}

/// Unpacks bytes as the container that their content or this name says they are, and reads its members.
pub fn container(name: &str, data: &[u8]) {
    let limits = limits();
    unpack_all(&Blob::of_file(name, data), &limits, &mut Budget::new(&limits));
}

fn read(blob: &Blob, limits: &Limits) {
    let Ok(raw) = extract::document(blob, limits) else { return };
    for block in &raw.blocks {
        assert!(!block.text.contains(['\n', '\r']), "a block is one line");
    }
    clean::clean(raw);
}

fn unpack_all(blob: &Blob, limits: &Limits, budget: &mut Budget) {
    match extract::detect(blob) {
        Ok(Kind::Container(container)) => {
            // A container in a container is unpacked with what is left of the limits.
            let mut take = |_: &str, member: Result<Blob, _>, budget: &mut Budget| {
                if let Ok(member) = member {
                    unpack_all(&member, limits, budget);
                }
                Ok(())
            };
            let _ = unpack::unpack(container, blob, limits, &[], budget, &mut take);
        }
        Ok(Kind::Document(_)) => read(blob, limits),
        Err(_) => {}
    }
}
