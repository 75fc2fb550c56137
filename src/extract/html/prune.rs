//! What is never main text, and the clutter inside the chosen part: boxes that say so by their class
//! names, lists of links, teasers of other articles, and the lines that lead to them.

use super::names::Names;
use super::tree::Tree;
use crate::pattern::{Pattern, pattern};
use dom_query::Document;

/// Elements that are never running text, wherever they stand.
static NEVER: Names = Names::of(&[
    "audio", "button", "canvas", "dialog", "embed", "form", "iframe", "input", "map", "nav", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "video",
]);
/// Words in class names and ids of what is no part of an article, however long it is.
static CLUTTER: Names = Names::of(&[
    "ad",
    "adbox",
    "ads",
    "adsbygoogle",
    "advert",
    "advertisement",
    "advertising",
    "adverts",
    "bdshare",
    "bdsharebuttonbox",
    "breadcrumb",
    "breadcrumbs",
    "carousel",
    "consent",
    "cookie",
    "cookies",
    "crumbs",
    "donate",
    "donation",
    "footer",
    "gallery",
    "gdpr",
    "hot",
    "hotlist",
    "hotnews",
    "infobox",
    "lightbox",
    "login",
    "menu",
    "modal",
    "mostpopular",
    "mostread",
    "navbar",
    "navigation",
    "newsletter",
    "newsletters",
    "noprint",
    "outbrain",
    "overlay",
    "pagination",
    "poll",
    "popular",
    "popup",
    "prevnext",
    "print",
    "printonly",
    "promo",
    "promobox",
    "promotion",
    "quiz",
    "rank",
    "ranking",
    "rating",
    "ratings",
    "recirc",
    "recirculation",
    "recommend",
    "recommendation",
    "recommendations",
    "recommended",
    "relate",
    "related",
    "relatednews",
    "relatedposts",
    "relateds",
    "screenreader",
    "share",
    "sharebar",
    "sharebox",
    "sharedaddy",
    "sharing",
    "sidebar",
    "signup",
    "skip",
    "slider",
    "slideshow",
    "social",
    "socials",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "tagcloud",
    "taglist",
    "tags",
    "teaser",
    "teasers",
    "toolbar",
    "tools",
    "tooltip",
    "trending",
    "upsell",
    "widget",
    "widgets",
    "xgxw",
    "xgyd",
    "zebian",
]);
/// Words in class names and ids of what readers wrote.
static COMMENTS: Names = Names::of(&[
    "changyan",
    "comment",
    "commentary",
    "commentbox",
    "commentlist",
    "comments",
    "cyan",
    "disqus",
    "duoshuo",
    "gentie",
    "guestbook",
    "liuyan",
    "livere",
    "pinglun",
    "post-comments",
    "replies",
    "respond",
    "sohucs",
    "uyan",
]);
/// Words in class names and ids of small things about an article: who wrote it, when, under what.
static ABOUT: Names = Names::of(&[
    "author",
    "authorbox",
    "authors",
    "avatar",
    "bio",
    "biography",
    "byline",
    "bylines",
    "categories",
    "category",
    "contributor",
    "copyright",
    "correction",
    "corrections",
    "credits",
    "date",
    "dateline",
    "datetime",
    "dianzan",
    "disclaimer",
    "edit",
    "editor",
    "embed",
    "ewm",
    "eyebrow",
    "feedback",
    "follow",
    "fontsize",
    "jubao",
    "kicker",
    "laiyuan",
    "meta",
    "metadata",
    "more",
    "posted",
    "postmeta",
    "pubdate",
    "published",
    "qrcode",
    "readmore",
    "readtime",
    "source",
    "statement",
    "tag",
    "timestamp",
    "viewcount",
    "views",
    "writer",
    "zan",
]);
/// Words of boxes that wrap an article and say what else is in it: `page-with-sidebar`.
static WRAPPERS: Names = Names::of(&["has", "is", "js", "no", "not", "with", "without"]);
/// A box about the article has no more text than this, in characters.
const ABOUT_CHARS_MAX: usize = 400;
/// The part of a page's or article's text that must be left when a box goes.
const LEFT_MIN: f64 = 0.4;
/// Above this share of link text, a list or box is navigation.
const LINK_SHARE_MAX: f64 = 0.6;
/// A line that is a link from end to end is a reference to another article when it has so many characters.
const LINK_LINE_CHARS_MIN: usize = 15;

/// Whether what stands in an element of this name can be read on the page.
pub fn is_read(name: &str) -> bool {
    !matches!(name, "script" | "style" | "noscript" | "template" | "iframe" | "svg" | "textarea" | "select" | "option")
}

/// Drops what is no text on any page, and boxes that say they are no part of the article.
pub fn before_choice(tree: &mut Tree, document: &Document) {
    for row in 1..tree.nodes.len() {
        let node = &tree.nodes[row];
        if node.is_text() || tree.nodes[node.parent].dropped {
            continue;
        }
        let never = NEVER.has(&node.name) && (&*node.name != "form" || is_minor(tree, row, 0));
        // Pages hide the second half of an article until it is asked for; menus and notices are short.
        let hidden = || is_hidden(tree, row, document) && tree.nodes[row].prose < 600;
        if never || hidden() {
            tree.drop(row);
        }
    }
    side_cells(tree);
    marked(tree, 0);
}

/// Characters outside links.
fn plain(tree: &Tree, row: usize) -> usize {
    tree.nodes[row].chars - tree.nodes[row].link_chars
}

/// Whether most is left of `root` when a box in it goes.
fn is_minor(tree: &Tree, row: usize, root: usize) -> bool {
    let (own, all) = (&tree.nodes[row], &tree.nodes[root]);
    (all.prose.saturating_sub(own.prose)) as f64 >= LEFT_MIN * all.prose as f64
}

fn is_hidden(tree: &Tree, row: usize, document: &Document) -> bool {
    let Some(node) = document.tree.get(&tree.nodes[row].id) else { return false };
    node.has_attr("hidden")
        || node.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
        || node
            .attr("role")
            .is_some_and(|role| matches!(&*role, "navigation" | "search" | "menu" | "dialog" | "complementary"))
}

/// Where a table lays out the page, the cells of links beside the one that holds the running text.
fn side_cells(tree: &mut Tree) {
    const SENTENCES_MIN: usize = 4;
    const LINKS_MIN: usize = 3;
    for row in 0..tree.nodes.len() {
        if &*tree.nodes[row].name != "tr" {
            continue;
        }
        let cells: Vec<usize> = tree.children(row).filter(|c| &*tree.nodes[*c].name == "td").collect();
        if cells.iter().all(|c| tree.nodes[*c].stops < SENTENCES_MIN) {
            continue;
        }
        for cell in cells {
            if tree.nodes[cell].stops <= 1 && tree.nodes[cell].links >= LINKS_MIN {
                tree.drop(cell);
            }
        }
    }
}

/// Drops boxes in `root` that say by their class or id that they are no part of the article.
fn marked(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        if node.is_text() || tree.marks(row).is_empty() || node.chars == 0 || tree.is_gone(row) {
            continue;
        }
        if matches!(&*node.name, "body" | "html" | "main" | "article" | "h1" | "em" | "strong" | "b" | "i") {
            continue;
        }
        let (mut clutter, mut comments, mut about) = (false, false, false);
        for name in tree.marks(row).split_whitespace() {
            let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            if words.clone().any(|w| WRAPPERS.has(w)) {
                continue;
            }
            comments |= words.clone().any(|w| COMMENTS.has(w));
            clutter |= words.clone().any(|w| CLUTTER.has(w));
            about |= words.any(|w| ABOUT.has(w));
        }
        // A box so marked may still wrap the article itself.
        let goes = (clutter || comments) && is_minor(tree, row, root)
            // Comments can be longer than the article, and better punctuated.
            || comments && plain(tree, row) * 5 < plain(tree, root) * 3
            || about && node.chars <= ABOUT_CHARS_MAX && node.prose * 4 <= tree.nodes[root].prose;
        if goes {
            tree.drop(row);
        }
    }
}

/// Drops the clutter of the chosen part.
pub fn within(tree: &mut Tree, root: usize) {
    marked(tree, root);
    frames(tree, root);
    tails(tree, root);
    teasers(tree, root);
    links(tree, root);
    leads(tree, root);
    labels(tree, root);
}

/// Headers, footers and asides of the article, as far as they are not most of it.
fn frames(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let frame = matches!(&*tree.nodes[row].name, "header" | "footer" | "aside" | "address");
        if frame && !tree.is_gone(row) && is_minor(tree, row, root) {
            tree.drop(row);
        }
    }
}

/// Lists and boxes that are mostly links.
fn links(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        if node.is_text() || node.chars == 0 || !node.is_block() || tree.is_gone(row) {
            continue;
        }
        let share = tree.link_share(row);
        let is_list = matches!(&*node.name, "ul" | "ol" | "dl" | "div" | "section" | "table");
        let navigation = node.links >= 3 && share > LINK_SHARE_MAX || is_list && node.links >= 2 && share > 0.85;
        // A line that only leads elsewhere; a sentence that is a link is text.
        let line = node.links > 0
            && share > 0.95
            && node.stops == 0
            && node.chars >= LINK_LINE_CHARS_MIN
            && node.heading().is_none()
            && !is_cell(tree, row);
        if navigation || line {
            tree.drop(row);
        }
    }
}

fn is_cell(tree: &Tree, row: usize) -> bool {
    std::iter::once(row).chain(tree.ancestors(row)).any(|r| matches!(&*tree.nodes[r].name, "td" | "th"))
}

/// Three or more boxes side by side that each have a heading which is a link: other articles.
fn teasers(tree: &mut Tree, root: usize) {
    const TEASERS_MIN: usize = 3;
    for row in tree.subtree(root) {
        if tree.nodes[row].is_text() || tree.nodes[row].links < TEASERS_MIN || tree.is_gone(row) {
            continue;
        }
        let boxes: Vec<usize> = tree.children(row).filter(|c| !tree.nodes[*c].dropped && is_teaser(tree, *c)).collect();
        if boxes.len() < TEASERS_MIN {
            continue;
        }
        let prose: usize = boxes.iter().map(|b| tree.nodes[*b].prose).sum();
        if tree.nodes[root].prose.saturating_sub(prose) >= 200 {
            for teaser in boxes {
                tree.drop(teaser);
            }
        }
    }
}

fn is_teaser(tree: &Tree, row: usize) -> bool {
    let node = &tree.nodes[row];
    matches!(&*node.name, "div" | "li" | "article" | "section" | "figure" | "a")
        && node.chars < 700
        && tree.kept(row).any(|inner| {
            let heading = &tree.nodes[inner];
            heading.heading().is_some() && heading.chars > 10 && heading.link_chars * 10 >= heading.chars * 9
                // The whole box is a link.
                || heading.heading().is_some() && heading.chars > 10 && heading.link_chars == heading.chars
        })
}

/// Lines over lists of other articles, and over what readers wrote. The whole line must be one.
fn is_tail(text: &str) -> bool {
    static ENGLISH: Pattern = pattern!(
        r"(?i)^\W*(?:(?:related|recommended|similar|latest|popular|trending|top|recent|further|other|more|our latest|most (?:read|popular|viewed|shared))\s+(?:\w+\s+){0,2}(?:stories|articles|posts?|news|coverage|reading|content|links|topics|videos?|headlines|entries|pages|tags|searches|products)|you (?:may|might|could) (?:also )?(?:like|enjoy|be interested in|have missed)|want more (?:stories|articles)(?-u:\b).{0,20}|more (?:from|on|in|about|by)(?-u:\b).{2,40}|read (?:next|more|this next)|what to read next|up next|editor'?s picks?|around the web|from the web|promoted(?: stories)?|sponsored(?: content| links)?|trending(?: now)?|recommended(?: for you)?|related|don'?t miss|also read|see also|leave a (?:reply|comment)|post a comment|join the (?:discussion|conversation)|comments?|\d+ comments?|\d+ (?:responses|thoughts) (?:to|on)(?-u:\b).{0,80}|about the authors?|tags|categories|share this|filed under|the latest|latest)\W*\d*\W*$"
    );
    static CHINESE: Pattern = pattern!(
        r"^[\s\p{P}\p{S}]*(?:相关(?:阅读|新闻|链接|报道|文章|推荐|专题|内容|资讯|搜索)|延伸(?:阅读|[\s·]*推荐)|推荐(?:阅读|新闻|文章|内容)|猜你喜欢|热门(?:推荐|新闻|文章|排行|评论|专题|点击|资讯)|热[点门]?(?:排行|榜)|点击排行榜?|排行榜?|最新(?:评论|文章|新闻|资讯)|更多(?:阅读|新闻|精彩|内容|推荐)|(?:网友|用户|全部|文章|精彩|热门|新闻)?评论|网友跟帖|我要评论|发表评论|大家都在看|为你推荐|您可能(?:还)?(?:感兴趣|喜欢).{0,8}|精彩(?:推荐|图片|视频推荐|新闻)|今日(?:热点|推荐|头条)|编辑推荐|图片新闻|观察员)[\s\p{P}\p{S}\d]*$"
    );
    ENGLISH.is_match(text) || CHINESE.is_match(text)
}

/// Lists of other articles and of comments, by the line that stands over them: the box that begins
/// with it, or what follows it up to the next heading.
fn tails(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        let is_line = !node.is_text() && (1..=80).contains(&node.chars) && node.prose == 0;
        if !is_line || !(node.is_block() || matches!(&*node.name, "strong" | "b" | "span")) || tree.is_gone(row) {
            continue;
        }
        if !is_tail(&tree.text(row)) {
            continue;
        }
        // The largest box that begins with the line and is not most of the article.
        let mut top = row;
        for ancestor in tree.ancestors(row) {
            let begins = tree.kept(ancestor).find(|r| tree.nodes[*r].is_text() && tree.nodes[*r].chars > 0);
            if ancestor <= root
                || !begins.is_some_and(|r| tree.subtree(row).contains(&r))
                || !is_minor(tree, ancestor, root)
            {
                break;
            }
            top = ancestor;
        }
        let only_line = tree.nodes[top].chars == tree.nodes[row].chars;
        tree.drop(top);
        if !only_line {
            continue;
        }
        let level = tree.nodes[top].heading().unwrap_or(7);
        let parent = tree.nodes[top].parent;
        let following: Vec<usize> = tree
            .children(parent)
            .filter(|c| *c > top)
            .take_while(|c| tree.nodes[*c].heading().is_none_or(|l| l > level))
            .collect();
        let prose: usize = following.iter().map(|r| tree.nodes[*r].prose).sum();
        let left = tree.nodes[root].prose.saturating_sub(prose);
        // Under a label within the text, only what is no running text.
        for next in following {
            if left as f64 >= 0.7 * tree.nodes[root].prose as f64 || tree.link_share(next) > 0.4 {
                tree.drop(next);
            } else if tree.nodes[next].chars > 0 {
                break;
            }
        }
    }
}

/// Headings and labels over what was dropped.
fn labels(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        let is_label = !node.is_text()
            && node.is_block()
            && (1..=60).contains(&node.chars)
            && node.stops == 0
            && (node.heading().is_some() || matches!(&*node.name, "p" | "div"))
            && !tree.is_gone(row);
        if !is_label {
            continue;
        }
        let after: Vec<usize> =
            tree.children(node.parent).filter(|c| *c > row && tree.nodes[*c].chars > 0).take(2).collect();
        let next_gone = after
            .first()
            .is_some_and(|n| tree.nodes[*n].dropped && !tree.nodes[*n].is_text() && tree.nodes[*n].links > 1);
        let is_over = node.heading().is_some()
            && after.get(1).is_none_or(|n| tree.nodes[*n].heading().is_some() || tree.nodes[*n].dropped);
        if next_gone && (is_over || tree.text(row).ends_with([':', '：'])) {
            tree.drop(row);
        }
    }
}

/// Lines that lead to another article, of those with a link in them, or that are labels of such.
fn is_lead(text: &str) -> bool {
    static ENGLISH: Pattern = pattern!(
        r"(?i)^[\W_]*(?:related|see also|see more|read more|read also|read next|also read|also|also on|more on|more|don'?t miss|watch|just in|you may (?:also )?like|you might (?:also )?like|click here|recommended|learn more|find out more|continue reading|next|previous|leggi anche|lesen sie auch|mehr zum thema|lea también|lire aussi|leia (?:também|mais)|veja também|read the full|full story|follow)(?-u:\b).{0,30}?(?::|\||–|-|»|>|$|(?-u:\b))"
    );
    static CHINESE: Pattern = pattern!(
        r"^[\s\p{P}]*(?:相关(?:阅读|新闻|链接|报道|文章|推荐|专题)|延伸阅读|推荐阅读|此前报道|更多(?:阅读|新闻|精彩|内容)|点击(?:进入|查看|阅读)|阅读原文|查看更多|扩展阅读|热门推荐|猜你喜欢|上一篇|下一篇|专题|视频)"
    );
    ENGLISH.is_match(text) || CHINESE.is_match(text)
}

/// Lines that lead to another article or to the list of them: with a link in the line, or as a label.
fn leads(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        let is_line = !node.is_text() && node.is_block() && node.chars > 0 && node.chars < 200 && !tree.is_gone(row);
        if is_line && tree.link_share(row) > 0.4 && node.stops <= 1 && !is_cell(tree, row) && is_lead(&tree.text(row)) {
            tree.drop(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [&NEVER, &CLUTTER, &COMMENTS, &ABOUT, &WRAPPERS] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn lines_over_other_articles_are_told_from_headings_of_the_text() {
        for line in [
            "Related stories",
            "You may also like...",
            "More from the region",
            "Comments (12)",
            "相关阅读",
            "热门排行",
            "延伸 · 推荐",
        ] {
            assert!(is_tail(line), "{line}");
        }
        for line in [
            "Related industries",
            "More trains than ever before went to Europe",
            "评论员文章",
            "相关部门负责人",
            "Recent growth",
        ] {
            assert!(!is_tail(line), "{line}");
        }
    }
}
