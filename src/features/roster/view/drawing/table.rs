//! Table: one row for each membership, in command order.

use super::{Drawing, html};
use crate::{
    domain::{GroupId, time},
    features::{
        ranks::{model::RankTitle, service::Titles},
        roster::read_model::{Group, Member},
    },
    ui::insignia::{RankInsignia, initials, with_hue},
};
use leptos::prelude::*;

impl Drawing<'_> {
    pub(super) fn table(&self) -> String {
        let mut rows = Vec::new();
        self.table_rows(self.root, &mut rows);
        html(
            view! {
                <div class="table-wrap" role="region" aria-label="Roster" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col" data-kind="name">"Name"</th>
                                {self.ranks.then(|| view! { <th scope="col">"Rank"</th> })}
                                <th scope="col">"Group"</th>
                                <th scope="col">"Ident"</th>
                                <th scope="col">"Post"</th>
                                <th scope="col" data-align="end">"Since"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any(),
        )
    }

    fn table_rows(&self, parent: GroupId, rows: &mut Vec<AnyView>) {
        for group in self.below(parent) {
            let titles = self.titles(group);
            rows.extend(
                self.members(group)
                    .map(|member| self.table_row(group, &titles, member)),
            );
            self.table_rows(group.id, rows);
        }
    }

    fn table_row(&self, group: &Group, titles: &Titles<'_>, member: &Member) -> AnyView {
        let rank = self
            .ranks
            .then(|| rank_cell(self.rank(titles, member.player_id)));
        let name = member.common_name.clone();
        view! {
            <tr data-key=member.membership_id.to_string()>
                <td data-kind="name">
                    <a href=format!("/players/{}", member.player_id)>
                        <span class=with_hue("avatar", &name) data-size="small" aria-hidden="true">
                            {initials(&name)}
                        </span>
                        {name}
                    </a>
                </td>
                {rank}
                <td><a href=format!("/groups/{}", group.id)>{group.name.clone()}</a></td>
                <td>{group.ident.clone()}</td>
                <td>{self.post(member)}</td>
                <td data-align="end">{time::day(member.since)}</td>
            </tr>
        }
        .into_any()
    }
}

/// A rank with its whole name, for which a table has the room.
fn rank_cell(rank: Option<&RankTitle>) -> AnyView {
    let rank = rank.map(|rank| {
        view! {
            <span class="rank"><RankInsignia symbol=rank.insignia.clone()/>{rank.name.clone()}</span>
        }
    });
    view! { <td>{rank}</td> }.into_any()
}
