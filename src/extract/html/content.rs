//! Which part of a page is its main text: the body container of a known publishing system when it
//! holds enough text, else what a readability-style extractor chooses. What is clutter within it is
//! for [`super::prune`].

use super::prune;
use super::tree::Tree;
use dom_query::Document;
use dom_smoothie::{Config, Readability};

/// Body containers of the publishing systems that government and news sites run on: class names and
/// ids, in lower case.
const CONTAINERS: &[&str] = &[
    "ucap-content",
    "trs_editor",
    "trs_editor_view",
    "zoom",
    "rwb_zw",
    "p-detail",
    "endtext",
    "artibody",
    "js_content",
    "v_news_content",
    "contentbody",
    "cnt-main-article-qq",
    "main_content",
    "article_inbox",
    "vsb_content",
    "wp_articlecontent",
    "ozoom",
    "mdf",
    "pages_content",
    "detailcontent",
    "bt-content",
    "newscontent",
    "rm_txt_con",
];
/// A container with less text than this many characters does not hold an article by itself.
const CONTAINER_CHARS_MIN: usize = 150;
/// Marks an element for the extractor, which gives back another tree.
const ROW: &str = "data-row";
/// Of a page without an article, no more than this many characters are shown.
const FALLBACK_CHARS_MAX: usize = 20_000;

/// Chooses the main part and drops all else in `tree`. The row of the box that holds all that is kept.
pub fn choose(document: &Document, tree: &mut Tree) -> Option<usize> {
    prune::before_choice(tree, document);
    let root = match container(tree) {
        Some(row) => row,
        None => match readable(document, tree) {
            Some(row) => row,
            // Small pages only: of a large page without an article, nothing is better than everything.
            None if tree.nodes[0].chars <= FALLBACK_CHARS_MAX => 0,
            None => return None,
        },
    };
    prune::within(tree, root);
    Some(root)
}

/// The known container with the most running text.
fn container(tree: &Tree) -> Option<usize> {
    tree.kept(0)
        .filter(|row| tree.nodes[*row].marks.split_whitespace().any(|m| CONTAINERS.contains(&m)))
        .filter(|row| tree.nodes[*row].chars >= CONTAINER_CHARS_MIN && tree.link_share(*row) < 0.5)
        .max_by_key(|row| tree.nodes[*row].chars)
}

/// What the extractor keeps. It works on a copy of the page whose elements carry their rows, and the
/// rows that come back tell what it kept.
fn readable(document: &Document, tree: &mut Tree) -> Option<usize> {
    let copy = document.clone();
    for (row, node) in tree.nodes.iter().enumerate().filter(|(_, n)| !n.is_text()) {
        if let Some(element) = copy.tree.get(&node.id) {
            if node.dropped {
                element.remove_from_parent();
            } else {
                element.set_attr(ROW, &row.to_string());
            }
        }
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    let content = Readability::with_document(copy, None, Some(config)).ok()?.parse().ok()?.content;
    let survivors: Vec<usize> =
        content.split("data-row=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
    retain(tree, &survivors)
}

/// Drops what has nothing of `rows` in it; the innermost box around all of them.
fn retain(tree: &mut Tree, rows: &[usize]) -> Option<usize> {
    let rows: Vec<usize> = rows.iter().copied().filter(|r| *r < tree.nodes.len()).collect();
    let mut alive = vec![false; tree.nodes.len()];
    for row in &rows {
        alive[*row] = true;
    }
    let (first, last) = (*rows.iter().min()?, *rows.iter().max()?);
    let root = std::iter::once(first).chain(tree.ancestors(first)).find(|r| tree.nodes[*r].end > last)?;
    let mut holds = alive.clone();
    for row in (root + 1..tree.nodes[root].end).rev() {
        if holds[row] {
            holds[tree.nodes[row].parent] = true;
        }
    }
    let dropped: Vec<usize> = (root + 1..tree.nodes[root].end)
        .filter(|&row| {
            let node = &tree.nodes[row];
            if node.is_text() || holds[row] {
                return false;
            }
            // The extractor unwraps inline elements: they live where their box lives.
            node.is_block() || !alive[node.parent]
        })
        .collect();
    for row in dropped {
        tree.drop(row);
    }
    // Loose text in boxes that only hold what lives, such as a wrapper of all.
    let loose: Vec<usize> = (root + 1..tree.nodes[root].end)
        .filter(|&row| tree.nodes[row].is_text() && tree.nodes[row].parent <= root && !alive[root])
        .collect();
    for row in loose {
        tree.drop(row);
    }
    Some(root)
}
