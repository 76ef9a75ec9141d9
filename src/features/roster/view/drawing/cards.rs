//! Cards: one for each group, subgroups inside their parent's branch, in command order.

use super::{Drawing, html, rows::card_head};
use crate::{domain::GroupId, features::roster::read_model::Group};
use leptos::prelude::*;

impl Drawing<'_> {
    pub(super) fn cards(&self) -> String {
        let branches = self.branches(self.root);
        html(
            view! { <ol class="roster" data-ranks=self.ranks.then_some("")>{branches}</ol> }
                .into_any(),
        )
    }

    fn branches(&self, parent: GroupId) -> Vec<AnyView> {
        self.below(parent)
            .iter()
            .map(|group| self.branch(group))
            .collect()
    }

    fn branch(&self, group: &Group) -> AnyView {
        let below = self.branches(group.id);
        let below =
            (!below.is_empty()).then(|| view! { <ol class="roster-branch__children">{below}</ol> });
        view! {
            <li class="roster-branch">
                <article class="roster-card" data-key=group.id.to_string()>
                    {card_head(self, group)}
                    {self.card_rows(group)}
                </article>
                {below}
            </li>
        }
        .into_any()
    }

    fn card_rows(&self, group: &Group) -> AnyView {
        let rows = self.rows(group);
        if rows.is_empty() {
            return view! { <p class="roster-card__empty">"Nobody here yet."</p> }.into_any();
        }
        view! { <ul class="roster-card__rows">{rows}</ul> }.into_any()
    }
}
