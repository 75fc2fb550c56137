//! Control words that begin a destination: a group whose text goes elsewhere.

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into the story it stands in.
    Text,
    /// Nowhere, but parts of it may: a drawing with text in it.
    Silent,
    /// The table of fonts.
    Fonts,
    /// The table of styles.
    Styles,
    /// The file's properties.
    Properties,
    /// A property of it.
    Title,
    /// A property of it.
    Author,
    /// A property of it, in numbers.
    Created,
    /// The label that a list gives to the paragraph.
    Label,
    /// A note to the text.
    Note,
    /// A running header or footer.
    Running,
    /// The text of a drawing.
    TextBox,
}

/// Destinations whose text is none of the document's. Those with `\*` before them are left out without
/// being named here.
const SKIPPED: &[&[u8]] = &[
    b"aftncn",
    b"aftnsep",
    b"aftnsepc",
    b"annotation",
    b"atnauthor",
    b"atndate",
    b"atnicn",
    b"atnid",
    b"atnparent",
    b"atnref",
    b"atntime",
    b"atrfend",
    b"atrfstart",
    b"background",
    b"bkmkend",
    b"bkmkstart",
    b"blipuid",
    b"colorschememapping",
    b"colortbl",
    b"datafield",
    b"datastore",
    b"defchp",
    b"defpap",
    b"docvar",
    b"falt",
    b"filetbl",
    b"fldinst",
    b"fldtype",
    b"formfield",
    b"ftncn",
    b"ftnsep",
    b"ftnsepc",
    b"generator",
    b"keycode",
    b"keywords",
    b"latentstyles",
    b"listoverridetable",
    b"listpicture",
    b"listtable",
    b"mmath",
    b"nextfile",
    b"nonesttables",
    b"nonshppict",
    b"objalias",
    b"objclass",
    b"objdata",
    b"objname",
    b"objsect",
    b"objtime",
    b"oldcprops",
    b"oldpprops",
    b"oldsprops",
    b"oldtprops",
    b"panose",
    b"pgp",
    b"pgptbl",
    b"picprop",
    b"pict",
    b"pn",
    b"pnseclvl",
    b"pntxta",
    b"pntxtb",
    b"private",
    b"protusertbl",
    b"revtbl",
    b"rsidtbl",
    b"rxe",
    b"shppict",
    b"shprslt",
    b"sn",
    b"sp",
    b"sv",
    b"tc",
    b"tcn",
    b"template",
    b"themedata",
    b"txe",
    b"userprops",
    b"wgrffmtfilter",
    b"xe",
    b"xmlnstbl",
];

/// What a word that stands first in a group makes of the group: a destination, or nothing that is read.
/// None: the word begins no destination. `outer` is where the group stands.
pub fn destination(word: &[u8], outer: Destination) -> Option<Option<Destination>> {
    use Destination::*;
    let known = match word {
        b"fonttbl" => Fonts,
        b"stylesheet" => Styles,
        b"info" => Properties,
        b"title" if outer == Properties => Title,
        b"author" if outer == Properties => Author,
        b"creatim" if outer == Properties => Created,
        b"listtext" | b"pntext" => Label,
        b"footnote" => Note,
        b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl" | b"footerr" | b"footerf" => Running,
        b"shpinst" | b"do" | b"shpgrp" => Silent,
        b"shptxt" | b"dptxbxtext" => TextBox,
        // What a reader sees of a field or an object, and what is said in Unicode, goes where it stands.
        b"fldrslt" | b"result" | b"upr" | b"ud" | b"nesttableprops" => outer,
        _ if outer == Properties => return Some(None),
        _ => return SKIPPED.binary_search(&word).is_ok().then_some(None),
    };
    Some(Some(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(SKIPPED.is_sorted());
        assert_eq!(destination(b"pict", Destination::Text), Some(None));
        assert_eq!(destination(b"title", Destination::Text), None);
        assert_eq!(destination(b"title", Destination::Properties), Some(Some(Destination::Title)));
        assert_eq!(destination(b"b", Destination::Text), None);
    }
}
