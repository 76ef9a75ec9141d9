//! What pages show of answers and billets (§9.3, §9.4).

use super::{
    Answer, Confirmed, FilledBy, Held,
    pages::{OperationHead, When},
};
use crate::{
    domain::{BilletId, OperationId, PlayerId, RsvpId, SectionId, time::Instant},
    features::{
        criteria::model::{Choices, RuleRow},
        operations::input::stages::StageRow,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the viewer said about an operation, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAnswer {
    /// What they said.
    pub answer: Answer,
    /// In their words.
    pub note: String,
    /// What a leader said.
    pub confirmed: Confirmed,
    /// The number of their place.
    pub place: Option<i64>,
    /// Their turn on the waitlist, from 1.
    pub turn: Option<i64>,
    /// Title of their billet.
    pub billet: Option<String>,
    /// Other operations at the same time to which they come.
    pub clashes: Vec<(OperationId, String)>,
}

/// What the viewer can say about an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// They can answer, or at least sign off.
    pub open: bool,
    /// It is too late for anything but signing off.
    pub only_off: bool,
    /// What they said.
    pub mine: Option<MyAnswer>,
}

/// What a personal link of a mail shows (§9.3): no more than whom it was sent to needs for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLinkPage {
    /// Title of the operation.
    pub title: String,
    /// When it is.
    pub when: When,
    /// Who is asked.
    pub name: String,
    /// What they said.
    pub mine: Option<MyAnswer>,
}

/// Somebody on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// Their answer.
    pub id: RsvpId,
    /// Who; none for a guest.
    pub player: Option<PlayerId>,
    /// Their name.
    pub name: String,
    /// What they said.
    pub answer: Answer,
    /// In their words.
    pub note: String,
    /// What a leader said.
    pub confirmed: Confirmed,
    /// The number of their place.
    pub place: Option<i64>,
    /// Their turn on the waitlist, from 1.
    pub turn: Option<i64>,
    /// Title of their billet.
    pub billet: Option<String>,
    /// They come to another operation at the same time; only told to those who fill billets.
    pub clashes: bool,
}

/// Everybody who answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersPage {
    /// The head.
    pub head: OperationHead,
    /// What the viewer can say.
    pub asked: Asked,
    /// Those on the list: by place, then those who wait in turn, then the others. Empty for visitors.
    pub people: Vec<AnswerLine>,
    /// Players who have not answered, for leaders to answer for.
    pub others: Vec<(PlayerId, String)>,
    /// Visitors are told how many come, not who.
    pub hidden: bool,
}

/// What the viewer can do with a billet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chance {
    /// Nothing to say: they do not come, or may not read why.
    None,
    /// They have it.
    Mine,
    /// They can take it.
    Take,
    /// They can wait for it.
    Wait,
    /// They wait for it, in this turn.
    Waiting(i64),
    /// It opens to them then.
    Later(Instant, String),
    /// They lack something, in words.
    Lacks(String),
}

/// A billet as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilletLine {
    /// Its id.
    pub id: BilletId,
    /// For optimistic locking.
    pub version: i64,
    /// What it is.
    pub title: String,
    /// What is to be known of it.
    pub text: String,
    /// What it needs, in words.
    pub needs: String,
    /// Who may fill it.
    pub held: Held,
    /// Why, or for whom.
    pub held_note: String,
    /// Who has it: their answer, player and name.
    pub holder: Option<Holder>,
    /// How many wait for it.
    pub waiting: i64,
    /// What the viewer can do.
    pub chance: Chance,
    /// Its place among the viewer's wishes.
    pub preference: Option<i64>,
}

/// Who has a billet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Their answer.
    pub rsvp: RsvpId,
    /// Who; none for a guest.
    pub player: Option<PlayerId>,
    /// Their name; empty for visitors, who learn only that it is filled.
    pub name: String,
    /// What they said.
    pub answer: Answer,
    /// How they came in.
    pub by: FilledBy,
}

/// A section of billets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionLines {
    /// Its id.
    pub id: SectionId,
    /// Its name.
    pub name: String,
    /// Its billets, in order.
    pub billets: Vec<BilletLine>,
}

/// The billets of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilletsPage {
    /// The head.
    pub head: OperationHead,
    /// The sections, in order.
    pub sections: Vec<SectionLines>,
    /// Members take free billets themselves.
    pub self_service: bool,
    /// The stages of release in words; empty for everybody at once.
    pub stages: Vec<String>,
    /// The viewer comes and has a place.
    pub comes: bool,
    /// Answers are taken.
    pub open: bool,
}

/// One billet, for those who fill or plan it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilletPage {
    /// The head.
    pub head: OperationHead,
    /// The billet.
    pub billet: BilletLine,
    /// What it needs, for the editor.
    pub needs: Vec<RuleRow>,
    /// What the editor offers.
    pub choices: Choices,
    /// The section it is in.
    pub section: SectionId,
    /// The sections of the operation.
    pub sections: Vec<(SectionId, String)>,
    /// Who could be put there, the fittest first.
    pub candidates: Vec<CandidateLine>,
    /// Answers are taken.
    pub open: bool,
}

/// Somebody who could be put into a billet, with what speaks against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateLine {
    /// Their answer.
    pub rsvp: RsvpId,
    /// Their name.
    pub name: String,
    /// Their answer, place among their wishes, present billet, what they lack: in words.
    pub remarks: Vec<String>,
    /// They meet the needs.
    pub fits: bool,
}

/// The billets as text, to be changed in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    /// The head.
    pub head: OperationHead,
    /// The text; see `model::billet_text`.
    pub text: String,
    /// Tells whether somebody changed it meanwhile.
    pub was: String,
    /// Members take free billets themselves.
    pub self_service: bool,
    /// The stages of release.
    pub stages: Vec<StageRow>,
    /// Least levels with the rank that begins there, the highest first.
    pub ranks: Vec<(i64, String)>,
}

/// A line of a suggestion: who, where and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedLine {
    /// Name of the section.
    pub section: String,
    /// Title of the billet.
    pub title: String,
    /// Who; empty for a billet that stays empty.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A suggestion, to be looked at before it is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionPage {
    /// The head.
    pub head: OperationHead,
    /// Who would be where.
    pub placed: Vec<SuggestedLine>,
    /// Billets that would stay empty.
    pub empty: Vec<SuggestedLine>,
    /// People who would be left over.
    pub left: Vec<SuggestedLine>,
    /// What it is known by.
    pub mark: String,
    /// The weights of preference, qualification and fairness.
    pub weights: (u8, u8, u8),
    /// Answers are taken.
    pub open: bool,
}

/// Somebody who could be put into a billet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrayLine {
    /// Their answer.
    pub rsvp: RsvpId,
    /// Their name.
    pub name: String,
    /// Their rank; empty for none.
    pub rank: String,
    /// What they said.
    pub answer: Answer,
    /// They come to another operation at the same time.
    pub clashes: bool,
    /// Titles of the billets they would like, the dearest first.
    pub wishes: Vec<String>,
    /// Title of the billet they have.
    pub billet: Option<String>,
}

/// What speaks for and against somebody at a billet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They have it.
    Here,
    /// Nothing speaks against it.
    Fits,
    /// Something to think of.
    Doubts(String),
    /// They do not meet its needs, which does not bind a leader.
    Lacks(String),
    /// It cannot be.
    Never(String),
}

/// The billet board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPage {
    /// The head.
    pub head: OperationHead,
    /// The sections with their billets.
    pub sections: Vec<SectionLines>,
    /// Who could be put somewhere: those without a billet first.
    pub tray: Vec<TrayLine>,
    /// Who is chosen.
    pub who: Option<RsvpId>,
    /// What speaks for and against them, at each billet.
    pub verdicts: HashMap<BilletId, Verdict>,
    /// Answers are taken.
    pub open: bool,
}
