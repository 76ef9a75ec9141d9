//! The calendar (§9.2): the operations of a span of days as somebody sees them, with what they
//! answered. It takes a fixed number of statements, whatever is on.

use super::{
    Eyes,
    reading::{categories, eyes, mark_of, operations_between, plans_anywhere},
    recurrence::instant_of,
    times,
};
use crate::{
    domain::{GroupId, OperationId, access::Action, time::Instant},
    features::operations::{
        model::{
            Answer, OperationState,
            calendar::{
                CalendarAsked, CalendarDay, CalendarEntry, CalendarPage, CalendarView, DayPart,
                hours, parts,
            },
        },
        store::{
            calendar::{Mine, mine_between},
            operations::Operation,
            setup::CategoryRow,
        },
    },
    server::{Ctx, Result, db::Read},
};
use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap};

/// Operations that are read for one picture. A month of four times what the busiest have.
const MOST: i64 = 1_000;

/// The calendar as the actor sees it.
///
/// # Errors
/// The Org has no operations, or the database fails.
pub async fn read_calendar(ctx: &Ctx, asked: CalendarAsked) -> Result<CalendarPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let zone = zone_asked(&mut tx, ctx, &asked).await?;
    let view = CalendarView::parse(&asked.view);
    let today = times::local_of(ctx.now, zone).date();
    let around = asked.day(today);
    let (first, count) = view.days(around);
    let begin = |day: NaiveDate| instant_of(zone, day.and_time(NaiveTime::MIN));
    let (from, until) = (begin(first), begin(first + Days::new(count)));
    let operations = operations_between(&mut tx, &eyes, from, until, MOST).await?;
    let categories = categories(&mut tx).await?;
    let mine = match &ctx.actor.player {
        Some((player, _)) => mine_between(&mut tx, *player, from, until).await?,
        None => Vec::new(),
    };
    tx.done().await?;

    let plans = plans_anywhere(ctx, &eyes);
    let too_many = operations.len() as i64 >= MOST;
    let mut days: Vec<CalendarDay> = first
        .iter_days()
        .take(usize::try_from(count).unwrap_or_default())
        .map(|day| empty_day(day, today, view == CalendarView::Month, around))
        .collect();
    let picture = Picture {
        ctx,
        eyes: &eyes,
        zone,
        mine: mine.iter().map(|row| (row.operation_id, row)).collect(),
        clashes: clashes(&operations, &mine),
        categories: &categories,
    };
    let wanted = operations
        .iter()
        .filter(|operation| picture.is_wanted(operation, &asked));
    for operation in wanted {
        let (starts, ends) = (operation.starts_at, operation.ends_at);
        let (starts, ends) = (times::local_of(starts, zone), times::local_of(ends, zone));
        for (at, part) in parts(starts, ends, first, count) {
            let entry = picture.entry(operation, part);
            days[usize::try_from(at).unwrap_or_default()]
                .entries
                .push(entry);
        }
    }
    let beginnings = days.iter().flat_map(|day| &day.entries);
    let beginnings = beginnings
        .filter(|entry| begins(entry))
        .map(|entry| entry.hour);
    let groups: BTreeMap<(String, GroupId), ()> = operations
        .iter()
        .map(|operation| ((operation.group_name.clone(), operation.group_id), ()))
        .collect();
    let (previous, next) = view.neighbours(around);
    let zones = match ctx.actor.user {
        Some(_) => Vec::new(),
        None => times::zones().map(str::to_owned).collect(),
    };
    Ok(CalendarPage {
        view,
        title: title(view, around),
        previous: previous.to_string(),
        next: next.to_string(),
        zone: times::zone_words(zone),
        zones,
        hours: hours(beginnings),
        categories: offered(&categories, &operations),
        groups: groups.into_keys().map(|(name, id)| (id, name)).collect(),
        is_member: ctx.actor.player.is_some(),
        plans,
        too_many,
        asked: CalendarAsked {
            view: view.as_str().to_owned(),
            date: around.to_string(),
            ..asked
        },
        days,
    })
}

/// What the days of a view are together: `March 2026`, `2 – 8 March 2026`.
fn title(view: CalendarView, around: NaiveDate) -> String {
    let (first, count) = view.days(around);
    let last = first + Days::new(count - 1);
    let whole = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    match view {
        CalendarView::Month => around.format("%B %Y").to_string(),
        _ if first.year() != last.year() => format!("{} – {}", whole(first), whole(last)),
        _ if first.month() != last.month() => {
            format!("{} – {}", first.format("%-d %B"), whole(last))
        }
        _ => format!("{} – {}", first.day(), whole(last)),
    }
}

/// The zone of the page: what a visitor chose, else the viewer's.
async fn zone_asked(tx: &mut Read, ctx: &Ctx, asked: &CalendarAsked) -> Result<Tz> {
    match asked.zone.parse() {
        Ok(zone) => Ok(zone),
        Err(_) => times::viewer_zone(tx, ctx).await,
    }
}

fn begins(entry: &CalendarEntry) -> bool {
    matches!(entry.part, DayPart::Whole | DayPart::First)
}

fn empty_day(day: NaiveDate, today: NaiveDate, of_month: bool, around: NaiveDate) -> CalendarDay {
    CalendarDay {
        date: day.to_string(),
        number: day.day(),
        short: day.format("%a").to_string(),
        name: day.format("%A %-d %B %Y").to_string(),
        is_today: day == today,
        is_outside: of_month && day.month() != around.month(),
        entries: Vec::new(),
    }
}

/// The categories to choose from: those there are, and deleted ones that are still in use here.
fn offered(
    categories: &HashMap<crate::domain::CategoryId, CategoryRow>,
    operations: &[Operation],
) -> Vec<crate::features::operations::model::pages::CategoryMark> {
    let in_use = |row: &CategoryRow| {
        let mut used = operations
            .iter()
            .filter_map(|operation| operation.category_id);
        used.any(|id| id == row.category_id)
    };
    let mut rows: Vec<&CategoryRow> = categories
        .values()
        .filter(|row| !row.deleted || in_use(row))
        .collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows.into_iter()
        .filter_map(|row| mark_of(categories, Some(row.category_id)))
        .collect()
}

/// Does a player mean to be there?
pub(super) fn is_coming(mine: &Mine) -> bool {
    mine.billet.is_some()
        || matches!(
            mine.answer,
            Answer::Attending | Answer::Late | Answer::Maybe
        )
}

/// For each operation of a player's, another of theirs at the same time. They come in order of time,
/// so each is compared with those before it that go on.
fn clashes(operations: &[Operation], mine: &[Mine]) -> HashMap<OperationId, String> {
    let coming: HashMap<OperationId, &Mine> = mine
        .iter()
        .filter(|row| is_coming(row))
        .map(|row| (row.operation_id, row))
        .collect();
    let takes_place = |operation: &&Operation| {
        operation.state != OperationState::Cancelled && coming.contains_key(&operation.operation_id)
    };
    let mut found = HashMap::new();
    let mut going_on: Vec<&Operation> = Vec::new();
    for operation in operations.iter().filter(takes_place) {
        going_on.retain(|before| before.ends_at > operation.starts_at);
        for before in &going_on {
            found.insert(before.operation_id, operation.title.clone());
            found.insert(operation.operation_id, before.title.clone());
        }
        going_on.push(operation);
    }
    found
}

/// What entries are made with.
struct Picture<'a> {
    ctx: &'a Ctx,
    eyes: &'a Eyes,
    zone: Tz,
    mine: HashMap<OperationId, &'a Mine>,
    clashes: HashMap<OperationId, String>,
    categories: &'a HashMap<crate::domain::CategoryId, CategoryRow>,
}

impl Picture<'_> {
    /// Do the filters let it through? One that cannot be read lets nothing through, so that a wrong
    /// address does not look like a right one.
    fn is_wanted(&self, operation: &Operation, asked: &CalendarAsked) -> bool {
        let category = || {
            let id = operation.category_id.map(|id| id.to_string());
            id.as_deref() == Some(asked.category.as_str())
        };
        let group = || {
            let path = self.eyes.roster().path(operation.group_id);
            path.iter().any(|id| id.to_string() == asked.group)
        };
        let answer = || {
            let mine = self.mine.get(&operation.operation_id);
            Answer::parse(&asked.answer) == Some(mine.map_or(Answer::None, |row| row.answer))
        };
        (asked.category.is_empty() || category())
            && (asked.group.is_empty() || group())
            && (asked.answer.is_empty() || answer())
    }

    fn entry(&self, operation: &Operation, part: DayPart) -> CalendarEntry {
        let here = self.zone;
        let when = times::when(
            operation.starts_at,
            operation.ends_at,
            here,
            times::zone(&operation.zone),
            self.ctx.now,
        );
        let starts = times::local_of(operation.starts_at, here);
        let one_day = part == DayPart::Whole;
        let clock = times::clock_in(operation.starts_at, here);
        let span = if one_day {
            format!("{clock}–{}", times::clock_in(operation.ends_at, here))
        } else {
            when.here
        };
        let mine = self.mine.get(&operation.operation_id);
        let billet = mine.and_then(|row| row.billet.clone());
        let may = self.ctx.actor.looker.is_none()
            && self.eyes.may(Action::PlanOperations, operation.group_id);
        CalendarEntry {
            id: operation.operation_id,
            version: operation.version,
            title: operation.title.clone(),
            category: mark_of(self.categories, operation.category_id),
            state: operation.state,
            starts_at: operation.starts_at,
            date: starts.date().to_string(),
            hour: i64::from(starts.hour()),
            clock,
            span,
            there: when.there,
            part,
            place: operation.place.clone(),
            group: operation.group_name.clone(),
            answer: mine
                .map(|row| row.answer)
                .filter(|answer| *answer != Answer::None),
            waits: mine.is_some_and(|row| row.waits),
            billet: billet.unwrap_or_default(),
            clash: self
                .clashes
                .get(&operation.operation_id)
                .cloned()
                .unwrap_or_default(),
            moves: may && can_be_moved(operation, self.ctx.now),
            in_series: operation.series_id.is_some(),
        }
    }
}

/// What is over stays where it was, and what is cancelled has to be revived first.
pub(super) fn can_be_moved(operation: &Operation, now: Instant) -> bool {
    let alive = matches!(
        operation.state,
        OperationState::Draft | OperationState::Scheduled | OperationState::Published
    );
    alive && operation.ends_at > now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_named_without_repeating() {
        for (view, around, expected) in [
            (CalendarView::Month, "2026-03-06", "March 2026"),
            (CalendarView::Week, "2026-03-06", "2 – 8 March 2026"),
            (CalendarView::Week, "2026-04-01", "30 March – 5 April 2026"),
            (
                CalendarView::Week,
                "2026-12-31",
                "28 December 2026 – 3 January 2027",
            ),
        ] {
            let around = around.parse().expect("a day");
            assert_eq!(title(view, around), expected);
        }
    }
}
