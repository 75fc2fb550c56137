use super::*;
use crate::query::meaning::{Lexical, Widening};
use crate::vocab::Vocabulary;

fn parsed(query: &str) -> Result<Option<Node>> {
    let plain = Widening { expand: false, also: None, places: false };
    parse(query, &mut Lexical::new(Vocabulary::builtin(), plain))
}

#[track_caller]
fn check(query: &str, expected: &str) {
    let node = parsed(query).unwrap_or_else(|e| panic!("{query}: {e}"));
    assert_eq!(node.map(|n| format!("{n:#}")).unwrap_or_default(), expected, "{query}");
}

#[track_caller]
fn check_error(query: &str, at: usize) {
    match parsed(query) {
        Err(Error::BadQuery { at: found, .. }) => assert_eq!(found, at, "{query}"),
        other => panic!("{query} gave {other:?}"),
    }
}

#[test]
fn words_phrases_signs_and_operators() {
    check("dry port", "(dri port)");
    check("\"dry ports\"", "\"dri port\"");
    check("“dry port”", "\"dri port\"");
    check("+dry -port x", "(+dri x -port)");
    check("rail OR road", "(rail OR road)");
    check("rail AND road OR sea", "((+rail +road) OR sea)");
    check("rail AND NOT road", "(+rail -road)");
    check("(rail) AND (NOT road)", "(+rail +(-road))");
    check("rail (road sea)", "(rail (road sea))");
    check("NOT rail", "(-rail)");
    check("NOT (rail OR road)", "(-(rail OR road))");
    check("rail OR -coal", "(rail OR (-coal))");
    check("rail OR NOT coal", "(rail OR (-coal))");
    check("NOT coal OR rail", "((-coal) OR rail)");
    check("-coal OR rail AND port", "((-coal) OR (+rail +port))");
    check("coal AND rail OR NOT port", "((+coal +rail) OR (-port))");
    check("Xinjiang –Europe", "(xinjiang europ)");
    check("title:port rail", "(rail title:port)");
    check("title:(dry port)", "(title:dri title:port)");
    check("title:\"dry port\"", "title:\"dri port\"");
    check("", "");
    check("…  ！", "");
    check("\"\" ()", "");
}

#[test]
fn in_quotes_a_star_is_any_letters_too() {
    check("\"land por*\"", "\"land por*\"");
    check("\"l*d ports\"", "\"l*d port\"");
    check("\"land por*\"~3", "[land por*]~3");
    check("=\"dry por*\"", "\"=dry por*\"");
    check("\"陆港* port\"", "\"陆港 port\"");
    check("\"dry * port\"", "\"dri port\"");
    check("\"dry port\"", "\"dri port\"");
    check_error("\"the by-elect*\"", 5);
}

#[test]
fn what_is_typed_as_one_word_stays_together() {
    check("China-Europe", "\"china europ\"");
    check("COVID-19 R&D U.S.", "(\"covid 19\" \"r d\" \"u s\")");
    check("\"COVID-19\"", "\"covid 19\"");
    check("government's 2,000", "(govern 2000)");
    check("ＣＯＶＩＤ", "covid");
    check("rail - road", "(rail road)");
    check("http://a.b/c", "\"http a b c\"");
    check("10~20", "\"10 20\"");
    check("and/or", "\"and or\"");
}

#[test]
fn common_words_are_left_out_beside_others() {
    check("the port of Urumqi", "(port urumqi)");
    check("the of", "(the of)");
    check("the \"dry port\"", "\"dri port\"");
    check("+the port", "(+the port)");
}

#[test]
fn windows_in_any_order_or_as_written() {
    check("\"dry port\"~5", "[dri port]~5");
    check("\"dry port\"->5", "[dri port]->5");
    check("dry NEAR/5 port", "[dri port]~5");
    check("dry NEAR/1 port", "[dri port]~2");
    check("(rail OR road) NEAR/3 \"dry port\"", "[(rail OR road) \"dri port\"]~3");
    check("a1 NEAR/5 b1 NEAR/3 c1", "[[a1 b1]~5 c1]~3");
    check("a1 NEAR/5 b1 AND c1", "(+[a1 b1]~5 +c1)");
    check("port* NEAR/3 dry~", "[port* dry~]~3");
    check("title:(dry NEAR/2 port)", "[title:dri port]~2".replace("[title:dri", "title:[dri").as_str());
    check("\"COVID-19 cases\"~6", "[\"covid 19\" case]~6");
    check("NEAR KASHGAR", "(near kashgar)");
}

#[test]
fn words_that_stand_for_others() {
    check("port*", "port*");
    check("Ports*", "Ports*");
    check("p?rt wom*n *port", "(p?rt wom*n *port)");
    check("what is a dry port?", "(dri port)");
    check("urumqi~ urumqi~1", "(urumqi~ urumqi~1)");
    check("/ports?/ /usr/lib", "(\"usr lib\" /ports?/)");
    check("=ports =\"Dry Ports\"", "(=ports \"=dry =ports\")");
    check("title:=ports", "title:=ports");
}

#[test]
fn fields_keep_passages() {
    check("port year:2018..2020", "(port year:2018..2020)");
    check("region:Xinjiang", "region:650000");
    check("region:(Xinjiang OR \"Inner Mongolia\") port", "(port region:650000|150000)");
    check("NOT kind:news", "(-kind:news)");
    check("lang:zh path:reports/**", "(lang:zh path:reports/**)");
}

#[test]
fn ideographs_are_pairs_in_order() {
    check("陆港", "陆港");
    check("无水港", "\"无水港\"");
    check("無水港", "\"无水港\"");
    check("港", "港");
    check("陆港*", "陆港");
    check("国?陆港", "\"国?陆港\"");
    check("GDP增长", "\"gdp增长\"");
    check("（陆港　铁路）", "(陆港 铁路)");
    check("建设（一期", "\"建设一期\"");
    check("“一带 一路", "(一带 一路)");
}

#[test]
fn mistakes_are_pointed_at() {
    check_error("(a", 0);
    check_error("a)", 1);
    check_error("x \"open", 2);
    check_error("a OR", 2);
    check_error("OR a", 0);
    check_error("a AND", 2);
    check_error("a NOT", 2);
    check_error("a-b*", 0);
    check_error("*", 0);
    check_error("health:x", 0);
    check_error("x fuzzy~3", 7);
    check_error("陆港~1", 0);
    check_error("\"a b\"~", 5);
    check_error("\"a b\"~0", 5);
    check_error("a NEAR/9999 b", 2);
    check_error("a NEAR/5", 2);
    check_error("NEAR/5 a", 0);
    check_error("a NEAR/5 (b AND c)", 9);
    check_error("title:a NEAR/5 b", 8);
    check_error("year:20x", 5);
    check_error("region:Shanxii", 7);
    check_error("/(/", 0);
    check_error(&"(".repeat(1000), 32);
    check_error(&"a ".repeat(1000), 512);
    check_error(&"a".repeat(5000), 60);
    check_error(&"a* ".repeat(17), 48);
}

proptest::proptest! {
    #[test]
    fn any_text_is_understood_or_refused(text in "\\PC{0,60}|[a1(\")*+: ~=>?/NEARNOT新陆“”（）-]{0,60}") {
        match parsed(&text) {
            Ok(node) => drop(node.map(|n| n.to_string())),
            Err(Error::BadQuery { at, reason, .. }) => {
                assert!(at <= text.chars().count());
                assert!(!reason.contains('\n'), "{reason}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}
