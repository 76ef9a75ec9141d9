//! Settings of an organisation: name, time zone, accent, co-founders.

use crate::{
    domain::PlayerId,
    features::tenants::{
        api::{
            AddCoFounder, EditOrg, OfferFounding, RemoveCoFounder, TakeFoundingBack, read_settings,
        },
        model::OrgSettings,
    },
    ui::{
        Avatar, CommandForm, Field, LocalTime, Page, Select, Submit, TextArea, loaded, reading,
        use_viewer,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// For founder and co-founders.
#[component]
pub fn PageSettings() -> impl IntoView {
    let settings = reading(|| (), |()| read_settings());
    view! { <Page title="Settings" width="form">{loaded(settings, panels)}</Page> }
}

fn panels(settings: OrgSettings) -> AnyView {
    let hand_over = hand_over(&settings);
    let OrgSettings {
        name,
        time_zone,
        accent_hue,
        description,
        hosts,
        version,
        founder,
        ..
    } = settings;
    view! {
        <div class="stack">
            <section class="panel">
                <header class="panel__head"><h2>"Organisation"</h2></header>
                <div class="panel__body">
                    <CommandForm to=EditOrg::PATH hidden=vec![("version", version.to_string())]>
                        <Field name="name" label="Name" value=name required=true/>
                        <Field
                            name="time_zone"
                            label="Time zone"
                            value=time_zone
                            hint="Such as Europe/Berlin."
                            required=true
                        />
                        <Field
                            name="accent_hue"
                            label="Accent"
                            kind="number"
                            value=accent_hue.to_string()
                            hint="A hue from 0 to 359: 30 is orange, 145 green, 250 blue, 330 pink."
                            required=true
                        />
                        <TextArea
                            name="description"
                            label="Description"
                            value=description
                            hint="What visitors read on your public page, in Markdown. Its first line stands in the list of organisations."
                        />
                        <div class="form__actions"><Submit label="Save"/></div>
                    </CommandForm>
                </div>
            </section>
            <section class="panel">
                <header class="panel__head"><h2>"Addresses"</h2></header>
                <ul class="list">{hosts.into_iter().map(host_row).collect_view()}</ul>
            </section>
            {hand_over}
            {founders(founder, settings.co_founders, settings.candidates)}
        </div>
    }
    .into_any()
}

fn host_row(host: String) -> AnyView {
    view! {
        <li class="list__row"><div class="list__text"><p class="list__title">{host}</p></div></li>
    }
    .into_any()
}

fn founders(
    founder: String,
    co_founders: Vec<(PlayerId, String)>,
    candidates: Vec<(PlayerId, String)>,
) -> AnyView {
    let chooses = use_viewer().can.manage_founders;
    let rows = co_founders.into_iter().map(|(id, name)| {
        let remove = chooses.then(|| {
            let label = ["Remove: ", &name].concat();
            view! {
                <form method="post" action=RemoveCoFounder::PATH data-command="">
                    <input type="hidden" name="player_id" value=id.to_string()/>
                    <button class="button" data-size="small" aria-label=label>"Remove"</button>
                </form>
            }
            .into_any()
        });
        person(name, "Co-founder", remove)
    });
    let options: Vec<_> = candidates
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    let add = (chooses && !options.is_empty()).then(|| {
        view! {
            <div class="panel__body">
                <CommandForm to=AddCoFounder::PATH>
                    <Select name="player_id" label="Player" options=options required=true/>
                    <div class="form__actions">
                        <Submit label="Make co-founder" kind=""/>
                    </div>
                </CommandForm>
            </div>
        }
    });
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Founders"</h2></header>
            <ul class="list">{person(founder, "Founder", None)}{rows.collect_view()}</ul>
            {add}
        </section>
    }
    .into_any()
}

/// Handing the founding over (§3.1), for the founder; what is offered can be taken back.
fn hand_over(settings: &OrgSettings) -> Option<AnyView> {
    if !use_viewer().can.manage_founders {
        return None;
    }
    let content = match settings.offered.clone() {
        Some((name, at)) => {
            let take_back = view! {
                <form method="post" action=TakeFoundingBack::PATH data-command="">
                    <button class="button" data-size="small">"Take back"</button>
                </form>
            };
            view! {
                <ul class="list">
                    <li class="list__row">
                        <Avatar name=name.clone() size="small"/>
                        <div class="list__text">
                            <p class="list__title">{name}</p>
                            <p class="list__meta">
                                "Offered "<LocalTime at=at/>". Nothing changes until they accept."
                            </p>
                        </div>
                        <div class="list__actions">{take_back}</div>
                    </li>
                </ul>
            }
            .into_any()
        }
        None => offer(settings),
    };
    let panel = view! {
        <section class="panel">
            <header class="panel__head"><h2>"Hand the founding over"</h2></header>
            {content}
        </section>
    };
    Some(panel.into_any())
}

fn offer(settings: &OrgSettings) -> AnyView {
    let people = settings.co_founders.iter().chain(&settings.candidates);
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(people.map(|(id, name)| (id.to_string(), name.clone())));
    if options.len() == 1 {
        let text =
            "The founding goes to a person whom a user has claimed. There is nobody else yet.";
        return view! { <p class="panel__body">{text}</p> }.into_any();
    }
    view! {
        <div class="panel__body">
            <CommandForm to=OfferFounding::PATH>
                <Select
                    name="player_id"
                    label="New founder"
                    options=options
                    hint="They accept or decline. When they accept, you become a co-founder."
                    required=true
                />
                <div class="form__actions"><Submit label="Offer the founding" kind=""/></div>
            </CommandForm>
        </div>
    }
    .into_any()
}

fn person(name: String, what: &'static str, action: Option<AnyView>) -> AnyView {
    view! {
        <li class="list__row">
            <Avatar name=name.clone() size="small"/>
            <div class="list__text">
                <p class="list__title">{name}</p>
                <p class="list__meta">{what}</p>
            </div>
            {action.map(|action| view! { <div class="list__actions">{action}</div> })}
        </li>
    }
    .into_any()
}
