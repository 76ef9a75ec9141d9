//! The event log of the organisation (§20): what happened, newest first, by kind.

use super::event_log;
use crate::{
    domain::event::EventKind,
    features::audit::{api::list_events, model::LogPage},
    ui::{Empty, Page, loaded, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/log`, with `kind` and `before` in its address.
#[component]
pub fn LogPageView() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let before = query
                .get("before")
                .and_then(|before| before.parse::<i64>().ok());
            (before, query.get("kind").unwrap_or_default())
        })
    });
    let resource = reading(
        move || asked.get(),
        |(before, kind)| list_events(before, kind),
    );
    view! {
        <Page title="Event log" meta="Everything that was changed here, newest first" width="reading">
            {move || filter(&asked.get().1)}
            {loaded(resource, move |page| {
                let (before, kind) = asked.get_untracked();
                list(page, before.is_some(), &kind)
            })}
        </Page>
    }
}

fn filter(chosen: &str) -> AnyView {
    let options: Vec<AnyView> = EventKind::ALL
        .iter()
        .map(|kind| option(kind.as_str(), label(*kind), chosen))
        .collect();
    view! {
        <form class="filters" method="get" action="/log">
            <div class="field">
                <label class="field__label" for="log-kind">"What"</label>
                <select class="input" id="log-kind" name="kind">
                    {option("", "Everything", chosen)}
                    {options}
                </select>
            </div>
            <button class="button">"Filter"</button>
        </form>
    }
    .into_any()
}

fn option(value: &'static str, label: &'static str, chosen: &str) -> AnyView {
    view! { <option value=value selected=value == chosen>{label}</option> }.into_any()
}

fn list(page: LogPage, is_later_page: bool, kind: &str) -> AnyView {
    if page.events.is_empty() {
        return view! {
            <Empty
                icon="log"
                title="Nothing to show"
                text="Whatever is changed here is written down, and shows on this page."
            >
                <a class="button" href="/log">"Show everything"</a>
            </Empty>
        }
        .into_any();
    }
    let first = ["/log?kind=", kind].concat();
    let newest = is_later_page.then(|| link(first.clone(), "Newest"));
    let older = page
        .next
        .map(|next| link(format!("{first}&before={next}"), "Older"));
    let pager = (newest.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="pager__text"></span>
                {newest}
                {older}
            </nav>
        }
    });
    view! { {event_log(page.events)}{pager} }.into_any()
}

fn link(href: String, label: &'static str) -> AnyView {
    view! { <a class="button" data-size="small" href=href>{label}</a> }.into_any()
}

/// What the filter calls a kind.
fn label(kind: EventKind) -> &'static str {
    use EventKind as K;
    match kind {
        K::OrgFounded => "Organisation founded",
        K::OrgEdited => "Settings changed",
        K::CoFounderAdded => "Co-founder added",
        K::CoFounderRemoved => "Co-founder removed",
        K::ShapeApplied => "Starting shape applied",
        K::GroupCreated => "Group created",
        K::GroupEdited => "Group changed",
        K::GroupMoved => "Group moved",
        K::GroupRetired => "Group retired",
        K::GroupRevived => "Group brought back",
        K::RoleCreated => "Role added",
        K::RoleEdited => "Role changed",
        K::RoleDeleted => "Role deleted",
        K::PositionCreated => "Position added",
        K::PositionEdited => "Position changed",
        K::PositionDeleted => "Position deleted",
        K::ManagerAdded => "Manager added",
        K::ManagerRemoved => "Manager removed",
        K::PlayerCreated => "Person added",
        K::PlayerRenamed => "Person renamed",
        K::PlayerInvited => "Person invited",
        K::PlayerClaimed => "Person claimed",
        K::MemberAdded => "Member added",
        K::MemberTransferred => "Member moved",
        K::MemberPosted => "Role or position changed",
        K::MemberRemoved => "Member removed",
        K::Imported => "Import",
        K::FoundingOffered => "Founding offered",
        K::FoundingOfferEnded => "Offer of the founding ended",
        K::FoundingHandedOver => "Founding handed over",
        K::RankCreated => "Rank added",
        K::RankEdited => "Rank changed",
        K::RankDeleted => "Rank deleted",
        K::RankSetCreated => "Rank set added",
        K::RankSetEdited => "Rank set changed",
        K::RankSetDeleted => "Rank set deleted",
        K::RankSetChosen => "Rank set chosen",
        K::Promoted => "Promoted",
        K::Demoted => "Demoted",
        K::RankChanged => "Rank of the same level given",
        K::Kicked => "Removed from the organisation",
        K::Reinstated => "Brought back",
        K::Joined => "Joined the organisation",
        K::Left => "Left the organisation",
        K::ManagerGroupAdded => "Manager group added",
        K::ManagerGroupRemoved => "Manager group removed",
        K::JoinRequested => "Asked to join",
        K::JoinWithdrawn => "Request withdrawn",
        K::JoinApproved => "Request approved",
        K::JoinDeclined => "Request declined",
        K::SeenAs => "Seen as somebody else",
        K::BulkApplied => "Bulk change",
        K::MemberLeft => "Member left",
        K::OperationPlanned => "Operation planned",
        K::OperationEdited => "Operation changed",
        K::OperationMoved => "Operation moved",
        K::OperationPublished => "Operation published",
        K::OperationCancelled => "Operation cancelled",
        K::OperationRevived => "Operation revived",
        K::OperationEnded => "Operation over",
        K::OperationArchived => "Operation archived",
        K::OperationDeleted => "Operation deleted",
        K::SeriesEdited => "Series changed",
        K::SeriesExtended => "Series extended",
        K::SeriesEnded => "Series ended",
        K::CategoryEdited => "Category changed",
        K::CampaignEdited => "Campaign changed",
        K::TemplateEdited => "Template changed",
        K::Answered => "Answer",
        K::AnswerConfirmed => "Answer confirmed",
        K::PlaceGiven => "Place given",
        K::PlaceLost => "Place lost",
        K::GuestAdded => "Guest added",
        K::GuestRemoved => "Guest removed",
        K::BilletsEdited => "Billets changed",
        K::BilletFilled => "Billet filled",
        K::BilletLeft => "Billet left",
        K::BilletAwaited => "Billet awaited",
        K::BilletsSuggested => "Suggestion applied",
        K::AttendanceRecorded => "Attendance recorded",
        K::AttendanceCorrected => "Attendance corrected",
        K::CheckInOpened => "Check-in opened",
        K::CheckedIn => "Checked in",
        K::AttendanceAppealed => "Attendance appealed",
        K::AppealAnswered => "Appeal answered",
        K::AttendanceStateEdited => "Attendance state changed",
        K::ReportFiled => "Report filed",
        K::LeaveRequested => "Leave requested",
        K::LeaveApproved => "Leave approved",
        K::LeaveDeclined => "Leave declined",
        K::LeaveEnded => "Leave ended",
        K::LeaveEdited => "Leave changed",
        K::Reminded => "Reminder sent",
    }
}
