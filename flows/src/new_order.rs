//! A cart and its calculation as the order that is made of them.

use checkout::{Calculation, Cart};
use inventory::{Availability, Wanted};
use kernel::{Ctx, VariantId};
use orders::{LineKind, NewLine, NewOrder};

use crate::PlaceOrder;
use crate::place_order::HOLD;

/// The order as it will be written.
pub(crate) fn new_order(ctx: &Ctx, input: &PlaceOrder, cart: &Cart, c: &Calculation) -> NewOrder {
    let mut lines: Vec<NewLine> = c
        .lines
        .iter()
        .map(|l| NewLine {
            id: ctx.id(),
            kind: LineKind::Item,
            variant: Some(l.variant_id),
            product: Some(l.product_id),
            sku: l.sku.clone(),
            title: l.title.clone(),
            variant_title: l.variant_title.clone(),
            slug: l.slug.clone(),
            image: l.image_id,
            quantity: l.quantity,
            unit_minor: l.unit_minor,
            discount_minor: l.discount_minor,
            net_minor: l.net_minor,
            tax_minor: l.tax_minor,
            gross_minor: l.gross_minor,
            tax_name: l.tax_name.clone(),
            rate: l.rate,
            requires_shipping: l.requires_shipping,
            weight_grams: Some(l.weight_grams).filter(|w| *w > 0),
        })
        .collect();
    lines.extend(c.shipping.iter().map(|s| NewLine {
        id: ctx.id(),
        kind: LineKind::Shipping,
        variant: None,
        product: None,
        sku: None,
        title: s.name.clone(),
        variant_title: String::new(),
        slug: String::new(),
        image: None,
        quantity: 1,
        unit_minor: if c.prices_include_tax { s.gross_minor } else { s.net_minor },
        discount_minor: 0,
        net_minor: s.net_minor,
        tax_minor: s.tax_minor,
        gross_minor: s.gross_minor,
        tax_name: s.tax_name.clone(),
        rate: s.rate,
        requires_shipping: false,
        weight_grams: None,
    }));
    let ship_to = cart.address.clone().unwrap_or_default();
    NewOrder {
        id: ctx.id(),
        cart: Some((cart.id, cart.version)),
        email: cart.email.clone(),
        locale: ctx.locale.to_string(),
        currency: c.currency,
        prices_include_tax: c.prices_include_tax,
        billing_address: cart.billing_address.clone().unwrap_or_else(|| ship_to.clone()),
        shipping_address: ship_to,
        shipping_method: c.shipping.as_ref().map(|s| (s.method_id, s.name.clone())),
        payment_method: input.provider.clone(),
        note: cart.note.clone(),
        consent: cart.consent.clone(),
        lines,
        held_until: ctx.now().plus(HOLD),
    }
}

/// What it takes of the stock.
pub(crate) fn wanted(order: &NewOrder, stock: &[Availability]) -> Vec<Wanted> {
    let components = |v: VariantId| {
        stock.iter().find(|a| a.variant == v).map(|a| a.components.clone()).unwrap_or_default()
    };
    order
        .lines
        .iter()
        .filter_map(|l| {
            l.variant.map(|v| Wanted {
                line: l.id,
                variant: v,
                quantity: l.quantity,
                components: components(v),
            })
        })
        .collect()
}
