//! What office documents say of themselves: title, authors, when made.
//!
//! In: the XML of the properties. Out: [`Properties`], without what programs fill in by themselves.

use super::Metadata;
use super::xml::{Event, Xml};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};

/// The properties of a document, as far as they can be believed.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    /// Its title; none if a program made it up.
    pub title: Option<String>,
    /// Who wrote it first.
    pub(super) authors: Vec<String>,
    /// Who wrote last, where nothing is said of the first.
    pub(super) last_author: Option<String>,
    /// When it was made.
    pub(super) created: Option<String>,
    /// Its language.
    pub(super) language: Option<String>,
}

/// Where the values are said to be found.
const PLACE: &str = "core properties";
/// A value longer than this is no name and no title.
const CHARS_MAX: usize = 500;
/// Titles that programs give to what has none.
const TITLES: &[&str] = &[
    "untitled",
    "unknown",
    "document",
    "doc",
    "无标题",
    "未命名",
    "未知",
    "无题",
    "文档",
    "文檔",
    "新建文档",
    "title",
    "标题",
    "slide",
    "幻灯片",
    "powerpoint presentation",
    "powerpoint 演示文稿",
];
/// Beginnings of titles that printing programs make of the file's name.
const TITLE_BEGINNINGS: &[&str] =
    &["microsoft word", "microsoft powerpoint", "microsoft excel", "powerpoint ", "normal.dot"];
/// Endings of files, which programs take for titles.
const FILES: &[&str] = &[
    ".doc", ".docx", ".docm", ".odt", ".rtf", ".wps", ".dot", ".tmp", ".pdf", ".indd", ".pmd", ".qxd", ".xls", ".xlsx",
    ".ppt", ".pptx", ".tex", ".dvi", ".htm", ".html",
];
/// Names that systems and programs enter: of accounts, of makers of computers, of libraries.
const NOBODY: &[&str] = &[
    "acer",
    "admin",
    "administrator",
    "apache poi",
    "asus",
    "author",
    "dell",
    "hp",
    "home",
    "huawei",
    "lenovo",
    "lenovo user",
    "mac",
    "microsoft",
    "microsoft office user",
    "ms user",
    "owner",
    "pc",
    "python-docx",
    "test",
    "thinkpad",
    "un-named",
    "unknown",
    "user",
    "user name",
    "windows user",
    "windows 用户",
    "wps_1",
    "xiaomi",
    "作者",
    "微软中国",
    "微软用户",
    "用户",
    "管理员",
    "雨林木风",
    "番茄花园",
];

impl Properties {
    /// Reads properties from XML to its end, or to the end of the element that has just begun.
    pub fn read(&mut self, xml: &mut Xml) -> Result<(), Problem> {
        let mut depth = 0u32;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(element) => {
                    let name = element.name().to_string();
                    if !NAMES.contains(&name.as_str()) {
                        depth += 1;
                        continue;
                    }
                    let value = xml.text()?.split_whitespace().collect::<Vec<_>>().join(" ");
                    if !value.is_empty() && value.chars().count() <= CHARS_MAX {
                        self.take(&name, value);
                    }
                }
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                Event::Text(_) => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, name: &str, value: String) {
        match name {
            "title" | "Title" => self.title = believable_title(&value),
            "initial-creator" | "Author" => self.authors = authors(&value),
            "creator" => self.last_author = Some(value),
            "created" | "creation-date" | "Created" => self.created = Some(value),
            _ => self.language = Some(value),
        }
    }

    /// Fills in everything but the title.
    pub fn fill(self, metadata: &mut Metadata) {
        let found = |value: String| Found::new(value, Origin::Meta).at(PLACE);
        let authors = match self.last_author {
            Some(name) if self.authors.is_empty() => self::authors(&name),
            _ => self.authors,
        };
        // The account of a computer as often as a person's name.
        metadata.authors.extend(authors.into_iter().map(|a| found(a).sure(Confidence::Low)));
        // Files are made from older ones and from templates: the day may be that of another document.
        metadata.dates.extend(self.created.map(|d| found(d).sure(Confidence::Low)));
        metadata.language = metadata.language.take().or(self.language.map(|l| found(l).sure(Confidence::Low)));
    }
}

/// Elements that are asked for, of all the families of office formats.
const NAMES: &[&str] =
    &["title", "Title", "creator", "initial-creator", "Author", "created", "creation-date", "Created", "language"];

/// A title, unless a program made it up from nothing or from a file's name.
pub fn believable_title(value: &str) -> Option<String> {
    let value = value.trim();
    let lower = value.to_lowercase();
    let plain = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let is_file = FILES.iter().any(|e| lower.ends_with(e));
    let is_made_up = TITLES.contains(&plain) || TITLE_BEGINNINGS.iter().any(|b| lower.starts_with(b));
    let letters = value.chars().filter(|c| c.is_alphabetic());
    let has_words = letters.clone().count() >= 2 || letters.clone().any(crate::analysis::is_ideograph);
    (has_words && !is_file && !is_made_up).then(|| value.to_string())
}

/// The persons in a list of names, without those that systems and programs enter.
pub fn authors(value: &str) -> Vec<String> {
    let names = value.split([';', '；']).map(str::trim);
    names.filter(|n| !n.is_empty() && !NOBODY.contains(&n.to_lowercase().as_str())).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    fn read(xml: &str) -> (Option<String>, Metadata) {
        let limits = Limits::default();
        let mut properties = Properties::default();
        properties.read(&mut Xml::new(xml, "a part", &limits)).unwrap();
        let mut metadata = Metadata::default();
        let title = properties.title.clone();
        properties.fill(&mut metadata);
        (title, metadata)
    }

    #[test]
    fn properties_are_found_by_their_names() {
        let (title, metadata) = read(
            "<c><dc:title>Report on\n ports</dc:title><dc:creator>Ma Wenjun; Administrator</dc:creator>\
             <x:created>2023-01-10T02:00:00Z</x:created><x:modified>2024</x:modified><dc:language>en</dc:language></c>",
        );
        assert_eq!(title.unwrap(), "Report on ports");
        assert_eq!(metadata.authors.iter().map(|a| a.value.as_str()).collect::<Vec<_>>(), ["Ma Wenjun"]);
        assert_eq!(metadata.dates[0].value, "2023-01-10T02:00:00Z");
        assert_eq!(metadata.dates[0].confidence, Confidence::Low);
        assert_eq!(metadata.dates.len(), 1);
        assert_eq!(metadata.language.unwrap().value, "en");
    }

    #[test]
    fn the_first_author_wins_over_the_last() {
        let (_, metadata) = read("<m><a:initial-creator>A</a:initial-creator><b:creator>B</b:creator></m>");
        assert_eq!(metadata.authors[0].value, "A");
        assert_eq!(metadata.authors.len(), 1);
        let (_, metadata) = read("<m><b:creator>B</b:creator></m>");
        assert_eq!(metadata.authors[0].value, "B");
    }

    #[test]
    fn titles_that_programs_make_up_are_none() {
        for title in ["Microsoft Word - a.doc", "Untitled", "Document1", "无标题", "文档 1", "报告.docx", "2023", ""]
        {
            assert_eq!(believable_title(title), None, "{title}");
        }
        assert_eq!(believable_title("Documents of the Congress").unwrap(), "Documents of the Congress");
    }
}
