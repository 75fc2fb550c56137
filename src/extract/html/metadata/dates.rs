//! Texts of a page that should hold its date of publication, the most trustworthy first: declared,
//! labelled, beside the title, at the end of the text. What the day is, `annotate` reads from them.

use super::{LINE_CHARS_MAX, Page, key, squeeze};
use crate::model::{Confidence, Found, Origin};
use crate::pattern::{Pattern, pattern};
use serde_json::Value;

/// Meta names that hold the date of publication.
const PUBLISHED: &[&str] = &[
    "pubdate",
    "publishdate",
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "publish_date",
    "publish-date",
    "publication_date",
    "publication-date",
    "date.issued",
    "dc.date.issued",
    "dc:date.issued",
    "dcterms.issued",
    "dcterms.date",
    "sailthru.date",
    "parsely-pub-date",
    "article.published",
    "published_time",
    "published_time_telegram",
    "bt:pubdate",
    "rnews:datepublished",
    "og:pubdate",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "weibo:article:create_at",
    "article:create_at",
    "firstpublishedtime",
    "originalpublicationdate",
    "article_date_original",
    "cxenseparse:publishtime",
    "vr:published_time",
    "prism.publicationdate",
    "shareaholic:article_published_time",
    "article:publicationdate",
    "published-date",
    "published_date",
    "published",
    "article:published",
    "article.created",
    "release_date",
    "releasedate",
    "displaydate",
    "timestamp",
    "ptime",
    "pubtime",
    "dc.date.created",
    "dcterms.created",
    "dc.created",
    "datecreated",
    "createdate",
    "creation_date",
    "created",
    "dc.date",
    "dc:date",
    "og:date",
    "date",
    "video:release_date",
    "time",
    "article:post_date",
    "post_date",
    "search.datepublished",
    "gentime",
    "itemdate",
    "_pubtime",
    "article-publish-date",
    "publisheddate",
    "maketime",
    "dateupdate",
];
/// Meta names that hold the date of the last change.
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "modified",
    "revised",
    "og:modified_time",
    "updated_time",
    "lastmodified",
    "bt:moddate",
    "moddate",
];
/// A page lists no more texts than this.
const CANDIDATES_MAX: usize = 48;
/// Lines before and after the title in which its date stands.
const ZONE: (usize, usize) = (3, 14);

/// The texts. `title` is the page's title, which tells where to look.
pub fn candidates(page: &Page, title: Option<&str>) -> Vec<Found<String>> {
    let meta = |value: String, place: String, confidence| Found::new(value, Origin::Meta).at(place).sure(confidence);
    let mut out: Vec<Found<String>> = Vec::new();
    for name in ["datePublished", "dateCreated", "uploadDate"] {
        let sure = if name == "datePublished" { Confidence::High } else { Confidence::Medium };
        let values = page.articles.iter().filter_map(|a| a.get(name)).filter_map(text_of);
        out.extend(values.map(|v| meta(v, format!("JSON-LD {name}"), sure)));
        if name == "datePublished" {
            out.extend(page.meta(PUBLISHED));
            out.extend(marked_up(page));
        }
    }
    // A full date declared for the purpose: nobody will ask further.
    let is_date = |t: &str| t.bytes().filter(u8::is_ascii_digit).count() >= 8 && t.len() < 60;
    if out.iter().any(|d| d.confidence == Confidence::High && is_date(&d.value)) {
        return out;
    }
    out.extend(in_scripts(page.text));
    // Machine-readable values go before the address of the page; lines come after it.
    let lines = Lines::new(page, title);
    out.extend(lines.labelled(true));
    out.extend(lines.near_title());
    out.extend(times(page));
    out.extend(lines.marked());
    out.extend(lines.at_end());
    out.extend(lines.labelled(false));
    let modified = page.articles.iter().filter_map(|a| text_of(a.get("dateModified")?));
    out.extend(modified.map(|v| meta(v, "JSON-LD dateModified".into(), Confidence::Low)));
    out.extend(page.meta(MODIFIED).map(|f| f.sure(Confidence::Low)));
    out.extend(lines.anywhere());
    out.truncate(CANDIDATES_MAX);
    out
}

fn text_of(value: &Value) -> Option<String> {
    match value.get(0).unwrap_or(value) {
        Value::String(text) => Some(squeeze(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Microdata and `<time pubdate>`.
fn marked_up(page: &Page) -> Vec<Found<String>> {
    let mut out = Vec::new();
    for node in &page.elements.published {
        let given = ["datetime", "content", "title", "data-time"].iter().find_map(|a| node.attr(a));
        let value = given.map_or_else(|| super::text_in(&node.text()), |v| squeeze(&v));
        out.push(Found::new(value, Origin::Meta).at("itemprop datePublished"));
    }
    out
}

/// Times of the page in its order, but not those of other articles after the text.
fn times(page: &Page) -> Vec<Found<String>> {
    let end = page.main.map_or(usize::MAX, |m| page.tree.nodes[m].end);
    let mut out = Vec::new();
    for row in (1..page.tree.nodes.len()).take_while(|r| *r < end) {
        let node = &page.tree.nodes[row];
        let is_time = &*node.name == "time" || &*node.name == "abbr";
        if !is_time || page.tree.ancestors(row).any(|a| page.tree.nodes[a].dropped && page.tree.nodes[a].links > 2) {
            continue;
        }
        let element = page.document.tree.get(&node.id);
        let attribute =
            element.and_then(|e| e.attr("datetime").or_else(|| e.attr("title")).or_else(|| e.attr("data-utime")));
        let value = attribute.map_or_else(|| page.tree.whole_text(row, LINE_CHARS_MAX), |v| squeeze(&v));
        if value.bytes().any(|b| b.is_ascii_digit()) {
            out.push(Found::new(value, Origin::Meta).at("time").sure(Confidence::Medium));
            if out.len() == 4 {
                break;
            }
        }
    }
    out
}

/// Dates that only the page's scripts say, in JSON or in assignments.
fn in_scripts(text: &str) -> Vec<Found<String>> {
    static PATTERN: Pattern = pattern!(
        r#"(?i)["']?(?-u:\b)(datePublished|published_?at|publish_?date|publication_?date|pub_?date|publish_?time|pub_?time|first_?published|dateUpdate)(?-u:\b)\\?["']?\s*[:=]\s*\\?["']([^"'\\<>]{8,40})\\?["']"#
    );
    // Two looks for the rare words are cheaper than one of the whole pattern everywhere.
    let mut out = Vec::new();
    for word in ["ublish", "ub_date", "ubDate", "ubdate", "ubtime", "ub_time", "ubTime", "ublication", "dateUpdate"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), word).take(40) {
            let start = (at.saturating_sub(16)..=at).find(|i| text.is_char_boundary(*i)).unwrap_or(at);
            let end = (at..=(at + 90).min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(at);
            if let Some(found) = PATTERN.captures(&text[start..end])
                && found[2].starts_with(|c: char| c.is_ascii_alphanumeric())
            {
                let value = Found::new(squeeze(&found[2]), Origin::Meta).at("script").sure(Confidence::Medium);
                out.push((start, value));
                break;
            }
        }
    }
    out.sort_by_key(|(at, _)| *at);
    out.into_iter().map(|(_, found)| found).take(3).collect()
}

/// The dated lines of a page.
struct Lines<'a> {
    page: &'a Page<'a>,
    /// (number of the line, its text) of lines that hold something like a date.
    dated: Vec<(usize, &'a str)>,
    /// The number of the line of the title.
    title: Option<usize>,
}

impl<'a> Lines<'a> {
    fn new(page: &'a Page, title: Option<&str>) -> Lines<'a> {
        static DATED: Pattern = pattern!(
            r"(?:19|20)[0-9][0-9]|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9][0-9](?-u:\b)|[〇零○一二三四五六七八九]{4}\s*年"
        );
        let wanted = title.map(key).filter(|k| !k.is_empty());
        let is_title = |text: &str| wanted.as_ref().is_some_and(|w| text.len() < w.len() * 3 && key(text) == *w);
        let heading = |at: &usize| page.tree.nodes[page.lines()[*at].row].heading().is_some();
        let titles: Vec<usize> = (0..page.lines().len()).filter(|at| is_title(&page.lines()[*at].text)).collect();
        let title =
            titles.iter().copied().find(heading).or_else(|| titles.last().copied()).or_else(|| {
                (0..page.lines().len()).find(|at| page.tree.nodes[page.lines()[*at].row].heading() == Some(1))
            });
        let dated = page
            .lines()
            .iter()
            .enumerate()
            .filter(|(_, l)| {
                l.text.len() <= LINE_CHARS_MAX * 3
                    && l.text.chars().count() <= LINE_CHARS_MAX
                    && DATED.is_match(&l.text)
            })
            .map(|(at, l)| (at, l.text.as_str()))
            .collect();
        Lines { page, dated, title }
    }

    fn found(text: &str, place: &'static str, confidence: Confidence) -> Found<String> {
        Found::new(text.to_string(), Origin::Text).at(place).sure(confidence)
    }

    fn is_teaser(&self, line: usize) -> bool {
        self.page.tree.link_share(self.page.lines()[line].row) > 0.6
    }

    /// Lines with a label: of publication, or of change.
    fn labelled(&self, published: bool) -> Vec<Found<String>> {
        static FIRST: Pattern = pattern!(
            r"(?i)(?:发布|发表|发稿|刊发|刊登|印发|成文|发文|上传|添加|录入|提交|公布|创建)\s*(?:时间|日期|于|在)?|(?:时间|日期)\s*[:：]|(?-u:\b)(?:published|posted|first published|created|issued|released?|date|publication date|pub(?:lished)? date|veröffentlicht|erstellt|publié|mis en ligne|publicado|pubblicato|gepubliceerd|geplaatst|opublikowano|dodano|data publikacji|publicerad|publisert|publiceret|yayın(?:lanma)?|diterbitkan|опубликовано|дата)(?-u:\b)"
        );
        static CHANGED: Pattern = pattern!(
            r"(?i)(?:更新|修改|编辑)\s*(?:时间|日期|于)?|(?-u:\b)(?:updated|modified|last (?:update|change|edit|modified)|aktualisiert|geändert|mis à jour|actualizado|aggiornato|ultimo aggiornamento|bijgewerkt|aktualizacja|uppdaterad|güncelle\w*|обновлено)(?-u:\b)"
        );
        // In a longer line, label and date stand together; else it is a sentence with a date in it.
        let together = |text: &str, label: &Pattern| {
            text.chars().count() <= 60
                || label.find_iter(text).any(|found| {
                    let after: String = text[found.end()..].chars().take(24).collect();
                    after.chars().any(|c| c.is_ascii_digit())
                })
        };
        // A line can say both: the first date is mostly the one of publication.
        let fits = |text: &str| match (FIRST.is_match(text), published) {
            (true, true) => together(text, &FIRST),
            (false, false) => CHANGED.is_match(text) && together(text, &CHANGED),
            _ => false,
        };
        let confidence = if published { Confidence::High } else { Confidence::Low };
        let title = self.title.unwrap_or(0);
        let mut found: Vec<&(usize, &str)> = self
            .dated
            .iter()
            .filter(|(at, text)| text.chars().count() <= 160 && fits(text) && !self.is_teaser(*at))
            .collect();
        // Those by the title first.
        found.sort_by_key(|(at, _)| if *at >= title { at - title } else { 3 * (title - at) });
        found.iter().take(4).map(|(_, text)| Self::found(text, "labelled line", confidence)).collect()
    }

    /// Lines by the title that are short, nearest first.
    fn near_title(&self) -> Vec<Found<String>> {
        let Some(title) = self.title else { return Vec::new() };
        let near = |at: usize| at != title && at + ZONE.0 >= title && at <= title + ZONE.1;
        let mut found: Vec<&(usize, &str)> = self
            .dated
            .iter()
            .filter(|(at, text)| near(*at) && text.chars().count() <= 120 && !self.is_teaser(*at))
            .collect();
        found.sort_by_key(|(at, _)| if *at > title { at - title } else { 2 * (title - at) + 1 });
        found.iter().take(6).map(|(_, text)| Self::found(text, "line by the title", Confidence::Medium)).collect()
    }

    /// Lines whose class names say that they hold a date.
    fn marked(&self) -> Vec<Found<String>> {
        let end = self.page.main.map_or(usize::MAX, |m| self.page.tree.nodes[m].end);
        let is_marked = |at: usize| {
            let row = self.page.lines()[at].row;
            let rows = std::iter::once(row).chain(self.page.tree.ancestors(row).take(1));
            rows.map(|r| self.page.tree.marks(r))
                .any(|m| ["date", "time", "publish", "posted", "byline", "meta", "info"].iter().any(|w| m.contains(w)))
        };
        self.dated
            .iter()
            .filter(|(at, text)| {
                text.chars().count() <= 100
                    && self.page.lines()[*at].row < end
                    && is_marked(*at)
                    && !self.is_teaser(*at)
            })
            .take(3)
            .map(|(_, text)| Self::found(text, "marked line", Confidence::Medium))
            .collect()
    }

    /// Short lines at the end of the main part and just after it.
    fn at_end(&self) -> Vec<Found<String>> {
        let Some(main) = self.page.main else { return Vec::new() };
        let (start, end) = (main, self.page.tree.nodes[main].end);
        let inside: Vec<&(usize, &str)> = self
            .dated
            .iter()
            .filter(|(at, text)| (start..end).contains(&self.page.lines()[*at].row) && text.chars().count() <= 40)
            .collect();
        inside.iter().rev().take(2).map(|(_, text)| Self::found(text, "line at the end", Confidence::Low)).collect()
    }

    /// Any short line, in the page's order.
    fn anywhere(&self) -> Vec<Found<String>> {
        self.dated
            .iter()
            .filter(|(at, text)| text.chars().count() <= 60 && !self.is_teaser(*at))
            .take(3)
            .map(|(_, text)| Self::found(text, "line", Confidence::Low))
            .collect()
    }
}

/// Whether a date of three numbers begins with the day: by the page's language, its address, or
/// another date of the page that can only be read one way.
pub fn day_first(page: &Page, dates: &[Found<String>], url: Option<&str>) -> Option<bool> {
    static NUMBERS: Pattern = pattern!(r"(?-u:\b)([0-9]{1,2})[/-]([0-9]{1,2})[/-](?:19|20)?[0-9][0-9](?-u:\b)");
    let locale = super::language(page).map(|l| l.value.to_lowercase().replace('_', "-")).unwrap_or_default();
    let (language, country) = locale.split_once('-').unwrap_or((locale.as_str(), ""));
    if country.starts_with("us") {
        return Some(false);
    }
    if !matches!(language, "" | "en")
        || matches!(&country.get(..2).unwrap_or(""), &"gb" | &"au" | &"ie" | &"nz" | &"in" | &"za")
    {
        return Some(true);
    }
    let host = url.and_then(|u| u.split("://").nth(1)).and_then(|u| u.split(['/', ':', '?']).next()).unwrap_or("");
    match host.rsplit('.').next().unwrap_or("") {
        "us" | "gov" | "mil" | "edu" => return Some(false),
        top if top.len() == 2 && !matches!(top, "ca" | "io" | "co" | "me" | "tv" | "ph") => return Some(true),
        _ => {}
    }
    if !dates.iter().any(|d| NUMBERS.is_match(&d.value)) {
        return None;
    }
    for line in page.lines().iter().filter(|l| l.text.len() < 400) {
        for found in NUMBERS.captures_iter(&line.text) {
            let (a, b): (u32, u32) = (found[1].parse().unwrap_or(0), found[2].parse().unwrap_or(0));
            match (a > 12, b > 12) {
                (true, false) => return Some(true),
                (false, true) => return Some(false),
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::metadata;

    fn first(page: &str) -> Option<(String, String)> {
        metadata(page).dates.first().map(|d| (d.value.clone(), d.place.to_string()))
    }

    #[test]
    fn declared_dates_come_first_and_other_articles_last() {
        for (page, value, place) in [
            (
                "<meta property='og:article:published_time' value='2020-06-05'><p>June 1, 2019",
                "2020-06-05",
                "meta og:article:published_time",
            ),
            (
                "<time itemprop=datePublished datetime='2020-06-05T01:00:00Z'>5 June</time>",
                "2020-06-05T01:00:00Z",
                "itemprop datePublished",
            ),
            ("<script>var a = {\"pubDate\": \"2020-06-05 09:12\"};</script><p>Text", "2020-06-05 09:12", "script"),
            (
                "<h1>陆港开通运营</h1><p>2019-01-01</p><div>发布时间：2020-06-05</div>",
                "发布时间：2020-06-05",
                "labelled line",
            ),
            (
                "<a href=x>2018-01-01 Other news</a><h1>Dry port opens</h1><p>June 5, 2020</p>",
                "June 5, 2020",
                "line by the title",
            ),
            (
                "<h1>Dry port opens</h1><p>Updated: June 7, 2020</p><p>June 5, 2020</p>",
                "Updated: June 7, 2020",
                "line by the title",
            ),
        ] {
            assert_eq!(first(page), Some((value.to_string(), place.to_string())), "{page}");
        }
    }

    #[test]
    fn the_page_tells_which_number_is_the_day() {
        for (page, expected) in [
            ("<html lang='en-US'><p>x", Some(false)),
            ("<html lang='de'><p>x", Some(true)),
            ("<link rel=canonical href='https://news.example.co.uk/a'><p>x", Some(true)),
            ("<p>25/06/2020", Some(true)),
            ("<p>06/25/2020", Some(false)),
            ("<p>05/06/2020", None),
        ] {
            assert_eq!(metadata(page).day_first, expected, "{page}");
        }
    }
}
