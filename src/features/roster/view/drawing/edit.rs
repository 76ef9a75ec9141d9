//! Edit mode: the tree as drop targets, cards with handles, and the tray of unassigned people.
//!
//! What can be dragged and where it may be dropped stands in `data-` attributes, from which
//! `rearranging` works; each row also has a link to the plain form that does the same.

use super::{Drawing, html, rows};
use crate::{
    domain::{GroupId, MembershipId, PlayerId, access::Action},
    features::{
        ranks::model::RankTitle,
        roster::read_model::{Group, Member},
    },
    ui::insignia::{initials, with_hue},
};
use leptos::prelude::*;

impl Drawing<'_> {
    pub(super) fn edit_cards(&self) -> String {
        let mut cards = Vec::new();
        self.collect_cards(self.root, &mut cards);
        html(cards.into_any())
    }

    fn collect_cards(&self, parent: GroupId, cards: &mut Vec<AnyView>) {
        for group in self.below(parent) {
            cards.push(self.edit_card(group));
            self.collect_cards(group.id, cards);
        }
    }

    fn edit_card(&self, group: &Group) -> AnyView {
        let assigns = self.may(Action::AssignMembers, group.id);
        let titles = self.titles(group);
        let members = self.members(group).map(|member| {
            let rank = self.rank(&titles, member.player_id);
            let post = with_rank(rank, self.post(member));
            if assigns {
                self.edit_member(member, post)
            } else {
                still_member(member, post)
            }
        });
        let vacancies = self
            .roster
            .vacancies_of(group.id)
            .map(|position| rows::vacancy_row(position, assigns));
        let rows: Vec<AnyView> = members.chain(vacancies).collect();
        let rows = if rows.is_empty() {
            view! { <p class="roster-card__empty">"Nobody here yet."</p> }.into_any()
        } else {
            view! { <ul class="roster-card__rows">{rows}</ul> }.into_any()
        };
        view! {
            <article
                class="roster-card"
                data-key=group.id.to_string()
                data-group=assigns.then(|| group.id.to_string())
                data-name=group.name.clone()
                data-exclusive=group.exclusive.then_some("")
            >
                {rows::card_head(self, group)}
                {rows}
            </article>
        }
        .into_any()
    }

    fn edit_member(&self, member: &Member, post: String) -> AnyView {
        self.handle_row(
            member.player_id,
            &member.common_name,
            Some(post),
            Some(member),
        )
    }

    fn handle_row(
        &self,
        player: PlayerId,
        name: &str,
        post: Option<String>,
        member: Option<&Member>,
    ) -> AnyView {
        let expected = self
            .roster
            .exclusive_of(player)
            .map(|(membership, _)| membership);
        let value = selection_value(player, expected);
        let href = format!("/players/{player}/move");
        let leads = member.is_some_and(|member| self.leads(member));
        view! {
            <li
                class="roster-row"
                data-edit
                data-lead=leads.then_some("")
                data-player=player.to_string()
                data-name=name.to_owned()
                data-expected=expected.map(|id| id.to_string())
                data-membership=member.map(|member| member.membership_id.to_string())
                data-in=member.map(|member| member.group_id.to_string())
            >
                <button class="drag-handle" type="button" aria-label=format!("Drag {name}")></button>
                <label class="roster-row__check">
                    <input
                        type="checkbox"
                        name="players[]"
                        value=value
                        aria-label=format!("Select {name}")
                    />
                </label>
                <span class=with_hue("avatar", name) aria-hidden="true">{initials(name)}</span>
                <a class="roster-row__name" href=format!("/players/{player}")>{name.to_owned()}</a>
                {post.map(|post| view! { <span class="roster-row__post">{post}</span> })}
                <a class="roster-row__move" href=href aria-label=format!("Move to…, {name}")>
                    "Move to…"
                </a>
            </li>
        }
        .into_any()
    }

    pub(super) fn edit_tray(&self) -> String {
        let root = [self.root];
        let titles = self.roster.ladder.titles(&root);
        let tray = self.roster.unassigned().map(|player| {
            let rank = self.rank(&titles, player.player_id);
            let rank = rank.map(|rank| rank.name.clone());
            self.handle_row(player.player_id, &player.common_name, rank, None)
        });
        let rows: Vec<AnyView> = tray.collect();
        if rows.is_empty() {
            return html(view! { <li class="muted">"Everybody has a place."</li> }.into_any());
        }
        html(rows.into_any())
    }

    pub(super) fn edit_tree(&self) -> String {
        let items = self.edit_items(self.root);
        html(view! { <ul class="tree">{items}</ul> }.into_any())
    }

    fn edit_items(&self, parent: GroupId) -> Vec<AnyView> {
        self.below(parent)
            .iter()
            .map(|group| self.edit_item(group))
            .collect()
    }

    fn edit_item(&self, group: &Group) -> AnyView {
        let assigns = self.may(Action::AssignMembers, group.id);
        let holds = self.may(Action::EditStructure, group.id);
        // A group is moved by those who lead the group above it.
        let moves = self.may(Action::EditStructure, group.parent);
        let name = group.name.clone();
        let handle = moves.then(|| {
            view! {
                <button class="drag-handle" type="button" aria-label=format!("Drag {name}")></button>
            }
        });
        let below = self.edit_items(group.id);
        let below = (!below.is_empty()).then(|| {
            view! {
                <details class="tree__node" open>
                    <summary
                        class="tree__toggle"
                        aria-label=format!("Inside {}", group.name)
                    ></summary>
                    <ul class="tree__children">{below}</ul>
                </details>
            }
        });
        view! {
            <li class="tree__item">
                <div
                    class="tree__row"
                    data-key=format!("tree-{}", group.id)
                    data-group=assigns.then(|| group.id.to_string())
                    data-parent=holds.then(|| group.id.to_string())
                    data-moves=moves.then(|| group.id.to_string())
                    data-id=group.id.to_string()
                    data-up=group.parent.to_string()
                    data-version=group.version.to_string()
                    data-name=group.name.clone()
                    data-exclusive=group.exclusive.then_some("")
                >
                    {handle}
                    <crate::ui::Insignia
                        acronym=group.acronym.clone()
                        name=group.name.clone()
                        size="small"
                    />
                    <a class="tree__name" href=format!("/groups/{}", group.id)>
                        {group.name.clone()}
                    </a>
                    <span class="tree__end">{self.strength(group)}</span>
                </div>
                {below}
            </li>
        }
        .into_any()
    }
}

/// A member of a group that the viewer may not rearrange.
fn still_member(member: &Member, post: String) -> AnyView {
    let name = member.common_name.clone();
    view! {
        <li class="roster-row">
            <span class=with_hue("avatar", &name) aria-hidden="true">{initials(&name)}</span>
            <a class="roster-row__name" href=format!("/players/{}", member.player_id)>{name}</a>
            <span class="roster-row__post">{post}</span>
        </li>
    }
    .into_any()
}

/// A post with the rank's short form before it: rows with handles have no room for insignia.
fn with_rank(rank: Option<&RankTitle>, post: String) -> String {
    match rank {
        Some(rank) if !rank.abbreviation.is_empty() => [&rank.abbreviation, " · ", &post].concat(),
        _ => post,
    }
}

/// What a ticked row sends: the player, and where the viewer saw them.
fn selection_value(player: PlayerId, expected: Option<MembershipId>) -> String {
    match expected {
        Some(expected) => format!("{player}.{expected}"),
        None => player.to_string(),
    }
}
