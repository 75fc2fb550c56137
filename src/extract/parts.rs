//! The parts of a package by their paths: what one part refers to is found as its producer meant it.
//!
//! In: a [`Package`]. Out: parts, decoded or as bytes. Producers write absolute paths, backslashes,
//! `..`, percent signs and the wrong case; every path is brought to one form.

use super::properties::believable_title;
use super::xml;
use crate::error::Problem;
use crate::model::{Found, Origin};
use crate::source::Package;
use std::collections::HashMap;

/// The members of a package, found by path without going through the list again.
pub struct Parts<'a> {
    package: Package<'a>,
    exact: HashMap<String, usize>,
    any_case: HashMap<String, usize>,
}

impl<'a> Parts<'a> {
    /// Looks through the list of a package.
    pub fn new(package: Package<'a>) -> Parts<'a> {
        let (mut exact, mut any_case) = (HashMap::new(), HashMap::new());
        for (at, name) in package.members() {
            let path = resolved("", &name);
            any_case.entry(path.to_lowercase()).or_insert(at);
            exact.entry(path).or_insert(at);
        }
        Parts { package, exact, any_case }
    }

    /// The number of a part by its path from the top of the package.
    fn find(&self, path: &str) -> Option<usize> {
        self.exact.get(path).or_else(|| self.any_case.get(&path.to_lowercase())).copied()
    }

    /// Whether a part is there.
    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// The paths of all parts, in no order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.exact.keys().map(String::as_str)
    }

    /// A part's bytes; none if it is not there.
    pub fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.find(path).map(|at| self.package.read_at(at)).transpose()
    }

    /// A part of XML as text; none if it is not there.
    pub fn xml(&mut self, path: &str) -> Result<Option<String>, Problem> {
        Ok(self.bytes(path)?.map(|bytes| xml::decoded(&bytes)))
    }
}

/// A reference within the part `from`, as a path from the top of the package: `..` goes up and stays
/// in the package.
pub fn resolved(from: &str, reference: &str) -> String {
    let reference = reference.trim().replace('\\', "/");
    let mut steps: Vec<&str> = Vec::new();
    if !reference.starts_with('/') {
        steps.extend(from.split('/'));
        steps.pop();
    }
    for step in reference.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|s| !s.is_empty());
    steps.join("/")
}

/// Text with `%20` and the like replaced; what is no such code stays.
pub fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A title that a package declares, unless a program made it up. `place` says where it stands.
pub fn title(text: &str, place: &'static str) -> Option<Found<String>> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    believable_title(&text).map(|title| Found::new(title, Origin::Meta).at(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    #[test]
    fn references_are_relative_to_their_part() {
        for (from, reference, path) in [
            ("OEBPS/content.opf", "text/c1.xhtml", "OEBPS/text/c1.xhtml"),
            ("OEBPS/content.opf", "../c1.xhtml", "c1.xhtml"),
            ("OEBPS/a/b.opf", "./../../../c1.xhtml", "c1.xhtml"),
            ("content.opf", "c1.xhtml", "c1.xhtml"),
            ("Doc_0/Document.xml", "/Doc_0/Pages/P.xml", "Doc_0/Pages/P.xml"),
            ("Doc_0/Document.xml", "Pages\\P.xml", "Doc_0/Pages/P.xml"),
            ("", "a//b", "a/b"),
        ] {
            assert_eq!(resolved(from, reference), path, "{from} {reference}");
        }
        assert_eq!(percent_decoded("c%203%E9%99%86.xhtml%2"), "c 3陆.xhtml%2");
    }

    #[test]
    fn parts_are_found_in_any_case() {
        let bytes = crate::source::package::test::zip(&[("/Doc_0\\A.xml", b"<a/>")]);
        let limits = Limits::default();
        let mut parts = Parts::new(Package::open(&bytes, &limits).unwrap());
        assert_eq!(parts.xml("doc_0/a.XML").unwrap().unwrap(), "<a/>");
        assert!(parts.has("Doc_0/A.xml") && parts.bytes("b").unwrap().is_none());
    }

    #[test]
    fn made_up_titles_are_no_titles() {
        for text in ["Microsoft Word - a.doc", "Untitled", "Document 1", "文档1", "无标题", " ", "--"] {
            assert!(title(text, "x").is_none(), "{text}");
        }
        assert_eq!(title(" Documents of\n2021", "x").unwrap().value, "Documents of 2021");
    }
}
