//! Lines and sums of carts and orders.

use checkout::Calculation;
use flows::OrderPage;
use kernel::{AssetId, Ctx, Money, ProductId};
use theme::arg;
use theme::views::{Image, OrderLine, Row, Rows};

use super::frame::Frame;
use crate::{Error, State};

/// Which side of an amount is shown in rows: as the shop enters prices.
pub(super) fn shown_minor(frame: &Frame, net_minor: i64, gross_minor: i64) -> i64 {
    if frame.prices_include_tax { gross_minor } else { net_minor }
}

/// A product's picture, or the variant's own in its place.
pub(super) fn picture(frame: &Frame, of_product: &shopfront::Image, own: Option<AssetId>) -> Image {
    let image = frame.image(of_product);
    match own {
        Some(asset) if asset != of_product.asset => Image { url: format!("/img/{asset}"), ..image },
        _ => image,
    }
}

fn row(label: String, value: String) -> Row {
    Row { label, value, discount: false }
}

struct Sums {
    pieces: i64,
    goods_net: i64,
    goods_gross: i64,
    discount: i64,
    shipping: Option<(i64, i64)>,
    tax: i64,
    total: Money,
    included: bool,
}

fn rows(frame: &Frame, sums: &Sums, later: bool) -> Rows {
    let side = |net: i64, gross: i64| if sums.included { gross } else { net };
    let amount = |minor: i64| frame.amount(Money::new(minor, sums.total.currency));
    let goods = side(sums.goods_net, sums.goods_gross) + sums.discount;
    let mut rows = vec![row(frame.say("sum-goods", &[arg("count", sums.pieces)]), amount(goods))];
    if sums.discount > 0 {
        rows.push(Row {
            label: frame.say("sum-discount", &[]),
            value: amount(-sums.discount),
            discount: true,
        });
    }
    match sums.shipping {
        Some((net, gross)) => {
            let value = side(net, gross);
            let value = if value == 0 { frame.say("free", &[]) } else { amount(value) };
            rows.push(row(frame.say("sum-shipping", &[]), value));
        }
        None if later => rows.push(row(frame.say("sum-shipping", &[]), frame.say("sum-shipping-later", &[]))),
        None => {}
    }
    if !sums.included && sums.tax > 0 {
        rows.push(row(frame.say("sum-tax", &[]), amount(sums.tax)));
    }
    let tax_note = if sums.included && sums.tax > 0 {
        frame.say("tax-included", &[arg("amount", amount(sums.tax))])
    } else {
        String::new()
    };
    Rows { rows, total: frame.amount(sums.total), tax_note }
}

/// What a cart comes to.
pub(super) fn of_calculation(frame: &Frame, c: &Calculation) -> Rows {
    let sums = Sums {
        pieces: c.pieces(),
        goods_net: c.goods_net_minor,
        goods_gross: c.goods_gross_minor,
        discount: c.discount_minor,
        shipping: c.shipping.as_ref().map(|s| (s.net_minor, s.gross_minor)),
        tax: c.tax_minor,
        total: c.total(),
        included: c.prices_include_tax,
    };
    rows(frame, &sums, c.requires_shipping)
}

/// What an order came to.
pub(super) fn of_order(frame: &Frame, page: &OrderPage) -> Rows {
    let goods = page.lines.iter().filter(|l| l.kind == orders::LineKind::Item);
    let shipping = page.lines.iter().filter(|l| l.kind == orders::LineKind::Shipping);
    let shipping = shipping.map(|l| (l.net_minor, l.gross_minor)).reduce(|a, b| (a.0 + b.0, a.1 + b.1));
    let sums = Sums {
        pieces: page.head.item_count,
        goods_net: goods.clone().map(|l| l.net_minor).sum(),
        goods_gross: goods.clone().map(|l| l.gross_minor).sum(),
        discount: goods.map(|l| l.discount_minor).sum(),
        shipping,
        tax: page.head.tax_minor,
        total: Money::new(page.head.total_minor, page.head.currency),
        included: page.head.prices_include_tax,
    };
    rows(frame, &sums, false)
}

/// The lines of a summary, from a cart.
pub(super) fn lines_of_calculation(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    c: &Calculation,
) -> Result<Vec<OrderLine>, Error> {
    let products: Vec<ProductId> = c.lines.iter().map(|l| l.product_id).collect();
    let cards = state.shopfront()?.cards(&ctx.locale, &products);
    let line = |l: &checkout::CalcLine| {
        let card = cards.iter().find(|c| c.product == l.product_id).and_then(|c| c.image.as_ref());
        OrderLine {
            name: l.title.clone(),
            meta: l.variant_title.replace(" / ", ", "),
            image: card.map(|i| picture(frame, i, l.image_id)),
            quantity: u32::try_from(l.quantity).unwrap_or(0),
            total: frame.money(shown_minor(frame, l.net_minor, l.gross_minor)),
        }
    };
    Ok(c.lines.iter().map(line).collect())
}

/// The lines of an order.
pub(super) fn lines_of_order(
    state: &State,
    ctx: &Ctx,
    frame: &Frame,
    page: &OrderPage,
) -> Result<Vec<OrderLine>, Error> {
    let goods: Vec<_> = page.lines.iter().filter(|l| l.kind == orders::LineKind::Item).collect();
    let products: Vec<ProductId> = goods.iter().filter_map(|l| l.product).collect();
    let cards = state.shopfront()?.cards(&ctx.locale, &products);
    let line = |l: &&orders::LineRow| {
        let card = cards.iter().find(|c| Some(c.product) == l.product).and_then(|c| c.image.as_ref());
        let paid = if page.head.prices_include_tax { l.gross_minor } else { l.net_minor };
        OrderLine {
            name: l.title.clone(),
            meta: l.variant_title.replace(" / ", ", "),
            image: card.map(|i| picture(frame, i, l.image)),
            quantity: u32::try_from(l.quantity).unwrap_or(0),
            total: frame.amount(Money::new(paid, page.head.currency)),
        }
    };
    Ok(goods.iter().map(line).collect())
}
