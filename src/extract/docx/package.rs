//! The parts of a Word package: which is the text, which the styles, lists, notes and properties.
//!
//! In: the bytes of a ZIP. Out: its parts, found by the relations it states, or where they usually lie.

use super::body::Body;
use super::numbering::Numbering;
use super::styles::Styles;
use crate::error::Problem;
use crate::extract::RawDocument;
use crate::extract::properties::Properties;
use crate::extract::xml::{self, Event, Xml};
use crate::source::{Head, Limits, Package};

/// Where the text usually lies.
const MAIN: &str = "word/document.xml";
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Whether it is a Word package: by where its text lies, or by what it says its text is.
pub fn recognises(head: &Head) -> bool {
    if head.has_member(MAIN) || head.has_member("word\\document.xml") {
        return true;
    }
    let is_other = ["xl/", "ppt/", "OPS/", "META-INF/"].iter().any(|f| head.has_member(f));
    if is_other || !head.has_member(CONTENT_TYPES) {
        return false;
    }
    let limits = Limits { unpacked: 1_000_000, ..Limits::default() };
    let types = Package::open(head.bytes, &limits).and_then(|mut p| p.read(CONTENT_TYPES));
    types.ok().flatten().is_some_and(|bytes| main_by_type(&bytes, &limits).is_some())
}

/// Reads a package.
pub fn extract(bytes: &[u8], limits: &Limits) -> Result<RawDocument, Problem> {
    let mut package = Package::open(bytes, limits)?;
    let relations = relations(&mut package, "_rels/.rels", "", limits)?;
    let find = |relations: &[Relation], kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let main = match find(&relations, "officeDocument") {
        Some(main) => main,
        None => package
            .read(CONTENT_TYPES)
            .ok()
            .flatten()
            .and_then(|bytes| main_by_type(&bytes, limits))
            .unwrap_or_else(|| MAIN.to_string()),
    };
    let text = match part(&mut package, &main)? {
        Some(text) => text,
        None => {
            let missing = || Problem::Content(format!("is damaged: its text ({main}) is missing"));
            part(&mut package, MAIN)?.ok_or_else(missing)?
        }
    };

    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let near = self::relations(&mut package, &resolved(folder, &format!("_rels/{file}.rels")), folder, limits)?;
    let place = |kind: &str| find(&near, kind).unwrap_or_else(|| resolved(folder, &format!("{kind}.xml")));

    let styles = optional(&mut package, &place("styles"), limits, Styles::read)?;
    let numbering = optional(&mut package, &place("numbering"), limits, Numbering::read)?;
    let core = find(&relations, "core-properties").unwrap_or_else(|| "docProps/core.xml".to_string());
    let properties = optional(&mut package, &core, limits, |xml| {
        let mut properties = Properties::default();
        properties.read(xml).map(|()| properties)
    })?;

    let styles = styles.unwrap_or_default();
    let mut body = Body::new(&styles, numbering.unwrap_or_default(), limits);
    body.read(&mut Xml::new(&text, &main, limits))?;
    if body.has_notes() {
        for name in [place("footnotes"), place("endnotes")] {
            if let Some(text) = part(&mut package, &name)? {
                body.read(&mut Xml::new(&text, &name, limits))?;
            }
        }
    }
    body.finish(properties.unwrap_or_default())
}

/// A part that says how the text looks or where it comes from. If it is damaged the text is still whole;
/// a limit is a limit.
fn optional<T>(
    package: &mut Package,
    name: &str,
    limits: &Limits,
    read: impl FnOnce(&mut Xml) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    let found = match part(package, name) {
        Ok(None) => return Ok(None),
        Ok(Some(text)) => read(&mut Xml::new(&text, name, limits)),
        Err(problem) => Err(problem),
    };
    match found {
        Ok(read) => Ok(Some(read)),
        Err(problem @ Problem::Limit { .. }) => Err(problem),
        Err(_) => Ok(None),
    }
}

fn part(package: &mut Package, name: &str) -> Result<Option<String>, Problem> {
    Ok(package.read(name)?.map(|bytes| xml::decoded(&bytes)))
}

/// That a part needs another.
struct Relation {
    /// The last word of the address that names the kind: `styles`, `officeDocument`.
    kind: String,
    /// The name of the part.
    target: String,
}

/// The relations that a part states. What lies outside of the package is passed over.
fn relations(package: &mut Package, name: &str, folder: &str, limits: &Limits) -> Result<Vec<Relation>, Problem> {
    let read = |xml: &mut Xml| {
        let mut out = Vec::new();
        while let Some(event) = xml.next()? {
            let Event::Start(element) = event else { continue };
            let (Some(kind), Some(target)) = (element.attribute("Type"), element.attribute("Target")) else { continue };
            if element.attribute("TargetMode").is_none_or(|m| m != "External") {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_string();
                out.push(Relation { kind, target: resolved(folder, &target) });
            }
        }
        Ok(out)
    };
    Ok(optional(package, name, limits, read)?.unwrap_or_default())
}

/// The name of a part as seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let from = if target.starts_with('/') { "" } else { folder };
    let mut names: Vec<&str> = Vec::new();
    for name in from.split('/').chain(target.split('/')) {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            _ => names.push(name),
        }
    }
    names.join("/")
}

/// The part whose type is that of a Word document's or template's text.
fn main_by_type(bytes: &[u8], limits: &Limits) -> Option<String> {
    let text = xml::decoded(bytes);
    let mut xml = Xml::new(&text, CONTENT_TYPES, limits);
    while let Some(event) = xml.next().ok()? {
        let Event::Start(element) = event else { continue };
        let kind = element.attribute("ContentType").unwrap_or_default();
        let is_word = kind.contains("wordprocessingml") || kind.starts_with("application/vnd.ms-word");
        if is_word
            && kind.ends_with(".main+xml")
            && let Some(name) = element.attribute("PartName")
        {
            return Some(resolved("", &name));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_within_the_package() {
        for (folder, target, expected) in [
            ("word", "styles.xml", "word/styles.xml"),
            ("word", "/word/styles.xml", "word/styles.xml"),
            ("word", "../docProps/core.xml", "docProps/core.xml"),
            ("", "../../../etc/x", "etc/x"),
            ("a/b", ".\\c.xml", "a/b/c.xml"),
        ] {
            assert_eq!(resolved(folder, target), expected, "{folder} {target}");
        }
    }
}
