//! One file as a table: encoding, limits and header row checked, every record at hand.

use super::super::report::{Place, ProblemCode, ProblemList, show};
use super::scan::{Flaw, MAX_CELLS, Record, Scanner};
use super::{FileKind, InputFile, Limits};

/// The columns of a kind of file; the first `required` of them must be there.
struct Columns {
    names: &'static [&'static str],
    required: usize,
}

fn columns_of(kind: FileKind) -> Columns {
    match kind {
        FileKind::Groups => Columns {
            names: &[
                "group",
                "parent",
                "acronym",
                "kind",
                "description",
                "exclusive",
                "visibility",
                "policy",
                "founded",
                "retired",
            ],
            required: 2,
        },
        FileKind::Memberships => Columns {
            names: &["player", "group", "role", "since", "until"],
            required: 3,
        },
        FileKind::Players => Columns {
            names: &["player", "standing", "joined"],
            required: 1,
        },
    }
}

/// A file whose header row is understood.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) kind: FileKind,
    /// Where each known column stands.
    columns: Vec<(&'static str, usize)>,
    width: usize,
    pub(super) records: Vec<Record<'a>>,
}

impl<'a> Sheet<'a> {
    /// Reads a file. `None` when the whole file is refused; the problem then is in the list.
    pub(super) fn read(
        kind: FileKind,
        file: &InputFile<'a>,
        limits: Limits,
        problems: &mut ProblemList,
    ) -> Option<Self> {
        let sheet = Self::try_read(kind, file.bytes, limits, problems);
        match sheet {
            Ok(sheet) => Some(sheet),
            Err((line, code, text)) => {
                problems.error(Place::row(kind, line), code, text);
                None
            }
        }
    }

    fn try_read(
        kind: FileKind,
        bytes: &'a [u8],
        limits: Limits,
        problems: &mut ProblemList,
    ) -> Result<Self, Refusal> {
        if bytes.len() > limits.bytes {
            let text = format!(
                "The file has more than {} bytes. Split it into several files.",
                limits.bytes
            );
            return Err((1, ProblemCode::FileTooLarge, text));
        }
        let mut scanner = Scanner::new(decode(bytes)?);
        let Some(header) = scanner.next() else {
            let text = format!(
                "The file is empty. Its first line must name the columns: {}.",
                columns_of(kind).names.join(",")
            );
            return Err((1, ProblemCode::MissingHeader, text));
        };
        let mut sheet = Self::with_header(kind, &header, problems)?;
        for record in scanner {
            if sheet.records.len() >= limits.rows as usize {
                let text = format!(
                    "The file has more than {} rows. Split it into several files.",
                    limits.rows
                );
                return Err((record.line, ProblemCode::TooManyRows, text));
            }
            sheet.records.push(record);
        }
        Ok(sheet)
    }

    fn with_header(
        kind: FileKind,
        header: &Record<'_>,
        problems: &mut ProblemList,
    ) -> Result<Self, Refusal> {
        let line = header.line;
        if header.width > MAX_CELLS {
            let text = format!(
                "The first line has {} fields; a header row has at most {MAX_CELLS}. \
                 Is this a CSV file?",
                header.width
            );
            return Err((line, ProblemCode::TooManyColumns, text));
        }
        if header.flaw.is_some() {
            let text = "The quotation marks of the header row are not in order.".to_owned();
            return Err((line, ProblemCode::BadQuotes, text));
        }
        let known = columns_of(kind);
        let mut columns: Vec<(&'static str, usize)> = Vec::new();
        let mut unknown = Vec::new();
        for (at, cell) in header.cells.iter().enumerate() {
            let title = cell.trim().to_lowercase();
            match known.names.iter().find(|name| **name == title) {
                Some(name) if columns.iter().any(|(other, _)| other == name) => {
                    let text = format!("The column {name} is there twice. Remove one of them.");
                    return Err((line, ProblemCode::DuplicateColumn, text));
                }
                Some(name) => columns.push((name, at)),
                None => unknown.push((at + 1, cell.trim())),
            }
        }
        let missing = known.names[..known.required]
            .iter()
            .find(|name| !columns.iter().any(|(other, _)| other == *name));
        if let Some(missing) = missing {
            return Err((
                line,
                ProblemCode::MissingColumn,
                missing_text(missing, header),
            ));
        }
        for (number, title) in unknown {
            let text = if title.is_empty() {
                format!("Column {number} has no name and is ignored.")
            } else {
                format!(
                    "The column {} is not known here and is ignored.",
                    show(title)
                )
            };
            problems.warn(Place::row(kind, line), ProblemCode::UnknownColumn, text);
        }
        Ok(Self {
            kind,
            columns,
            width: header.width,
            records: Vec::new(),
        })
    }

    /// The trimmed text of a cell; empty when the file has no such column.
    pub(super) fn cell<'r>(&self, record: &'r Record<'_>, column: &str) -> &'r str {
        self.columns
            .iter()
            .find(|(name, _)| *name == column)
            .and_then(|(_, at)| record.cells.get(*at))
            .map_or("", |cell| cell.trim())
    }

    /// What is wrong with the form of a record, if anything.
    pub(super) fn malformed(&self, record: &Record<'_>) -> Option<(ProblemCode, String)> {
        match record.flaw {
            Some(Flaw::Unclosed) => {
                let text = "A quotation mark opened in this row is never closed, so nothing from \
                            here to the end of the file could be read. Close it."
                    .to_owned();
                return Some((ProblemCode::BadQuotes, text));
            }
            Some(Flaw::AfterQuote) => {
                let text = "There is text between a closing quotation mark and the next comma. \
                            Write a quotation mark inside a quoted value twice."
                    .to_owned();
                return Some((ProblemCode::BadQuotes, text));
            }
            None => {}
        }
        (record.width != self.width).then(|| {
            let text = format!(
                "The row has {} fields where the header row has {}. Put values that contain a \
                 comma in quotation marks.",
                record.width, self.width
            );
            (ProblemCode::WrongFieldCount, text)
        })
    }
}

/// Why a whole file is refused: line, code, text.
type Refusal = (u32, ProblemCode, String);

fn missing_text(missing: &str, header: &Record<'_>) -> String {
    let only = header.cells.first().map_or("", |cell| cell.as_ref());
    let hint = match only.chars().find(|c| matches!(c, ';' | '\t')) {
        Some(_) if header.width == 1 => " Separate the columns by commas.",
        _ => "",
    };
    format!("The column {missing} is missing from the header row.{hint}")
}

/// The text of the file without byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, Refusal> {
    let utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let first_line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    if utf_16 || first_line.contains(&0) {
        let text = "The file is UTF-16. Save it as UTF-8 and try again.".to_owned();
        return Err((1, ProblemCode::WrongEncoding, text));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let text = format!("Line {line} is not UTF-8. Save the file as UTF-8 and try again.");
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            ProblemCode::WrongEncoding,
            text,
        )
    })
}
