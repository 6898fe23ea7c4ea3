//! The look a merchant chooses: a few numbers that become `/theme.css`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The face of the letters. Inter is served by the shop itself; the others are already on the reader's device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Font {
    /// Inter, served with the shop.
    #[default]
    Inter,
    /// The device's own interface font.
    System,
    /// A serif of the device for everything.
    Serif,
    /// Inter for text, a serif of the device for headings.
    SerifHeadings,
}

/// Light, dark, or as the reader's device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Theme settings. Each has the default of the built-in look (cobalt).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Accent hue in OKLCH, 0 to 359 degrees; 262 is cobalt.
    pub accent_hue: u16,
    /// Accent strength in thousandths of OKLCH chroma, 0 (ink-coloured buttons) to 250.
    pub accent_chroma_milli: u16,
    /// Strength of the colour behind product photos, in thousandths, 0 (neutral) to 60.
    pub tint_milli: u16,
    /// Corner radius of buttons and tiles, 0 to 24 px.
    pub radius_px: u8,
    /// Room between things, 80 (compact) to 120 (airy) percent.
    pub density_percent: u8,
    /// The letters.
    pub font: Font,
    /// Widest content, 960 to 1600 px.
    pub width_px: u16,
    /// A product tile's width per height, in percent: 100 is square, 80 portrait.
    pub tile_ratio_percent: u8,
    /// Light, dark or the device's.
    pub scheme: Scheme,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            accent_hue: 262,
            accent_chroma_milli: 165,
            tint_milli: 20,
            radius_px: 10,
            density_percent: 100,
            font: Font::Inter,
            width_px: 1216,
            tile_ratio_percent: 100,
            scheme: Scheme::Auto,
        }
    }
}

impl Settings {
    /// The body of `/theme.css`. Values outside their range are brought to its nearest end, so that no setting
    /// can break a page; contrast holds at every hue, since lightness is fixed by the stylesheet.
    pub fn to_css(&self) -> String {
        let mut css = String::from(":root{");
        let mut put = |name: &str, value: String| {
            // Writing to a String cannot fail.
            let _ = write!(css, "--{name}:{value};");
        };
        put("hue", (self.accent_hue % 360).to_string());
        put("accent-chroma", milli(self.accent_chroma_milli.min(250)));
        put("tint", milli(self.tint_milli.min(60)));
        put("radius", format!("{}px", self.radius_px.min(24)));
        put("density", milli(u16::from(self.density_percent.clamp(80, 120)) * 10));
        put("width", format!("{}px", self.width_px.clamp(960, 1600)));
        put("tile-ratio", milli(u16::from(self.tile_ratio_percent.clamp(60, 150)) * 10));
        const SERIF: &str = "ui-serif,Charter,Georgia,Cambria,serif";
        match self.font {
            Font::Inter => {}
            Font::System => put("font", "system-ui,sans-serif".to_owned()),
            Font::Serif => put("font", SERIF.to_owned()),
            Font::SerifHeadings => put("display", SERIF.to_owned()),
        }
        match self.scheme {
            Scheme::Auto => {}
            Scheme::Light => css.push_str("color-scheme:light;"),
            Scheme::Dark => css.push_str("color-scheme:dark;"),
        }
        css.push('}');
        css
    }

    /// The accent as `#rrggbb`, for mail readers, which know no OKLCH: the light scheme's, with the lightness that the
    /// stylesheet gives it. Source of the matrices: Björn Ottosson, "A perceptual color space for image processing".
    pub fn accent_hex(&self) -> String {
        const LIGHTNESS: f64 = 0.46;
        let hue = f64::from(self.accent_hue % 360).to_radians();
        let mut chroma = f64::from(self.accent_chroma_milli.min(250)) / 1000.0;
        loop {
            let rgb = linear(LIGHTNESS, chroma * hue.cos(), chroma * hue.sin());
            let inside = rgb.iter().all(|c| (-0.0005..=1.0005).contains(c));
            if inside || chroma < 0.005 {
                let [r, g, b] = rgb.map(encoded);
                return format!("#{r:02x}{g:02x}{b:02x}");
            }
            chroma -= 0.005; // less colourful until the screen can show it
        }
    }
}

/// OKLab to linear sRGB.
fn linear(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
}

/// Linear sRGB to a byte.
fn encoded(c: f64) -> u8 {
    let c = c.clamp(0.0, 1.0);
    let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    (c * 255.0).round() as u8
}

/// Thousandths as a CSS number, without floats: 165 is `.165`, 1000 is `1`.
fn milli(value: u16) -> String {
    let text = format!("{}.{:03}", value / 1000, value % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_is_plain_numbers_in_their_range() {
        let css =
            Settings { radius_px: 200, accent_hue: 365, font: Font::Serif, ..Settings::default() }.to_css();
        assert!(
            css.contains("--radius:24px;")
                && css.contains("--hue:5;")
                && css.contains("--accent-chroma:0.165;")
        );
        assert!(css.contains("--density:1;") && css.contains("ui-serif"));
    }

    #[test]
    fn the_accent_in_figures() {
        let grey = Settings { accent_chroma_milli: 0, ..Settings::default() }.accent_hex();
        assert_eq!((&grey[1..3], &grey[3..5]), (&grey[3..5], &grey[5..7]));
        // green-ish: most of it green; blue-ish by default: most of it blue
        let rgb = |hue| {
            let hex = Settings { accent_hue: hue, ..Settings::default() }.accent_hex();
            [1, 3, 5].map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
        };
        let ([r, g, b], [_, green, blue]) = (rgb(262), rgb(145));
        assert!(b > g && b > r && green > blue);
    }
}
