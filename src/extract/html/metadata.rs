//! What a page says of itself: meta tags, JSON-LD, OpenGraph, `<time>`, and the lines about its title.

use crate::extract::Metadata;
use crate::model::{Found, Origin};
use dom_query::Document;
use serde_json::Value;

/// Meta names that hold the title of the article alone, most trustworthy first.
const TITLES: &[&str] = &["articletitle", "og:title", "twitter:title", "dc.title", "title"];
/// Meta names that hold the date of publication.
const DATES: &[&str] = &[
    "pubdate",
    "publishdate",
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publish_date",
    "publication_date",
    "date.issued",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "sailthru.date",
    "parsely-pub-date",
    "article.published",
    "bt:pubdate",
    "rnews:datepublished",
    "og:pubdate",
    "weibo:article:create_at",
    "releasedate",
    "date",
    "firstpublishedtime",
    "createdate",
    "published-date",
    "article:create_at",
];
/// Meta names that hold the publisher.
const SOURCES: &[&str] = &[
    "contentsource",
    "source",
    "og:site_name",
    "dc.publisher",
    "publisher",
    "application-name",
    "sitename",
    "mediaid",
    "siteName",
];
/// Parts of class names and ids that stand on the line under a title.
const BYLINES: &[&str] = &[
    "date",
    "time",
    "pub",
    "info",
    "source",
    "author",
    "byline",
    "laiyuan",
    "fbsj",
    "meta",
    "xxly",
    "article-sub",
    "post_",
    "dateline",
];
/// Longest text of a byline, in characters.
const BYLINE_CHARS_MAX: usize = 200;
/// Bylines kept of a page.
const BYLINES_MAX: usize = 24;

/// Reads everything; `page` is the source, for what only a comment says.
pub fn read(document: &Document, page: &str) -> Metadata {
    let metas = metas(document);
    let meta = |names: &'static [&'static str]| {
        names.iter().filter_map(|name| metas.iter().find(|(n, _)| n == name)).map(|(_, v)| v.clone())
    };
    let ld = structured(document);
    let site = meta(&["og:site_name"]).next().or_else(|| ld.publisher.clone());

    let mut out =
        Metadata { is_article: ld.is_article || meta(&["og:type"]).any(|t| t == "article"), ..Metadata::default() };
    out.title = title(document, ld.headline.into_iter().chain(meta(TITLES)), site.as_deref());
    out.dates.extend(ld.published.into_iter().map(|d| Found::new(d, Origin::Meta)));
    out.dates.extend(meta(DATES).map(|d| Found::new(d, Origin::Meta)));
    out.dates.extend(times(document).map(|d| Found::new(d, Origin::Meta)));
    out.sources.extend(ld.publisher.into_iter().chain(meta(SOURCES)).map(|s| Found::new(s, Origin::Meta)));
    out.url = link(document).or_else(|| meta(&["og:url"]).next()).or(ld.url).or_else(|| saved_from(page));
    out.url = out.url.filter(|u| u.starts_with("http://") || u.starts_with("https://"));
    out.language = document.select_single("html").attr("lang").map(|l| l.trim().to_string()).filter(|l| !l.is_empty());
    out.bylines = bylines(document);
    out
}

/// Names (lower case) and contents of the meta tags, in the order of the page.
fn metas(document: &Document) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for tag in document.select("meta[content]").iter() {
        let content = squeeze(&tag.attr_or("content", ""));
        if content.is_empty() {
            continue;
        }
        for attribute in ["name", "property", "itemprop"] {
            if let Some(name) = tag.attr(attribute) {
                out.push((name.trim().to_lowercase(), content.clone()));
            }
        }
    }
    out
}

#[derive(Default)]
struct Structured {
    headline: Option<String>,
    published: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
    is_article: bool,
}

/// The first article described in JSON-LD.
fn structured(document: &Document) -> Structured {
    let mut out = Structured::default();
    for script in document.select("script[type='application/ld+json']").iter() {
        // Pages leave raw line breaks in strings, which JSON forbids.
        let text: String = script.text().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let mut todo = vec![&value];
        let mut seen = 0;
        while let Some(next) = todo.pop() {
            seen += 1;
            if seen > 500 {
                break;
            }
            match next {
                Value::Array(items) => todo.extend(items.iter().rev()),
                Value::Object(object) => {
                    todo.extend(object.get("@graph"));
                    let kinds = object.get("@type").map(Value::to_string).unwrap_or_default();
                    if !(kinds.contains("Article") || kinds.contains("BlogPosting") || kinds.contains("Report")) {
                        continue;
                    }
                    out.is_article |= kinds.contains("News") || kinds.contains("\"Article");
                    let text =
                        |key: &str| object.get(key).and_then(Value::as_str).map(squeeze).filter(|t| !t.is_empty());
                    out.headline = out.headline.or_else(|| text("headline"));
                    out.published = out.published.or_else(|| text("datePublished")).or_else(|| text("dateCreated"));
                    out.publisher = out.publisher.or_else(|| {
                        let publisher = object.get("publisher")?;
                        let first = publisher.get(0).unwrap_or(publisher);
                        first.get("name").unwrap_or(first).as_str().map(squeeze)
                    });
                    out.url = out.url.or_else(|| text("url")).or_else(|| {
                        let page = object.get("mainEntityOfPage")?;
                        page.get("@id").unwrap_or(page).as_str().map(str::to_string)
                    });
                }
                _ => {}
            }
        }
    }
    out
}

/// The article's title: as the metadata has it, without the site's name; the heading that the
/// page's `<title>` repeats tells best where the title ends.
fn title(document: &Document, given: impl Iterator<Item = String>, site: Option<&str>) -> Option<Found<String>> {
    let page_title = squeeze(&document.select_single("head title").text());
    let page_title = if page_title.is_empty() { squeeze(&document.select_single("title").text()) } else { page_title };
    let mut given: Vec<String> = given.collect();
    let headings: Vec<String> = ["h1", "h2"]
        .iter()
        .flat_map(|tag| document.select(tag).iter().map(|h| squeeze(&h.text())).take(5).collect::<Vec<_>>())
        .filter(|h| h.chars().count() >= 4)
        .collect();
    let long = given.first().cloned().unwrap_or_else(|| page_title.clone());
    if let Some(heading) =
        headings.iter().find(|h| key(&long) == key(h) || (starts(&long, h) && key(h) != key(site.unwrap_or(""))))
    {
        return Some(Found::new(heading.clone(), Origin::Text));
    }
    if !page_title.is_empty() {
        given.push(page_title);
    }
    let best = given.into_iter().find(|t| site.is_none_or(|s| key(s) != key(t)));
    match best {
        Some(title) => Some(Found::new(without_site(&title, site), Origin::Meta)),
        None => headings.into_iter().next().map(|h| Found::new(h, Origin::Text)),
    }
}

fn starts(long: &str, short: &str) -> bool {
    let (long, short) = (key(long), key(short));
    !short.is_empty() && long.starts_with(&short) && short.len() * 4 >= long.len()
}

fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Cuts the site's name, and what stands between it and the title, off.
fn without_site(title: &str, site: Option<&str>) -> String {
    const SEPARATORS: &[&str] = &["_", "|", "｜", " - ", " – ", " — ", "--", "——", " :: ", " » ", " · ", "-"];
    let mut rest = title.trim();
    for _ in 0..4 {
        let Some((at, separator)) =
            SEPARATORS.iter().filter_map(|s| rest.rfind(s).map(|at| (at, *s))).max_by_key(|(at, _)| *at)
        else {
            break;
        };
        let (head, tail) = (rest[..at].trim(), rest[at + separator.len()..].trim());
        let is_site = site.is_some_and(|s| key(s).contains(&key(tail)) || key(tail).contains(&key(s)));
        // `_` and `|` hardly ever stand in a title; a dash does, so what follows must look like a name.
        let parts_sites = matches!(separator, "_" | "|" | "｜" | " :: " | " » ");
        let named = ["网", "报", "频道", "门户", "新闻", "政府", ".com", ".cn", "News", "Times", "Daily", "Post"]
            .iter()
            .any(|n| tail.ends_with(n));
        if head.chars().count() < 4
            || tail.chars().count() > 40
            || !(is_site || parts_sites || named && separator != "-")
        {
            break;
        }
        rest = head;
    }
    rest.to_string()
}

fn link(document: &Document) -> Option<String> {
    document
        .select_single("link[rel='canonical']")
        .attr("href")
        .map(|h| h.trim().to_string())
        .filter(|h| h.starts_with("http"))
}

/// The comment a browser leaves in a page that it saved.
fn saved_from(page: &str) -> Option<String> {
    let head: String = page.chars().take(2_000).collect();
    let rest = head.split("saved from url=").nth(1)?;
    let rest = rest.split_once(')').map_or(rest, |(_, r)| r);
    rest.split([' ', '-', '>']).next().map(str::to_string)
}

fn times(document: &Document) -> impl Iterator<Item = String> {
    let all: Vec<String> = document
        .select("time[datetime], [itemprop='datePublished']")
        .iter()
        .take(5)
        .filter_map(|t| t.attr("datetime").or_else(|| t.attr("content")))
        .map(|d| squeeze(d.as_ref()))
        .collect();
    all.into_iter()
}

/// Short texts of elements whose class or id says that they hold date, source or author.
fn bylines(document: &Document) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let Some(body) = document.body() else { return out };
    for node in body.descendants_it().filter(|n| n.is_element()) {
        let mark = format!("{} {}", node.attr_or("class", ""), node.attr_or("id", "")).to_lowercase();
        let is_time = node.has_name("time");
        if !(is_time || mark.len() > 1 && BYLINES.iter().any(|b| mark.contains(b)))
            || node.normalized_char_count() > BYLINE_CHARS_MAX
        {
            continue;
        }
        let text = squeeze(&node.formatted_text());
        if text.chars().any(|c| c.is_ascii_digit()) || text.contains('：') || text.contains(':') {
            if !out.iter().any(|line| line.contains(&text)) {
                out.push(text);
            }
            if out.len() == BYLINES_MAX {
                break;
            }
        }
    }
    out
}

/// Without line breaks and doubled blanks.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_cut_off_the_title() {
        for (title, site, expected) in [
            ("陆港开通_天山晚报网", None, "陆港开通"),
            ("陆港开通_新闻中心_天山网", None, "陆港开通"),
            ("Dry port opens | Example Daily", None, "Dry port opens"),
            ("Dry port opens - Example", Some("Example"), "Dry port opens"),
            ("China-Europe trains - a success", None, "China-Europe trains - a success"),
            ("Budget 2020-2021", None, "Budget 2020-2021"),
        ] {
            assert_eq!(without_site(title, site), expected, "{title}");
        }
    }

    #[test]
    fn json_ld_is_read_also_in_a_graph_and_with_line_breaks() {
        let page = "<script type='application/ld+json'>{\"@graph\": [{\"@type\": \"WebSite\"}, {\"@type\": [\"NewsArticle\"],\n \
                    \"headline\": \"A\nB\", \"datePublished\": \"2020-06-05\", \"publisher\": {\"name\": \"Daily\"}}]}</script>";
        let found = read(&Document::from(page), page);
        assert_eq!(found.title.unwrap().value, "A B");
        assert_eq!(found.dates[0].value, "2020-06-05");
        assert_eq!(found.sources[0].value, "Daily");
        assert!(found.is_article);
    }

    #[test]
    fn a_saved_page_knows_its_address() {
        let page = "<!DOCTYPE html>\n<!-- saved from url=(0042)http://news.example.cn/2020/a.html -->\n<html></html>";
        assert_eq!(saved_from(page).unwrap(), "http://news.example.cn/2020/a.html");
    }
}
