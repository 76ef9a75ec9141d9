//! Which passwords are refused: too short, too long, made of the own name, well known, or trivial
//! (ASVS 6.2.1, 6.2.4, 6.2.11). No rules about kinds of characters, no expiry.
//!
//! `passwords.txt` holds words and phrases that common passwords of ten and more characters are made
//! of. Capitals, `pa$$w0rd` spelling, and digits or signs around a word do not make it better.

use crate::{domain::FieldProblem, server::password::MAX_BYTES};
use std::{collections::HashSet, sync::LazyLock};

/// Least number of characters.
const MIN: usize = 10;

static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("passwords.txt").split_whitespace().collect());

/// Checks a new password.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(password: &str, name: &str, email: &str) -> Result<(), FieldProblem> {
    let length = password.chars().count();
    if length == 0 {
        Err(FieldProblem::Required)
    } else if length < MIN {
        Err(FieldProblem::TooShort { min: MIN as u32 })
    } else if password.len() > MAX_BYTES {
        Err(FieldProblem::TooLong {
            max: MAX_BYTES as u32,
        })
    } else if is_common(password) || is_own(password, name, email) {
        Err(FieldProblem::CommonPassword)
    } else {
        Ok(())
    }
}

fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    is_trivial(&lower) || COMMON.contains(lower.as_str()) || {
        let word = core(&plain_spelling(&lower));
        COMMON.contains(word.as_str()) || COMMON.contains(core(&lower).as_str())
    }
}

/// Name or address, alone, repeated, or with digits and signs around it.
fn is_own(password: &str, name: &str, email: &str) -> bool {
    let squeeze = |text: &str| core(&text.to_lowercase().replace(' ', ""));
    let password = squeeze(password);
    let mailbox = email.split('@').next().unwrap_or_default();
    [name, email, mailbox]
        .into_iter()
        .map(squeeze)
        .any(|own| own.chars().count() > 2 && password.replace(&own, "").chars().count() < 3)
}

/// `p4$$w0rd` → `password`.
fn plain_spelling(text: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    let is_edge = |c: char| !c.is_alphabetic() && !matches!(c, '@' | '$');
    text.trim_end_matches(is_edge).chars().map(letter).collect()
}

/// Without digits and signs at both ends.
fn core(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

/// One to three characters again and again, or a run such as `abcdefghij` or `9876543210`.
fn is_trivial(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let repeats = |period| {
        letters
            .iter()
            .zip(letters.iter().skip(period))
            .all(|(a, b)| a == b)
    };
    let run = |step: i64| {
        let next = |a: char, b: char| i64::from(u32::from(b)) - i64::from(u32::from(a));
        letters.windows(2).all(|pair| match pair {
            ['9', '0'] | ['0', '9'] => true,
            [a, b] => next(*a, *b) == step,
            _ => true,
        })
    };
    (1..=4).any(repeats) || run(1) || run(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), FieldProblem> {
        check(password, "Mara Voss", "mara.voss@example.org")
    }

    #[test]
    fn length_is_what_counts() {
        assert_eq!(verdict(""), Err(FieldProblem::Required));
        assert_eq!(verdict("short pw"), Err(FieldProblem::TooShort { min: 10 }));
        assert_eq!(
            verdict(&"long ".repeat(60)),
            Err(FieldProblem::TooLong { max: 256 })
        );
        for good in [
            "correct horse battery",
            "vier Löwen im Schnee",
            "x7#kQ-29vLmp",
        ] {
            assert_eq!(verdict(good), Ok(()), "{good:?} should be allowed");
        }
    }

    #[test]
    fn well_known_passwords_are_refused() {
        for bad in [
            "password123",
            "Password123!",
            "P@ssw0rd123",
            "qwertyuiop",
            "1q2w3e4r5t",
            "iloveyou123",
            "1234567890",
            "0987654321",
            "aaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghij",
            "letmein12345",
            "!!dragon1999",
            "Football2024",
            "administrator",
            "changeme123",
            "qwerty123456",
        ] {
            assert_eq!(verdict(bad), Err(FieldProblem::CommonPassword), "{bad:?}");
        }
    }

    #[test]
    fn the_own_name_is_refused() {
        for bad in [
            "Mara Voss 1",
            "maravoss2024",
            "mara.voss@example.org",
            "maravossmaravoss",
        ] {
            assert_eq!(verdict(bad), Err(FieldProblem::CommonPassword), "{bad:?}");
        }
    }
}
