//! Rows and small parts that all drawings share.

use super::Drawing;
use crate::{
    domain::PlayerId,
    features::{
        ranks::{model::RankTitle, service::Titles},
        roster::{
            model::Visibility,
            read_model::{Group, Member, Position},
        },
    },
    ui::insignia::{initials, rank_mark, with_hue},
};
use leptos::prelude::*;

impl Drawing<'_> {
    /// How many are here, of how many wanted.
    pub(super) fn strength(&self, group: &Group) -> AnyView {
        let established = self.roster.positions_of(group.id).len();
        let members = self.roster.members_of(group.id);
        if established == 0 {
            let text = members.len().to_string();
            return view! { <span class="strength" data-state="none">{text}</span> }.into_any();
        }
        let filled = established - self.roster.vacancies_of(group.id).count();
        let state = match filled {
            0 => "empty",
            filled if filled < established => "under",
            _ => "full",
        };
        let text = format!("{filled}/{established}");
        view! { <span class="strength" data-state=state>{text}</span> }.into_any()
    }

    /// The ident, with a lock for private groups.
    pub(super) fn ident(&self, group: &Group) -> AnyView {
        let private = (group.visibility == Visibility::Private).then_some(", private");
        view! { {group.ident.clone()}{private} }.into_any()
    }

    /// Position and role of a member in one line.
    pub(super) fn post(&self, member: &Member) -> String {
        let position = member.position_id.and_then(|id| {
            self.roster
                .positions_of(member.group_id)
                .iter()
                .find(|position| position.position_id == id)
        });
        match position {
            // An ordinary role says nothing that the position does not.
            Some(position) if !self.leads(member) => position.name.clone(),
            Some(position) if position.name != member.role_name => {
                format!("{} · {}", position.name, member.role_name)
            }
            _ => member.role_name.clone(),
        }
    }

    /// Does the member's role lead?
    pub(super) fn leads(&self, member: &Member) -> bool {
        self.roster
            .roles_of(member.group_id)
            .iter()
            .any(|role| role.role_id == member.role_id && role.leadership)
    }

    /// How ranks are called in a group; asked once for all of its rows.
    pub(super) fn titles(&self, group: &Group) -> Titles<'_> {
        self.roster.ladder.titles(&self.roster.path(group.id))
    }

    /// The rank of a member, where ranks are drawn.
    pub(super) fn rank<'t>(&self, titles: &Titles<'t>, player: PlayerId) -> Option<&'t RankTitle> {
        let player = self.roster.player(player).filter(|_| self.ranks)?;
        titles.of(player.rank_id?)
    }

    /// Insignia and short form of a member's rank.
    pub(super) fn mark(&self, titles: &Titles<'_>, player: PlayerId) -> Option<AnyView> {
        let rank = self.rank(titles, player)?;
        rank_mark(&rank.insignia, &rank.abbreviation)
    }

    /// Says that somebody is on leave.
    pub(super) fn leave_mark(&self, player: PlayerId) -> Option<AnyView> {
        let away = self.away.binary_search(&player).is_ok();
        away.then(|| view! { <span class="pill" data-kind="info">"On leave"</span> }.into_any())
    }

    /// The rows of a group: members, then vacancies.
    pub(super) fn rows(&self, group: &Group) -> Vec<AnyView> {
        let titles = self.titles(group);
        let members = self
            .members(group)
            .map(|member| self.member_row(&titles, member));
        let vacancies = self
            .roster
            .vacancies_of(group.id)
            .filter(|_| self.filter.is_empty())
            .map(|position| vacancy_row(position, false));
        members.chain(vacancies).collect()
    }

    fn member_row(&self, titles: &Titles<'_>, member: &Member) -> AnyView {
        let name = member.common_name.clone();
        view! {
            <li class="roster-row" data-lead=self.leads(member).then_some("")>
                <span class=with_hue("avatar", &name) aria-hidden="true">{initials(&name)}</span>
                {self.mark(titles, member.player_id)}
                <a class="roster-row__name" href=format!("/players/{}", member.player_id)>{name}</a>
                <span class="roster-row__post">{self.post(member)}</span>
                {self.leave_mark(member.player_id)}
            </li>
        }
        .into_any()
    }
}

/// A position that nobody fills.
pub(super) fn vacancy_row(position: &Position, edit: bool) -> AnyView {
    let wants = (!position.wants.is_empty())
        .then(|| format!("wants {}", position.wants))
        .map(|wants| {
            view! { <span class="roster-row__post">{wants}</span> }
        });
    view! {
        <li
            class="roster-row"
            data-state="vacant"
            data-edit=edit.then_some("")
            data-position=edit.then(|| position.position_id.to_string())
        >
            <span class="avatar" aria-hidden="true"></span>
            <span class="roster-row__name">"Vacant: "{position.name.clone()}</span>
            {wants}
        </li>
    }
    .into_any()
}

/// The head of a card.
pub(super) fn card_head(drawing: &Drawing<'_>, group: &Group) -> AnyView {
    view! {
        <header class="roster-card__head">
            <crate::ui::Insignia acronym=group.acronym.clone() name=group.name.clone()/>
            <h2 class="roster-card__name">
                <a href=format!("/groups/{}", group.id)>{group.name.clone()}</a>
            </h2>
            <span class="roster-card__ident">{drawing.ident(group)}</span>
            {drawing.strength(group)}
        </header>
        {progress(drawing, group)}
    }
    .into_any()
}

fn progress(drawing: &Drawing<'_>, group: &Group) -> Option<AnyView> {
    let established = drawing.roster.positions_of(group.id).len();
    let filled = established - drawing.roster.vacancies_of(group.id).count();
    (established > 0).then(|| {
        view! {
            <progress
                class=with_hue("progress", &group.name)
                data-size="line"
                value=filled.to_string()
                max=established.to_string()
                aria-hidden="true"
            ></progress>
        }
        .into_any()
    })
}
