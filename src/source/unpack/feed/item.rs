//! What a feed says of itself and of an item, and the document that an item becomes.

use super::super::markup;
use crate::error::Problem;
use crate::model::Origin;
use crate::source::Blob;
use quick_xml::events::BytesStart;

/// Where the text of an item stands: the fuller ones first.
const BODIES: &[&str] = &[
    "content:encoded",
    "xhtml:body",
    "body",
    "content",
    "description",
    "summary",
    "media:description",
    "itunes:summary",
];
/// When an item was published, or else last changed.
const DATES: &[&str] = &[
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dc:issued",
    "dcterms:created",
    "created",
    "date",
    "updated",
    "modified",
    "dcterms:modified",
];
/// Who wrote it. Of an Atom author, the element in it that has the name.
const AUTHORS: &[&str] = &["author", "dc:creator", "dc:author", "itunes:author"];

/// What is read of an element.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    name: String,
    /// All text in it, references replaced.
    pub text: String,
    /// What stands between its tags, as it is in the file.
    pub inner: String,
    /// Where that begins.
    pub begin: usize,
    has_elements: bool,
    /// The text of the element in it that names: of a person, of a source.
    named: Option<String>,
    names_from: Option<usize>,
    media: String,
    is_xml: bool,
    href: String,
    relation: String,
    language: Option<String>,
    is_address: bool,
}

impl Field {
    /// Of an element that begins.
    pub fn new(name: String, tag: &BytesStart, begin: usize) -> Field {
        let lower = |name| attribute(tag, name).unwrap_or_default().to_lowercase();
        Field {
            name,
            begin,
            media: lower("type"),
            is_xml: lower("mode") == "xml",
            href: attribute(tag, "href").unwrap_or_default(),
            relation: lower("rel"),
            language: attribute(tag, "xml:lang"),
            is_address: lower("ispermalink") != "false",
            ..Field::default()
        }
    }

    /// The element in it that names it.
    fn names(&self, element: &str) -> bool {
        matches!((self.name.as_str(), element), ("author", "name") | ("source", "title"))
    }

    /// An element begins in it.
    pub fn element(&mut self, name: &str) {
        self.has_elements = true;
        if self.names(name) {
            self.names_from = Some(self.text.len());
        }
    }

    /// An element in it ends.
    pub fn element_ends(&mut self, name: &str) {
        if self.names(name)
            && let Some(from) = self.names_from.take()
        {
            self.named = self.text.get(from..).map(str::to_string);
        }
    }

    /// Its text as HTML: escaped, or written as elements.
    fn html(&self) -> String {
        if !(self.has_elements || self.media.contains("xhtml") || self.is_xml && self.media.contains("html")) {
            return self.text.clone();
        }
        let inner = self.inner.replace("<![CDATA[", "").replace("]]>", "");
        // Elements of HTML may carry a prefix.
        let first = inner.trim_start().strip_prefix('<').unwrap_or_default();
        let name = first.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        match name.split_once(':') {
            Some((prefix, _)) => inner.replace(&format!("<{prefix}:"), "<").replace(&format!("</{prefix}:"), "</"),
            None => inner,
        }
    }

    /// Its text on one line.
    fn line(&self) -> String {
        markup::text(&self.html())
    }

    /// Whether it is a text, not a picture or a pointer.
    fn is_text(&self) -> bool {
        let is_text = !self.media.contains('/')
            || self.media.starts_with("text/")
            || self.media.contains("html")
            || self.media.contains("xml");
        is_text && (self.has_elements || !self.text.trim().is_empty())
    }
}

/// The feed's own head.
#[derive(Clone, Debug, Default)]
pub(super) struct Channel {
    title: String,
    language: String,
    author: String,
}

impl Channel {
    /// Whether it has a use for an element.
    pub fn takes(name: &str) -> bool {
        matches!(name, "title" | "language" | "dc:language" | "author")
    }

    /// Takes an element of it.
    pub fn take(&mut self, field: Field) {
        let line = field.line();
        let value = match field.name.as_str() {
            "title" => &mut self.title,
            "author" => {
                self.author = person(&field);
                return;
            }
            _ => &mut self.language,
        };
        if !line.is_empty() {
            *value = line;
        }
    }

    /// Takes the language that its element declares.
    pub fn language_of(&mut self, tag: &BytesStart) {
        if let Some(language) = attribute(tag, "xml:lang") {
            self.language = language;
        }
    }
}

/// An item.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    number: u64,
    fields: Vec<Field>,
    about: Option<String>,
    language: Option<String>,
}

impl Item {
    /// The item that begins, as the so many-th of its feed.
    pub fn new(tag: &BytesStart, number: u64) -> Item {
        Item { number, fields: vec![], about: attribute(tag, "rdf:about"), language: attribute(tag, "xml:lang") }
    }

    /// Takes an element of it.
    pub fn take(&mut self, field: Field) {
        self.fields.push(field);
    }

    /// The first element of these names, in their order, that is not blank.
    fn first(&self, names: &[&str]) -> Option<&Field> {
        let all = |name: &&str| {
            let name = name.to_string();
            self.fields.iter().filter(move |f| f.name == name)
        };
        names.iter().flat_map(all).find(|f| !f.text.trim().is_empty() || f.has_elements)
    }

    /// Its address on the web.
    fn link(&self) -> Option<String> {
        let origin = self.first(&["feedburner:origlink"]).map(|f| f.text.trim().to_string());
        let links = || self.fields.iter().filter(|f| f.name == "link");
        let alternate = |f: &&Field| matches!(f.relation.as_str(), "" | "alternate") && !f.href.is_empty();
        let href = || {
            let page = links().filter(alternate).find(|f| f.media.is_empty() || f.media.contains("html"));
            page.or_else(|| links().find(alternate)).map(|f| f.href.trim().to_string())
        };
        let text = || links().find(|f| !f.text.trim().is_empty()).map(|f| f.text.trim().to_string());
        let guid = || {
            let guid = self.first(&["guid", "id"]).filter(|f| f.is_address)?;
            Some(guid.text.trim().to_string())
        };
        let is_web = |l: &String| l.starts_with("http://") || l.starts_with("https://");
        let found = origin.or_else(text).or_else(href).filter(|l| !l.is_empty());
        found.or_else(|| guid().filter(is_web)).or_else(|| self.about.clone().filter(is_web))
    }

    /// Where it is found in the feed.
    pub fn address(&self) -> String {
        let id = || self.first(&["guid", "id"]).map(|f| f.text.trim().to_string());
        self.link().or_else(id).unwrap_or_else(|| self.number.to_string())
    }

    /// The document it is. Fails when the feed has no text of it.
    pub fn blob(&self, channel: &Channel) -> Result<Blob, Problem> {
        let bodies = BODIES.iter().flat_map(|name| self.fields.iter().filter(move |f| f.name == *name && f.is_text()));
        let body = bodies.into_iter().find(|f| !f.line().is_empty());
        let body = body.ok_or_else(|| Problem::Content("has only a title in the feed, no text".into()))?;
        let is_plain = matches!(body.media.as_str(), "text" | "text/plain") && !body.has_elements;
        let (extension, bytes) =
            if is_plain { ("txt", body.text.clone().into_bytes()) } else { markup::document(&body.html()) };
        let mut blob = Blob::numbered(format!("{}.{extension}", self.number), bytes);
        let mut say = |field: &str, value: &str, place: &str| blob.given.set(field, value, Origin::Container, place);
        for (field, names) in
            [("title", &["title", "dc:title"][..]), ("date", DATES), ("source", &["source", "dc:publisher"])]
        {
            if let Some(found) = self.first(names) {
                let line = found.named.as_ref().map_or_else(|| found.line(), |n| markup::text(n));
                say(field, &line, &found.name);
            }
        }
        match self.first(AUTHORS) {
            Some(author) => say("author", &person(author), &author.name),
            None => say("author", &channel.author, "author of the feed"),
        }
        if let Some(link) = self.link() {
            say("url", &link, "link");
        }
        let own = self.first(&["dc:language", "language"]).map(|f| f.text.trim().to_string());
        match own.or_else(|| body.language.clone()).or_else(|| self.language.clone()) {
            Some(language) => say("language", &language, "item"),
            None if !contradicts(&channel.language, &body.text) => say("language", &channel.language, "feed"),
            None => {}
        }
        if blob.given.source.is_none() {
            blob.given.set("source", &channel.title, Origin::Container, "title of the feed");
        }
        Ok(blob)
    }
}

/// A person's name: of `desk@port.example (Sun Qiang)` what is in brackets.
fn person(field: &Field) -> String {
    let text = field.named.as_ref().map_or_else(|| field.line(), |n| markup::text(n));
    let in_brackets = text.split_once(" (").filter(|(before, _)| before.contains('@') && !before.contains(' '));
    match in_brackets.and_then(|(_, name)| name.strip_suffix(')')) {
        Some(name) => name.trim().to_string(),
        None => text,
    }
}

/// Whether an item is plainly not in the language that its feed declares: feeds mix them.
fn contradicts(language: &str, text: &str) -> bool {
    let is_ideograph = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let ideographs = text.chars().filter(is_ideograph).count();
    let letters = text.chars().filter(|c| c.is_alphabetic() && !is_ideograph(c)).count();
    let is_east = ["zh", "ja", "ko", "cn"].iter().any(|l| language.to_lowercase().starts_with(l));
    if is_east { ideographs == 0 && letters > 0 } else { ideographs * 3 > letters }
}

fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.into_inner().eq_ignore_ascii_case(name))?;
    Some(html_escape::decode_html_entities(&found.value).into_owned()).filter(|v| !v.trim().is_empty())
}
