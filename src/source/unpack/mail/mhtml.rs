//! A web page saved as one file: a message of the page and what belongs to it. The page goes on.

use super::super::{Container, Sink, stem};
use super::mime::{self, Leaf, Part};
use super::{as_mail, is_called, is_head};
use crate::error::Problem;
use crate::model::Origin;
use crate::source::{Blob, Head};

/// A saved page.
pub const CONTAINER: Container =
    Container { name: "mhtml", extensions: &["mhtml", "mht"], is_binary: false, recognises, unpack };

/// The address of the page.
const PAGE: &str = "page";

fn recognises(head: &Head) -> bool {
    let start = head.start();
    let fields: String =
        start.lines().take_while(|l| !l.trim().is_empty()).map(|l| l.to_ascii_lowercase() + "\n").collect();
    is_head(start)
        && fields.contains("multipart/related")
        && ["\nsnapshot-content-location:", "\ncontent-location:", "<saved by "].iter().any(|f| fields.contains(f))
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let bytes = as_mail(&blob.bytes);
    let (head, part) = mime::message(&bytes);
    let Some(page) = root(part) else { return Err(Problem::Content("holds no page".into())) };
    // The page names its own encoding; what the message says is known here.
    let extension =
        if page.head.media_type == "text/html" || page.head.media_type.contains("xhtml") { "html" } else { "txt" };
    let mut member = Blob::member(format!("{}.{extension}", stem(&blob.name)), page.text());
    let address = head.location.or_else(|| page.head.location.clone());
    if let Some(address) = address.filter(|a| a.starts_with("http://") || a.starts_with("https://")) {
        member.given.set("url", &address, Origin::Container, "Content-Location");
    }
    sink.member(PAGE, Ok(member))
}

/// The part that is the page: the one named, or the first that is HTML, or the first.
fn root(part: Part) -> Option<Leaf> {
    match part {
        Part::Leaf(leaf) => Some(*leaf),
        Part::Many { start, parts, .. } => {
            let is_html = |p: &Part| matches!(p, Part::Leaf(l) if l.head.media_type.contains("html"));
            let named = start.and_then(|id| parts.iter().position(|p| is_called(p, &id)));
            let at = named.or_else(|| parts.iter().position(is_html)).unwrap_or(0);
            // As deep as parts were nested, which is capped.
            parts.into_iter().nth(at).and_then(root)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::test::members;
    use super::super::EML;
    use super::*;

    const SAVED: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/x.html\r\nSubject: t\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--b--\"\r\n\r\n\r\n\
        ----b--\r\nContent-Type: text/css\r\n\r\np{}\r\n\
        ----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://a.example/x.html\r\n\r\n\
        <p class=3D\"a\">=E6=B8=\r\n=AF</p>\r\n----b----\r\n";

    #[test]
    fn the_page_goes_on_with_its_address() {
        assert!((CONTAINER.recognises)(&Head::new(SAVED.as_bytes())) && (EML.recognises)(&Head::new(SAVED.as_bytes())));
        let (members, result) = members(&CONTAINER, "saved.mhtml", SAVED.as_bytes());
        assert_eq!((members.len(), result), (1, Ok(())));
        let page = members[0].1.as_ref().unwrap();
        assert_eq!((members[0].0.as_str(), page.name.as_str()), ("page", "saved.html"));
        assert_eq!(String::from_utf8_lossy(&page.bytes), "<p class=\"a\">港</p>");
        assert_eq!(page.given.url.as_ref().unwrap().value, "https://a.example/x.html");
        assert!(page.given.title.is_none());
    }
}
