//! `/theme.css`: an Org's accent as the four custom properties that `style/tokens.css` allows.
//!
//! Lightness is fixed where every pair of colours keeps its contrast at any hue; chroma is lowered
//! until both accents are colours that sRGB has (ui.md §1: corrected, never refused).

use crate::server::Ctx;
use axum::{
    Extension,
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Lightness of the accent in the light and in the dark theme.
const LIGHTNESS: (f64, f64) = (0.48, 0.80);
/// Most chroma that still looks calm.
const MOST_CHROMA: f64 = 0.13;

/// Address of the theme: it changes with the accent, so it may be kept for ever.
pub(super) fn href(hue: i64) -> String {
    format!("/theme.css?h={hue}")
}

/// The query of [`href`].
#[derive(Deserialize)]
pub(super) struct Asked {
    h: Option<i64>,
}

/// Serves the theme of the host's Org.
pub(super) async fn serve(Extension(ctx): Extension<Ctx>, Query(asked): Query<Asked>) -> Response {
    let Some(tenant) = ctx.maybe_tenant() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let hue = tenant.accent_hue;
    let keep = if asked.h == Some(hue) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, keep),
    ];
    (headers, css(hue)).into_response()
}

fn css(hue: i64) -> String {
    let (light, dark) = LIGHTNESS;
    let chroma = chroma(hue);
    format!(
        ":root{{--accent-h:{hue};--accent-c:{chroma:.3};--accent-l:{light};--accent-l-dark:{dark}}}\n"
    )
}

/// The most chroma that both accents of this hue can have.
fn chroma(hue: i64) -> f64 {
    let hue = hue as f64;
    let fits = |chroma: f64| in_srgb(LIGHTNESS.0, chroma, hue) && in_srgb(LIGHTNESS.1, chroma, hue);
    let mut chroma = MOST_CHROMA;
    while chroma > 0.0 && !fits(chroma) {
        chroma -= 0.005;
    }
    chroma.max(0.0)
}

/// Is the OKLCH colour one of sRGB? (CSS Color 4 §10.)
fn in_srgb(lightness: f64, chroma: f64, hue: f64) -> bool {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
    .into_iter()
    .all(|channel| (-1e-4..=1.0001).contains(&channel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hue_gives_an_accent_that_screens_can_show() {
        for hue in 0..360 {
            let chroma = chroma(hue);
            assert!(chroma >= 0.05, "hue {hue} would be grey: {chroma}");
            assert!(in_srgb(0.48, chroma, hue as f64) && in_srgb(0.80, chroma, hue as f64));
        }
    }

    #[test]
    fn the_conversion_agrees_with_known_colours() {
        assert!(
            in_srgb(1.0, 0.0, 0.0) && in_srgb(0.0, 0.0, 0.0),
            "white and black"
        );
        // #ff0000 is oklch(0.628 0.2577 29.23).
        assert!(in_srgb(0.628, 0.257, 29.23) && !in_srgb(0.628, 0.27, 29.23));
    }
}
