//! Pure work on pictures: what a file is, its hue, and what is made of it. Heavy: never on an async thread.

use std::io::Cursor;

use db::words;
use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};

use crate::Error;

/// The most bytes of a file.
pub const MAX_BYTES: usize = 20_000_000;
/// The most pixels of a picture.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The widths that renditions are made in.
pub const WIDTHS: [u32; 6] = [160, 320, 640, 960, 1280, 1920];
/// JPEG quality: photos look the same as at 90, at two thirds of the bytes.
const QUALITY: u8 = 82;
/// A colour profile of more bytes is dropped.
const PROFILE: usize = 8_192;

kernel::states! {
    /// What a file really is.
    pub enum MediaType {
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG.
        Png = "image/png",
        /// GIF; only its first frame is shown.
        Gif = "image/gif",
        /// WebP.
        Webp = "image/webp",
    }
}
words!(MediaType);

impl MediaType {
    /// By its content, never by its name.
    pub(crate) fn sniff(bytes: &[u8]) -> Result<MediaType, Error> {
        match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => Ok(MediaType::Jpeg),
            Ok(ImageFormat::Png) => Ok(MediaType::Png),
            Ok(ImageFormat::Gif) => Ok(MediaType::Gif),
            Ok(ImageFormat::WebP) => Ok(MediaType::Webp),
            _ => Err(Error::NotAPicture),
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            MediaType::Jpeg => ImageFormat::Jpeg,
            MediaType::Png => ImageFormat::Png,
            MediaType::Gif => ImageFormat::Gif,
            MediaType::Webp => ImageFormat::WebP,
        }
    }
}

/// What a browser asks for. It gets the smallest file it can show, which says itself what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, or PNG for a picture with holes.
    Jpeg,
    /// PNG.
    Png,
    /// WebP where that is smaller.
    Webp,
}

impl Format {
    /// From a file name's ending.
    pub fn of_ending(ending: &str) -> Option<Format> {
        match ending {
            "jpg" | "jpeg" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            "webp" => Some(Format::Webp),
            _ => None,
        }
    }

    /// A file name's ending.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
        }
    }
}

/// What is known of a picture once it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub media_type: MediaType,
    pub width: u32,
    pub height: u32,
    pub hue: Option<i64>,
}

struct Opened {
    picture: DynamicImage,
    profile: Option<Vec<u8>>,
}

/// Reads a picture within the limits, turned the way the camera was held.
fn open(bytes: &[u8]) -> Result<(MediaType, Opened), Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let media_type = MediaType::sniff(bytes)?;
    let damaged = |e: image::ImageError| Error::Damaged(e.to_string());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), media_type.format());
    let mut limits = Limits::default();
    limits.max_image_width = Some(30_000);
    limits.max_image_height = Some(30_000);
    limits.max_alloc = Some(512 << 20);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width == 0 || height == 0 {
        return Err(Error::TooManyPixels { width, height }); // before a single pixel is unpacked
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let profile = decoder.icc_profile().ok().flatten().filter(|p| p.len() <= PROFILE);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok((media_type, Opened { picture, profile }))
}

/// Looks at a file: is it a picture, a whole one, within limits?
pub(crate) fn inspect(bytes: &[u8]) -> Result<Facts, Error> {
    let (media_type, opened) = open(bytes)?;
    let p = &opened.picture;
    Ok(Facts { media_type, width: p.width(), height: p.height(), hue: hue(p) })
}

/// The hue that a picture's colours lean to, in OKLCH degrees; none when they cancel out or are grey.
/// Source: Björn Ottosson, "A perceptual color space for image processing".
fn hue(picture: &DynamicImage) -> Option<i64> {
    let small = picture.thumbnail(32, 32).to_rgba8();
    let linear = |c: u8| {
        let c = f32::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let (mut a_sum, mut b_sum, mut weight) = (0.0f32, 0.0f32, 0.0f32);
    for pixel in small.pixels() {
        let [r, g, b, alpha] = pixel.0;
        let (r, g, b) = (linear(r), linear(g), linear(b));
        let l = (0.412_221_47 * r + 0.536_332_54 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        let a = 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s;
        let b = 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s;
        // colourful pixels decide: the white around a product says nothing
        let w = f32::from(alpha) / 255.0 * (a * a + b * b).sqrt();
        a_sum += a * w;
        b_sum += b * w;
        weight += w;
    }
    if weight <= 0.0 {
        return None;
    }
    let (a, b) = (a_sum / weight, b_sum / weight);
    if (a * a + b * b).sqrt() < 0.03 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "0 to 360")]
    let degrees = b.atan2(a).to_degrees().rem_euclid(360.0).round() as i64;
    Some(degrees % 360)
}

/// Makes a rendition at most `width` wide; never larger than the picture, and without its metadata.
pub(crate) fn render(bytes: &[u8], width: u32, format: Format) -> Result<Vec<u8>, Error> {
    let (_, Opened { picture, profile }) = open(bytes)?;
    let picture = shrink(picture, width);
    let holes = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|p| p.0[3] < 255);
    if holes {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        let png = as_png(&picture, profile.as_ref())?;
        return Ok(match format {
            Format::Webp => smaller(png, as_webp(&picture, profile.as_ref())?),
            Format::Jpeg | Format::Png => png,
        });
    }
    let picture = DynamicImage::ImageRgb8(picture.to_rgb8());
    match format {
        Format::Png => as_png(&picture, profile.as_ref()),
        Format::Jpeg => as_jpeg(&picture, profile.as_ref()),
        Format::Webp => {
            Ok(smaller(as_jpeg(&picture, profile.as_ref())?, as_webp(&picture, profile.as_ref())?))
        }
    }
}

fn smaller(a: Vec<u8>, b: Vec<u8>) -> Vec<u8> {
    if b.len() < a.len() { b } else { a }
}

/// Roughly and fast to twice the width, then finely.
fn shrink(picture: DynamicImage, width: u32) -> DynamicImage {
    if picture.width() <= width {
        return picture;
    }
    let height_at = |w: u32| {
        let h = u64::from(picture.height()) * u64::from(w) / u64::from(picture.width());
        u32::try_from(h).unwrap_or(u32::MAX).max(1)
    };
    let height = height_at(width);
    let rough = if picture.width() > width * 4 {
        picture.thumbnail_exact(width * 2, height_at(width * 2))
    } else {
        picture
    };
    rough.resize_exact(width, height, FilterType::Lanczos3)
}

fn encoded(
    picture: &DynamicImage,
    profile: Option<&Vec<u8>>,
    mut encoder: impl ImageEncoder,
) -> Result<(), Error> {
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile.clone()); // a format that cannot carry one goes without
    }
    encoder
        .write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
        .map_err(|e| Error::Damaged(e.to_string()))
}

fn as_jpeg(picture: &DynamicImage, profile: Option<&Vec<u8>>) -> Result<Vec<u8>, Error> {
    let mut out = vec![];
    encoded(picture, profile, JpegEncoder::new_with_quality(&mut out, QUALITY))?;
    Ok(out)
}

fn as_png(picture: &DynamicImage, profile: Option<&Vec<u8>>) -> Result<Vec<u8>, Error> {
    let mut out = vec![];
    encoded(picture, profile, PngEncoder::new(&mut out))?;
    Ok(out)
}

fn as_webp(picture: &DynamicImage, profile: Option<&Vec<u8>>) -> Result<Vec<u8>, Error> {
    let mut out = vec![];
    encoded(picture, profile, WebPEncoder::new_lossless(&mut out))?;
    Ok(out)
}
