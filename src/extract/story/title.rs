//! Which of the first blocks is the title, or whether the properties know better.

use super::Look;
use super::lines::joined_lines;
use crate::extract::BlockKind;
use crate::model::{Found, Origin};
use unicode_width::UnicodeWidthStr;

/// A title that is told only by its looks is not wider than this.
const TITLE_COLUMNS_MAX: usize = 120;
/// A title that is told only by where it stands is shorter.
const PLAIN_TITLE_COLUMNS_MAX: usize = 80;

/// The title, and the lines at the head that it is made of.
pub fn title(head: &[(BlockKind, Look, String)], declared: Option<&str>) -> (Option<Found<String>>, Vec<String>) {
    let styled = head.iter().take_while(|(_, look, _)| *look == Look::Title);
    let styled: Vec<String> = styled.map(|(.., text)| text.clone()).collect();
    if !styled.is_empty() {
        let whole = styled.iter().fold(String::new(), |whole, line| joined_lines(whole, line));
        return (Some(Found::new(whole, Origin::Text).at("style of a title")), styled);
    }
    let declared_title = declared.map(|t| Found::new(t.to_string(), Origin::Meta).at("core properties"));
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let sought: String = declared.map(letters).unwrap_or_default();
    if !sought.is_empty() && head.iter().any(|(.., text)| letters(text) == sought) {
        return (declared_title, Vec::new());
    }
    let mut rest = head.iter().skip_while(|(.., text)| is_mark(text));
    let (first, second) = (rest.next(), rest.next());
    if let Some((BlockKind::Paragraph, look, text)) = first
        && text.width() <= TITLE_COLUMNS_MAX
        && !text.ends_with(['.', '。', ':', '：', '!', '！', '?', '？', ';', '；', ',', '，'])
    {
        // A line that is set like the text is the title if the text follows it, and nothing else is known.
        let is_over_text = text.width() <= PLAIN_TITLE_COLUMNS_MAX
            && matches!(second, Some((BlockKind::Paragraph, _, next)) if next.width() > text.width());
        if *look == Look::Prominent || declared.is_none() && is_over_text {
            return (Some(Found::new(text.clone(), Origin::Text)), vec![text.clone()]);
        }
    }
    (declared_title, Vec::new())
}

/// What stands over the title of a Chinese document: the number of an annex, of the document, or the
/// name of the series in red.
fn is_mark(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_annex = ["附件", "附录", "附表"].iter().any(|m| text.starts_with(m)) && text.chars().count() <= 6;
    let is_number = text.contains(['〔', '［', '[', '【']) && text.ends_with('号') && text.chars().count() <= 30;
    is_annex || is_number || text.ends_with("文件") && text.chars().count() <= 20 || text.is_empty()
}
