//! What is done to a page's source before a tree is built: scripts, styles, drawings and comments
//! out, nesting capped. On pages of 150 KB with 5 KB of text this is most of the bytes.

use memchr::memchr;

/// Elements whose content is never text to read.
const DROPPED: &[&str] = &["script", "style", "svg", "template", "iframe", "object", "canvas"];
/// Elements that need an end tag; those that do not would only seem to be nested.
const COUNTED: &[&str] = &[
    "div",
    "span",
    "section",
    "article",
    "table",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "center",
    "font",
    "em",
    "strong",
    "b",
    "i",
    "main",
    "aside",
    "header",
    "footer",
    "nav",
    "form",
    "fieldset",
    "small",
    "big",
    "u",
    "ins",
    "del",
    "sub",
    "sup",
];
/// Deepest nesting kept. Real pages stay under 60; the tree's readers slow down with the square of it.
const DEPTH_MAX: usize = 200;

/// The page without what is never read. `<script type="application/ld+json">` stays.
pub fn prepare(page: &str) -> String {
    let bytes = page.as_bytes();
    let mut out = String::with_capacity(page.len());
    let mut copied = 0;
    let mut at = 0;
    let mut depth = 0usize;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start..];
        if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(&rest[4..], b"-->").map_or(rest.len(), |e| e + 7);
            // A browser notes in a comment where it saved a page from.
            if memchr::memmem::find(&rest[..end], b"saved from").is_none() {
                out.push_str(&page[copied..start]);
                copied = start + end;
            }
            at = start + end;
            continue;
        }
        let closing = rest.get(1) == Some(&b'/');
        let name_at = 1 + usize::from(closing);
        let length = rest[name_at..].iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        let name = page[start + name_at..start + name_at + length].to_ascii_lowercase();
        // A page cut off in a tag has nothing more to prepare.
        let Some(tag_end) = memchr(b'>', rest).map(|e| start + e + 1) else { break };
        at = start + 1;
        if !closing && DROPPED.contains(&name.as_str()) {
            let tag = &page[start..tag_end];
            if name == "script" && tag.to_ascii_lowercase().contains("ld+json") {
                at = tag_end;
                continue;
            }
            if tag.ends_with("/>") && name != "script" && name != "style" {
                continue;
            }
            let end = element_end(bytes, tag_end, &name);
            out.push_str(&page[copied..start]);
            copied = end;
            at = end;
        } else if COUNTED.contains(&name.as_str()) {
            if closing {
                depth = depth.saturating_sub(1);
            } else {
                depth += 1;
            }
            if depth + usize::from(closing) > DEPTH_MAX {
                out.push_str(&page[copied..start]);
                copied = tag_end;
                at = tag_end;
            }
        }
    }
    out.push_str(&page[copied.min(page.len())..]);
    out
}

/// One past the end tag of an element whose start tag ends at `from`; the end of the page if it is never closed.
fn element_end(bytes: &[u8], from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start..];
        let after = 2 + name.len();
        if rest.len() >= after && rest[1] == b'/' && rest[2..after].eq_ignore_ascii_case(name.as_bytes()) {
            return start + memchr(b'>', rest).map_or(rest.len(), |e| e + 1);
        }
        at = start + 1;
    }
    bytes.len()
}

/// The encoding that the page's head names, from `charset=` in its first bytes.
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(8192)].to_ascii_lowercase();
    [&b"charset"[..], b"encoding"].iter().find_map(|word| {
        memchr::memmem::find_iter(head, word).find_map(|at| {
            let rest = head[at + word.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
            let label: Vec<u8> = rest
                .iter()
                .copied()
                .skip_while(|b| matches!(b, b'"' | b'\''))
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
                .collect();
            String::from_utf8(label).ok().filter(|l| !l.is_empty())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_comments_go_and_structured_data_stays() {
        assert_eq!(prepare("a<script>if (a<b) {}</script>b<!-- <p> -->c<STYLE x>q</style >d"), "abcd");
        let ld = "<script type=\"application/ld+json\">{}</script>";
        assert_eq!(prepare(ld), ld);
        assert_eq!(prepare("a<script>never closed"), "a");
        assert_eq!(prepare("a < b <"), "a < b <");
        assert_eq!(prepare("<!-- never closed"), "");
        assert_eq!(prepare("新<svg><path/></svg>疆"), "新疆");
    }

    #[test]
    fn nesting_is_capped_and_balanced() {
        let deep = format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let out = prepare(&deep);
        assert_eq!(out.matches("<div>").count(), DEPTH_MAX);
        assert_eq!(out.matches("</div>").count(), DEPTH_MAX);
    }

    #[test]
    fn the_declared_encoding_is_found_in_every_form() {
        for head in [
            "<meta charset=\"GB2312\">",
            "<meta charset = gb2312 />",
            "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>",
            "<?xml version=\"1.0\" encoding=\"gb2312\"?>",
        ] {
            assert_eq!(declared_encoding(head.as_bytes()).as_deref(), Some("gb2312"), "{head}");
        }
        assert_eq!(declared_encoding(b"<p>no charset</p>"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_prepared(page in "(<|</|div|script|svg|>|<!--|-->|a| |新){0,60}") {
            prepare(&page);
        }
    }
}
