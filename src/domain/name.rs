//! The rules for names (§1.4, §1.6, §2.1, §4). Pure; the browser may check what the server checks.

use super::error::FieldProblem;

/// Greatest length of an Org's name in characters (§1.4).
pub const ORG_NAME_MAX: usize = 25;
/// Greatest length of a user's name in characters (§2.1).
pub const USER_NAME_MAX: usize = 31;

type Checked = Result<String, FieldProblem>;

/// The form in which names are compared: lower case, for "unique ignoring case".
#[must_use]
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn length(text: &str, min: usize, max: usize) -> Result<(), FieldProblem> {
    let count = text.chars().count();
    if count == 0 && min > 0 {
        Err(FieldProblem::Required)
    } else if count < min {
        Err(FieldProblem::TooShort { min: min as u32 })
    } else if count > max {
        Err(FieldProblem::TooLong { max: max as u32 })
    } else {
        Ok(())
    }
}

/// Control characters and the invisible ones that reorder or hide text on the screen.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

fn forbid(text: &str, forbidden: &str) -> Result<(), FieldProblem> {
    match text
        .chars()
        .find(|c| is_invisible(*c) || forbidden.contains(*c))
    {
        Some(c) => Err(FieldProblem::BadCharacter {
            found: c.escape_debug().to_string(),
        }),
        None => Ok(()),
    }
}

/// A user's call sign (§2.1).
///
/// # Errors
/// The first rule that the text breaks.
pub fn user_name(text: &str) -> Checked {
    length(text, 1, USER_NAME_MAX)?;
    if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        return Err(FieldProblem::Spaces);
    }
    forbid(text, "'\":,=@")?;
    if let Some(first) = text.chars().next().filter(|c| matches!(c, '+' | '@' | '#')) {
        return Err(FieldProblem::BadCharacter {
            found: first.to_string(),
        });
    }
    if text.chars().any(|c| c.is_whitespace() && c != ' ') {
        return Err(FieldProblem::Spaces);
    }
    let (count, good) = text.chars().fold((0, 0), |(count, good), c| {
        (count + 1, good + usize::from(c.is_alphanumeric()))
    });
    if good * 2 <= count {
        return Err(FieldProblem::TooFewLetters);
    }
    Ok(text.to_owned())
}

/// An Org's name, its name space (§1.4). Reserved and taken names are checked elsewhere.
///
/// # Errors
/// The first rule that the text breaks.
pub fn org_name(text: &str) -> Checked {
    let text = text.trim();
    length(text, 1, ORG_NAME_MAX)?;
    forbid(text, ".:,=@")?;
    Ok(text.to_owned())
}

/// An Org's slug: one DNS label (RFC 1035 §2.3.1) of 2 to 40 lower case letters, digits and `-`.
///
/// # Errors
/// The first rule that the text breaks.
pub fn slug(text: &str) -> Checked {
    let text = text.trim();
    length(text, 2, 40)?;
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !plain || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
        return Err(FieldProblem::Malformed);
    }
    Ok(text.to_owned())
}

/// An org type's id: at least two segments of `a-z0-9-`, separated by dots (§1.6).
///
/// # Errors
/// [`FieldProblem::Malformed`].
pub fn type_id(text: &str) -> Checked {
    let segment = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if text.len() <= 80 && text.split('.').count() >= 2 && text.split('.').all(segment) {
        Ok(text.to_owned())
    } else {
        Err(FieldProblem::Malformed)
    }
}

/// The name of a thing people read: player, group, role, position. Trimmed.
///
/// # Errors
/// The first rule that the text breaks.
pub fn plain(text: &str, max: usize) -> Checked {
    let text = text.trim();
    length(text, 1, max)?;
    forbid(text, "")?;
    Ok(text.to_owned())
}

/// Like [`plain`], but may be empty.
///
/// # Errors
/// The first rule that the text breaks.
pub fn optional(text: &str, max: usize) -> Checked {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        plain(text, max)
    }
}

/// Text of several lines (Markdown): line breaks and tabs are allowed. Not trimmed inside.
///
/// # Errors
/// The first rule that the text breaks.
pub fn text(value: &str, min: usize, max: usize) -> Checked {
    let value = value.replace("\r\n", "\n");
    let value = value.trim();
    length(value, min, max)?;
    match value
        .chars()
        .find(|c| is_invisible(*c) && !matches!(c, '\n' | '\t' | '\u{200d}'))
    {
        Some(c) => Err(FieldProblem::BadCharacter {
            found: c.escape_debug().to_string(),
        }),
        None => Ok(value.to_owned()),
    }
}

/// An e-mail address, loosely (RFC 5321 lengths): the mail that is sent to it is the real test.
///
/// # Errors
/// [`FieldProblem::Malformed`] or a length.
pub fn email(text: &str) -> Checked {
    let text = text.trim();
    length(text, 3, 254)?;
    forbid(text, " ,;:<>()[]\\\"")?;
    match text.rsplit_once('@') {
        Some((local, host))
            if !local.is_empty()
                && local.len() <= 64
                && !local.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.') =>
        {
            Ok(text.to_owned())
        }
        _ => Err(FieldProblem::Malformed),
    }
}

/// A short form made from a name when nobody gave one: initials of several words, else the first
/// letters. At most 4 characters, upper case.
#[must_use]
pub fn acronym_of(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let short: String = match words.as_slice() {
        [] => "?".to_owned(),
        [one] => one.chars().take(4).collect(),
        many => many
            .iter()
            .take(4)
            .map(|word| {
                let digits: String = word
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .take(3)
                    .collect();
                if digits.is_empty() {
                    word.chars().take(1).collect()
                } else {
                    digits
                }
            })
            .collect(),
    };
    short.to_uppercase().chars().take(6).collect()
}

/// With a capital letter at the beginning.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_follow_the_rules_of_2_1() {
        for good in [
            "a",
            "Zoe",
            "Sgt. Major",
            "x1",
            "ÄÖÜ",
            "O-Neill",
            &"a".repeat(31),
        ] {
            assert!(user_name(good).is_ok(), "{good:?} should be allowed");
        }
        let bad = [
            "",
            " a",
            "a ",
            "a  b",
            "+a",
            "@a",
            "#a",
            "a'b",
            "a\"b",
            "a:b",
            "a,b",
            "a=b",
            "a@b",
            "--a-",
            "...",
            "a\tb",
            "a\u{202e}b",
            &"a".repeat(32),
        ];
        for name in bad {
            assert!(user_name(name).is_err(), "{name:?} should be refused");
        }
    }

    #[test]
    fn org_names_follow_the_rules_of_1_4() {
        for good in ["Local Heroes", "75th Ranger", &"x".repeat(25)] {
            assert!(org_name(good).is_ok(), "{good:?} should be allowed");
        }
        for bad in [
            "",
            "a.b",
            "a:b",
            "a,b",
            "a=b",
            "a@b",
            "a\nb",
            &"x".repeat(26),
        ] {
            assert!(org_name(bad).is_err(), "{bad:?} should be refused");
        }
    }

    #[test]
    fn slugs_and_type_ids() {
        assert!(slug("75th-ranger").is_ok());
        for bad in ["", "a", "-ab", "ab-", "a--b", "aB", "a.b", "ä1"] {
            assert!(slug(bad).is_err(), "{bad:?} should be refused");
        }
        assert!(type_id("muster.unit").is_ok());
        for bad in [
            "",
            "muster",
            "muster.",
            ".unit",
            "Muster.unit",
            "a..b",
            "a b.c",
        ] {
            assert!(type_id(bad).is_err(), "{bad:?} should be refused");
        }
    }

    #[test]
    fn acronyms_are_short() {
        assert_eq!(acronym_of("2nd Platoon"), "2P");
        assert_eq!(acronym_of("Bravo"), "BRAV");
        assert_eq!(acronym_of("wg-async-foundations"), "WAF");
        assert_eq!(acronym_of("***"), "?");
    }

    #[test]
    fn emails() {
        for good in ["a@b.de", "first.last+tag@sub.example.org"] {
            assert!(email(good).is_ok(), "{good:?} should be allowed");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.de",
            "a@b@c.de",
            "a b@c.de",
            "a@.de",
            "a@b.de\r\nBcc: x@y.z",
        ] {
            assert!(email(bad).is_err(), "{bad:?} should be refused");
        }
    }
}
