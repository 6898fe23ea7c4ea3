use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use shopfront::{Found, ProductPage};
use theme::arg;
use theme::views::{Attribute, Link, OptionGroup, OptionValue, Product, Variant};

use super::frame::{Frame, frame_of};
use super::show::{at_most, flag, short, text_of};
use super::{kept, moved};
use crate::extract::{Fields, Path};
use crate::{Caller, Error, State};

/// `/p/{slug}`: a product.
pub(super) async fn product(
    state: State,
    caller: Caller,
    Path(slug): Path<String>,
    query: Fields,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let since = kept::now(&state)?;
    let frame = frame_of(&state, &caller.ctx).await?;
    let path = format!("/p/{slug}");
    let shopfront = state.shopfront()?;
    // a variant that is not of this product, or nonsense, is the product's own page
    let wanted = query.get("variant").parse::<kernel::VariantId>().ok();
    let address = match wanted {
        Some(variant) => frame.url(&format!("{path}?variant={variant}")),
        None => frame.url(&path),
    };
    let mut elsewhere = None;
    let rendered = async {
        match shopfront.product(&caller.ctx.locale, &slug).await? {
            Found::Here(found) => {
                let selected = wanted.and_then(|w| found.variants.iter().position(|v| v.id == w));
                Ok((frame.render(&view(&frame, &path, &found, selected))?, found.deps.clone()))
            }
            Found::Moved(slug) => {
                elsewhere = Some(slug);
                Err(Error::not_found())
            }
            Found::Gone => Err(Error::not_found()),
        }
    };
    let rendered: Result<Response, Error> = kept::page(&state, &headers, since, &address, rendered).await;
    match (rendered, elsewhere) {
        (_, Some(slug)) => Ok(Redirect::permanent(&frame.url(&format!("/p/{slug}"))).into_response()),
        (Err(e), None) if e.kind == kernel::ErrorKind::NotFound => {
            moved(&state, &caller.ctx, &frame.url(&path)).await
        }
        (answer, None) => answer,
    }
}

fn view(frame: &Frame, path: &str, found: &ProductPage, selected: Option<usize>) -> Product {
    // what can be bought first, unless somebody chose
    let selected = selected
        .or_else(|| found.variants.iter().position(|v| v.stock.can_buy()))
        .unwrap_or(0)
        .min(found.variants.len().saturating_sub(1));
    let chosen = found.variants.get(selected);
    let text = text_of(&found.description_html);
    let other =
        |l: &str| found.alternates.iter().find(|(of, _)| of == l).map(|(_, slug)| format!("/p/{slug}"));
    let title = if found.seo_title.is_empty() { &found.title } else { &found.seo_title };
    let mut page = frame.page_in(path, title, other);
    page.description =
        short(if found.seo_description.is_empty() { &text } else { &found.seo_description }, 160);
    if let Some(image) = found.images.first() {
        page.share_image = format!("{}/1280.jpg", frame.image(image).url);
    }
    let top = found.crumbs.first().map(|c| frame.url(&format!("/c/{}", c.slug)));
    for link in &mut page.nav {
        link.current = top.as_ref() == Some(&link.url);
    }
    let mut crumbs = vec![Link { name: frame.say("home", &[]), url: frame.url("/") }];
    crumbs.extend(
        found.crumbs.iter().map(|c| Link { name: c.name.clone(), url: frame.url(&format!("/c/{}", c.slug)) }),
    );
    crumbs.push(Link { name: found.title.clone(), url: String::new() });
    let group = |(n, o): (usize, &shopfront::OptionGroup)| OptionGroup {
        name: o.name.clone(),
        values: o
            .values
            .iter()
            .map(|v| OptionValue {
                label: v.clone(),
                selected: chosen.and_then(|c| c.options.get(n)) == Some(v),
            })
            .collect(),
    };
    let included = frame.prices_include_tax && !found.tax.name.is_empty();
    Product {
        page,
        crumbs,
        title: found.title.clone(),
        vendor: frame.brand(&found.vendor),
        summary: String::new(),
        description_html: found.description_html.clone(),
        images: found.images.iter().map(|i| frame.image(i)).collect(),
        flag: chosen.map(|c| flag(c.price_minor, c.compare_at_minor)).unwrap_or_default(),
        options: if found.variants.len() > 1 {
            found.options.iter().enumerate().map(group).collect()
        } else {
            vec![]
        },
        variants: found.variants.iter().map(|v| variant(frame, path, v)).collect(),
        selected,
        tax_note: if included { frame.say("tax-included-short", &[]) } else { String::new() },
        attributes: attributes(frame, found, chosen),
        promises: vec![],
        related: frame.cards(&found.related),
    }
}

fn variant(frame: &Frame, path: &str, v: &shopfront::VariantView) -> Variant {
    Variant {
        id: v.id.to_string(),
        label: v.title.replace(" / ", ", "),
        detail: v
            .unit
            .filter(|u| u.grams != 1000)
            .map(|u| weight(frame, i64::from(u.grams)))
            .unwrap_or_default(),
        sku: v.sku.clone(),
        price: frame.price(v.price_minor, v.compare_at_minor, false, v.unit),
        price_minor: v.price_minor,
        price_plain: frame.plain(v.price_minor),
        currency: frame.currency.to_string(),
        stock: frame.stock(v.stock),
        options: v.options.clone(),
        image: v.image,
        max_quantity: at_most(v.stock),
        url: frame.url(&format!("{path}?variant={}", v.id)),
    }
}

fn attributes(frame: &Frame, found: &ProductPage, chosen: Option<&shopfront::VariantView>) -> Vec<Attribute> {
    let own = found.fields.iter().map(|f| Attribute {
        label: f.name.clone(),
        value: match (f.kind, f.value.as_str()) {
            (catalog::FieldKind::Boolean, "true") => frame.say("yes", &[]),
            (catalog::FieldKind::Boolean, _) => frame.say("no", &[]),
            (_, value) => value.to_owned(),
        },
    });
    let grams = chosen.and_then(|c| c.weight_grams).filter(|g| *g > 0);
    let weight = grams.map(|g| Attribute { label: frame.say("weight", &[]), value: weight(frame, g) });
    let gtin = chosen.map(|c| c.gtin.clone()).filter(|g| !g.is_empty());
    let gtin = gtin.map(|value| Attribute { label: frame.say("gtin", &[]), value });
    own.chain(weight).chain(gtin).collect()
}

/// “250 g”, “1.08 kg”.
fn weight(frame: &Frame, grams: i64) -> String {
    if grams < 1000 {
        return frame.say("grams", &[arg("count", grams)]);
    }
    let part = format!("{:03}", grams % 1000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { &frame.say("decimal-point", &[]) };
    frame.say("kilos", &[arg("count", format!("{}{point}{part}", grams / 1000))])
}
