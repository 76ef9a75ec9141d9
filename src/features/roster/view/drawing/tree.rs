//! Tree: groups that open and close, with their people.

use super::{Drawing, html};
use crate::{domain::GroupId, features::roster::read_model::Group};
use leptos::prelude::*;

impl Drawing<'_> {
    pub(super) fn tree(&self) -> String {
        let items = self.tree_items(self.root);
        let ranks = self.ranks.then_some("");
        html(
            view! { <div class="panel"><ul class="tree" data-ranks=ranks>{items}</ul></div> }
                .into_any(),
        )
    }

    fn tree_items(&self, parent: GroupId) -> Vec<AnyView> {
        self.below(parent)
            .iter()
            .map(|group| self.tree_item(group))
            .collect()
    }

    fn tree_item(&self, group: &Group) -> AnyView {
        let people = self.rows(group);
        let below = self.tree_items(group.id);
        let inside = (!people.is_empty() || !below.is_empty()).then(|| {
            let people = (!people.is_empty()).then(|| {
                view! {
                    <ul class="tree__people" data-key=format!("people-{}", group.id)>{people}</ul>
                }
            });
            let below =
                (!below.is_empty()).then(|| view! { <ul class="tree__children">{below}</ul> });
            view! {
                <details class="tree__node" open>
                    <summary
                        class="tree__toggle"
                        aria-label=format!("Inside {}", group.name)
                    ></summary>
                    {people}
                    {below}
                </details>
            }
        });
        view! {
            <li class="tree__item">
                <div class="tree__row" data-key=group.id.to_string()>
                    <crate::ui::Insignia
                        acronym=group.acronym.clone()
                        name=group.name.clone()
                        size="small"
                    />
                    <a class="tree__name" href=format!("/groups/{}", group.id)>
                        {group.name.clone()}
                    </a>
                    <span class="tree__ident">{self.ident(group)}</span>
                    <span class="tree__end">{self.strength(group)}</span>
                </div>
                {inside}
            </li>
        }
        .into_any()
    }
}
