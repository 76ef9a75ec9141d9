//! The document around the application: made by the server only.

use super::App;
use crate::domain::viewer::Viewer;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The whole document. The theme and the Org's accent are decided here, before the first paint.
pub(super) fn shell(options: LeptosOptions) -> impl IntoView {
    let viewer = use_context::<Viewer>();
    let theme = viewer
        .as_ref()
        .and_then(|viewer| viewer.user.as_ref())
        .map(|user| user.theme.clone())
        .filter(|theme| theme == "light" || theme == "dark");
    let accent = viewer
        .as_ref()
        .and_then(|viewer| viewer.org())
        .map(|org| super::theme::href(org.accent_hue));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link
                    rel="preload"
                    href="/fonts/inter-latin.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin=""
                />
                <HashedStylesheet options=options.clone() id="leptos"/>
                {accent.map(|href| view! { <link rel="stylesheet" href=href/> })}
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
