//! Staged release (§9.4): who may take a billet themself, and from when. The best qualified first,
//! later wider (peers.md b.3: "design systems, not rules").
//!
//! A release is a list of stages. A stage opens so many hours after the operation was published, to
//! whoever meets its criterion, and stays open beside the later ones. No stage at all: everybody,
//! as soon as it is published. Whoever may not yet is told when, and whoever never may is told what
//! the widest stage wants of them.

use crate::domain::{
    criteria::{Criterion, CriterionError, Explanation, Facts, evaluate},
    time::Instant,
};
use chrono::Duration;
use serde_json::{Value, json};
use std::fmt;

/// Limits of a release.
pub mod limits {
    /// Stages.
    pub const STAGES: usize = 6;
    /// Hours after publishing.
    pub const HOURS: u32 = 90 * 24;
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Hours after publishing.
    pub opens: u32,
    /// To whom.
    pub who: Criterion,
}

/// The stages of a billet, the first to open first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release(Vec<Stage>);

/// Why something is no release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseProblem {
    /// Not a list of stages such as `{"opens": 24, "who": {"rank_level": 3}}`.
    Malformed,
    /// More than [`limits::STAGES`].
    TooMany,
    /// The hours of this stage (the first is 1) are beyond [`limits::HOURS`], or not after those of
    /// the stage before it.
    Hours(usize),
    /// The criterion of this stage is wrong.
    Who(usize, CriterionError),
}

impl fmt::Display for ReleaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str(
                "should be a list of stages, such as {\"opens\": 24, \"who\": {\"rank_level\": 3}}",
            ),
            Self::TooMany => write!(f, "more than {} stages", limits::STAGES),
            Self::Hours(stage) => write!(
                f,
                "stage {stage}: the hours should be a whole number up to {}, and more than those of \
                 the stage before",
                limits::HOURS
            ),
            Self::Who(stage, error) => write!(f, "stage {stage}: {error}"),
        }
    }
}

impl std::error::Error for ReleaseProblem {}

/// May somebody take the billet themself?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taking {
    /// Yes.
    Now,
    /// Not yet: from this instant, if they still meet what they meet now.
    From(Instant),
    /// Not before the operation is published.
    Unpublished,
    /// No stage lets them in; what the last one, the widest, wants.
    Never(Explanation),
}

impl Release {
    /// A release of these stages.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(stages: Vec<Stage>) -> Result<Self, ReleaseProblem> {
        if stages.len() > limits::STAGES {
            return Err(ReleaseProblem::TooMany);
        }
        for (index, stage) in stages.iter().enumerate() {
            let later = index == 0 || stages[index - 1].opens < stage.opens;
            if stage.opens > limits::HOURS || !later {
                return Err(ReleaseProblem::Hours(index + 1));
            }
        }
        Ok(Self(stages))
    }

    /// Reads the stored form, a list in JSON. An empty text is no stage.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ReleaseProblem> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value: Value = serde_json::from_str(text).map_err(|_| ReleaseProblem::Malformed)?;
        let list = value.as_array().ok_or(ReleaseProblem::Malformed)?;
        if list.len() > limits::STAGES {
            return Err(ReleaseProblem::TooMany);
        }
        let mut stages = Vec::new();
        for (number, value) in (1..).zip(list) {
            let stage = value.as_object().ok_or(ReleaseProblem::Malformed)?;
            let (Some(opens), Some(who), 2) = (stage.get("opens"), stage.get("who"), stage.len())
            else {
                return Err(ReleaseProblem::Malformed);
            };
            let opens = opens.as_u64().and_then(|hours| u32::try_from(hours).ok());
            let who = Criterion::from_json(who);
            stages.push(Stage {
                opens: opens.ok_or(ReleaseProblem::Hours(number))?,
                who: who.map_err(|error| ReleaseProblem::Who(number, error))?,
            });
        }
        Self::new(stages)
    }

    /// The stages, the first to open first.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.0
    }

    /// When each stage opens, for an operation published then.
    pub fn openings(&self, published_at: Instant) -> impl Iterator<Item = (Instant, &Stage)> {
        let opens = move |stage: &Stage| published_at + Duration::hours(i64::from(stage.opens));
        self.0.iter().map(move |stage| (opens(stage), stage))
    }

    /// May the person of whom this is known take the billet themself now? `published_at`: none, or
    /// still to come, while the operation is not published.
    #[must_use]
    pub fn taking(&self, published_at: Option<Instant>, now: Instant, facts: &Facts) -> Taking {
        let Some(published_at) = published_at.filter(|at| *at <= now) else {
            return Taking::Unpublished;
        };
        let mut answer = Taking::Now;
        for (opens_at, stage) in self.openings(published_at) {
            let explanation = evaluate(&stage.who, facts);
            match explanation.met() {
                // They are in the order of opening: this is the first that lets them in.
                true if opens_at <= now => return Taking::Now,
                true => return Taking::From(opens_at),
                false => answer = Taking::Never(explanation),
            }
        }
        answer
    }
}

impl fmt::Display for Release {
    /// The stored form; empty without stages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let stage = |stage: &Stage| json!({ "opens": stage.opens, "who": stage.who.to_json() });
        Value::Array(self.0.iter().map(stage).collect()).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::criteria::{Fact, Verdict};
    use chrono::DateTime;

    fn hour(hours: i64) -> Instant {
        DateTime::UNIX_EPOCH + Duration::hours(hours)
    }

    fn level(level: i64) -> Facts {
        Facts {
            rank_level: Some(level),
            ..Facts::default()
        }
    }

    /// UNITAF's policy: the tier that is needed; a day later one below; two days later two.
    fn staged() -> Release {
        let stage = |opens, level| Stage {
            opens,
            who: Fact::RankLevel(level).into(),
        };
        Release::new(vec![stage(0, 5), stage(24, 4), stage(48, 3)]).expect("a sound release")
    }

    #[test]
    fn the_best_qualified_come_first_and_the_others_are_told_when() {
        let taking = |at, rank| staged().taking(Some(hour(100)), hour(at), &level(rank));
        assert_eq!(taking(99, 5), Taking::Unpublished);
        assert_eq!(taking(100, 5), Taking::Now);
        assert_eq!(taking(100, 4), Taking::From(hour(124)));
        assert_eq!(taking(123, 4), Taking::From(hour(124)));
        assert_eq!(taking(124, 4), Taking::Now);
        assert_eq!(taking(124, 3), Taking::From(hour(148)));
        assert_eq!(taking(1_000, 3), Taking::Now);
        assert_eq!(
            staged().taking(None, hour(1_000), &level(9)),
            Taking::Unpublished
        );
    }

    #[test]
    fn whoever_no_stage_lets_in_is_told_what_the_widest_wants() {
        let taking = staged().taking(Some(hour(0)), hour(1_000), &level(2));
        let Taking::Never(explanation) = taking else {
            panic!("level 2 is below every stage, but: {taking:?}");
        };
        let told = explanation.told(&|_| Some("Corporal".to_owned()));
        assert_eq!(told.text, "Below rank Corporal (level 2, 3 needed)");
        // Of whom nothing is known gets in nowhere.
        let taking = staged().taking(Some(hour(0)), hour(1_000), &Facts::default());
        let Taking::Never(explanation) = taking else {
            panic!("nothing is known, but: {taking:?}");
        };
        assert_eq!(explanation.verdict, Verdict::Unknown);
    }

    #[test]
    fn without_stages_everybody_may_at_once_when_it_is_published() {
        let open = Release::parse("").expect("no stage");
        assert_eq!(
            open.taking(Some(hour(1)), hour(1), &Facts::default()),
            Taking::Now
        );
        assert_eq!(
            open.taking(Some(hour(2)), hour(1), &Facts::default()),
            Taking::Unpublished
        );
    }

    #[test]
    fn a_release_is_read_as_it_is_written_and_mistakes_are_told() {
        for release in [Release::default(), staged()] {
            assert_eq!(Release::parse(&release.to_string()), Ok(release));
        }
        let told = |text: &str| match Release::parse(text) {
            Ok(_) => panic!("{text} must be refused"),
            Err(problem) => problem.to_string(),
        };
        let malformed =
            "should be a list of stages, such as {\"opens\": 24, \"who\": {\"rank_level\": 3}}";
        for text in [
            "{}",
            "[1]",
            "[{\"opens\": 0}]",
            "[{\"opens\": 0, \"who\": {\"all\": []}, \"x\": 1}]",
            "[",
        ] {
            assert_eq!(told(text), malformed, "{text}");
        }
        let stage = |hours: &str| format!("{{\"opens\": {hours}, \"who\": {{\"all\": []}}}}");
        for (hours, which) in [("0,0", 2), ("24,0", 2), ("2161", 1), ("-1", 1), ("1.5", 1)] {
            let stages: Vec<_> = hours.split(',').map(stage).collect();
            let told = told(&format!("[{}]", stages.join(",")));
            assert!(
                told.starts_with(&format!("stage {which}: the hours")),
                "{hours}: {told}"
            );
        }
        let many: Vec<_> = (0..7).map(|hours| stage(&hours.to_string())).collect();
        assert_eq!(told(&format!("[{}]", many.join(","))), "more than 6 stages");
        assert_eq!(
            told("[{\"opens\": 0, \"who\": {\"rank_level\": -1}}]"),
            "stage 1: “rank_level”: should be a whole number from 0 to 1000"
        );
    }
}
