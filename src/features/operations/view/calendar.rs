//! The days of the calendar: as a month, a week, or one below the other.
//!
//! On a phone a month and a week become a strip of days with marks, and the same list of days as the
//! agenda below it; the style sheet shows one or the other, so that nothing depends on the width of
//! a window while the page is made.

mod entry;

use crate::{
    features::operations::model::calendar::{
        CalendarDay, CalendarEntry, CalendarPage, CalendarView, DayPart,
    },
    ui::Empty,
};
use entry::{entry, entry_row, mark_only};
use leptos::prelude::*;

/// Entries of one day that a month shows; a link leads to the rest.
const MOST_IN_A_CELL: usize = 8;
/// Marks of one day in the strip.
const MOST_MARKS: usize = 4;

/// The days in the view that was chosen.
pub(super) fn days(page: &CalendarPage) -> AnyView {
    let wide = match page.view {
        CalendarView::Month => Some(month(page)),
        CalendarView::Week => Some(week(page)),
        CalendarView::Agenda => None,
    };
    let view = page.view.as_str();
    let list = list(page);
    view! { <div class="cal" data-view=view>{wide}{list}</div> }.into_any()
}

fn head(days: &[CalendarDay]) -> AnyView {
    let names = days.iter().map(|day| {
        let full = day.name.split(' ').next().unwrap_or_default().to_owned();
        let short = day.short.clone();
        view! { <th scope="col"><abbr title=full>{short}</abbr></th> }
    });
    view! { <tr>{names.collect_view()}</tr> }.into_any()
}

/// The number of a day: on a phone a link to the day in the list below.
fn number(day: &CalendarDay) -> AnyView {
    let text = day.number.to_string();
    let current = day.is_today.then_some("date");
    if day.entries.is_empty() {
        return view! {
            <span class="cal-day__number" aria-current=current>{text}</span>
        }
        .into_any();
    }
    let marks = day.entries.iter().take(MOST_MARKS).map(mark_only);
    let marks = marks.collect_view();
    let href = format!("#day-{}", day.date);
    let label = format!("{}: {}", day.name, count(day.entries.len()));
    view! {
        <span class="cal-day__number" aria-current=current>{text.clone()}</span>
        <a class="cal-day__jump" href=href rel="external" aria-label=label aria-current=current>
            <span>{text}</span>
            <span class="cal-day__marks">{marks}</span>
        </a>
    }
    .into_any()
}

fn count(operations: usize) -> String {
    match operations {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    }
}

fn month(page: &CalendarPage) -> AnyView {
    let weeks = page.days.chunks(7).map(|week| {
        let cells = week.iter().map(|day| cell(page, day)).collect_view();
        view! { <tr>{cells}</tr> }
    });
    let weeks = weeks.collect_view();
    let head = head(page.days.get(..7).unwrap_or_default());
    view! {
        <table class="cal-grid" data-kind="month" aria-label=page.title.clone()>
            <thead>{head}</thead>
            <tbody>{weeks}</tbody>
        </table>
    }
    .into_any()
}

fn cell(page: &CalendarPage, day: &CalendarDay) -> AnyView {
    let more = day.entries.len().saturating_sub(MOST_IN_A_CELL);
    let more = (more > 0).then(|| {
        let href = page
            .asked
            .in_view(CalendarView::Agenda)
            .on(&day.date)
            .href();
        let text = format!("{more} more");
        view! { <li><a class="cal-day__more" href=href>{text}</a></li> }
    });
    let entries = day.entries.iter().take(MOST_IN_A_CELL).map(entry);
    let entries = entries.collect_view();
    let list =
        (!day.entries.is_empty()).then(|| view! { <ul class="cal-day__list">{entries}{more}</ul> });
    let number = number(day);
    view! {
        <td
            class="cal-day"
            data-place=day.date.clone()
            data-today=day.is_today.then_some("true")
            data-outside=day.is_outside.then_some("true")
        >
            {number}
            {list}
        </td>
    }
    .into_any()
}

/// Seven days by hours. What began before the day, and what ends after it, stands above the hours.
fn week(page: &CalendarPage) -> AnyView {
    let heads = page.days.iter().map(|day| {
        let number = number(day);
        let short = day.short.clone();
        let today = day.is_today.then_some("true");
        view! { <th scope="col" data-today=today data-place=day.date.clone()>{short}" "{number}</th> }
    });
    let heads = heads.collect_view();
    let is_long = |entry: &&CalendarEntry| entry.part != DayPart::Whole;
    let long = page
        .days
        .iter()
        .flat_map(|day| &day.entries)
        .any(|entry| is_long(&entry));
    let long = long.then(|| {
        let cells = page.days.iter().map(|day| {
            let entries = day.entries.iter().filter(is_long).map(entry).collect_view();
            view! { <td class="cal-hour"><ul class="cal-day__list">{entries}</ul></td> }
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row" class="cal-hour__name">"Over days"</th>{cells}</tr> }
    });
    let rows = (page.hours.0..=page.hours.1).map(|hour| {
        let cells = page.days.iter().map(|day| {
            let here = |entry: &&CalendarEntry| entry.part == DayPart::Whole && entry.hour == hour;
            let entries: Vec<AnyView> = day.entries.iter().filter(here).map(entry).collect();
            let list = (!entries.is_empty())
                .then(|| view! { <ul class="cal-day__list">{entries}</ul> });
            let slot = format!("{}T{hour:02}", day.date);
            let today = day.is_today.then_some("true");
            view! { <td class="cal-hour" data-place=slot data-today=today>{list}</td> }
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row" class="cal-hour__name">{format!("{hour:02}:00")}</th>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <table class="cal-grid" data-kind="week" aria-label=page.title.clone()>
            <thead><tr><td></td>{heads}</tr></thead>
            <tbody>{long}{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The days on which something is, one below the other; of a month, only its own.
fn list(page: &CalendarPage) -> AnyView {
    let days: Vec<AnyView> = page
        .days
        .iter()
        .filter(|day| !day.entries.is_empty() && !day.is_outside)
        .map(|day| {
            let rows = day.entries.iter().map(entry_row).collect_view();
            let id = format!("day-{}", day.date);
            view! {
                <section class="cal-list__day" id=id>
                    <h3 class="cal-list__date" data-today=day.is_today.then_some("true")>
                        {day.name.clone()}
                        {day.is_today.then_some(" · today")}
                    </h3>
                    <ul class="list panel">{rows}</ul>
                </section>
            }
            .into_any()
        })
        .collect();
    if days.is_empty() {
        return view! {
            <div class="cal-list">
                <Empty
                    icon="operations"
                    title="Nothing is on"
                    text="In these days there is no operation that you see with this filter."
                />
            </div>
        }
        .into_any();
    }
    view! { <div class="cal-list">{days}</div> }.into_any()
}
