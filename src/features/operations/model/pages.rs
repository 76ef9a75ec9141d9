//! What pages of operations are given.

use super::{Answer, Audience, Mark, OperationState, answers::Asked};
use crate::{
    domain::{
        CampaignId, CategoryId, GroupId, OperationId, PlayerId, SeriesId, TemplateId,
        event::EventLine, time::Instant,
    },
    features::{
        operations::input::{OperationFields, RepeatFields},
        roster::model::pages::GroupChoice,
    },
};
use serde::{Deserialize, Serialize};

/// A category as pages show it: its mark and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryMark {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// Hue of its mark.
    pub hue: i64,
    /// Shape of its mark.
    pub mark: Mark,
}

/// When something is, in the words of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// It begins.
    pub starts_at: Instant,
    /// It ends.
    pub ends_at: Instant,
    /// From when to when in the viewer's zone: `Fri 6 Mar 2026, 20:00–22:00`.
    pub here: String,
    /// The same of the organiser, when theirs is another zone: `Fri 6 Mar 2026, 20:00–22:00 in
    /// Berlin`.
    pub there: String,
    /// How long it takes: `2 h`.
    pub length: String,
    /// `in 3 days`, `now, for another 20 min`, `2 weeks ago`.
    pub countdown: String,
}

/// How many said what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Counts {
    /// They attend, and have a place.
    pub attending: i64,
    /// Of those, who comes late.
    pub late: i64,
    /// They may come.
    pub maybe: i64,
    /// They do not.
    pub declined: i64,
    /// They wait for a place.
    pub waiting: i64,
    /// Billets that somebody could have.
    pub billets: i64,
    /// Those that somebody has.
    pub filled: i64,
}

/// An operation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationLine {
    /// Its id.
    pub id: OperationId,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: Option<CategoryMark>,
    /// Where it stands.
    pub state: OperationState,
    /// When it is.
    pub when: When,
    /// The day in the viewer's zone, to head a list: `Friday 6 March 2026`.
    pub day: String,
    /// The time of day in the viewer's zone.
    pub clock: String,
    /// Place or server.
    pub place: String,
    /// Name of the organising group.
    pub group: String,
    /// How many said what.
    pub counts: Counts,
    /// Places, if there is a limit.
    pub capacity: Option<i64>,
    /// What the viewer answered; `None` for who was not asked.
    pub mine: Option<Answer>,
    /// They wait for a place.
    pub waits: bool,
    /// They can answer in the list.
    pub open: bool,
    /// It is too late for anything but signing off.
    pub only_off: bool,
    /// Their billet.
    pub billet: Option<String>,
}

/// The agenda: what is coming, or what was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaPage {
    /// Operations in order of time; those that were, the latest first.
    pub operations: Vec<OperationLine>,
    /// Those that were.
    pub past: bool,
    /// There are more: the next page begins here.
    pub next: Option<String>,
    /// The viewer may plan operations of some group.
    pub plans: bool,
    /// The viewer may change categories, campaigns and templates.
    pub configures: bool,
    /// The zone of the times, in words.
    pub zone: String,
    /// Where the page begins.
    pub from: String,
}

/// What the viewer may do with an operation, as far as the page can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanDo {
    /// Change, publish, cancel it and its billets.
    pub plan: bool,
    /// Confirm answers, fill billets.
    pub fill: bool,
    /// Record attendance.
    pub record: bool,
    /// Set up categories, templates and the like.
    pub configure: bool,
}

/// The head of every page of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationHead {
    /// Its id.
    pub id: OperationId,
    /// For optimistic locking.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: Option<CategoryMark>,
    /// The campaign it belongs to.
    pub campaign: Option<(CampaignId, String)>,
    /// The series it belongs to.
    pub series: Option<SeriesId>,
    /// Where it stands.
    pub state: OperationState,
    /// For whom it is.
    pub audience: Audience,
    /// The organising group.
    pub group: (GroupId, String),
    /// Who planned it: their player, if they are one still, and their name then.
    pub organiser: (Option<PlayerId>, String),
    /// Place or server.
    pub place: String,
    /// When it is.
    pub when: When,
    /// When it is to be published, in the viewer's zone.
    pub publishes: Option<(Instant, String)>,
    /// Until when answers are taken, in the viewer's zone, when that is before its start.
    pub answer_until: Option<(Instant, String)>,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// Places, if there is a limit.
    pub capacity: Option<i64>,
    /// How many said what.
    pub counts: Counts,
    /// What the viewer may do.
    pub can: CanDo,
}

/// The page of an operation: its briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationPage {
    /// The head.
    pub head: OperationHead,
    /// The briefing as safe HTML.
    pub briefing_html: String,
    /// What the viewer can say, and what they said.
    pub asked: Asked,
}

/// What the form of an operation needs, and what it begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationFormPage {
    /// The operation that is changed; none for a new one.
    pub editing: Option<Editing>,
    /// Groups of which the viewer may plan operations.
    pub groups: Vec<GroupChoice>,
    /// The organising group that is chosen at first.
    pub group: Option<GroupId>,
    /// Categories to choose from.
    pub categories: Vec<(CategoryId, String)>,
    /// Campaigns to choose from.
    pub campaigns: Vec<(CampaignId, String)>,
    /// Templates to begin from.
    pub templates: Vec<(TemplateId, String)>,
    /// Zones to choose from.
    pub zones: Vec<String>,
    /// What stands in the fields.
    pub fields: OperationFields,
    /// How it comes again.
    pub repeat: RepeatFields,
    /// Where its billets come from, and how many there are.
    pub source: (String, i64),
}

/// The operation that a form changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editing {
    /// Which.
    pub id: OperationId,
    /// The version that was read.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// It belongs to a series.
    pub in_series: bool,
    /// It is a draft or waits for its publication.
    pub unpublished: bool,
    /// Name of the organising group, which stays.
    pub group: String,
}

/// What operations are set up with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPage {
    /// Categories in order.
    pub categories: Vec<CategoryLine>,
    /// Campaigns, those that go on first.
    pub campaigns: Vec<CampaignLine>,
    /// Templates by name.
    pub templates: Vec<TemplateLine>,
}

/// A category to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryLine {
    /// Its mark and name.
    pub mark: CategoryMark,
    /// Its operations count towards attendance.
    pub counts: bool,
    /// For optimistic locking.
    pub version: i64,
}

/// A campaign to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignLine {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// For optimistic locking.
    pub version: i64,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// What it makes, in a line.
    pub what: String,
    /// For optimistic locking.
    pub version: i64,
}

/// What happened to an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// The head.
    pub head: OperationHead,
    /// When it was planned.
    pub planned_at: Instant,
    /// Events, newest first, as far as the viewer may read the log.
    pub events: Vec<EventLine>,
}
