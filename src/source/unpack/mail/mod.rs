//! Mail: one message with its attachments (EML), a box of messages (MBOX), a saved page (MHTML).
//!
//! Out of a message: its text as one member, each attachment as another; a mail that is attached is
//! a container itself. Pictures within the text, signatures and invitations are passed over.

mod mbox;
mod mhtml;
mod mime;
mod transfer;

pub use mbox::CONTAINER as MBOX;
pub use mhtml::CONTAINER as MHTML;

use super::{Container, Sink, placed, web};
use crate::decode;
use crate::error::Problem;
use crate::model::Origin;
use crate::source::{Blob, Head};
use mime::{Body, Leaf, Part};
use std::borrow::Cow;

/// One message.
pub const EML: Container = Container {
    name: "mail",
    extensions: &["eml"],
    is_binary: false,
    recognises: |head: &Head| is_head(head.start()),
    unpack,
};

/// The address of a message's own text.
const MESSAGE: &str = "message";
/// The plain text of a message is taken if it has at least this share of the letters of its HTML:
/// of a newsletter, the plain text often only says that there is more to see.
const PLAIN_SHARE_MIN: f64 = 0.7;

/// Whether a text begins with the head of a mail: nothing but fields, two of them well known, one of
/// which only programs write. A memo that begins with From and To is no mail.
fn is_head(start: &str) -> bool {
    const WRITTEN: &[&str] = &["from", "to", "cc", "date", "subject", "sender", "reply-to"];
    const MADE: &[&str] = &[
        "mime-version",
        "received",
        "return-path",
        "message-id",
        "delivered-to",
        "dkim-signature",
        "content-type",
        "content-transfer-encoding",
        "authentication-results",
        "x-mailer",
        "x-originating-ip",
        "received-spf",
        "arc-seal",
        "snapshot-content-location",
        "envelope-to",
        "x-received",
        "x-gm-thrid",
    ];
    let (mut written, mut made) = (0, 0);
    for line in start.lines().take_while(|l| !l.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            break;
        }
        let name = name.to_ascii_lowercase();
        written += usize::from(WRITTEN.contains(&name.as_str()));
        made += usize::from(MADE.contains(&name.as_str()));
    }
    made >= 1 && made + written >= 2
}

/// A whole file as bytes that a mail reader takes: not UTF-16.
fn as_mail(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || bytes.get(..64).is_some_and(|h| h.contains(&0))
    {
        return Cow::Owned(decode::text(bytes, None).into_owned().into_bytes());
    }
    Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start())
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let bytes = as_mail(&blob.bytes);
    let (head, part) = mime::message(&bytes);
    let mut found = Found::default();
    found.take(part, false);
    let body = Body::joined(found.bodies).filter(|b| !b.is_blank());
    let message = body.map(|body| {
        let mut blob = match body {
            Body::Plain(text) => Blob::member("message.txt", transfer::without_signature(&text)),
            Body::Html(html) => Blob::member("message.fragment.html", html),
        };
        let say = |field, value: &Option<String>, place| (field, value.clone().unwrap_or_default(), place);
        for (field, value, place) in
            [say("title", &head.subject, "Subject"), say("date", &head.date, "Date"), say("author", &head.from, "From")]
        {
            blob.given.set(field, &value, Origin::Container, place);
        }
        blob
    });
    match message {
        Some(message) => sink.member(MESSAGE, Ok(message))?,
        None if found.is_encrypted => sink.member(MESSAGE, Err(Problem::Content("is encrypted".into())))?,
        None if found.attachments.is_empty() => return Err(Problem::Content("has no text".into())),
        None => {}
    }
    for (at, leaf) in found.attachments.iter().enumerate() {
        let (folders, name) = leaf.head.name.as_deref().and_then(placed).unwrap_or_default();
        let name = file_name(&name, leaf, at + 1);
        let member = Blob { folders, ..Blob::member(name.clone(), leaf.bytes()) };
        sink.member(&name, Ok(member))?;
    }
    // The message itself takes up to two parts.
    if found.attachments.len() + 2 >= mime::PARTS_MAX {
        return Err(Problem::Content(format!("has more than {} parts: the rest of them is not read", mime::PARTS_MAX)));
    }
    Ok(())
}

/// The name of an attachment, made up if it has none, with an extension that says what it is.
fn file_name(name: &str, leaf: &Leaf, number: usize) -> String {
    let media = leaf.head.media_type.as_str();
    let usual =
        if media == "message/rfc822" { Some("eml") } else { web::extensions(media).and_then(|e| e.first().copied()) };
    match (name.is_empty(), usual) {
        (true, Some(extension)) => format!("attachment-{number}.{extension}"),
        (true, None) => format!("attachment-{number}"),
        (false, Some(extension)) if !name.contains('.') || media == "message/rfc822" && !name.ends_with(".eml") => {
            format!("{name}.{extension}")
        }
        (false, _) => name.to_string(),
    }
}

/// What a message holds.
#[derive(Default)]
struct Found<'a> {
    /// Its text, in order.
    bodies: Vec<Body>,
    attachments: Vec<Leaf<'a>>,
    is_encrypted: bool,
}

impl<'a> Found<'a> {
    /// Takes from a part what is to be read. Of siblings, all but the first that are named are files.
    fn take(&mut self, part: Part<'a>, is_further: bool) {
        match part {
            Part::Leaf(leaf) => self.leaf(*leaf, is_further),
            Part::Many { kind, parts, .. } if kind == "alternative" => self.better(parts),
            Part::Many { kind, start, parts } => {
                self.is_encrypted |= kind == "encrypted";
                let root = start.and_then(|id| parts.iter().position(|p| is_called(p, &id))).unwrap_or(0);
                for (at, part) in parts.into_iter().enumerate() {
                    // What is related to a text is shown in it.
                    let is_shown = kind == "related" && at != root;
                    match part {
                        Part::Leaf(leaf) if is_shown && !leaf.head.is_attachment => {}
                        part => self.take(part, at > 0 && at != root),
                    }
                }
            }
        }
    }

    fn leaf(&mut self, leaf: Leaf<'a>, is_further: bool) {
        let media = leaf.head.media_type.as_str();
        let is_file = leaf.head.is_attachment || is_further && leaf.head.name.is_some();
        let is_shown = ["image/", "audio/", "video/"].iter().any(|m| media.starts_with(m)) && !leaf.head.is_attachment;
        match media {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => self.is_encrypted = true,
            _ if is_shown || is_passed_over(media) => {}
            "text/html" if !is_file => self.bodies.push(Body::Html(leaf.text())),
            _ if media.starts_with("text/") && !is_file && !matches!(media, "text/csv" | "text/xml") => {
                self.bodies.push(Body::Plain(leaf.text()));
            }
            _ => self.attachments.push(leaf),
        }
    }

    /// Of the same text in several kinds, takes the plain one if it says as much as the others.
    fn better(&mut self, parts: Vec<Part<'a>>) {
        let (mut plain, mut html) = (Vec::new(), Vec::new());
        for part in parts {
            let mut found = Found::default();
            found.take(part, false);
            self.attachments.append(&mut found.attachments);
            self.is_encrypted |= found.is_encrypted;
            let is_html = found.bodies.iter().any(|b| matches!(b, Body::Html(_)));
            if is_html { &mut html } else { &mut plain }.append(&mut found.bodies);
        }
        let length = |bodies: &[Body]| bodies.iter().map(Body::length).sum::<usize>() as f64;
        let (of_plain, of_html) = (length(&plain), length(&html));
        let chosen = if of_plain > 0.0 && of_plain >= of_html * PLAIN_SHARE_MIN { plain } else { html };
        self.bodies.extend(chosen);
    }
}

fn is_called(part: &Part, id: &str) -> bool {
    matches!(part, Part::Leaf(leaf) if leaf.head.content_id.as_deref().is_some_and(|c| c.trim_matches(['<', '>']) == id))
}

/// Parts that hold nothing to read: signatures, keys, invitations, cards, reports of delivery.
fn is_passed_over(media: &str) -> bool {
    media.contains("signature")
        || media.starts_with("message/delivery")
        || media.starts_with("message/disposition")
        || matches!(
            media,
            "text/calendar"
                | "application/ics"
                | "text/vcard"
                | "text/x-vcard"
                | "application/pgp-keys"
                | "application/pgp-encrypted"
                | "text/css"
                | "text/javascript"
                | "text/rfc822-headers"
                | "application/applefile"
                | "text/x-amp-html"
        )
}

#[cfg(test)]
mod tests {
    use super::super::test::{lines, members};
    use super::*;
    use proptest::prelude::*;

    const MIXED: &str = "From: =?gb2312?B?zOzJvc2o0bbJ5w==?= <news@a.example>\r\nDate: Wed, 21 Sep 2022 23:20:30 +0800\r\n\
        Subject: =?utf-8?Q?Tracks_=E2=80=93?=\r\n =?utf-8?Q?_two?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n\
        --alt\r\nContent-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\nwr2427nSxcY=\r\n\
        --alt\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--alt--\r\n\
        --m\r\nContent-Type: image/png; name=logo.png\r\n\r\nPNG\r\n\
        --m\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment\r\n\r\nx\r\n\
        --m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n\
        --m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*0*=UTF-8''%E9%9C%8D; filename*1*=%E5%B0%94.txt\r\n\r\nfile\r\n\
        --m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntext\r\n--m--\r\n";

    #[test]
    fn a_message_and_its_attachments_are_members() {
        let (members, result) = members(&EML, "a.eml", MIXED.as_bytes());
        assert_eq!(result, Ok(()));
        let seen: Vec<(&str, &str)> = members
            .iter()
            .map(|(address, m)| (address.as_str(), std::str::from_utf8(&m.as_ref().unwrap().bytes).unwrap()))
            .collect();
        assert_eq!(
            seen,
            [
                ("message", "陆港挂牌"),
                ("attachment-1.pdf", "%PDF"),
                ("霍尔.txt", "file"),
                ("attachment-3.eml", "Subject: inner\r\n\r\ntext"),
            ]
        );
        let given = &members[0].1.as_ref().unwrap().given;
        let value = |f: &Option<crate::model::Found<String>>| f.as_ref().unwrap().value.clone();
        assert_eq!(value(&given.title), "Tracks – two");
        assert_eq!(value(&given.date), "2022-09-21");
        assert_eq!(value(&given.author), "天山通讯社 <news@a.example>");
    }

    #[test]
    fn html_is_taken_where_the_plain_text_says_less() {
        let mail = |plain: &str, html: &str| {
            format!(
                "MIME-Version: 1.0\nSubject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
            )
        };
        let long = "<p>Two cranes were bought from Dalian, and they lift forty tonnes each.</p>";
        let name = |mail: String| members(&EML, "a.eml", mail.as_bytes()).0[0].1.as_ref().unwrap().name.clone();
        assert_eq!(name(mail("See the HTML.", long)), "message.fragment.html");
        assert_eq!(name(mail("Two cranes were bought from Dalian, they lift forty tonnes each.", long)), "message.txt");
        assert_eq!(name(mail(" ", "<p>x")), "message.fragment.html");
    }

    #[test]
    fn a_flowed_message_has_whole_paragraphs_and_no_signature() {
        let mail = "Message-ID: <1>\nSubject: s\nContent-Type: text/plain; format=flowed\n\nOne \nparagraph.\n\nTwo.\n\n-- \nName\n";
        assert_eq!(lines(&EML, "a.eml", mail.as_bytes()), ["message [message.txt] One paragraph.\n\nTwo."]);
    }

    #[test]
    fn utf_16_and_heads_without_encoding_are_read() {
        let mail = "MIME-Version: 1.0\nSubject: 港\n\n正文";
        let wide: Vec<u8> = [0xfeff].into_iter().chain(mail.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(lines(&EML, "a.eml", &wide), ["message [message.txt] 正文"]);
        let gbk =
            encoding_rs::GBK.encode("MIME-Version: 1.0\nSubject: 乌鲁木齐陆港开行班列\n\n正文在这里，说的是陆港。").0;
        let (members, _) = members(&EML, "a.eml", &gbk);
        let blob = members[0].1.as_ref().unwrap();
        assert_eq!(blob.given.title.as_ref().unwrap().value, "乌鲁木齐陆港开行班列");
        assert_eq!(String::from_utf8_lossy(&blob.bytes), "正文在这里，说的是陆港。");
    }

    #[test]
    fn an_encrypted_mail_and_one_without_text_are_problems() {
        let mail = "MIME-Version: 1.0\nFrom: a\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMII";
        assert_eq!(lines(&EML, "a.eml", mail.as_bytes()), ["message: is encrypted"]);
        assert_eq!(lines(&EML, "a.eml", b"MIME-Version: 1.0\nFrom: a\n\n \n"), ["end: has no text"]);
    }

    #[test]
    fn only_heads_that_programs_write_make_a_mail() {
        for (start, expected) in [
            ("Received: by x\n\tfor y\nFrom: a\n\n", true),
            ("From: <Saved by Blink>\nMIME-Version: 1.0\n\n", true),
            ("From: the mayor\nTo: all\nDate: Monday\nSubject: Ports\n\nText", false),
            ("Subject: a thing\nMessage-ID is missing\n", false),
            ("Content-Type: text/html\n\n", false),
            ("To the people:\nReceived: x\nMessage-ID: y\n", false),
        ] {
            assert_eq!(is_head(start), expected, "{start}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, at in 0..MIXED.len(), cut in 0usize..200, put: Vec<u8>) {
            let _ = members(&EML, "a.eml", &bytes);
            let mut mail = MIXED.as_bytes().to_vec();
            let end = (at + cut).min(mail.len());
            mail.splice(at..end, put);
            let _ = members(&EML, "a.eml", &mail);
            let _ = members(&MHTML, "a.mht", &mail);
            let _ = members(&MBOX, "a.mbox", &[b"From a Mon Jan  8 09:00:00 2024\n", mail.as_slice()].concat());
        }
    }
}
