//! Carts, known by their secret.

use checkout::{Calculation, Cart, CartDetails, CartState, NewLine, Problem};
use db::{Tx, Unit};
use kernel::{CartLineId, Ctx, ShippingMethodId, VariantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reading;
use super::views::Reader;
use crate::api::answer::{List, Made, One};
use crate::api::ask::{At, Body, IfMatch};
use crate::api::once::{Repeat, Sent};
use crate::api::types::{Address, Amount, at, given, invalid};
use crate::error::FieldError;
use crate::{Error, State};

/// A cart with what it comes to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cart)]
pub(super) struct CartView {
    /// Whoever has it has the cart.
    secret: String,
    id: String,
    version: i64,
    /// `open`, `ordered` or `dropped`.
    state: String,
    currency: String,
    prices_include_tax: bool,
    email: String,
    address: Option<Address>,
    billing_address: Option<Address>,
    /// Its id.
    shipping_method: Option<String>,
    /// Its code.
    payment_method: Option<String>,
    note: String,
    lines: Vec<CartLine>,
    /// The chosen one, if it can be had.
    shipping: Option<CartShipping>,
    /// The ways to ship it, to choose from.
    quotes: Vec<Quote>,
    discount: Amount,
    /// Gross, of the goods.
    goods: Amount,
    /// Within the total.
    tax: Amount,
    taxes: Vec<TaxSum>,
    total: Amount,
    /// What stands between it and an order, and what changed.
    problems: Vec<CartProblem>,
    /// Could it be ordered as it is?
    can_place: bool,
    /// Until when the amounts hold.
    expires_at: String,
}

/// A line of a cart.
#[derive(Debug, Serialize, ToSchema)]
struct CartLine {
    id: String,
    variant: String,
    product: String,
    sku: Option<String>,
    title: String,
    variant_title: String,
    slug: String,
    quantity: i64,
    /// Of it can be had.
    max_quantity: i64,
    unit: Amount,
    compare_at: Option<Amount>,
    discount: Amount,
    net: Amount,
    tax: Amount,
    gross: Amount,
    tax_percent: String,
}

/// The shipping that was chosen.
#[derive(Debug, Serialize, ToSchema)]
struct CartShipping {
    method: String,
    name: String,
    net: Amount,
    tax: Amount,
    gross: Amount,
}

/// A tax, summed up.
#[derive(Debug, Serialize, ToSchema)]
struct TaxSum {
    name: String,
    percent: String,
    net: Amount,
    tax: Amount,
}

/// Something the shopper must be told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CartProblem {
    /// A stable word: `sold_out`.
    code: String,
    text: String,
    /// Which input it is about.
    field: Option<String>,
    /// Which line.
    line: Option<String>,
    /// Does it keep the order from being placed?
    stops_order: bool,
}

impl CartProblem {
    fn new(to: &Reading, p: &Problem, lines: &[checkout::CalcLine]) -> CartProblem {
        CartProblem {
            code: p.code().to_owned(),
            text: to.said(p, title_of(p, lines)),
            field: p.field().map(str::to_owned),
            line: p.line().map(|l| l.to_string()),
            stops_order: p.stops_order(),
        }
    }
}

/// What the line of a problem is called.
fn title_of<'a>(p: &Problem, lines: &'a [checkout::CalcLine]) -> &'a str {
    lines.iter().find(|l| Some(l.cart_line_id) == p.line()).map_or("", |l| &l.title)
}

/// The problems of a cart as wrong fields.
pub(super) fn wrong_fields(
    to: &Reading,
    problems: &[Problem],
    lines: &[checkout::CalcLine],
) -> Vec<FieldError> {
    let wrong = |p: &Problem| FieldError {
        field: p.line().map(|l| format!("lines.{l}")).or_else(|| p.field().map(str::to_owned)),
        code: p.code().to_owned(),
        detail: to.said(p, title_of(p, lines)),
    };
    problems.iter().filter(|p| p.stops_order()).map(wrong).collect()
}

fn view(ctx: &Reading, cart: &Cart, c: &Calculation) -> CartView {
    let r = Reader { currency: c.currency, locale: &ctx.locale, public_url: "" };
    let line = |l: &checkout::CalcLine| CartLine {
        id: l.cart_line_id.to_string(),
        variant: l.variant_id.to_string(),
        product: l.product_id.to_string(),
        sku: l.sku.clone(),
        title: l.title.clone(),
        variant_title: l.variant_title.clone(),
        slug: l.slug.clone(),
        quantity: l.quantity,
        max_quantity: l.max_quantity,
        unit: r.amount(l.unit_minor),
        compare_at: l.compare_at_minor.map(|m| r.amount(m)),
        discount: r.amount(l.discount_minor),
        net: r.amount(l.net_minor),
        tax: r.amount(l.tax_minor),
        gross: r.amount(l.gross_minor),
        tax_percent: l.rate.to_string(),
    };
    let tax = |t: &checkout::TaxSum| TaxSum {
        name: t.name.clone(),
        percent: t.rate.to_string(),
        net: r.amount(t.net_minor),
        tax: r.amount(t.tax_minor),
    };
    CartView {
        secret: cart.secret.clone(),
        id: cart.id.to_string(),
        version: cart.version,
        state: cart.state.to_string(),
        currency: c.currency.to_string(),
        prices_include_tax: c.prices_include_tax,
        email: cart.email.clone(),
        address: cart.address.clone().map(Address::from),
        billing_address: cart.billing_address.clone().map(Address::from),
        shipping_method: cart.shipping_method.map(|m| m.to_string()),
        payment_method: cart.payment_method.clone(),
        note: cart.note.clone(),
        lines: c.lines.iter().map(line).collect(),
        shipping: c.shipping.as_ref().map(|s| CartShipping {
            method: s.method_id.to_string(),
            name: s.name.clone(),
            net: r.amount(s.net_minor),
            tax: r.amount(s.tax_minor),
            gross: r.amount(s.gross_minor),
        }),
        quotes: c.quotes.iter().map(|q| quote(ctx, q)).collect(),
        discount: r.amount(c.discount_minor),
        goods: r.amount(c.goods_gross_minor),
        tax: r.amount(c.tax_minor),
        taxes: c.taxes.iter().map(tax).collect(),
        total: r.amount(c.total_minor),
        problems: c.problems.iter().map(|p| CartProblem::new(ctx, p, &c.lines)).collect(),
        can_place: cart.state == CartState::Open && c.can_place(),
        expires_at: at(c.expires_at),
    }
}

/// The cart of a secret.
pub(super) async fn cart_of(tx: &mut Tx, ctx: &Ctx, secret: &str) -> Result<Cart, checkout::Error> {
    checkout::find(tx, ctx, secret).await?.ok_or(checkout::Error::NoSuchCart)
}

async fn calculated(tx: &mut Tx, ctx: &Reading, secret: &str) -> Result<(i64, CartView), Error> {
    let cart = cart_of(tx, ctx, secret).await?;
    shown(tx, ctx, &cart).await
}

async fn shown(tx: &mut Tx, ctx: &Reading, cart: &Cart) -> Result<(i64, CartView), Error> {
    let calculation = checkout::calculate(tx, ctx, cart).await?;
    Ok((cart.version, view(ctx, cart, &calculation)))
}

/// What is put into a cart.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCartLine {
    #[schema(value_type = String, example = "var_01h455vb4pex5vsknk084sn02q")]
    variant: VariantId,
    /// How many more, 1 to 999.
    #[serde(default = "one")]
    quantity: i64,
    /// What a piece cost where the shopper saw it: if it costs more now, the cart says so.
    seen_price: Option<Amount>,
}

fn one() -> i64 {
    1
}

impl NewCartLine {
    fn read(&self, ctx: &Ctx, field: &str) -> Result<NewLine, Error> {
        let seen = crate::api::types::read_some(self.seen_price.as_ref(), ctx.store.currency, field)?;
        Ok(NewLine { variant: self.variant, quantity: self.quantity, seen_price_minor: seen })
    }
}

/// A cart to begin, with what is known of its buyer; the rest may come later.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCart {
    /// One at least.
    lines: Vec<NewCartLine>,
    #[serde(default)]
    email: String,
    address: Option<Address>,
    /// Without one, whoever receives it is invoiced.
    billing_address: Option<Address>,
    /// Of the quotes.
    #[schema(value_type = Option<String>)]
    shipping_method: Option<ShippingMethodId>,
    /// Its code.
    payment_method: Option<String>,
    #[serde(default)]
    note: String,
    /// The words by which the shopper agreed to be written to; empty for those who did not.
    #[serde(default)]
    consent: String,
}

impl NewCart {
    fn details(self) -> CartDetails {
        CartDetails {
            email: self.email,
            address: self.address.map(Into::into),
            billing_address: self.billing_address.map(Into::into),
            shipping_method: self.shipping_method,
            payment_method: self.payment_method.filter(|m| !m.is_empty()),
            note: self.note,
            consent: self.consent,
        }
    }
}

/// Only what is for sale goes into a cart.
async fn for_sale(tx: &mut Tx, ctx: &Ctx, lines: &[NewLine]) -> Result<(), Error> {
    let ids: Vec<VariantId> = lines.iter().map(|l| l.variant).collect();
    let known = catalog::for_sale(tx, ctx, &ids, &ctx.locale).await?;
    for (n, line) in lines.iter().enumerate() {
        if !known.iter().any(|k| k.variant == line.variant && k.for_sale) {
            return Err(invalid(&format!("lines[{n}].variant"), "This is not for sale."));
        }
    }
    Ok(())
}

async fn begin(
    tx: &mut Tx,
    ctx: &Reading,
    lines: &[NewLine],
    details: CartDetails,
    once: &Repeat,
) -> Result<(i64, CartView), Error> {
    if let Some(id) = once.made(tx).await? {
        let cart = checkout::get(tx, ctx, id).await?;
        return shown(tx, ctx, &cart).await;
    }
    for_sale(tx, ctx, lines).await?;
    let (cart, stock) = checkout::begin_cart(tx, ctx, lines, details).await?;
    once.keep(tx, ctx, cart.id).await?;
    let calculation = checkout::calculate_of(tx, ctx, &cart, &stock).await?;
    Ok((cart.version, view(ctx, &cart, &calculation)))
}

async fn put(
    tx: &mut Tx,
    ctx: &Reading,
    secret: &str,
    line: NewLine,
    once: &Repeat,
) -> Result<(i64, CartView), Error> {
    // an unknown secret must not begin a cart of its own
    let cart = cart_of(tx, ctx, secret).await?;
    if once.made::<()>(tx).await?.is_some() {
        return shown(tx, ctx, &cart).await;
    }
    once.keep(tx, ctx, cart.id).await?;
    if cart.state != CartState::Open {
        return Err(checkout::Error::Closed.into());
    }
    for_sale(tx, ctx, &[line]).await?;
    checkout::add_line(tx, ctx, Some(secret), line).await?;
    calculated(tx, ctx, secret).await
}

pub(super) async fn create(
    state: State,
    ctx: Reading,
    Sent(new, once): Sent<NewCart>,
) -> Result<Made<CartView>, Error> {
    if new.lines.is_empty() || new.lines.len() > 100 {
        return Err(invalid("lines", "A cart begins with 1 to 100 lines."));
    }
    let lines: Result<Vec<NewLine>, Error> = new.lines.iter().map(|l| l.read(&ctx, "seen_price")).collect();
    let (lines, details) = (lines?, new.details());
    let unit = Unit::named("cart_begin").read_committed();
    let (version, view) = state
        .db()
        .write(unit, async move |tx: &mut Tx| begin(tx, &ctx, &lines, details.clone(), &once).await)
        .await?;
    Ok(Made::versioned(format!("/shop/carts/{}", view.secret), version, view))
}

pub(super) async fn get(state: State, At(secret): At<String>, ctx: Reading) -> Result<One<CartView>, Error> {
    let (version, view) = state.db().read(async |tx: &mut Tx| calculated(tx, &ctx, &secret).await).await?;
    Ok(One::versioned(version, view))
}

/// What of a cart is set; what is not named stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CartChange {
    email: Option<String>,
    address: Option<Address>,
    /// Null: whoever receives it is invoiced.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Address>)]
    billing_address: Option<Option<Address>>,
    /// Of the quotes.
    #[schema(value_type = Option<String>)]
    shipping_method: Option<ShippingMethodId>,
    /// Its code.
    payment_method: Option<String>,
    note: Option<String>,
    /// The words by which the shopper agreed to be written to; empty takes it back.
    consent: Option<String>,
    /// The shopper has seen today's prices.
    see_prices: bool,
}

impl CartChange {
    fn apply(&self, d: &mut CartDetails) {
        let change = self.clone();
        if let Some(email) = change.email {
            d.email = email;
        }
        if let Some(address) = change.address {
            d.address = Some(address.into());
        }
        if let Some(address) = change.billing_address {
            d.billing_address = address.map(Into::into);
        }
        if let Some(method) = change.shipping_method {
            d.shipping_method = Some(method);
        }
        if let Some(method) = change.payment_method {
            d.payment_method = Some(method).filter(|m| !m.is_empty());
        }
        if let Some(note) = change.note {
            d.note = note;
        }
        if let Some(consent) = change.consent {
            d.consent = consent;
        }
    }
}

async fn update_in(
    tx: &mut Tx,
    ctx: &Reading,
    secret: &str,
    seen: &IfMatch,
    change: &CartChange,
) -> Result<(i64, CartView), Error> {
    let cart = cart_of(tx, ctx, secret).await?;
    seen.check(cart.version)?;
    let mut details = CartDetails::of(&cart);
    change.apply(&mut details);
    let cart = checkout::set_details(tx, ctx, &cart, details).await?;
    if change.see_prices {
        let calculation = checkout::calculate(tx, ctx, &cart).await?;
        checkout::see_prices(tx, ctx, &cart, &calculation).await?;
        return calculated(tx, ctx, secret).await;
    }
    shown(tx, ctx, &cart).await
}

pub(super) async fn update(
    state: State,
    At(secret): At<String>,
    seen: IfMatch,
    ctx: Reading,
    Body(change): Body<CartChange>,
) -> Result<One<CartView>, Error> {
    let unit = Unit::named("cart_details").read_committed();
    let (version, view) = state
        .db()
        .write(unit, async move |tx: &mut Tx| update_in(tx, &ctx, &secret, &seen, &change).await)
        .await?;
    Ok(One::versioned(version, view))
}

pub(super) async fn add_line(
    state: State,
    At(secret): At<String>,
    ctx: Reading,
    Sent(new, once): Sent<NewCartLine>,
) -> Result<One<CartView>, Error> {
    let line = new.read(&ctx, "seen_price")?;
    let unit = Unit::named("cart_add").read_committed();
    let (version, view) =
        state.db().write(unit, async move |tx: &mut Tx| put(tx, &ctx, &secret, line, &once).await).await?;
    Ok(One::versioned(version, view))
}

/// How many are wanted.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineChange {
    /// 0 takes the line out.
    quantity: i64,
}

async fn quantity_in(
    tx: &mut Tx,
    ctx: &Reading,
    secret: &str,
    line: CartLineId,
    seen: &IfMatch,
    quantity: i64,
) -> Result<(i64, CartView), Error> {
    let cart = cart_of(tx, ctx, secret).await?;
    seen.check(cart.version)?;
    if quantity == 0 {
        checkout::remove_line(tx, ctx, &cart, line).await?;
    } else {
        checkout::set_quantity(tx, ctx, &cart, line, quantity).await?;
    }
    calculated(tx, ctx, secret).await
}

pub(super) async fn set_quantity(
    state: State,
    At((secret, line)): At<(String, CartLineId)>,
    seen: IfMatch,
    ctx: Reading,
    Body(change): Body<LineChange>,
) -> Result<One<CartView>, Error> {
    let unit = Unit::named("cart_quantity").read_committed();
    let quantity = change.quantity;
    let (version, view) = state
        .db()
        .write(unit, async move |tx: &mut Tx| quantity_in(tx, &ctx, &secret, line, &seen, quantity).await)
        .await?;
    Ok(One::versioned(version, view))
}

pub(super) async fn remove_line(
    state: State,
    At((secret, line)): At<(String, CartLineId)>,
    seen: IfMatch,
    ctx: Reading,
) -> Result<One<CartView>, Error> {
    let unit = Unit::named("cart_remove").read_committed();
    let (version, view) = state
        .db()
        .write(unit, async move |tx: &mut Tx| quantity_in(tx, &ctx, &secret, line, &seen, 0).await)
        .await?;
    Ok(One::versioned(version, view))
}

/// A way to ship a cart.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Quote {
    method: String,
    name: String,
    description: String,
    /// As prices are entered: with tax or without.
    price: Amount,
    min_days: Option<i64>,
    max_days: Option<i64>,
}

fn quote(ctx: &Ctx, q: &shipping::Quote) -> Quote {
    Quote {
        method: q.method.to_string(),
        name: q.name.clone(),
        description: q.description.clone(),
        price: Amount::shown(q.amount_minor, q.currency, &ctx.locale),
        min_days: q.min_days,
        max_days: q.max_days,
    }
}

pub(super) async fn quotes(state: State, At(secret): At<String>, ctx: Reading) -> Result<List<Quote>, Error> {
    let calculation = state
        .db()
        .read(async |tx: &mut Tx| {
            let cart = cart_of(tx, &ctx, &secret).await?;
            checkout::calculate(tx, &ctx, &cart).await
        })
        .await?;
    Ok(List::whole(calculation.quotes.iter().map(|q| quote(&ctx, q)).collect()))
}

pub(super) async fn reopen(
    state: State,
    At(secret): At<String>,
    ctx: Reading,
    once: Repeat,
) -> Result<One<CartView>, Error> {
    let cart = state.db().read(async |tx: &mut Tx| cart_of(tx, &ctx, &secret).await).await?;
    if !once.is_done(&state).await? {
        flows::reopen_cart(state.shop(), &ctx, cart.id).await?;
        once.done(&state, &ctx, cart.id.uuid()).await?;
    }
    let (version, view) = state.db().read(async |tx: &mut Tx| calculated(tx, &ctx, &secret).await).await?;
    Ok(One::versioned(version, view))
}
