//! What a line begins and ends with: bullets, numbers of items, sections and notes, ends of sentences.

/// Whether a text ends with a whole sentence, or a colon.
pub fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', ')', '）', '」', '》'])
        .ends_with(['.', '。', '!', '！', '?', '？', ':', '：', ';', '；'])
}

/// A line that begins with a bullet, or a number as lists have it.
pub fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some(
            '•' | '◦' | '▪' | '●' | '○' | '■' | '□' | '►' | '➢' | '✓' | '✔' | '❖' | '◆' | '\u{f0b7}' | '\u{f0a7}'
            | '\u{f0d8}',
        ) => true,
        Some('–' | '—' | '-' | '*') => chars.next() == Some(' '),
        _ => false,
    }
}

/// A line that begins with the number of a section or an item: `1.`, `2)`, `(a)`, `三、`, `（四）`, `第五章`, `⑥`.
pub fn numbered(text: &str) -> bool {
    let head: Vec<char> = text.chars().take(8).collect();
    let digits = head.iter().take_while(|c| c.is_ascii_digit()).count();
    let after = |at: usize| head.get(at).copied().unwrap_or(' ');
    let chinese = |c: &char| "一二三四五六七八九十百零〇".contains(*c);
    if (1..=3).contains(&digits) {
        return matches!(after(digits), '.' | ')' | '、' | '．' | '）') && !after(digits + 1).is_ascii_digit();
    }
    if matches!(after(0), '(' | '（') {
        let inner = head[1..].iter().take_while(|c| c.is_ascii_alphanumeric() || chinese(c)).count();
        return (1..=3).contains(&inner) && matches!(after(inner + 1), ')' | '）');
    }
    if after(0) == '第' {
        let inner = head[1..].iter().take_while(|c| chinese(c) || c.is_ascii_digit()).count();
        return inner > 0 && matches!(after(inner + 1), '章' | '节' | '条' | '款' | '项' | '部' | '篇');
    }
    if matches!(after(0), '①'..='⑳') {
        return true;
    }
    let numerals = head.iter().take_while(|c| chinese(c)).count();
    numerals > 0 && matches!(after(numerals), '、' | '．')
}

/// A line that begins as notes do: with a number, a mark or a circled number.
pub fn begins_note(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mark = text.starts_with(['*', '†', '‡', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩']);
    let followed = text.chars().nth(digits).is_some_and(|c| c == ' ' || c.is_alphabetic());
    mark || (1..=3).contains(&digits) && followed || text.starts_with("注：") || text.starts_with("Note:")
}

/// Whether a line is an entry of a table of contents: dots lead to a page number.
pub fn is_entry(text: &str) -> bool {
    let leads = ["....", "……", "····", ". . . ."].iter().any(|dots| text.contains(dots));
    leads && text.ends_with(|c: char| c.is_numeric() || matches!(c, ')' | '）' | 'i' | 'v' | 'x'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_items_are_told() {
        for (text, expected) in [
            ("1.港口", true),
            ("1.5亿元", false),
            ("（一）港口", true),
            ("一、港口", true),
            ("(a) ports", true),
            ("第三条 港口", true),
            ("①港口", true),
            ("2021年", false),
            ("港口", false),
            ("（2021年）", false),
        ] {
            assert_eq!(numbered(text), expected, "{text}");
        }
    }

    #[test]
    fn entries_of_contents_are_told() {
        assert!(is_entry("一、港口........3") && is_entry("Ports ……… iv") && !is_entry("and so on...."));
    }
}
