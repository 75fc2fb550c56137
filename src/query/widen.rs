//! Words → other words for the same, by the glossary.

use super::{Added, Also, Leaf, Node, Pattern, Target, words};
use crate::analysis::{TokenKind, analyse, is_ideograph};
use crate::vocab::{Concept, Vocabulary};

/// Weight of a term that was added, against the one that was typed.
const ADDED_WEIGHT: f32 = 0.3;
/// The same for one in another language, which no word that was typed can find.
const FOREIGN_WEIGHT: f32 = 0.6;
/// Terms that a concept adds in each language.
const TERMS_MAX: usize = 12;
/// Concepts that a query is widened by: each term is another phrase to look for.
const CONCEPTS_MAX: usize = 12;

/// What stands for the same as a stretch of a text.
pub struct Widened {
    /// The terms, to be looked for.
    pub nodes: Vec<Node>,
    /// The same, for a reader.
    pub added: Vec<Added>,
}

/// Other terms for the concepts that a text names, the longest names first from left to right.
/// `own`: in the language of the name; `also`: in these languages. `whole`: only if the name is all of the text.
pub fn widen(
    text: &str,
    target: Target,
    vocabulary: &Vocabulary,
    own: bool,
    also: Option<Also>,
    whole: bool,
) -> Widened {
    let mut out = Widened { nodes: Vec::new(), added: Vec::new() };
    let tokens = analyse(text);
    let list: Vec<_> = tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Single)).collect();
    let forms: Vec<&str> = list.iter().map(|t| tokens.form(t)).collect();
    let written: Vec<&str> = list.iter().map(|t| &text[t.start..t.end]).collect();
    let mut at = 0;
    while at < list.len() && out.added.len() < CONCEPTS_MAX {
        let Some(found) = vocabulary.glossary.find(&forms, &written, at) else {
            at += 1;
            continue;
        };
        let typed = &text[list[at].start..list[at + found.length - 1].end];
        at += found.length;
        if whole && found.length < list.len() {
            break;
        }
        for concept in found.concepts {
            let (leaves, terms) = of_concept(concept, typed, target, own, also);
            if !leaves.is_empty() {
                out.added.push(Added { typed: typed.to_string(), concept: concept.slug.to_string(), terms });
                out.nodes.extend(leaves.into_iter().map(Node::Leaf));
            }
        }
    }
    out
}

/// A leaf for each language, of which any term will do: a text that has several does not count more. And the terms.
fn of_concept(
    concept: &Concept,
    typed: &str,
    target: Target,
    own: bool,
    also: Option<Also>,
) -> (Vec<Leaf>, Vec<String>) {
    let chinese = typed.chars().any(is_ideograph);
    let mut known: Vec<Pattern> = words::phrase(typed, false).into_iter().collect();
    let (mut leaves, mut all) = (Vec::new(), Vec::new());
    for (terms, is_chinese) in [(&concept.english, false), (&concept.chinese, true)] {
        let same = is_chinese == chinese;
        let asked =
            matches!((also, is_chinese), (Some(Also::All), _) | (Some(Also::Zh), true) | (Some(Also::En), false));
        if !(asked || own && same) {
            continue;
        }
        let from = known.len();
        for term in terms.iter().filter(|t| !is_vague(concept, t)) {
            let Some(pattern) = words::phrase(term, false).filter(|p| !known.contains(p)) else { continue };
            known.push(pattern);
            all.push(term.to_string());
            if known.len() == from + TERMS_MAX {
                break;
            }
        }
        let patterns = known[from..].to_vec();
        if !patterns.is_empty() {
            let weight = if same { ADDED_WEIGHT } else { FOREIGN_WEIGHT };
            let added = Some(concept.slug.to_string());
            let name = format!("{}={typed}", if is_chinese { "zh" } else { "en" });
            leaves.push(Leaf { weight, added, ..Leaf::typed(target, Pattern::Any(patterns), name) });
        }
    }
    (leaves, all)
}

/// A single word that means other things as often: `port` for a dry port.
fn is_vague(concept: &Concept, term: &str) -> bool {
    !term.contains(' ') && !term.chars().any(is_ideograph) && concept.reached.iter().any(|t| t == term)
}
