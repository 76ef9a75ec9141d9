//! Splits CSV text into records (RFC 4180).
//!
//! Written here and not taken from the `csv` crate, because that one neither tells a quotation
//! mark that is never closed nor the exact line of a record after CRLF or blank lines, and people
//! need both to mend a file. A quotation mark inside an unquoted field stands for itself.

use std::borrow::Cow;

/// Fields beyond this are counted but not kept, so that junk costs no memory.
pub(super) const MAX_CELLS: usize = 64;

/// What is wrong with the quotation marks of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Opened and never closed: the record swallowed the rest of the file.
    Unclosed,
    /// Text between the closing mark and the next comma.
    AfterQuote,
}

/// One row of the file.
#[derive(Debug)]
pub(super) struct Record<'a> {
    /// The line where it starts, from 1.
    pub(super) line: u32,
    /// At most [`MAX_CELLS`] fields.
    pub(super) cells: Vec<Cow<'a, str>>,
    /// How many fields there are.
    pub(super) width: usize,
    pub(super) flaw: Option<Flaw>,
}

/// Walks over the records; blank lines are none.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
    line: u32,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
        }
    }

    /// Consumes a line break, if one is next.
    fn line_break(&mut self) -> bool {
        let after = self
            .rest
            .strip_prefix("\r\n")
            .or_else(|| self.rest.strip_prefix('\n'));
        if let Some(after) = after {
            self.rest = after;
            self.line += 1;
        }
        after.is_some()
    }

    /// The text up to the next comma or line break.
    fn plain(&mut self) -> &'a str {
        let end = self.rest.bytes().position(|b| b == b',' || b == b'\n');
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if rest.starts_with(',') {
            self.rest = rest;
            return text;
        }
        // The carriage return belongs to the line break.
        let text = text.strip_suffix('\r').unwrap_or(text);
        self.rest = if rest.is_empty() {
            rest
        } else {
            &self.rest[text.len()..]
        };
        text
    }

    /// The text after an opening quotation mark up to the closing one.
    fn quoted(&mut self) -> (Cow<'a, str>, Option<Flaw>) {
        let mut value = Cow::Borrowed("");
        loop {
            let Some(end) = self.rest.bytes().position(|b| b == b'"') else {
                value += self.rest;
                self.count_lines(self.rest);
                self.rest = "";
                return (value, Some(Flaw::Unclosed));
            };
            let part = &self.rest[..end];
            self.count_lines(part);
            value += part;
            self.rest = &self.rest[end + 1..];
            let Some(after) = self.rest.strip_prefix('"') else {
                break;
            };
            value += "\"";
            self.rest = after;
        }
        let flaw = (!self.plain().trim().is_empty()).then_some(Flaw::AfterQuote);
        (value, flaw)
    }

    fn count_lines(&mut self, text: &str) {
        let breaks = text.bytes().filter(|b| *b == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
    }

    fn field(&mut self) -> (Cow<'a, str>, Option<Flaw>) {
        match self.rest.strip_prefix('"') {
            Some(after) => {
                self.rest = after;
                self.quoted()
            }
            None => (Cow::Borrowed(self.plain()), None),
        }
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        while self.line_break() {}
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record {
            line: self.line,
            cells: Vec::new(),
            width: 0,
            flaw: None,
        };
        loop {
            let (cell, flaw) = self.field();
            record.width += 1;
            record.flaw = record.flaw.or(flaw);
            if record.cells.len() < MAX_CELLS {
                record.cells.push(cell);
            }
            match self.rest.strip_prefix(',') {
                Some(after) => self.rest = after,
                None => break,
            }
        }
        self.line_break();
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, Vec<String>, Option<Flaw>)> {
        Scanner::new(text)
            .map(|r| {
                (
                    r.line,
                    r.cells.iter().map(|cell| cell.to_string()).collect(),
                    r.flaw,
                )
            })
            .collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>, Option<Flaw>) {
        (
            line,
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
            None,
        )
    }

    #[test]
    fn records_follow_rfc_4180() {
        assert_eq!(
            read("a,b\r\nc,d\r\n"),
            [row(1, &["a", "b"]), row(2, &["c", "d"])]
        );
        assert_eq!(read("a,\n,b"), [row(1, &["a", ""]), row(2, &["", "b"])]);
        assert_eq!(read("\"a,\"\"b\"\"\",c\n"), [row(1, &["a,\"b\"", "c"])]);
        assert_eq!(read("\"\",\"\"\r\nx"), [row(1, &["", ""]), row(2, &["x"])]);
        assert_eq!(read("a,\"b\"\r"), [row(1, &["a", "b"])]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn lines_are_those_where_records_start() {
        let text = "\n\r\nh\r\n\r\n\"a\nb\r\nc\",d\r\nlast";
        let lines: Vec<u32> = read(text).into_iter().map(|(line, ..)| line).collect();
        assert_eq!(lines, [3, 5, 8]);
    }

    #[test]
    fn a_mark_inside_an_unquoted_field_stands_for_itself() {
        assert_eq!(read("The \"Rock\",x"), [row(1, &["The \"Rock\"", "x"])]);
    }

    #[test]
    fn bad_quotes_are_seen() {
        assert_eq!(read("\"a\"b,c\nd,e")[0].2, Some(Flaw::AfterQuote));
        assert_eq!(read("\"a\"b,c\nd,e")[1], row(2, &["d", "e"]));
        let swallowed = read("a\n\"b,c\nd,e");
        assert_eq!((swallowed.len(), swallowed[1].2), (2, Some(Flaw::Unclosed)));
    }

    #[test]
    fn fields_without_end_are_counted_but_not_kept() {
        let text = ",".repeat(100_000);
        let record = Scanner::new(&text).next().expect("one record");
        assert_eq!((record.width, record.cells.len()), (100_001, MAX_CELLS));
    }
}
