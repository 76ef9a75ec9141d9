//! Rules and their explanations in words that a player understands (§7.2).

use super::{
    Attendance, Criterion, Explanation, Fact, Figures, Known, LastReprimand, Membership, Node,
    TimeIn, Verdict, Window,
};
use crate::domain::ids::{AwardId, CategoryId, GroupId, KeyId, PoolId, QualificationId, RoleId};
use serde::{Deserialize, Serialize};

/// Something of the organisation that a rule speaks of and whose name a sentence needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A group.
    Group(GroupId),
    /// A role.
    Role(RoleId),
    /// A category of operations.
    Category(CategoryId),
    /// A qualification.
    Qualification(QualificationId),
    /// An award.
    Award(AwardId),
    /// A key.
    Key(KeyId),
    /// A pool of points.
    Pool(PoolId),
    /// The lowest rank of at least this level.
    RankLevel(i64),
}

/// Looks a name up. None: there is no such thing (any more), or the reader may not know of it.
pub type Names<'a> = &'a dyn Fn(Thing) -> Option<String>;

/// An explanation in words, as pages show it: a sentence, and those of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// `met`, `unmet` or `unknown`.
    pub verdict: String,
    /// The sentence.
    pub text: String,
    /// The parts, for conditions that join others.
    pub parts: Vec<Told>,
}

impl Explanation {
    /// The explanation in words.
    #[must_use]
    pub fn told(&self, names: Names<'_>) -> Told {
        self.told_as(names, true)
    }

    /// `wanted` is false below an odd number of `not`: what is missing there is no shortage.
    fn told_as(&self, names: Names<'_>, wanted: bool) -> Told {
        let tell = |parts: &[Self]| -> Vec<Told> {
            let told = parts.iter().map(|part| part.told_as(names, wanted));
            told.collect()
        };
        let (text, parts) = match &self.node {
            Node::All(parts) if parts.is_empty() => ("No condition".to_owned(), Vec::new()),
            Node::All(parts) => ("All of these".to_owned(), tell(parts)),
            Node::Any(parts) => ("One of these".to_owned(), tell(parts)),
            Node::AtLeast { n, of } => (some_of(*n, of, wanted), tell(of)),
            Node::Not(part) => ("Not this".to_owned(), vec![part.told_as(names, !wanted)]),
            Node::Fact(fact, known) => (fact.told(*known, names, wanted), Vec::new()),
        };
        Told {
            verdict: self.verdict.word().to_owned(),
            text,
            parts,
        }
    }
}

fn some_of(n: u32, of: &[Explanation], wanted: bool) -> String {
    let met = of.iter().filter(|part| part.met()).count();
    let short = (n as usize).saturating_sub(met);
    let mut text = format!("At least {n} of these {}: {met} met", of.len());
    if wanted && short > 0 {
        text.push_str(&format!(", {short} short"));
    }
    text
}

impl Criterion {
    /// What the rule demands, in one line: "Medic and (rank Sergeant or above, or in Alpha)".
    #[must_use]
    pub fn demand(&self, names: Names<'_>) -> String {
        if self.is_empty() {
            return "no condition".to_owned();
        }
        self.demand_in(names, true)
    }

    fn demand_in(&self, names: Names<'_>, outermost: bool) -> String {
        let join = |parts: &[Self], word: &str| {
            let demands = parts.iter().map(|part| part.demand_in(names, false));
            demands.collect::<Vec<_>>().join(word)
        };
        let text = match self {
            Self::All(parts) if parts.is_empty() => return "no condition".to_owned(),
            Self::All(parts) | Self::Any(parts) if parts.len() == 1 => {
                return parts[0].demand_in(names, outermost);
            }
            Self::All(parts) => join(parts, " and "),
            Self::Any(parts) => join(parts, " or "),
            Self::AtLeast { n, of } => format!("at least {n} of: {}", join(of, "; ")),
            Self::Not(part) => return format!("not {}", part.demand_in(names, false)),
            Self::Fact(fact) => return fact.demand(names),
        };
        if outermost { text } else { format!("({text})") }
    }
}

impl Fact {
    /// The thing whose name its sentences need.
    #[must_use]
    pub fn thing(self) -> Option<Thing> {
        match self {
            Self::AttendedPercent { window, .. }
            | Self::AccountablePercent { window, .. }
            | Self::AttendedCount { window, .. } => window.category.map(Thing::Category),
            Self::RankLevel(level) => Some(Thing::RankLevel(level)),
            Self::Qualification(id) => Some(Thing::Qualification(id)),
            Self::Award(id) => Some(Thing::Award(id)),
            Self::KeyTotal { key, .. } => Some(Thing::Key(key)),
            Self::MemberOf { group, .. } => Some(Thing::Group(group)),
            Self::Role(id) => Some(Thing::Role(id)),
            Self::Points { pool, .. } => Some(Thing::Pool(pool)),
            Self::TimeIn { .. } | Self::OnLeave | Self::NoReprimand { .. } => None,
        }
    }

    /// What it demands, as part of a sentence.
    #[must_use]
    pub fn demand(self, names: Names<'_>) -> String {
        let name = self.name(names);
        match self {
            Self::AttendedPercent { window, percent } => {
                format!("attended {percent} % of {}", window.told(names))
            }
            Self::AccountablePercent { window, percent } => {
                format!(
                    "attended or excused from {percent} % of {}",
                    window.told(names)
                )
            }
            Self::AttendedCount { window, count } => {
                format!("attended {count} {}", window.told_for(count.into(), names))
            }
            Self::TimeIn { what, days } => format!("{} {}", days_of(days.into()), what.told()),
            Self::RankLevel(_) => format!("rank {name} or above"),
            Self::Qualification(_) | Self::Award(_) | Self::Role(_) => name,
            Self::KeyTotal { total, .. } => format!("{total} {name}"),
            Self::MemberOf { or_below, .. } => format!("in {name}{}", below(or_below)),
            Self::Points { points, .. } => format!("{points} points in {name}"),
            Self::OnLeave => "on leave of absence".to_owned(),
            Self::NoReprimand { days } => format!("no reprimand in {}", days_of(days.into())),
        }
    }

    /// What is known of it, in a sentence. `wanted`: whoever reads it should meet it, so that what
    /// is needed and what is short is said, too.
    fn told(self, known: Known, names: Names<'_>, wanted: bool) -> String {
        let figures = self.figures(known);
        let need = || needed(figures, wanted);
        let name = self.name(names);
        match (self, known) {
            (_, Known::Nothing) => format!("{}: nothing is known", capital(&self.demand(names))),
            (Self::AttendedPercent { window, percent }, Known::Attendance(sums)) => {
                let share = (sums.credit, sums.attended_percent());
                let done = told_share(sums, share, &window.told_for(sums.operations.into(), names));
                format!("{done}{}", percent_needed(figures, percent, wanted))
            }
            (Self::AccountablePercent { window, percent }, Known::Attendance(sums)) => {
                let share = (sums.accountable, sums.accountable_percent());
                let done = told_share(sums, share, &window.told_for(sums.operations.into(), names));
                let needed = percent_needed(figures, percent, wanted);
                format!("Attended or excused: {done}{needed}")
            }
            (Self::AttendedCount { window, .. }, Known::Attendance(sums)) => {
                let operations = window.told_for(sums.attended.into(), names);
                format!("{} {operations}{}", sums.attended, need())
            }
            (Self::TimeIn { what, .. }, Known::Number(days)) => {
                format!("{} {}{}", days_of(days), what.told(), need())
            }
            (Self::RankLevel(level), Known::Number(have)) => {
                let figures = format!("level {have}, {level} needed");
                if have >= level {
                    format!("Rank {name} or above ({figures})")
                } else {
                    format!("Below rank {name} ({figures})")
                }
            }
            (Self::Qualification(_) | Self::Award(_) | Self::Role(_), Known::Held(held)) => {
                format!("{name}: {}", if held { "held" } else { "not held" })
            }
            (Self::KeyTotal { total, .. }, Known::Number(have)) if wanted => {
                format!("{name}: {have} of {total}{}", short(figures))
            }
            (Self::KeyTotal { .. }, Known::Number(have)) => format!("{name}: {have}"),
            (Self::MemberOf { or_below, .. }, Known::Membership(how)) => match how {
                Membership::Member => format!("In {name}"),
                Membership::Below if or_below => format!("In a group below {name}"),
                Membership::Below => format!("Only in a group below {name}"),
                Membership::No => format!("Not in {name}{}", below(or_below)),
            },
            (Self::Points { .. }, Known::Number(have)) => {
                let points = if have == 1 { "point" } else { "points" };
                format!("{name}: {have} {points}{}", need())
            }
            (Self::OnLeave, Known::Held(true)) => "On leave of absence".to_owned(),
            (Self::OnLeave, Known::Held(false)) => "Not on leave of absence".to_owned(),
            (Self::NoReprimand { .. }, Known::LastReprimand(LastReprimand::Never)) => {
                "Never reprimanded".to_owned()
            }
            (Self::NoReprimand { .. }, Known::LastReprimand(LastReprimand::DaysAgo(ago))) => {
                format!("Last reprimand {} ago{}", days_of(ago.into()), need())
            }
            // What is known is of another kind; `Facts::about` never answers so.
            _ => format!("{}: nothing is known", capital(&self.demand(names))),
        }
    }

    fn name(self, names: Names<'_>) -> String {
        let Some(thing) = self.thing() else {
            return String::new();
        };
        names(thing).unwrap_or_else(|| thing.nameless())
    }
}

impl Thing {
    /// Instead of a name that is not there.
    fn nameless(self) -> String {
        let what = match self {
            Self::Group(_) => "a group",
            Self::Role(_) => "a role",
            Self::Category(_) => "a category",
            Self::Qualification(_) => "a qualification",
            Self::Award(_) => "an award",
            Self::Key(_) => "a key",
            Self::Pool(_) => "a pool",
            Self::RankLevel(level) => return format!("of level {level}"),
        };
        format!("{what} that is gone or hidden")
    }
}

impl TimeIn {
    fn told(self) -> &'static str {
        match self {
            Self::Rank => "in this rank",
            Self::Service => "in the organisation",
            Self::Assignment => "in this assignment",
        }
    }
}

impl Window {
    /// "operations of Training in 90 days".
    fn told(self, names: Names<'_>) -> String {
        self.told_for(0, names)
    }

    /// The same after a number: "1 operation in 90 days".
    fn told_for(self, number: i64, names: Names<'_>) -> String {
        let mut text = if number == 1 {
            "operation"
        } else {
            "operations"
        }
        .to_owned();
        if let Some(category) = self.category {
            let thing = Thing::Category(category);
            let name = names(thing).unwrap_or_else(|| thing.nameless());
            text.push_str(&format!(" of {name}"));
        }
        match self.days {
            Some(days) => text.push_str(&format!(" in {}", days_of(days.into()))),
            None => text.push_str(" ever"),
        }
        text
    }
}

/// "7 of 10 operations in 90 days (70 %)" for credit and percent.
fn told_share(sums: Attendance, (credit, percent): (u32, u32), operations: &str) -> String {
    if !sums.eligible() {
        return format!("No {operations}");
    }
    let (credit, percent) = (hundredths(credit.into()), hundredths(percent.into()));
    format!("{credit} of {} {operations} ({percent} %)", sums.operations)
}

/// ", 90 % needed, 2 short"; what is short is counted in whole operations, as people attend them.
fn percent_needed(figures: Option<Figures>, percent: u8, wanted: bool) -> String {
    if !wanted {
        return String::new();
    }
    match figures.map(Figures::short) {
        Some(missing) if missing > 0 => {
            let operations = missing.saturating_add(99) / 100;
            format!(", {percent} % needed, {operations} short")
        }
        _ => format!(", {percent} % needed"),
    }
}

/// ", 10 needed, 3 short"; nothing where the reader need not meet it.
fn needed(figures: Option<Figures>, wanted: bool) -> String {
    match figures {
        Some(Figures { need, .. }) if wanted => format!(", {need} needed{}", short(figures)),
        _ => String::new(),
    }
}

fn short(figures: Option<Figures>) -> String {
    match figures.map(Figures::short) {
        Some(missing) if missing > 0 => format!(", {missing} short"),
        _ => String::new(),
    }
}

fn below(or_below: bool) -> &'static str {
    if or_below { " or a group below it" } else { "" }
}

fn days_of(days: i64) -> String {
    if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    }
}

/// A number of hundredths without needless zeros: 750 is "7.5", 700 is "7".
#[must_use]
fn hundredths(number: i64) -> String {
    let (whole, rest) = (number / 100, number % 100);
    match rest {
        0 => format!("{whole}"),
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
