//! The document around the application: made by the server only.

use super::{App, built::Built};
use crate::domain::viewer::Viewer;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// The whole document. The theme and the Org's accent are decided here, before the first paint.
pub(super) fn shell(built: Built, options: LeptosOptions) -> impl IntoView {
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
                // `cargo leptos watch` exchanges the sheet of this id.
                <link rel="stylesheet" id="leptos" href=built.style.clone()/>
                {accent.map(|href| view! { <link rel="stylesheet" href=href/> })}
                <AutoReload options/>
                {program(&built)}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The browser's program: fetched at once, run when both files are there.
fn program(built: &Built) -> AnyView {
    let Built { script, wasm, .. } = built;
    let start = format!(
        "import init, {{ hydrate }} from \"{script}\";\n\
         await init({{ module_or_path: \"{wasm}\" }});\nhydrate();"
    );
    view! {
        <link rel="modulepreload" href=script.clone() crossorigin=""/>
        <link rel="preload" href=wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin=""/>
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
    .into_any()
}
