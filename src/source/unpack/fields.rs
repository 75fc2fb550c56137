//! What the columns of a table, or the keys of an object, are: by their usual names in English and
//! Chinese, or as a user mapped them.

use crate::error::Problem;
use crate::model::Origin;
use crate::source::Given;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a column holds, and the names it goes by: the better ones first. Fields of [`Given`] have
/// the names that [`crate::source::FIELDS`] has.
const NAMES: &[(&str, &[&str])] = &[
    (ID, &["id", "uuid", "uid", "guid", "articleid", "newsid", "no", "编号", "文章编号"]),
    (DOCUMENT, &["docid", "documentid", "reportid", "fileid", "document", "doc", "file", "filename", "文档", "文件名"]),
    (PART, PARTS),
    (SECTION, &["section", "sectiontitle", "chapter", "heading", "subtitle", "章节", "章", "节", "小标题"]),
    (
        TEXT,
        &[
            "fulltext",
            "text",
            "body",
            "content",
            "articletext",
            "articlebody",
            "maintext",
            "bodytext",
            "plaintext",
            "rawtext",
            "contents",
            "article",
            "paragraphtext",
            "正文",
            "内容",
            "全文",
            "文本",
            "文章内容",
            "新闻内容",
            "html",
            "contenthtml",
            "bodyhtml",
            "contenttext",
            "description",
            "summary",
            "abstract",
            "摘要",
        ],
    ),
    (
        "title",
        &["title", "headline", "doctitle", "documenttitle", "标题", "题目", "题名", "文章标题", "新闻标题", "subject"],
    ),
    (
        "date",
        &[
            "publishdate",
            "publisheddate",
            "publicationdate",
            "datepublished",
            "pubdate",
            "publishedat",
            "published",
            "publishtime",
            "publishedtime",
            "pubtime",
            "releasedate",
            "releasetime",
            "issuedate",
            "发布日期",
            "发布时间",
            "发表日期",
            "发表时间",
            "出版日期",
            "成文日期",
            "发文日期",
            "日期",
            "date",
            "datetime",
            "day",
            "time",
            "时间",
            "timestamp",
            "createdat",
            "created",
            "createdate",
            "createtime",
        ],
    ),
    ("year", &["year", "reportyear", "年份", "年度", "年"]),
    // The narrower a place, the more it says.
    (
        "region",
        &[
            "region",
            "regionname",
            "city",
            "cityname",
            "province",
            "provincename",
            "area",
            "地区",
            "区域",
            "城市",
            "市",
            "省份",
            "省",
            "省市",
            "place",
            "location",
        ],
    ),
    (
        "url",
        &[
            "url",
            "sourceurl",
            "articleurl",
            "pageurl",
            "link",
            "href",
            "permalink",
            "weburl",
            "uri",
            "链接",
            "网址",
            "原文链接",
            "来源链接",
        ],
    ),
    (
        "source",
        &[
            "source",
            "sourcename",
            "publisher",
            "media",
            "medianame",
            "newspaper",
            "outlet",
            "site",
            "sitename",
            "来源",
            "媒体",
            "发布单位",
            "发布机构",
            "来源网站",
            "报纸",
        ],
    ),
    ("language", &["language", "lang", "语言", "语种"]),
    ("author", &["author", "authors", "authorname", "byline", "writer", "creator", "作者", "记者"]),
    ("kind", &["kind", "type", "doctype", "documenttype", "category", "类型", "类别", "文种"]),
];

/// Numbers of the parts that a document is spread over, a row each.
const PARTS: &[&str] = &[
    "paragraph",
    "paragraphid",
    "paragraphno",
    "paragraphnumber",
    "paragraphindex",
    "para",
    "paraid",
    "parano",
    "paraindex",
    "seq",
    "sequence",
    "seqno",
    "part",
    "partno",
    "partid",
    "chunk",
    "chunkid",
    "chunkindex",
    "sentenceid",
    "sentenceno",
    "line",
    "lineno",
    "linenumber",
    "order",
    "orderno",
    "index",
    "position",
    "page",
    "pageno",
    "pagenumber",
    "段落",
    "段落号",
    "段落序号",
    "段号",
    "段序",
    "序号",
    "顺序",
    "页码",
    "页",
];

/// A document's own identifier.
pub(super) const ID: &str = "id";
/// The running text.
pub(super) const TEXT: &str = "text";
/// Which document a row is a part of.
pub(super) const DOCUMENT: &str = "document";
/// The number of a part.
pub(super) const PART: &str = "part";
/// The heading of a part.
pub(super) const SECTION: &str = "section";

/// Columns of one field that are looked at.
const COLUMNS_MAX: usize = 8;

/// Names of texts that often stand beside the whole one, or say what something is that is no document.
const SUMMARIES: &[&str] = &["description", "summary", "abstract", "摘要"];

/// Whether a column of this name has but a summary.
pub(super) fn is_summary(name: &str) -> bool {
    SUMMARIES.contains(&plain_name(name).as_str())
}

/// The columns of each field, the better first.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    of: HashMap<&'static str, Vec<usize>>,
}

impl Columns {
    /// What columns of these names hold. What is mapped wins.
    /// Fails when the column mapped for the text is not among them, and none that is known by its name.
    pub fn of<S: AsRef<str>>(names: &[S], map: &[(String, String)]) -> Result<Columns, Problem> {
        static RANKS: OnceLock<HashMap<&'static str, (&'static str, usize)>> = OnceLock::new();
        let ranks = RANKS.get_or_init(|| {
            let ranked = |(field, names): &'static (&'static str, &'static [&'static str])| {
                names.iter().enumerate().map(|(rank, name)| (*name, (*field, rank)))
            };
            NAMES.iter().flat_map(ranked).collect()
        });
        let mut found: HashMap<&'static str, Vec<(usize, usize)>> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            if let Some((field, rank)) = ranks.get(plain_name(name.as_ref()).as_str()) {
                found.entry(field).or_default().push((*rank, at));
            }
        }
        let mut columns = Columns::default();
        for (field, mut ranked) in found {
            ranked.sort_unstable();
            columns.of.insert(field, ranked.into_iter().take(COLUMNS_MAX).map(|(_, at)| at).collect());
        }
        for (field, column) in map {
            let Some((field, _)) = NAMES.iter().find(|(name, _)| name == field) else { continue };
            let exact = names.iter().position(|n| n.as_ref() == column);
            let near = || names.iter().position(|n| squeezed(n.as_ref()) == squeezed(column));
            let Some(at) = exact.or_else(near) else {
                // One mapping serves many tables: those without the column have it by its usual name.
                if *field == TEXT && !columns.of.contains_key(TEXT) {
                    return Err(no_column(column, names));
                }
                continue;
            };
            columns.of.values_mut().for_each(|c| c.retain(|c| *c != at));
            columns.of.insert(field, vec![at]);
        }
        Ok(columns)
    }

    /// The columns that hold a field, the better first.
    pub fn all(&self, field: &str) -> &[usize] {
        self.of.get(field).map_or(&[], Vec::as_slice)
    }

    /// The best column that holds a field.
    pub fn first(&self, field: &str) -> Option<usize> {
        self.all(field).first().copied()
    }

    /// Says which column holds a field.
    pub fn set(&mut self, field: &'static str, column: usize) {
        self.of.insert(field, vec![column]);
    }

    /// What a row gives: for each field the first of its columns that is not blank.
    pub fn given<'r, S: AsRef<str>>(&self, names: &[S], value: impl Fn(usize) -> &'r str) -> Given {
        let mut given = Given::default();
        for field in crate::source::FIELDS {
            let filled = self.all(field).iter().find(|at| !value(**at).trim().is_empty());
            if let Some((name, value)) = filled.and_then(|at| Some((names.get(*at)?, value(*at)))) {
                let name = name.as_ref().trim();
                match moment(value).filter(|_| *field == "date") {
                    Some(day) => given.set(field, &day, Origin::Column, name),
                    None => given.set(field, value, Origin::Column, name),
                }
            }
        }
        given
    }
}

/// The problem of a table without a column.
pub(super) fn no_column<S: AsRef<str>>(column: &str, names: &[S]) -> Problem {
    Problem::Content(format!("has no column `{column}`: its columns are {}", listed(names)))
}

/// Names for a report: the first of them.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const NAMES_MAX: usize = 20;
    const CHARS_MAX: usize = 40;
    let short = |n: &S| n.as_ref().trim().chars().take(CHARS_MAX).collect::<String>();
    let mut listed = names.iter().take(NAMES_MAX).map(short).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES_MAX {
        listed.push_str(", …");
    }
    listed
}

/// A name without case, blanks and what joins words.
fn squeezed(name: &str) -> String {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '_' | '-' | '\u{feff}');
    name.chars().filter(|c| !is_joint(*c)).flat_map(char::to_lowercase).collect()
}

/// What a nested key is called by itself: `content.rendered` is the content, `meta.date` the date; of
/// other objects (`image.url`, `user.name`) nothing.
fn plain_name(name: &str) -> String {
    const WRAPPED: &[&str] = &["rendered", "value", "text", "name", "html", "content", "$t", "#text", "$oid", "$date"];
    const WRAPPING: &[&str] = &[
        "_source",
        "meta",
        "metadata",
        "info",
        "attributes",
        "properties",
        "fields",
        "data",
        "doc",
        "article",
        "document",
    ];
    let Some((outer, inner)) = name.rsplit_once('.') else { return squeezed(name) };
    let outer = outer.rsplit('.').next().unwrap_or(outer).to_lowercase();
    let (inner, squeezed_outer) = (squeezed(inner), squeezed(&outer));
    if WRAPPING.contains(&outer.as_str()) {
        return inner;
    }
    let is_field = NAMES.iter().any(|(_, names)| names.contains(&squeezed_outer.as_str()));
    if WRAPPED.contains(&inner.as_str()) && is_field { squeezed_outer } else { squeezed(name) }
}

/// The day of a moment given as seconds or milliseconds since 1970. Midnight in China is the day there.
fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    const EAST: i64 = 8 * 3600;
    const DAY: i64 = 24 * 3600;
    let seconds = if (seconds + EAST) % DAY == 0 { seconds + EAST } else { seconds };
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    Some(format!("{:04}-{:02}-{:02}", moment.year(), u8::from(moment.month()), moment.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], field: &str, column: Option<&str>) {
        let columns = Columns::of(names, &[]).unwrap();
        assert_eq!(columns.first(field).map(|at| names[at]), column);
    }

    #[test]
    fn columns_are_known_by_their_usual_names() {
        check(&["Title", "Full Text", "source_url"], TEXT, Some("Full Text"));
        check(&["Title", "Full Text", "source_url"], "url", Some("source_url"));
        check(&["标题", "正文", "发布日期", "省份"], "region", Some("省份"));
        check(&["date", "Publish-Date"], "date", Some("Publish-Date"));
        check(&["summary", "content"], TEXT, Some("content"));
        check(&["province", "city"], "region", Some("city"));
        check(&["title.rendered", "content.rendered"], TEXT, Some("content.rendered"));
        check(&["image.url", "meta.url"], "url", Some("meta.url"));
        check(&["source.id", "source.name"], "source", Some("source.name"));
        check(&["source.id"], ID, None);
        check(&["_source.content", "_id"], TEXT, Some("_source.content"));
        check(&["story_points"], TEXT, None);
    }

    #[test]
    fn what_is_mapped_wins_and_the_text_must_be_there() {
        let map = |field: &str, column: &str| vec![(field.to_string(), column.to_string())];
        let columns = Columns::of(&["text", "title", "x"], &map("title", "text")).unwrap();
        assert_eq!((columns.first("title"), columns.first(TEXT)), (Some(0), None));
        let problem = Columns::of(&["a", "b"], &map(TEXT, "c")).unwrap_err();
        assert_eq!(problem.to_string(), "has no column `c`: its columns are a, b");
        // Tables that know the field by another name go on.
        assert_eq!(Columns::of(&["text", "b"], &map(TEXT, "c")).unwrap().first(TEXT), Some(0));
    }

    #[test]
    fn a_blank_column_leaves_the_field_to_the_next() {
        let names = ["province", "city", "publishTime"];
        let row = ["新疆", " ", "1704844800000"];
        let given = Columns::of(&names, &[]).unwrap().given(&names, |at| row[at]);
        let region = given.region.unwrap();
        assert_eq!((region.value.as_str(), region.place.as_ref(), region.origin), ("新疆", "province", Origin::Column));
        assert_eq!(given.date.unwrap().value, "2024-01-10");
        assert_eq!(moment("1704816000").as_deref(), Some("2024-01-10"), "midnight in China");
        assert_eq!(moment("2024"), None);
        assert_eq!(moment("20240110"), None);
    }
}
