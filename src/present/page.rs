//! A document as a page for the browser: the original text with what was kept, dropped and put right
//! marked. Nothing of the document runs, is fetched or is read as markup: all of it is escaped, and
//! the page forbids itself everything but its own style.

use crate::ingest::{Fate, Inspected};
use crate::vocab::Gazetteer;
use std::io::{self, Write};

/// The first line of every such page: a file that begins so may be written again.
pub const FIRST_LINE: &str = "<!doctype html><!-- written by dryport inspect -->";

const HEAD: &str = r#"
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
header { border-bottom: 1px solid #8888; margin-bottom: 1rem; }
p { margin: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.dropped { color: #b33; opacity: .65; text-decoration: line-through; text-decoration-thickness: 1px; }
.metadata { background: #48f3; }
.repaired { background: #fc06; outline: 1px solid #fc0; }
.repaired::after { content: "→" attr(data-now); font-size: .85em; }
table { border-collapse: collapse; font-size: .9rem; }
td { padding: 0 1rem 0 0; vertical-align: top; }
</style>
"#;

/// Writes the page.
pub fn page(inspected: &Inspected, gazetteer: &Gazetteer, out: &mut dyn Write) -> io::Result<()> {
    let document = &inspected.document;
    writeln!(out, "{FIRST_LINE}{HEAD}<title>{}</title></head><body><header>", escape(&document.title.value))?;
    writeln!(out, "<h1>{}</h1><table>", escape(&document.title.value))?;
    let mut row = |name: &str, value: &str, found: &str| {
        writeln!(out, "<tr><td>{name}</td><td>{}</td><td>{}</td></tr>", escape(value), escape(found))
    };
    row("file", &document.path, "")?;
    for (name, value, found) in super::text::known(document, gazetteer) {
        row(name, &value, &found)?;
    }
    writeln!(
        out,
        "</table><p><span>kept</span> · <span class=\"dropped\">dropped</span> · <span class=\"metadata\">read as title, date or source</span> · <span class=\"repaired\" data-now=\"…\">repaired</span></p></header>"
    )?;
    let mut open = false;
    for part in &inspected.parts {
        if part.begins_line || !open {
            writeln!(out, "{}", if open { "</p>" } else { "" })?;
            write!(out, "<p>")?;
            open = true;
        }
        let text = escape(&part.text);
        match &part.fate {
            Fate::Kept => write!(out, "{text}")?,
            Fate::Dropped => write!(out, "<span class=\"dropped\">{text}</span>")?,
            Fate::Metadata => write!(out, "<span class=\"metadata\">{text}</span>")?,
            Fate::Repaired { kind, now } => {
                write!(
                    out,
                    "<span class=\"repaired\" title=\"{}\" data-now=\"{}\">{text}</span>",
                    kind.name(),
                    escape(now)
                )?;
            }
        }
    }
    writeln!(out, "{}</body></html>", if open { "</p>" } else { "" })
}

/// Text for HTML, without characters that steer how it is set.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        assert_eq!(
            escape("<script>a('b\" & c')\u{1b}\u{202e}"),
            "&lt;script&gt;a(&#39;b&quot; &amp; c&#39;)\u{fffd}\u{fffd}"
        );
    }
}
