//! Sections and billets as text that people edit in one go.
//!
//! One line is one billet; a line that begins with `#` is a section. After the title, separated by
//! `|`: what is to be known of it, what it needs as JSON in braces, and `reserved` or `blocked`, if
//! anybody may not take it, with a note after a colon. `4x Rifleman` is four billets.
//!
//! ```text
//! # Alpha
//! Squad leader | Plans the assault | {"rank_level": 3}
//! 4x Rifleman
//! Medic | reserved: Smith
//! ```

use super::{Held, ShapeBillet, ShapeSection, limits};
use crate::domain::{criteria::Criterion, name};

/// The greatest number before `x`.
const MOST_AT_ONCE: usize = 200;

/// What is wrong with a text, and in which line (the first is 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// The line; 0 for the whole text.
    pub line: usize,
    /// What is wrong, in a few words.
    pub what: String,
}

/// Writes sections and billets as text; [`read`] reads the same again.
#[must_use]
pub fn write(sections: &[ShapeSection]) -> String {
    let mut text = String::new();
    for section in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("# {}\n", section.name));
        for billet in &section.billets {
            let mut parts = vec![billet.title.clone()];
            parts.extend(Some(billet.text.clone()).filter(|text| !text.is_empty()));
            parts.extend(Some(billet.needs.clone()).filter(|needs| !needs.is_empty()));
            match (billet.held, billet.held_note.as_str()) {
                (Held::Open, _) => {}
                (held, "") => parts.push(held.as_str().to_owned()),
                (held, note) => parts.push(format!("{}: {note}", held.as_str())),
            }
            text.push_str(&parts.join(" | "));
            text.push('\n');
        }
    }
    text
}

/// Reads sections and billets.
///
/// # Errors
/// The first line that is wrong, or too many of them.
pub fn read(text: &str) -> Result<Vec<ShapeSection>, TextProblem> {
    let mut sections: Vec<ShapeSection> = Vec::new();
    let mut count = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let wrong = |what: &str| TextProblem {
            line: number,
            what: what.to_owned(),
        };
        if line.is_empty() {
            continue;
        }
        if let Some(heading) = line.strip_prefix('#') {
            let name = name::plain(heading.trim(), limits::TITLE);
            sections.push(ShapeSection {
                name: name.map_err(|_| wrong("a section needs a name of up to 100 characters"))?,
                billets: Vec::new(),
            });
            continue;
        }
        let (times, billet) = billet(line).map_err(|what| wrong(&what))?;
        count += times;
        if sections.is_empty() {
            sections.push(ShapeSection {
                name: "Billets".to_owned(),
                billets: Vec::new(),
            });
        }
        if let Some(section) = sections.last_mut() {
            section.billets.extend(vec![billet; times]);
        }
    }
    let too_many = |most: usize, of: &str| TextProblem {
        line: 0,
        what: format!("more than {most} {of}"),
    };
    if sections.len() > limits::SECTIONS {
        return Err(too_many(limits::SECTIONS, "sections"));
    }
    if count > limits::BILLETS {
        return Err(too_many(limits::BILLETS, "billets"));
    }
    Ok(sections)
}

fn billet(line: &str) -> Result<(usize, ShapeBillet), String> {
    let mut parts = line.split('|').map(str::trim);
    let (times, title) = repeated(parts.next().unwrap_or_default());
    if !(1..=MOST_AT_ONCE).contains(&times) {
        return Err(format!("a line is at most {MOST_AT_ONCE} billets"));
    }
    let mut billet = ShapeBillet {
        title: checked(title)?,
        ..ShapeBillet::default()
    };
    for part in parts.filter(|part| !part.is_empty()) {
        let (word, note) = part.split_once(':').unwrap_or((part, ""));
        let held = Held::parse(&word.trim().to_lowercase()).filter(|held| *held != Held::Open);
        if part.starts_with('{') {
            let rule = Criterion::parse(part).map_err(|error| error.to_string())?;
            billet.needs = rule.to_json().to_string();
        } else if let Some(held) = held {
            billet.held = held;
            billet.held_note = note_of(note)?;
        } else if billet.text.is_empty() {
            billet.text = note_of(part)?;
        } else {
            return Err("there is one text to a billet".to_owned());
        }
    }
    Ok((times, billet))
}

/// `4x Rifleman` is four of them.
fn repeated(title: &str) -> (usize, &str) {
    let digits = title.len() - title.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = title.split_at(digits);
    match (number.parse(), rest.strip_prefix("x ")) {
        (Ok(times), Some(rest)) => (times, rest.trim()),
        _ => (1, title),
    }
}

fn checked(title: &str) -> Result<String, String> {
    name::plain(title, limits::TITLE)
        .map_err(|_| "a billet needs a title of up to 100 characters".to_owned())
}

fn note_of(text: &str) -> Result<String, String> {
    name::optional(text.trim(), limits::PLACE)
        .map_err(|_| "a text has up to 200 characters".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "# Alpha\nSquad leader | Plans the assault | {\"rank_level\":3}\nMedic | \
                    reserved: Smith\nSpare | blocked\n\n# Bravo\nRifleman\nRifleman\n";
        let sections = read(text).expect("a good text");
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].billets[0].needs, "{\"rank_level\":3}");
        assert_eq!(sections[0].billets[1].held, Held::Reserved);
        assert_eq!(sections[0].billets[1].held_note, "Smith");
        assert_eq!(write(&sections), text);
        assert_eq!(read(&write(&sections)), Ok(sections));
    }

    #[test]
    fn a_number_makes_several() {
        let sections = read("4x Rifleman\n2xbad").expect("a good text");
        assert_eq!(sections[0].name, "Billets");
        assert_eq!(sections[0].billets.len(), 5);
        assert_eq!(sections[0].billets[4].title, "2xbad");
    }

    #[test]
    fn problems_say_where_they_are() {
        for (text, line) in [
            ("# Alpha\n| text", 2),
            ("#", 1),
            ("Medic | {\"rank\": 1}", 1),
            ("Medic | one | two", 1),
            ("201x Rifleman", 1),
            ("0x Rifleman", 1),
            (&"200x Rifleman\n".repeat(6), 0),
        ] {
            let problem = read(text).expect_err(text);
            assert_eq!(problem.line, line, "{text}: {problem:?}");
        }
    }
}
