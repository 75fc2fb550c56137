//! Who published a document: from metadata, the line under the title, or the address.

use crate::clean::Document;
use crate::model::{Confidence, Found, Origin};
use crate::pattern::{Pattern, pattern};

/// A name longer than this, in characters, is not a publisher's.
const NAME_CHARS_MAX: usize = 60;

/// The publisher, as far as the document says.
pub fn publisher(document: &Document) -> Option<Found<String>> {
    let metadata = &document.metadata;
    let bare = metadata.sources.iter().map(|s| s.clone().map(bare(&s.value).to_string()));
    let given = bare.into_iter().find(|s| is_name(&s.value));
    let front = given.clone().filter(|s| s.origin == Origin::FrontMatter);
    front
        .or_else(|| metadata.bylines.iter().find_map(|line| in_byline(line)).map(|s| Found::new(s, Origin::Text)))
        .or(given)
        .or_else(|| {
            metadata
                .url
                .as_ref()
                .and_then(|u| host(&u.value))
                .map(|h| Found::new(h, Origin::Meta).at("address").sure(Confidence::Low))
        })
}

/// Who wrote it, as far as the document says.
pub fn author(document: &Document) -> Option<Found<String>> {
    let authors = &document.metadata.authors;
    let first = authors.first()?;
    let names: Vec<&str> = authors.iter().map(|a| a.value.as_str()).collect();
    Some(first.clone().map(names.join("; ")))
}

/// The name after `来源：` or `Source:`.
fn in_byline(line: &str) -> Option<String> {
    static PATTERN: Pattern = pattern!(
        r"(?i)(?:来源|source)[\x20\u{3000}]*[:：][\x20\u{3000}]*([^\x20\u{3000}:：|｜0-9（(][^:：|｜（(0-9]{1,60}?)(?:[\x20\u{3000}]{2,}|[\x20\u{3000}]*(?:作者|编辑|责编|时间|日期|发布|浏览|字号|author|editor|published|date|updated|time)|[\x20\u{3000}]*[|｜（(0-9]|[\x20\u{3000}]*$)"
    );
    let name = PATTERN.captures(line)?[1].trim().trim_end_matches([',', '，', ';', '；', '·']).to_string();
    is_name(&name).then_some(name)
}

/// A name without the label before it and the button after it.
fn bare(name: &str) -> &str {
    let name = name.trim();
    let unlabelled = ["来源：", "来源:", "稿源：", "Source:"].iter().find_map(|label| name.strip_prefix(label));
    let name = unlabelled.unwrap_or(name).trim_start();
    ["举报", "关注", "订阅"]
        .iter()
        .find_map(|b| name.strip_suffix(b))
        .filter(|n| n.ends_with(' '))
        .unwrap_or(name)
        .trim_end()
}

fn is_name(name: &str) -> bool {
    (2..=NAME_CHARS_MAX).contains(&name.chars().count())
        && name.chars().any(char::is_alphabetic)
        && !name.starts_with("http")
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.contains('.').then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_publisher_is_read_from_the_byline() {
        for (line, expected) in [
            ("2020-06-05 09:12 来源：天山晚报 作者：李", Some("天山晚报")),
            ("来源：天山晚报 2020-06-05", Some("天山晚报")),
            ("Source: Example Daily | June 5", Some("Example Daily")),
            ("来源：", None),
            ("2020-06-05", None),
        ] {
            assert_eq!(in_byline(line).as_deref(), expected, "{line}");
        }
        assert_eq!((bare("来源：新华网"), bare("新京报 举报"), bare("Daily")), ("新华网", "新京报", "Daily"));
        assert_eq!(host("https://www.example.cn/a?b").as_deref(), Some("example.cn"));
    }
}
