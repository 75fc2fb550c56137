//! What is never main text, and the clutter inside the chosen part.

use super::tree::Tree;
use dom_query::Document;

/// Elements that are never running text, wherever they stand.
const NEVER: &[&str] = &[
    "script", "style", "noscript", "nav", "form", "button", "select", "input", "textarea", "iframe", "object", "embed",
    "svg", "canvas", "template", "audio", "video", "map", "dialog",
];
/// Class names and ids of what stands beside or below an article; compared with whole words of them.
const CLUTTER: &[&str] = &[
    "related",
    "recommend",
    "recommended",
    "share",
    "sharing",
    "social",
    "comment",
    "comments",
    "advert",
    "advertisement",
    "ads",
    "ad",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "newsletter",
    "subscribe",
    "subscription",
    "cookie",
    "promo",
    "copyright",
    "hot",
    "hotnews",
    "toolbar",
    "pagination",
    "zebian",
    "bdsharebuttonbox",
    "xgxw",
    "tags",
    "footer",
    "sponsor",
    "popular",
    "trending",
];
/// A box with a marked class and more text than this, in characters, wraps the article.
const MARKED_CHARS_MAX: usize = 600;
/// Above this share of link text, a list or box is navigation.
const LINK_SHARE_MAX: f64 = 0.6;

/// Drops what is no text on any page, and boxes that say they are no part of the article.
pub fn before_choice(tree: &mut Tree, document: &Document) {
    let all = tree.nodes[0].chars;
    for row in 1..tree.nodes.len() {
        let node = &tree.nodes[row];
        if node.is_text() {
            continue;
        }
        let never = NEVER.contains(&&*node.name) && (&*node.name != "form" || node.chars * 2 < all);
        if never || is_hidden(tree, row, document) && node.chars * 2 < all {
            tree.drop(row);
        }
    }
    side_cells(tree);
    for row in 1..tree.nodes.len() {
        let node = &tree.nodes[row];
        // A box so marked may still wrap the article itself.
        if !node.is_text() && node.is_block() && node.chars < MARKED_CHARS_MAX && node.mark_words().any(|w| CLUTTER.contains(&w)) {
            tree.drop(row);
        }
    }
}

fn is_hidden(tree: &Tree, row: usize, document: &Document) -> bool {
    let Some(node) = document.tree.get(&tree.nodes[row].id) else { return false };
    node.has_attr("hidden")
        || node.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
        || node.attr("role").is_some_and(|role| matches!(&*role, "navigation" | "search" | "menu" | "dialog" | "complementary"))
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

/// Drops the clutter of the chosen part.
pub fn within(tree: &mut Tree, root: usize) {
    for row in tree.subtree(root).skip(1) {
        let node = &tree.nodes[row];
        if node.is_text() || node.chars == 0 || tree.is_gone(row) {
            continue;
        }
        let frame = matches!(&*node.name, "header" | "footer" | "aside");
        let is_navigation = node.links >= 3 && tree.link_share(row) > LINK_SHARE_MAX;
        if frame || is_navigation {
            tree.drop(row);
        }
    }
}
