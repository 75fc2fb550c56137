//! One file that holds many documents: archives, mail boxes, feeds, tables of articles.
//!
//! In: the [`Blob`] of a container. Out: its members, each a blob with what the container says of
//! it, handed over one after another so that memory holds one.
//!
//! A new container is a file beside this one and a row in [`CONTAINERS`].

use super::{Blob, Head, Limits};
use crate::error::Problem;
use std::collections::HashSet;

/// A format that holds documents.
pub struct Container {
    /// Its name in listings.
    pub name: &'static str,
    /// File name extensions, lower case.
    pub extensions: &'static [&'static str],
    /// Whether it is told by its content only, whatever the name: its content is no text.
    pub is_binary: bool,
    /// Whether content is surely of this format.
    pub recognises: fn(&Head) -> bool,
    /// Hands over its members.
    pub unpack: fn(&Blob, &mut Sink) -> Result<(), Problem>,
}

/// Every container, asked in this order.
pub const CONTAINERS: &[&Container] = &[];

/// Where each member goes: its address within the file, and itself or why it cannot be read.
/// An error of the taker ends the unpacking.
pub type Taker<'a> = dyn FnMut(&str, Result<Blob, Problem>, &mut Budget) -> Result<(), Problem> + 'a;

/// What is left of the limits on a file, shared by all containers nested in it.
#[derive(Clone, Debug)]
pub struct Budget {
    members: u64,
    bytes: u64,
    depth: u64,
}

impl Budget {
    /// All that the limits allow one file.
    pub fn new(limits: &Limits) -> Budget {
        Budget { members: limits.members, bytes: limits.unpacked, depth: limits.depth }
    }
}

/// Takes the members of a container, within limits.
pub struct Sink<'a> {
    /// The limits on the file.
    pub limits: &'a Limits,
    /// Columns that a user named for fields of a table: (field, column).
    pub map: &'a [(String, String)],
    budget: &'a mut Budget,
    taker: &'a mut Taker<'a>,
    folders: Vec<String>,
    taken: HashSet<String>,
}

impl Sink<'_> {
    /// Takes a member. `address` is unique within the container, or is made so; `blob`'s folders are
    /// those within the container, and what the container lies in is put before them.
    pub fn member(&mut self, address: &str, blob: Result<Blob, Problem>) -> Result<(), Problem> {
        if self.budget.members == 0 {
            return Err(self.limits.over("max-members"));
        }
        self.budget.members -= 1;
        let blob = match blob {
            Ok(mut blob) => {
                let size = blob.bytes.len() as u64;
                if size > self.budget.bytes {
                    return Err(self.limits.over("max-unpacked"));
                }
                self.budget.bytes -= size;
                blob.folders.splice(0..0, self.folders.iter().cloned());
                blob.is_file = false;
                Ok(blob)
            }
            Err(problem) => Err(problem),
        };
        let mut address = address.to_string();
        let mut number = 2;
        while !self.taken.insert(address.clone()) {
            let base = address.rsplit_once('~').filter(|(_, n)| n.parse::<u32>().is_ok()).map_or(&*address, |(b, _)| b);
            address = format!("{base}~{number}");
            number += 1;
        }
        (self.taker)(&address, blob, self.budget)
    }

    /// Bytes that may still be unpacked.
    pub fn bytes_left(&self) -> u64 {
        self.budget.bytes
    }
}

/// Unpacks a container. Fails with the reason when it is damaged or over a limit; members handed over
/// before that are good.
pub fn unpack(
    container: &Container,
    blob: &Blob,
    limits: &Limits,
    map: &[(String, String)],
    budget: &mut Budget,
    taker: &mut Taker,
) -> Result<(), Problem> {
    if budget.depth == 0 {
        return Err(limits.over("max-depth"));
    }
    budget.depth -= 1;
    let folders = blob.folders.iter().cloned().chain([blob.name.clone()]).collect();
    // A mutable borrow of a trait object is invariant: it is lent anew for the length of this call.
    let mut lend = |address: &str, member: Result<Blob, Problem>, budget: &mut Budget| taker(address, member, budget);
    let result =
        (container.unpack)(blob, &mut Sink { limits, map, budget, taker: &mut lend, folders, taken: HashSet::new() });
    budget.depth += 1;
    result
}
