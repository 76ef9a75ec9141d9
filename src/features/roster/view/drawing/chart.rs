//! Org chart: boxes with lines, the first few people of each group.

use super::{Drawing, html};
use crate::{
    domain::GroupId,
    features::{
        ranks::service::Titles,
        roster::read_model::{Group, Member},
    },
};
use leptos::prelude::*;

/// People in a box, at most; the group's page has the rest.
const PEOPLE: usize = 3;

impl Drawing<'_> {
    pub(super) fn chart(&self) -> String {
        let level = self.level(self.root);
        html(
            view! {
                <div class="org-chart" role="region" aria-label="Org chart" tabindex="0">{level}</div>
            }
            .into_any(),
        )
    }

    fn level(&self, parent: GroupId) -> Option<AnyView> {
        let below = self.below(parent);
        (!below.is_empty()).then(|| {
            let nodes: Vec<AnyView> = below.iter().map(|group| self.node(group)).collect();
            view! { <ul class="org-chart__level">{nodes}</ul> }.into_any()
        })
    }

    fn node(&self, group: &Group) -> AnyView {
        let titles = self.titles(group);
        let people: Vec<AnyView> = self
            .members(group)
            .take(PEOPLE)
            .map(|member| self.chart_person(&titles, member))
            .collect();
        let people =
            (!people.is_empty()).then(|| view! { <ul class="org-chart__people">{people}</ul> });
        view! {
            <li class="org-chart__node">
                <div class="org-chart__box" data-key=group.id.to_string()>
                    <a class="org-chart__head" href=format!("/groups/{}", group.id)>
                        <crate::ui::Insignia
                            acronym=group.acronym.clone()
                            name=group.name.clone()
                            size="small"
                        />
                        <span class="org-chart__name">{group.name.clone()}</span>
                        {self.strength(group)}
                    </a>
                    {people}
                </div>
                {self.level(group.id)}
            </li>
        }
        .into_any()
    }

    fn chart_person(&self, titles: &Titles<'_>, member: &Member) -> AnyView {
        view! {
            <li>
                {self.mark(titles, member.player_id)}
                <a href=format!("/players/{}", member.player_id)>{member.common_name.clone()}</a>
                <span>{self.post(member)}</span>
            </li>
        }
        .into_any()
    }
}
