//! The stages of release as they are typed: rows of a form, in any order (§9.4).

use super::optional_number;
use crate::{
    domain::{
        AppError, FieldErrors, FieldProblem,
        criteria::{self, Criterion, Fact},
    },
    features::operations::model::release::{Release, ReleaseProblem, Stage, limits},
};
use serde::{Deserialize, Serialize};

/// What [`StageRow::who`] says for everybody.
pub const EVERYBODY: &str = "everybody";
/// What [`StageRow::who`] says for the rule in [`StageRow::kept`].
pub const KEPT: &str = "kept";

/// A row of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageRow {
    /// Hours after publishing; empty for at once.
    pub opens: String,
    /// To whom: [`EVERYBODY`], the least level of a rank, or [`KEPT`]. Empty: this row is no stage.
    pub who: String,
    /// A rule as JSON that the other choices cannot say.
    pub kept: String,
}

/// The rows of a release.
#[must_use]
pub fn stage_rows(release: &Release) -> Vec<StageRow> {
    let row = |stage: &Stage| {
        let (who, kept) = match &stage.who {
            who if who.is_empty() => (EVERYBODY.to_owned(), String::new()),
            Criterion::Fact(Fact::RankLevel(level)) => (level.to_string(), String::new()),
            who => (KEPT.to_owned(), who.to_json().to_string()),
        };
        StageRow {
            opens: stage.opens.to_string(),
            who,
            kept,
        }
    };
    release.stages().iter().map(row).collect()
}

/// The release that the rows of the field `stages` say.
///
/// # Errors
/// All problems at once.
pub fn read_stages(rows: &[StageRow]) -> Result<Release, AppError> {
    let mut errors = FieldErrors::default();
    let mut stages: Vec<(usize, Stage)> = Vec::new();
    for (at, row) in rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.who.is_empty())
    {
        let opens = optional_number(&row.opens, 0, i64::from(limits::HOURS));
        let opens = errors.check(&format!("stages[{at}][opens]"), opens);
        let who = errors.check(&format!("stages[{at}][who]"), read_who(row));
        if let (Some(opens), Some(who)) = (opens, who) {
            let opens = u32::try_from(opens.unwrap_or_default()).unwrap_or_default();
            stages.push((at, Stage { opens, who }));
        }
    }
    if !errors.0.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    stages.sort_by_key(|(_, stage)| stage.opens);
    let rows: Vec<usize> = stages.iter().map(|(at, _)| *at).collect();
    let release = Release::new(stages.into_iter().map(|(_, stage)| stage).collect());
    release.map_err(|problem| {
        let (at, problem) = match problem {
            // The hours are within their limits, so two stages open at the same hour.
            ReleaseProblem::Hours(stage) => (stage - 1, FieldProblem::Taken),
            _ => (rows.len() - 1, FieldProblem::OutOfRange),
        };
        let at = rows.get(at).copied().unwrap_or_default();
        AppError::field(&format!("stages[{at}][opens]"), problem)
    })
}

fn read_who(row: &StageRow) -> Result<Criterion, FieldProblem> {
    match row.who.as_str() {
        EVERYBODY => Ok(Criterion::default()),
        KEPT => Criterion::parse(&row.kept).map_err(|_| FieldProblem::Malformed),
        level => match optional_number(level, 0, *criteria::limits::LEVEL.end())? {
            Some(level) => Ok(Fact::RankLevel(level).into()),
            None => Err(FieldProblem::Required),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(opens: &str, who: &str) -> StageRow {
        StageRow {
            opens: opens.into(),
            who: who.into(),
            ..StageRow::default()
        }
    }

    #[test]
    fn rows_say_a_release_and_a_release_its_rows() {
        let kept = StageRow {
            kept: "{\"not\":{\"rank_level\":2}}".into(),
            ..row("12", KEPT)
        };
        let rows = [
            row("24", EVERYBODY),
            row("", ""),
            row("", "5"),
            kept.clone(),
        ];
        let release = read_stages(&rows).expect("a sound release");
        let expected = [row("0", "5"), kept, row("24", EVERYBODY)];
        assert_eq!(stage_rows(&release), expected);
        assert_eq!(read_stages(&expected), Ok(release));
        assert_eq!(read_stages(&[]), Ok(Release::default()));
    }

    #[test]
    fn what_is_wrong_stands_at_its_row() {
        let wrong = |rows: &[StageRow]| match read_stages(rows) {
            Err(AppError::Invalid(errors)) => errors.0,
            other => panic!("these rows are wrong: {other:?}"),
        };
        let found = wrong(&[row("soon", "5"), row("3", "many"), row("3000", EVERYBODY)]);
        assert_eq!(
            found,
            [
                ("stages[0][opens]".to_owned(), FieldProblem::Malformed),
                ("stages[1][who]".to_owned(), FieldProblem::Malformed),
                ("stages[2][opens]".to_owned(), FieldProblem::OutOfRange),
            ]
        );
        let twice = wrong(&[row("3", "5"), row("", ""), row("3", "4")]);
        assert_eq!(
            twice,
            [("stages[2][opens]".to_owned(), FieldProblem::Taken)]
        );
    }
}
