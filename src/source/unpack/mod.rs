//! One file that holds many documents: archives, mail boxes, feeds, tables of articles.
//!
//! In: the [`Blob`] of a container. Out: its members, each a blob with what the container says of
//! it, handed over one after another so that memory holds one.
//!
//! A new container is a file beside this one and a row in [`CONTAINERS`].

mod feed;
mod fields;
mod gzip;
mod json;
mod mail;
mod markup;
mod table;
mod warc;
mod web;
mod zip;

use super::{Blob, Head, Limits};
use crate::error::Problem;
use std::collections::HashMap;
use std::io::Read;

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

/// Every container, asked in this order: a packed web archive is one before it is packed.
pub const CONTAINERS: &[&Container] = &[
    &zip::CONTAINER,
    &warc::CONTAINER,
    &gzip::CONTAINER,
    &mail::MBOX,
    &mail::MHTML,
    &mail::EML,
    &feed::CONTAINER,
    &json::LINES,
    &json::CONTAINER,
    &table::CONTAINER,
];

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

/// Longest address within a container, in characters.
const ADDRESS_CHARS_MAX: usize = 500;

/// Takes the members of a container, within limits.
pub struct Sink<'a> {
    /// The limits on the file.
    pub limits: &'a Limits,
    /// Columns that a user named for fields of a table: (field, column).
    pub map: &'a [(String, String)],
    budget: &'a mut Budget,
    taker: &'a mut Taker<'a>,
    folders: Vec<String>,
    /// Addresses that are taken, and the number that the next of the same gets.
    taken: HashMap<String, u32>,
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
                    self.budget.bytes = 0;
                    return Err(self.limits.over("max-unpacked"));
                }
                self.budget.bytes -= size;
                blob.folders.splice(0..0, self.folders.iter().cloned());
                blob.is_file = false;
                Ok(blob)
            }
            Err(problem) => Err(problem),
        };
        let address = self.unique(address);
        (self.taker)(&address, blob, self.budget)
    }

    /// An address on one line that none had before: the second `a` is `a~2`.
    fn unique(&mut self, address: &str) -> String {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let address: String = address.chars().take(ADDRESS_CHARS_MAX).map(plain).collect();
        let mut unique = address.clone();
        while self.taken.contains_key(&unique) {
            let number = self.taken.entry(address.clone()).or_insert(2);
            unique = format!("{address}~{number}");
            *number = number.saturating_add(1);
        }
        self.taken.insert(unique.clone(), 2);
        unique
    }

    /// Unpacks a member, whole or not at all: none is larger than a file may be, and all together stay
    /// within what is left. What was unpacked in vain counts, too.
    pub fn unpack(&mut self, packed: impl Read) -> Result<Vec<u8>, Problem> {
        let most = self.limits.file.min(self.budget.bytes);
        let mut bytes = Vec::new();
        let result = packed.take(most.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > most {
            self.budget.bytes -= most;
            return Err(self.limits.over(if self.is_spent() { "max-unpacked" } else { "max-file-size" }));
        }
        if let Err(error) = result {
            self.budget.bytes -= bytes.len() as u64;
            return Err(damaged(&format!("it cannot be unpacked ({error})")));
        }
        Ok(bytes)
    }

    /// Whether no byte may be unpacked any more.
    pub fn is_spent(&self) -> bool {
        self.budget.bytes == 0
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
    let own = Some(blob.name.clone()).filter(|_| !blob.is_numbered);
    let folders = blob.folders.iter().cloned().chain(own).collect();
    // A mutable borrow of a trait object is invariant: it is lent anew for the length of this call.
    let mut lend = |address: &str, member: Result<Blob, Problem>, budget: &mut Budget| taker(address, member, budget);
    let result =
        (container.unpack)(blob, &mut Sink { limits, map, budget, taker: &mut lend, folders, taken: HashMap::new() });
    budget.depth += 1;
    result
}

/// The problem of a damaged content.
fn damaged(how: &str) -> Problem {
    Problem::Content(format!("is damaged: {how}"))
}

/// A name without its last extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A path within a container as folders and a name: nothing in it leads out, upwards or to a drive.
/// None if it names nothing.
fn placed(path: &str) -> Option<(Vec<String>, String)> {
    let is_step = |s: &&str| {
        let drive = s.len() == 2 && s.ends_with(':');
        !s.is_empty() && *s != "." && *s != ".." && !drive
    };
    let mut folders: Vec<String> = path.split(['/', '\\']).map(str::trim).filter(is_step).map(str::to_string).collect();
    let name = folders.pop()?;
    Some((folders, name))
}

#[cfg(test)]
pub(crate) mod test {
    use super::*;

    /// What a container gave: each member with its address, and how it ended.
    pub type Unpacked = (Vec<(String, Result<Blob, Problem>)>, Result<(), Problem>);

    /// The members of a container, not those of containers in it.
    pub fn members_of(container: &Container, blob: &Blob, limits: &Limits, map: &[(&str, &str)]) -> Unpacked {
        let map: Vec<(String, String)> = map.iter().map(|(f, c)| (f.to_string(), c.to_string())).collect();
        let mut members = Vec::new();
        let mut taker = |address: &str, member: Result<Blob, Problem>, _: &mut Budget| {
            members.push((address.to_string(), member));
            Ok(())
        };
        let result = unpack(container, blob, limits, &map, &mut Budget::new(limits), &mut taker);
        (members, result)
    }

    /// The same for a file of that name, within the usual limits.
    pub fn members(container: &Container, name: &str, bytes: &[u8]) -> Unpacked {
        members_of(container, &Blob::of_file(name, bytes), &Limits::default(), &[])
    }

    /// A line for each member: address, name, text or reason.
    pub fn lines(container: &Container, name: &str, bytes: &[u8]) -> Vec<String> {
        let (members, result) = members(container, name, bytes);
        let mut lines: Vec<String> = members
            .into_iter()
            .map(|(address, member)| match member {
                Ok(blob) => format!("{address} [{}] {}", blob.name, String::from_utf8_lossy(&blob.bytes)),
                Err(problem) => format!("{address}: {problem}"),
            })
            .collect();
        if let Err(problem) = result {
            lines.push(format!("end: {problem}"));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::package::test::zip as packed;
    use proptest::prelude::*;

    /// Unpacks a file and what is in it, as far as it goes: each document's whole address and folders.
    struct Taken {
        documents: Vec<(String, Result<Blob, Problem>)>,
        result: Result<(), Problem>,
    }

    fn container_of(blob: &Blob) -> Option<&'static Container> {
        let head = Head::new(&blob.bytes);
        let extension = blob.extension().unwrap_or_default();
        let named = || CONTAINERS.iter().find(|c| c.extensions.contains(&extension.as_str()));
        CONTAINERS.iter().find(|c| (c.recognises)(&head)).or_else(named).copied()
    }

    fn take(blob: &Blob, limits: &Limits) -> Taken {
        fn into(
            blob: &Blob,
            before: &str,
            limits: &Limits,
            budget: &mut Budget,
            documents: &mut Vec<(String, Result<Blob, Problem>)>,
        ) -> Result<(), Problem> {
            let container = container_of(blob).unwrap();
            unpack(container, blob, limits, &[], budget, &mut |address, member, budget| {
                let address = format!("{before}{address}");
                match member {
                    Ok(blob) if container_of(&blob).is_some() => {
                        // Trouble within costs what is within.
                        if let Err(problem) = into(&blob, &format!("{address}/"), limits, budget, documents) {
                            documents.push((address, Err(problem)));
                        }
                    }
                    member => documents.push((address, member)),
                }
                Ok(())
            })
        }
        let mut documents = Vec::new();
        let result = into(blob, "", limits, &mut Budget::new(limits), &mut documents);
        Taken { documents, result }
    }

    /// So many boxes in one another, each with a paper.
    fn boxes(number: usize) -> Vec<u8> {
        let mut bytes = packed(&[("paper.txt", b"innermost")]);
        for n in 1..number {
            bytes = packed(&[("paper.txt", format!("{n}").as_bytes()), ("box.zip", &bytes)]);
        }
        bytes
    }

    #[test]
    fn containers_in_containers_are_unpacked_with_their_addresses() {
        let mail = format!(
            "MIME-Version: 1.0\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nText.\n--b\nContent-Type: application/zip\n\
             Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.zip\n\n{}\n--b--\n",
            base64(&packed(&[("t.csv", b"id,text\nx,row\n")]))
        );
        let mbox = format!("From a Mon Jan  8 09:00:00 2024\n{mail}");
        let taken = take(
            &Blob::of_file("box.mbox.gz", gzip::test::gzip(mbox.as_bytes())),
            &Limits { depth: 5, ..Limits::default() },
        );
        let addresses: Vec<&str> = taken.documents.iter().map(|(a, _)| a.as_str()).collect();
        assert_eq!(addresses, ["box.mbox/1/message", "box.mbox/1/a.zip/t.csv/x"]);
        let row = taken.documents[1].1.as_ref().unwrap();
        assert_eq!(row.bytes, b"row");
        assert_eq!(row.folders, ["box.mbox.gz", "box.mbox", "a.zip", "t.csv"]);
        assert_eq!(taken.result, Ok(()));
    }

    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let group = |c: &[u8]| {
            let n = c.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - c.len()));
            (0..=c.len()).map(|at| char::from(DIGITS[(n >> (18 - 6 * at) & 63) as usize])).collect::<String>()
        };
        bytes.chunks(3).map(group).collect()
    }

    #[test]
    fn nesting_ends_at_the_limit_and_what_lies_above_is_good() {
        for depth in [1, 2, 4] {
            let limits = Limits { depth, ..Limits::default() };
            let taken = take(&Blob::of_file("a.zip", boxes(6)), &limits);
            let papers = taken.documents.iter().filter(|(_, d)| d.is_ok()).count();
            assert_eq!(papers, depth as usize);
            let refused: Vec<_> = taken.documents.iter().filter_map(|(a, d)| Some((a, d.as_ref().err()?))).collect();
            assert_eq!(refused.len(), 1);
            assert_eq!(refused[0].1, &limits.over("max-depth"));
            assert_eq!(refused[0].0.matches("box.zip").count(), depth as usize);
        }
    }

    #[test]
    fn addresses_are_unique_however_often_one_comes() {
        let rows: String = ["a", "a", "a~2", "a", "a~2"].iter().map(|id| format!("{id},text\n")).collect();
        let taken = take(&Blob::of_file("a.csv", format!("id,text\n{rows}")), &Limits::default());
        let addresses: Vec<&str> = taken.documents.iter().map(|(a, _)| a.as_str()).collect();
        assert_eq!(addresses, ["a", "a~2", "a~2~2", "a~3", "a~2~3"]);
        // Not so slow that one notices.
        let many = "id,text\n".to_string() + &"a,t\n".repeat(50_000);
        let taken = take(&Blob::of_file("a.csv", many), &Limits::default());
        assert_eq!(taken.documents.last().unwrap().0, "a~50000");
    }

    #[test]
    fn members_and_bytes_are_counted_through_all_levels() {
        let limits = Limits { members: 5, ..Limits::default() };
        let taken = take(&Blob::of_file("a.zip", boxes(4)), &limits);
        assert!(taken.documents.iter().any(|(_, d)| d.as_ref().is_err_and(|p| *p == limits.over("max-members"))));
        let inner = packed(&[("zeros.txt", &[b'0'; 90_000]), ("more.txt", b"more")]);
        let bytes = packed(&[("first.txt", b"first"), ("inner.zip", &inner), ("last.txt", b"last")]);
        let limits = Limits { unpacked: 50_000, ..Limits::default() };
        let taken = take(&Blob::of_file("a.zip", bytes), &limits);
        let first = taken.documents[0].1.as_ref().unwrap();
        assert_eq!(first.bytes, b"first");
        assert_eq!(taken.documents[1].1.as_ref().unwrap_err(), &limits.over("max-unpacked"));
        // What is used up within is used up for the whole file.
        assert_eq!((taken.documents.len(), taken.result), (2, Err(limits.over("max-unpacked"))));
    }

    #[test]
    fn paths_stay_within_their_container() {
        let at = |path: &str| placed(path).map(|(folders, name)| folders.join("/") + ":" + &name);
        for (path, expected) in [
            ("a/b.txt", Some("a:b.txt")),
            ("../../etc/passwd", Some("etc:passwd")),
            ("C:\\x\\..\\y.txt", Some("x:y.txt")),
            ("//./.. /a", Some(":a")),
            ("..", None),
            ("", None),
        ] {
            assert_eq!(at(path).as_deref(), expected, "{path}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_mutation_of_an_archive_panics(at in 0usize..400, byte: u8, cut in 0usize..30) {
            let mut bytes = packed(&[("a/b.txt", b"text"), ("c.csv", b"id,text\n1,x\n"), ("d.zip", &boxes(2))]);
            let (at, end) = (at.min(bytes.len() - 1), (at + cut).min(bytes.len()));
            bytes[at] = byte;
            take(&Blob::of_file("a.zip", bytes.clone()), &Limits::default());
            bytes.drain(at..end.max(at));
            take(&Blob::of_file("a.zip", bytes), &Limits::default());
        }
    }
}
