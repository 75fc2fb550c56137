//! Exactly what matched: the same analyser over the text, the same terms as the engine was asked for.

use crate::analysis::{self, TokenKind, Tokens};
use crate::query::{Leaf, Node, Pattern, Target};
use std::collections::HashMap;
use std::ops::Range;

/// The ranges of `text`, in bytes, that make the query match there: phrases as phrases, in order,
/// overlapping ones joined. `target` tells what the text is; a title and a heading are also looked
/// at by leaves for any field. Excluded words mark nothing.
pub fn highlights(node: &Node, target: Target, text: &str) -> Vec<Range<usize>> {
    let leaves: Vec<&Leaf> =
        node.positive_leaves().into_iter().filter(|l| l.target == target || l.target == Target::Any).collect();
    if leaves.is_empty() {
        return Vec::new();
    }
    let several = leaves.len() > 1;
    let tokens = analysis::analyse(text);
    let at_position = positions(&tokens);
    let mut out = Vec::new();
    for leaf in leaves {
        match &leaf.pattern {
            // A word such as "the" beside others was left out of the search.
            Pattern::Term(term) if several && analysis::is_stop_word(term) => {}
            Pattern::Term(term) => out.extend(tokens.iter().filter(|t| tokens.form(t) == term).map(|t| t.start..t.end)),
            Pattern::Phrase(terms) => phrase(&tokens, &at_position, terms, &mut out),
            Pattern::Prefix(prefix) => {
                let words = tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Form));
                out.extend(words.filter(|t| tokens.form(t).starts_with(prefix.as_str())).map(|t| t.start..t.end));
            }
            Pattern::Run(terms) => {
                let wanted = |t: &&analysis::Token| terms.iter().any(|(_, form)| tokens.form(t) == form);
                out.extend(tokens.iter().filter(wanted).map(|t| t.start..t.end));
            }
        }
    }
    joined(out)
}

/// The tokens at each position.
fn positions(tokens: &Tokens) -> HashMap<usize, Vec<&analysis::Token>> {
    let mut out: HashMap<usize, Vec<&analysis::Token>> = HashMap::with_capacity(tokens.len());
    for token in tokens.iter() {
        out.entry(token.position).or_default().push(token);
    }
    out
}

fn phrase(
    tokens: &Tokens,
    at_position: &HashMap<usize, Vec<&analysis::Token>>,
    terms: &[(usize, String)],
    out: &mut Vec<Range<usize>>,
) {
    let Some((first_at, first)) = terms.first() else { return };
    for start in tokens.iter().filter(|t| tokens.form(t) == first) {
        let mut end = start.end;
        let follows = terms[1..].iter().all(|(at, form)| {
            let here = at_position.get(&(start.position + at - first_at));
            match here.and_then(|list| list.iter().find(|t| tokens.form(t) == form)) {
                Some(token) => {
                    end = end.max(token.end);
                    true
                }
                None => false,
            }
        });
        if follows {
            out.push(start.start..end);
        }
    }
}

/// In order, overlapping ranges as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[track_caller]
    fn check(query: &str, marked: &str) {
        let text = marked.replace(['[', ']'], "");
        let node = parse(query).unwrap().unwrap();
        let mut shown = String::new();
        let mut from = 0;
        for range in highlights(&node, Target::Any, &text) {
            shown += &format!("{}[{}]", &text[from..range.start], &text[range.clone()]);
            from = range.end;
        }
        assert_eq!(shown + &text[from..], marked, "{query}");
    }

    #[test]
    fn a_phrase_is_marked_as_a_phrase() {
        check("\"dry port\"", "The [Dry Port] in a dry place by a port. [dry ports]");
        check("\"dry port\"", "dry, then a port");
        check("\"dry port\"", "a [dry-port] and a [dry\nport]");
        check("“Belt and Road”", "the “[Belt and Road]” and a belt");
        check("China-Europe", "[China-Europe] trains in China");
    }

    #[test]
    fn words_prefixes_and_exclusions() {
        check("dry port", "The [dry] [ports]’ [port]");
        check("the port", "the [port]");
        check("the", "[the] port");
        check("port* -dry", "[ports] of [Portugal], dry");
        check("transportat*", "[transportation] and transport");
        check("title:port", "port");
    }

    #[test]
    fn ideographs_are_marked_on_the_original_characters() {
        check("陆港", "国际[陆港]区的[陸港]");
        check("无水港", "[無水港]不是水港");
        check("港", "[港]口");
        check("新疆陆港", "[新疆陆港]，[新疆]陆港在[新疆]".replace("，[新疆]陆港在[新疆]", "，新疆的陆港").as_str());
        check("新疆陆港建设", "在[新疆]的[陆港]，[建设]");
    }

    #[test]
    fn overlapping_matches_are_joined() {
        check("\"a b\" \"b c\"", "x [a b c] y");
    }
}
