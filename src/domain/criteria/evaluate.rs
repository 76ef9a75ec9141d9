//! The answer to a rule, with its figures.

use super::{Attendance, Criterion, Fact, Facts, Known, LastReprimand, Membership};

/// The answer: three values, see the head of the parent module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Yes.
    Met,
    /// No.
    Unmet,
    /// There is nothing to judge by. No gate opens on it.
    Unknown,
}

impl Verdict {
    /// Yes or no, for what is known.
    #[must_use]
    pub fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::Unmet }
    }

    /// The stored and styled word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
        }
    }
}

impl std::ops::Not for Verdict {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Met => Self::Unmet,
            Self::Unmet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// Why a rule is met or not: the rule's own shape, with an answer at each part (§7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The answer here.
    pub verdict: Verdict,
    /// How it came about.
    pub node: Node,
}

/// A part of an [`Explanation`], as the part of the rule it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Every one of these.
    All(Vec<Explanation>),
    /// At least one of these.
    Any(Vec<Explanation>),
    /// Not this.
    Not(Box<Explanation>),
    /// At least so many of these.
    AtLeast {
        /// How many.
        n: u32,
        /// Of which.
        of: Vec<Explanation>,
    },
    /// A fact and what is known of it.
    Fact(Fact, Known),
}

/// A fact in numbers: what there is, what is needed, how much is missing. Percentages are given in
/// credit, a whole operation being 100, so that "2 short" means two operations; the rest in the
/// fact's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// What there is.
    pub have: i64,
    /// What is needed.
    pub need: i64,
    /// Of how much at most, where there is a most: the credit of all operations.
    pub of: Option<i64>,
}

impl Figures {
    /// How much is missing; 0 when met.
    #[must_use]
    pub fn short(self) -> i64 {
        self.need.saturating_sub(self.have).max(0)
    }
}

impl Explanation {
    /// Does the gate open?
    #[must_use]
    pub fn met(&self) -> bool {
        self.verdict == Verdict::Met
    }
}

/// Judges a rule by what is known about one player.
#[must_use]
pub fn evaluate(rule: &Criterion, facts: &Facts) -> Explanation {
    let parts = |parts: &[Criterion]| -> Vec<Explanation> {
        parts.iter().map(|part| evaluate(part, facts)).collect()
    };
    match rule {
        Criterion::All(of) => {
            let of = parts(of);
            Explanation {
                verdict: at_least(of.len(), &of),
                node: Node::All(of),
            }
        }
        Criterion::Any(of) => {
            let of = parts(of);
            Explanation {
                verdict: at_least(1, &of),
                node: Node::Any(of),
            }
        }
        Criterion::AtLeast { n, of } => {
            let of = parts(of);
            Explanation {
                verdict: at_least(*n as usize, &of),
                node: Node::AtLeast { n: *n, of },
            }
        }
        Criterion::Not(part) => {
            let part = evaluate(part, facts);
            Explanation {
                verdict: !part.verdict,
                node: Node::Not(Box::new(part)),
            }
        }
        Criterion::Fact(fact) => {
            let known = facts.about(*fact);
            Explanation {
                verdict: fact.verdict(known),
                node: Node::Fact(*fact, known),
            }
        }
    }
}

/// Met when so many are, unmet when so many can no longer be. `all` and `any` are its two ends.
fn at_least(n: usize, parts: &[Explanation]) -> Verdict {
    let count = |verdict| parts.iter().filter(|part| part.verdict == verdict).count();
    let met = count(Verdict::Met);
    if met >= n {
        Verdict::Met
    } else if met + count(Verdict::Unknown) < n {
        Verdict::Unmet
    } else {
        Verdict::Unknown
    }
}

impl Fact {
    /// The answer of this fact alone.
    #[must_use]
    pub fn verdict(self, known: Known) -> Verdict {
        match (self, known) {
            (Self::Qualification(_) | Self::Award(_) | Self::Role(_), Known::Held(held)) => {
                Verdict::of(held)
            }
            (Self::OnLeave, Known::Held(on_leave)) => Verdict::of(on_leave),
            (Self::MemberOf { or_below, .. }, Known::Membership(how)) => Verdict::of(match how {
                Membership::Member => true,
                Membership::Below => or_below,
                Membership::No => false,
            }),
            (Self::NoReprimand { .. }, Known::LastReprimand(LastReprimand::Never)) => Verdict::Met,
            _ => self.figures(known).map_or(Verdict::Unknown, |figures| {
                Verdict::of(figures.short() == 0)
            }),
        }
    }

    /// The fact in numbers. None for what is held or not, and where there is nothing to judge by.
    #[must_use]
    pub fn figures(self, known: Known) -> Option<Figures> {
        let plain = |have, need| {
            Some(Figures {
                have,
                need,
                of: None,
            })
        };
        match (self, known) {
            (Self::AttendedPercent { percent, .. }, Known::Attendance(sums)) => {
                share(sums, sums.credit, percent)
            }
            (Self::AccountablePercent { percent, .. }, Known::Attendance(sums)) => {
                share(sums, sums.accountable, percent)
            }
            (Self::AttendedCount { count, .. }, Known::Attendance(sums)) => {
                plain(i64::from(sums.attended), i64::from(count))
            }
            (Self::TimeIn { days, .. }, Known::Number(have)) => plain(have, i64::from(days)),
            (Self::NoReprimand { days }, Known::LastReprimand(LastReprimand::DaysAgo(ago))) => {
                plain(i64::from(ago), i64::from(days))
            }
            (
                Self::RankLevel(need)
                | Self::KeyTotal { total: need, .. }
                | Self::Points { points: need, .. },
                Known::Number(have),
            ) => plain(have, need),
            _ => None,
        }
    }
}

/// A percentage as credit. What is needed is the least credit whose percentage, rounded as it is
/// shown, reaches the whole percent: what people read and what is decided never differ.
fn share(sums: Attendance, credit: u32, percent: u8) -> Option<Figures> {
    if !sums.eligible() {
        return None;
    }
    let operations = i64::from(sums.operations);
    // (200 × credit + operations) / (2 × operations) ≥ 100 × percent, solved for credit.
    let need = (operations * (200 * i64::from(percent) - 1) + 199).div_euclid(200);
    Some(Figures {
        have: i64::from(credit),
        need,
        of: Some(100 * operations),
    })
}
