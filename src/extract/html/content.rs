//! Which part of a page is its main text: the body container of a known publishing system when it
//! holds enough text, else what a readability-style extractor chooses. What is clutter within it is
//! for [`super::prune`].

use super::names::Names;
use super::prune;
use super::tree::Tree;
use dom_query::Document;
use dom_smoothie::{Config, Readability};

/// Body containers of the publishing systems that government and news sites run on: class names and
/// ids, in lower case.
static CONTAINERS: Names = Names::of(&[
    "artibody",
    "article_inbox",
    "bt-content",
    "cnt-main-article-qq",
    "contentbody",
    "detailcontent",
    "endtext",
    "js_content",
    "main_content",
    "mdf",
    "newscontent",
    "ozoom",
    "p-detail",
    "pages_content",
    "rm_txt_con",
    "rwb_zw",
    "trs_editor",
    "trs_editor_view",
    "ucap-content",
    "v_news_content",
    "vsb_content",
    "wp_articlecontent",
    "zoom",
]);
/// Names of body containers that many publishing systems share. Pages have several of them, or call
/// a teaser so: one is believed if it holds most of the page's running text.
static COMMON_CONTAINERS: Names = Names::of(&[
    "art_con",
    "art_content",
    "article-body",
    "article-con",
    "article-content",
    "article-detail",
    "article-inner",
    "article-main",
    "article-text",
    "article__body",
    "article__content",
    "article__text",
    "article_body",
    "article_content",
    "article_txt",
    "articlebody",
    "articlecont",
    "articlecontent",
    "articletext",
    "body-content",
    "body-text",
    "bodytext",
    "con_text",
    "content-article",
    "content-text",
    "content_area",
    "content_txt",
    "contenttext",
    "conttxt",
    "detail-content",
    "detail_content",
    "details-content",
    "entry-body",
    "entry-content",
    "entry_content",
    "entrycontent",
    "field-name-body",
    "info-content",
    "left_zw",
    "main-text",
    "maincontent",
    "nei_rong",
    "neirong",
    "news-body",
    "news-content",
    "news_content",
    "newsbody",
    "newstext",
    "pages-content",
    "post-body",
    "post-content",
    "post-entry",
    "post__content",
    "post_content",
    "postcontent",
    "rich_media_content",
    "single-content",
    "story-body",
    "story-content",
    "story-text",
    "story__body",
    "story_body",
    "storybody",
    "storytext",
    "td-post-content",
    "text-content",
    "textcontent",
    "view-content",
    "xl_content",
    "zhengwen",
]);
/// The share of a page's running text that a container by a common name must hold.
const COMMON_SHARE_MIN: f64 = 0.75;
/// A box with this share of the running text of the box around it is looked into instead of that.
const DESCENT_SHARE_MIN: f64 = 0.8;
/// A container with less text than this many characters does not hold an article by itself.
const CONTAINER_CHARS_MIN: usize = 150;
/// An extractor that keeps less than this share of the densest box has chosen something else.
const READABLE_SHARE_MIN: f64 = 0.25;
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
            None if tree.nodes[0].prose >= CONTAINER_CHARS_MIN => densest(tree),
            // Small pages only: of a large page without an article, nothing is better than everything.
            None if tree.nodes[0].chars <= FALLBACK_CHARS_MAX => 0,
            None => return None,
        },
    };
    prune::within(tree, root);
    Some(root)
}

/// The known container with the most running text, else the one, or those, that go by a common name.
fn container(tree: &mut Tree) -> Option<usize> {
    let named = |tree: &Tree, names: &Names| -> Option<usize> {
        tree.kept(0)
            .skip(1)
            .filter(|row| tree.marks(*row).split_whitespace().any(|m| names.has(m)))
            .filter(|row| tree.nodes[*row].chars >= CONTAINER_CHARS_MIN && tree.link_share(*row) < 0.5)
            // The inner one of two that hold the same.
            .max_by_key(|row| (tree.nodes[*row].prose, *row))
    };
    if let Some(row) = named(tree, &CONTAINERS) {
        return Some(row);
    }
    let best = named(tree, &COMMON_CONTAINERS)?;
    let enough = COMMON_SHARE_MIN * tree.nodes[0].prose as f64;
    if tree.nodes[best].prose as f64 >= enough {
        return Some(best);
    }
    // An article in several pieces: the others go by the same name.
    let name = tree.marks(best).split_whitespace().find(|m| COMMON_CONTAINERS.has(m))?.to_string();
    let mut pieces: Vec<usize> = Vec::new();
    for row in tree.kept(0).skip(1).filter(|row| tree.marks(*row).split_whitespace().any(|m| m == name)) {
        if pieces.last().is_none_or(|last| tree.nodes[*last].end <= row) {
            pieces.push(row);
        }
    }
    let prose: usize = pieces.iter().map(|r| tree.nodes[*r].prose).sum();
    if (prose as f64) < enough {
        return None;
    }
    // Their texts are named, too: of a box that is kept for what it holds, loose text goes.
    let rows: Vec<usize> = pieces.iter().flat_map(|p| tree.subtree(*p)).collect();
    retain(tree, &rows)
}

/// From the body down to the box that holds nearly all of the running text of the one around it.
fn densest(tree: &Tree) -> usize {
    let mut row = 0;
    loop {
        let enough = tree.nodes[row].prose as f64 * DESCENT_SHARE_MIN;
        match tree.children(row).filter(|c| !tree.nodes[*c].dropped).find(|c| tree.nodes[*c].prose as f64 > enough) {
            Some(child) if !tree.nodes[child].is_text() && tree.nodes[child].is_block() => row = child,
            _ => return row,
        }
    }
}

/// What the extractor keeps. It works on a copy of the page whose elements carry their rows, and the
/// rows that come back tell what it kept.
fn readable(document: &Document, tree: &mut Tree) -> Option<usize> {
    let copy = document.clone();
    for (row, node) in tree.nodes.iter().enumerate() {
        let Some(copied) = copy.tree.get(&node.id) else { continue };
        if node.is_text() {
            if !tree.runs(row).is_empty() {
                copied.set_text(tree.text_at(row));
            }
        } else if node.dropped {
            copied.remove_from_parent();
        } else if node.is_block() {
            copied.set_attr(ROW, &row.to_string());
        }
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    let content = Readability::with_document(copy, None, Some(config)).ok()?.parse().ok()?.content;
    let mut survivors: Vec<usize> =
        content.split("data-row=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
    survivors.sort_unstable();
    // It works with the lengths of paragraphs, and can miss a text that has none.
    let prose: usize = survivors.iter().map(|row| tree.nodes.get(*row).map_or(0, |n| n.prose)).max().unwrap_or(0);
    if (prose as f64) < READABLE_SHARE_MIN * tree.nodes[densest(tree)].prose as f64 {
        return None;
    }
    // A box of loose lines comes back as a paragraph without a row: it is known by its first words.
    let unnamed: Vec<usize> = (1..tree.nodes.len())
        .filter(|row| tree.nodes[*row].is_text() && tree.nodes[*row].prose > 0 && !tree.is_gone(*row))
        .filter(|row| survivors.binary_search(&tree.nodes[*row].parent).is_err())
        .filter(|row| {
            let words = tree.text_at(*row).trim();
            let head = words.char_indices().nth(24).map_or(words, |(at, _)| &words[..at]);
            !head.contains(['&', '<', '>', '\u{a0}']) && content.contains(head)
        })
        .map(|row| tree.nodes[row].parent)
        .collect();
    retain(tree, &[survivors, unnamed].concat())
}

/// Drops what has nothing of `rows` in it; the innermost box around all of them.
fn retain(tree: &mut Tree, rows: &[usize]) -> Option<usize> {
    let rows: Vec<usize> = rows.iter().copied().filter(|r| *r < tree.nodes.len()).collect();
    let mut alive = vec![false; tree.nodes.len()];
    for row in &rows {
        alive[*row] = true;
    }
    for row in 1..tree.nodes.len() {
        // Inline elements live where their box lives.
        let node = &tree.nodes[row];
        alive[row] |= !node.is_text() && !node.is_block() && alive[node.parent];
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
            !alive[row]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(CONTAINERS.is_sorted() && COMMON_CONTAINERS.is_sorted());
    }
}
