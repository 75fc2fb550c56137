//! The elements of a page that say something of it, found in one walk: each search with a selector is a walk of its own.

use dom_query::{Document, Matcher, NodeData, NodeRef};
use std::sync::LazyLock;

/// Elements looked at of a sort of which a page has one.
const FEW: usize = 3;

/// In the order of the page.
#[derive(Default)]
pub struct Elements<'a> {
    /// `<html>`.
    pub html: Option<NodeRef<'a>>,
    /// The page's `<title>`: in the head, else anywhere, where one of a picture may be the first.
    pub titles: [Option<NodeRef<'a>>; 2],
    /// `<meta>`.
    pub metas: Vec<NodeRef<'a>>,
    /// JSON-LD.
    pub structured: Vec<NodeRef<'a>>,
    /// The link to the page's own address.
    pub canonical: Option<NodeRef<'a>>,
    /// What is marked as the name of the author; a few.
    pub authors: Vec<NodeRef<'a>>,
    /// What is marked as the day on which it was published; a few.
    pub published: Vec<NodeRef<'a>>,
}

static HEAD_TITLE: LazyLock<Matcher> = LazyLock::new(|| matcher("head title"));
static STRUCTURED: LazyLock<Matcher> = LazyLock::new(|| matcher("script[type='application/ld+json']"));
static CANONICAL: LazyLock<Matcher> = LazyLock::new(|| matcher("link[rel='canonical']"));
static AUTHOR: LazyLock<Matcher> = LazyLock::new(|| matcher("[rel='author'], [itemprop='author'] [itemprop='name']"));
static PUBLISHED: LazyLock<Matcher> = LazyLock::new(|| {
    matcher("[itemprop~='datePublished'], time[pubdate], [property~='datePublished'], .dt-published, abbr.published")
});

fn matcher(selector: &str) -> Matcher {
    Matcher::new(selector).expect("the selector is fixed and tried by tests")
}

/// What an element can be by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Html,
    Title,
    Meta,
    Script,
    Link,
    Other,
}

impl<'a> Elements<'a> {
    /// Walks through a page.
    pub fn of(document: &'a Document) -> Elements<'a> {
        let mut out = Elements::default();
        for node in document.root().descendants_it() {
            let Some((sort, is_marked)) = node.query_or(None, |node| match &node.data {
                NodeData::Element(element) => {
                    let marked = element.attrs.iter().any(|given| marks(&given.name.local, &given.value));
                    Some((Sort::of(&element.name.local), marked))
                }
                _ => None,
            }) else {
                continue;
            };
            if is_marked {
                if out.authors.len() < FEW && node.is_match(&AUTHOR) {
                    out.authors.push(node);
                }
                if out.published.len() < FEW && node.is_match(&PUBLISHED) {
                    out.published.push(node);
                }
            }
            match sort {
                Sort::Html => _ = out.html.get_or_insert(node),
                Sort::Title => {
                    if out.titles[0].is_none() && node.is_match(&HEAD_TITLE) {
                        out.titles[0] = Some(node);
                    }
                    out.titles[1].get_or_insert(node);
                }
                Sort::Meta => out.metas.push(node),
                Sort::Script if node.is_match(&STRUCTURED) => out.structured.push(node),
                Sort::Link if out.canonical.is_none() && node.is_match(&CANONICAL) => out.canonical = Some(node),
                _ => {}
            }
        }
        out
    }

    /// The words of the page's title.
    pub fn title(&self) -> Option<String> {
        let mut words = self.titles.iter().flatten().map(|node| node.text().to_string());
        words.find(|words| !words.trim().is_empty())
    }
}

impl Sort {
    fn of(name: &str) -> Sort {
        match name {
            "html" => Sort::Html,
            "title" => Sort::Title,
            "meta" => Sort::Meta,
            "script" => Sort::Script,
            "link" => Sort::Link,
            _ => Sort::Other,
        }
    }
}

/// Whether an attribute can make its element one that is sought: a look that saves most the selectors.
fn marks(name: &str, value: &str) -> bool {
    matches!(name, "rel" | "itemprop" | "property" | "pubdate") || name == "class" && value.contains("published")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_what_selectors_find() {
        let page = "<html lang=en><head><svg><title>a picture</title></svg><title> </title><title>Dry port</title>\
            <meta name=a content=b><link rel='stylesheet canonical' href=/no><link rel=Canonical href=/a><link rel=canonical href=/b>\
            <script type='application/LD+json'>{}</script><script>1</script></head><body property='x datePublished'>\
            <p class='dt-published'>1</p><abbr class='published'>2</abbr><p class='published'>3</p><time pubdate>4</time>\
            <i itemprop='datePublished other'>5</i><a rel=author>Li</a><b itemprop=name>no</b>\
            <div itemprop=author><span itemprop=name>Wang</span></div><a rel='author'>Zhao</a><a rel='author'>Sun</a>\
            <script type=application/ld+json>[]</script></body></html>";
        let document = Document::from(page);
        let found = Elements::of(&document);
        let ids = |nodes: &[NodeRef]| nodes.iter().map(|node| node.id).collect::<Vec<_>>();
        let selected = |matcher: &Matcher, most: usize| {
            document.select_matcher(matcher).iter().take(most).map(|node| node.nodes()[0].id).collect::<Vec<_>>()
        };
        let all = usize::MAX;
        assert_eq!(ids(&found.metas), selected(&matcher("meta"), all));
        assert_eq!(ids(&found.structured), selected(&STRUCTURED, all));
        assert_eq!(ids(&found.authors), selected(&AUTHOR, FEW));
        assert_eq!(ids(&found.published), selected(&PUBLISHED, FEW));
        assert_eq!(found.canonical.map(|node| node.id), selected(&CANONICAL, 1).first().copied());
        assert_eq!(found.html.map(|node| node.id), selected(&matcher("html"), 1).first().copied());
        let titles = found.titles.map(|node| node.map(|node| node.id));
        assert_eq!(titles, [&*HEAD_TITLE, &matcher("title")].map(|matcher| selected(matcher, 1).first().copied()));
        assert_eq!((found.structured.len(), found.authors.len(), found.published.len()), (2, 3, 3));
    }

    #[test]
    fn a_page_whose_head_has_no_title_may_have_one_elsewhere() {
        let title = |page: &str| Elements::of(&Document::from(page)).title();
        assert_eq!(title("<body><p>Text</p><title>Dry port</title>").as_deref(), Some("Dry port"));
        assert_eq!(title("<title>Dry port</title><p>Text</p>").as_deref(), Some("Dry port"));
        assert_eq!(title("<p>Text</p>"), None);
    }
}
