//! Web archives: WARC 0.17 to 1.1 and the older ARC, plain or packed with gzip.
//!
//! Out: the pages and files that servers sent, each with its address. Requests, pictures, styles,
//! scripts and answers other than 200 are passed over.

use super::web::{Answer, extensions, media_type, name};
use super::{Container, Sink, damaged, gzip};
use crate::error::Problem;
use crate::model::Origin;
use crate::source::{Blob, Head};
use std::io::{BufRead, BufReader, Read};

/// Web archives.
pub const CONTAINER: Container =
    Container { name: "warc", extensions: &["warc", "arc"], is_binary: true, recognises, unpack };

/// What the two kinds begin with.
const WARC: &[u8] = b"WARC/";
const ARC: &[u8] = b"filedesc://";
/// Longest line in the head of a record, and most of them.
const LINE_BYTES_MAX: u64 = 64 << 10;
const LINES_MAX: usize = 200;

fn recognises(head: &Head) -> bool {
    let is_archive = |bytes: &[u8]| bytes.starts_with(WARC) || bytes.starts_with(ARC);
    if !head.begins(gzip::MAGIC) {
        return is_archive(head.bytes);
    }
    let mut first = Vec::new();
    // What cannot be unpacked is no web archive that could be told.
    let _ = gzip::Gunzip::new(head.bytes).take(ARC.len() as u64).read_to_end(&mut first);
    is_archive(&first)
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let most = sink.bytes_left();
    if blob.bytes.starts_with(gzip::MAGIC) {
        // Records that are passed over are unpacked, too: all of them count.
        let mut records = BufReader::with_capacity(64 << 10, gzip::Gunzip::new(&blob.bytes).take(most));
        let result = unpack_records(&mut records, sink);
        if records.get_ref().limit() == 0 { Err(sink.limits.over("max-unpacked")) } else { result }
    } else {
        unpack_records(&mut blob.bytes.as_slice(), sink)
    }
}

fn unpack_records(input: &mut impl BufRead, sink: &mut Sink) -> Result<(), Problem> {
    while let Some(record) = Record::read(input)? {
        let wanted = record.is_wanted();
        let limit = if wanted { sink.limits.file } else { 0 };
        let mut content = Vec::new();
        let read = input.by_ref().take(record.length.min(limit)).read_to_end(&mut content).map_err(|e| broken(&e))?;
        let rest = record.length.saturating_sub(read as u64);
        let passed = std::io::copy(&mut input.by_ref().take(rest), &mut std::io::sink()).map_err(|e| broken(&e))?;
        if passed < rest {
            return Err(damaged("it ends in the middle of a record"));
        }
        if wanted && rest > 0 {
            sink.member(&record.uri, Err(sink.limits.over("max-file-size")))?;
        } else if wanted {
            member(&record, &content, sink)?;
        }
    }
    Ok(())
}

/// Hands over what a record holds, if it is a document.
fn member(record: &Record, content: &[u8], sink: &mut Sink) -> Result<(), Problem> {
    let answer = if record.is_answer { Answer::read(content).map(Some) } else { Some(None) };
    // Over other protocols come no documents.
    let Some(answer) = answer else { return Ok(()) };
    let media_type = answer.as_ref().map_or(&record.media_type, |a| &a.media_type);
    let Some(fitting) = extensions(media_type).filter(|_| answer.as_ref().is_none_or(|a| a.status == 200)) else {
        return Ok(());
    };
    if record.is_cut {
        return sink.member(&record.uri, Err(damaged("the archive holds only a part of it")));
    }
    let name = name(&record.uri, fitting);
    let body = match answer {
        Some(answer) => answer.body(sink),
        None => Ok(content.to_vec()),
    };
    let blob = match body {
        Ok(body) if body.trim_ascii().is_empty() => return Ok(()),
        Ok(body) => {
            let mut blob = Blob::member(name, body);
            blob.given.set("url", &record.uri, Origin::Container, "WARC-Target-URI");
            Ok(blob)
        }
        Err(problem) if sink.is_spent() => return Err(problem),
        Err(problem) => Err(problem),
    };
    sink.member(&record.uri, blob)
}

/// The head of a record.
#[derive(Debug, Default)]
struct Record {
    kind: String,
    uri: String,
    media_type: String,
    /// It holds a server's answer with its head.
    is_answer: bool,
    /// It holds only a part of what the server sent.
    is_cut: bool,
    length: u64,
}

impl Record {
    /// The head of the next record; none at the end.
    fn read(input: &mut impl BufRead) -> Result<Option<Record>, Problem> {
        let first = loop {
            match line(input)? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                Some(line) => break line,
            }
        };
        if first.as_bytes().starts_with(WARC) {
            Record::warc(input).map(Some)
        } else {
            Record::arc(&first).map(Some).ok_or_else(|| damaged("a record has no head"))
        }
    }

    fn warc(input: &mut impl BufRead) -> Result<Record, Problem> {
        let mut record = Record::default();
        let mut length = None;
        for _ in 0..LINES_MAX {
            let line = line(input)?.ok_or_else(|| damaged("it ends in the middle of a record"))?;
            if line.is_empty() {
                record.length = length.ok_or_else(|| damaged("a record does not say how long it is"))?;
                let is_http = record.media_type == "application/http";
                record.is_answer = record.kind == "response" && is_http;
                return Ok(record);
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_lowercase().as_str() {
                "warc-type" => record.kind = value.to_lowercase(),
                "warc-target-uri" => record.uri = value.trim_matches(['<', '>']).to_string(),
                "content-type" => record.media_type = media_type(value),
                "content-length" => length = value.parse().ok(),
                "warc-truncated" | "warc-segment-number" => record.is_cut = true,
                _ => {}
            }
        }
        Err(damaged("the head of a record does not end"))
    }

    /// `address host time type … length`, on one line.
    fn arc(line: &str) -> Option<Record> {
        let words: Vec<&str> = line.split(' ').collect();
        let (uri, media, length) = (words.first()?, words.get(3)?, words.last()?);
        let is_answer = uri.starts_with("http://") || uri.starts_with("https://");
        Some(Record {
            kind: if is_answer { "response" } else { "other" }.into(),
            uri: uri.to_string(),
            media_type: media_type(media),
            is_answer,
            is_cut: false,
            length: length.parse().ok().filter(|_| words.len() >= 5)?,
        })
    }

    /// Whether it can hold a document.
    fn is_wanted(&self) -> bool {
        match self.kind.as_str() {
            "response" => self.is_answer,
            "resource" | "conversion" => extensions(&self.media_type).is_some(),
            _ => false,
        }
    }
}

/// The next line without its end; none at the end of the input.
fn line(input: &mut impl BufRead) -> Result<Option<String>, Problem> {
    let mut line = Vec::new();
    let read = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(|e| broken(&e))?;
    if read as u64 == LINE_BYTES_MAX {
        return Err(damaged("the head of a record does not end"));
    }
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_string()))
}

fn broken(error: &std::io::Error) -> Problem {
    damaged(&format!("it cannot be unpacked ({error})"))
}

#[cfg(test)]
mod tests {
    use super::super::gzip::test::gzip;
    use super::super::test::{lines, members, members_of};
    use super::*;
    use crate::source::Limits;

    fn record(kind: &str, uri: &str, media: &str, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n\r\n"].concat()
    }

    fn response(uri: &str, head: &str, body: &[u8]) -> Vec<u8> {
        record("response", uri, "application/http; msgtype=response", &[head.as_bytes(), b"\r\n\r\n", body].concat())
    }

    fn archive() -> Vec<Vec<u8>> {
        let packed = gzip(b"<p>packed");
        let chunked = [format!("{:x}\r\n", packed.len()).as_bytes(), &packed, b"\r\n0\r\n\r\n"].concat();
        vec![
            record("warcinfo", "", "application/warc-fields", b"software: x"),
            record("request", "http://a.example/", "application/http", b"GET / HTTP/1.1\r\n\r\n"),
            response("http://a.example/", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x", b"<p>plain"),
            response(
                "http://a.example/b",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked",
                &chunked,
            ),
            response("http://a.example/c.png", "HTTP/1.1 200 OK\r\nContent-Type: image/png", b"\x89PNG"),
            response("http://a.example/d", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html", b"<p>gone"),
            response(
                "http://a.example/e",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br",
                b"\x1b\x02",
            ),
            record("revisit", "http://a.example/", "application/http", b"HTTP/1.1 200 OK\r\n\r\n"),
            record("resource", "<http://a.example/f.txt>", "text/plain", b"resource"),
        ]
    }

    const EXPECTED: &[&str] = &[
        "http://a.example/ [index.html] <p>plain",
        "http://a.example/b [b.html] <p>packed",
        "http://a.example/e: is packed in a way that is not read (br)",
        "http://a.example/f.txt [f.txt] resource",
    ];

    #[test]
    fn pages_that_a_server_sent_are_members_with_their_address() {
        assert_eq!(lines(&CONTAINER, "a.warc", &archive().concat()), EXPECTED);
        let (members, _) = members(&CONTAINER, "a.warc", &archive().concat());
        assert_eq!(members[0].1.as_ref().unwrap().given.url.as_ref().unwrap().value, "http://a.example/");
    }

    #[test]
    fn a_packed_archive_is_read_record_by_record() {
        let bytes: Vec<u8> = archive().iter().flat_map(|r| gzip(r)).collect();
        assert!(recognises(&Head::new(&bytes)) && !recognises(&Head::new(&gzip(b"text"))));
        assert_eq!(lines(&CONTAINER, "a.warc.gz", &bytes), EXPECTED);
        let limits = Limits { unpacked: 700, ..Limits::default() };
        let (_, result) = members_of(&CONTAINER, &Blob::of_file("a.warc.gz", bytes), &limits, &[]);
        assert_eq!(result, Err(limits.over("max-unpacked")));
    }

    #[test]
    fn a_cut_archive_gives_its_whole_records_and_says_that_it_is_cut() {
        let bytes = archive().concat();
        let lines = lines(&CONTAINER, "a.warc", &bytes[..bytes.len() - 8]);
        assert_eq!(lines[..3], EXPECTED[..3]);
        assert_eq!(lines[3], "end: is damaged: it ends in the middle of a record");
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        let bytes = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: 18446744073709551615\r\n\r\nx";
        assert_eq!(lines(&CONTAINER, "a.warc", bytes), ["end: is damaged: it ends in the middle of a record"]);
    }

    #[test]
    fn arc_is_read() {
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old";
        let info = "1 0 Capture\nURL IP-address Archive-date Content-type Archive-length\n";
        let bytes = format!(
            "filedesc://a.arc 127.0.0.1 20140216050221 text/plain {}\n{info}\nhttp://a.example/ 192.0.2.1 20140216050221 text/html {}\n{page}\n",
            info.len(),
            page.len()
        );
        assert!(recognises(&Head::new(bytes.as_bytes())));
        assert_eq!(lines(&CONTAINER, "a.arc", bytes.as_bytes()), ["http://a.example/ [index.html] <p>old"]);
    }
}
