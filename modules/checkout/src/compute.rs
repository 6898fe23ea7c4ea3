//! The calculation: pure arithmetic over what was read.

use std::collections::HashMap;

use catalog::SaleVariant;
use inventory::{Availability, Shelves};
use kernel::{Address, Currency, Money, VariantId};
use pricing::{Line, Tax, TaxTable, line, split_discount};
use shipping::Quote;

use crate::{
    CalcLine, Calculation, Cart, CartLine, Error, Facts, GoneLine, Problem, ShippingLine, TaxSum, Terms,
    VALID,
};

/// Calculates a cart. The same input gives the same answer.
///
/// # Errors
/// [`Error::Money`] past 64 bits.
pub fn compute(cart: &Cart, facts: &Facts, terms: &Terms) -> Result<Calculation, Error> {
    let region = cart.address.as_ref().map_or("", |a| a.region.as_str());
    let mut problems = vec![];
    let (found, gone) = sort_out(cart, facts);
    problems
        .extend(gone.iter().map(|g| Problem::NotForSale { line: g.cart_line_id, title: g.title.clone() }));

    let entered =
        found.iter().map(|f| whole(f.price.amount_minor, f.line.quantity)).collect::<Result<Vec<_>, _>>()?;
    let discounts = split_discount(terms.discount_minor, &entered);
    let mut left = Left::new(&facts.stock);
    let mut lines = Vec::with_capacity(found.len());
    let mut goods = Line::default();
    for (f, discount_minor) in found.iter().zip(&discounts) {
        let tax =
            if f.sale.taxable { facts.taxes.rate_for(region, &f.sale.tax_category) } else { Tax::default() };
        let sum =
            line(f.price.amount_minor, f.line.quantity, *discount_minor, tax.rate, terms.prices_include_tax)?;
        goods = goods.plus(sum)?;
        let max_quantity = left.take(f.line.variant, f.line.quantity);
        let notices = notices(f, max_quantity, cart.currency);
        problems.extend(notices.iter().cloned());
        lines.push(f.priced(sum, tax, *discount_minor, max_quantity, notices));
    }
    if lines.is_empty() {
        problems.push(Problem::Empty);
    }

    let requires_shipping = lines.iter().any(|l| l.requires_shipping);
    let weight =
        lines.iter().filter(|l| l.requires_shipping).map(|l| l.weight_grams.saturating_mul(l.quantity));
    let weight = weight.fold(0i64, i64::saturating_add);
    let mut quotes = if requires_shipping {
        facts.offers.quotes(weight, goods.gross_minor, &terms.locale)
    } else {
        vec![]
    };
    quotes.retain(|q| q.currency == cart.currency);
    let chosen = cart.shipping_method.and_then(|m| quotes.iter().find(|q| q.method == m));
    let shipping = chosen.map(|q| ship(q, &facts.taxes, region, terms)).transpose()?;
    let country = cart.country().unwrap_or(&terms.home).to_owned();
    problems.extend(still_missing(
        cart,
        requires_shipping,
        &quotes,
        shipping.is_some(),
        &country,
        &terms.locale,
    ));

    let all = match &shipping {
        Some(s) => {
            goods.plus(Line { net_minor: s.net_minor, tax_minor: s.tax_minor, gross_minor: s.gross_minor })?
        }
        None => goods,
    };
    Ok(Calculation {
        cart_id: cart.id,
        version: cart.version,
        currency: cart.currency,
        prices_include_tax: terms.prices_include_tax,
        country,
        taxes: tax_sums(&lines, shipping.as_ref()),
        discount_minor: lines.iter().map(|l| l.discount_minor).sum(),
        lines,
        gone,
        shipping,
        quotes,
        requires_shipping,
        goods_gross_minor: goods.gross_minor,
        goods_net_minor: goods.net_minor,
        tax_minor: all.tax_minor,
        total_minor: all.gross_minor,
        problems,
        expires_at: terms.now.plus(VALID),
    })
}

/// A cart's line with what is sold and for how much.
struct FoundLine<'a> {
    line: &'a CartLine,
    sale: &'a SaleVariant,
    price: pricing::Price,
    single_minor: i64,
}

impl FoundLine<'_> {
    fn priced(
        &self,
        sum: Line,
        tax: Tax,
        discount_minor: i64,
        max_quantity: i64,
        notices: Vec<Problem>,
    ) -> CalcLine {
        CalcLine {
            cart_line_id: self.line.id,
            variant_id: self.line.variant,
            product_id: self.sale.product,
            sku: self.sale.sku.clone(),
            title: self.sale.title.clone(),
            variant_title: self.sale.variant_title.clone(),
            slug: self.sale.slug.clone(),
            image_id: self.sale.image_id,
            quantity: self.line.quantity,
            unit_minor: self.price.amount_minor,
            single_minor: self.single_minor,
            compare_at_minor: self.price.compare_at_minor,
            discount_minor,
            net_minor: sum.net_minor,
            tax_minor: sum.tax_minor,
            gross_minor: sum.gross_minor,
            rate: tax.rate,
            tax_name: tax.name,
            requires_shipping: self.sale.requires_shipping,
            weight_grams: self.sale.weight_grams,
            max_quantity,
            notices,
        }
    }
}

/// What can be bought, and what cannot: not live any more, or without a price in the cart's currency.
fn sort_out<'a>(cart: &'a Cart, facts: &'a Facts) -> (Vec<FoundLine<'a>>, Vec<GoneLine>) {
    let sales: HashMap<VariantId, &SaleVariant> = facts.sale.iter().map(|s| (s.variant, s)).collect();
    let (mut found, mut gone) = (vec![], vec![]);
    for line in &cart.lines {
        let sale = sales.get(&line.variant).copied();
        let price = facts.prices.of(line.variant, line.quantity).filter(|p| p.currency == cart.currency);
        match (sale, price) {
            (Some(sale), Some(price)) if sale.for_sale => {
                let single_minor =
                    facts.prices.one(line.variant).map_or(price.amount_minor, |p| p.amount_minor);
                found.push(FoundLine { line, sale, price, single_minor });
            }
            _ => gone.push(GoneLine {
                cart_line_id: line.id,
                variant_id: line.variant,
                title: sale.map(|s| s.title.clone()).unwrap_or_default(),
                quantity: line.quantity,
            }),
        }
    }
    (found, gone)
}

fn whole(unit_minor: i64, quantity: i64) -> Result<i64, kernel::MoneyError> {
    unit_minor.checked_mul(quantity).ok_or(kernel::MoneyError::TooLarge)
}

fn notices(f: &FoundLine<'_>, max_quantity: i64, currency: Currency) -> Vec<Problem> {
    let line = f.line.id;
    let mut all = vec![];
    if max_quantity == 0 {
        all.push(Problem::SoldOut { line });
    } else if f.line.quantity > max_quantity {
        all.push(Problem::OnlyLeft { line, left: max_quantity });
    }
    if let Some(was) = f.line.seen_price_minor.filter(|was| *was != f.single_minor) {
        let money = |minor| Money::new(minor, currency);
        all.push(Problem::PriceChanged { line, was: money(was), now: money(f.single_minor) });
    }
    all
}

/// What is left of the items while lines take of them one after the other: a single piece and a case of the same
/// item share its stock.
struct Left<'a> {
    of: HashMap<VariantId, &'a Availability>,
    shelves: Shelves,
}

impl<'a> Left<'a> {
    fn new(stock: &'a [Availability]) -> Left<'a> {
        Left { of: stock.iter().map(|a| (a.variant, a)).collect(), shelves: Shelves::of(stock) }
    }

    /// How many of a variant there can be; takes so many of what is wanted, as the order will.
    fn take(&mut self, variant: VariantId, wanted: i64) -> i64 {
        let Some(stock) = self.of.get(&variant) else { return crate::MAX_QUANTITY };
        let most = self.shelves.sellable(&stock.components).unwrap_or(crate::MAX_QUANTITY);
        let most = most.min(crate::MAX_QUANTITY);
        // no more than there are is taken, so nothing can be missing
        drop(self.shelves.take(&stock.components, wanted.min(most)));
        most
    }
}

fn ship(quote: &Quote, taxes: &TaxTable, region: &str, terms: &Terms) -> Result<ShippingLine, Error> {
    let tax = taxes.rate_for(region, &quote.tax_category);
    let sum = line(quote.amount_minor, 1, 0, tax.rate, terms.prices_include_tax)?;
    Ok(ShippingLine {
        method_id: quote.method,
        name: quote.name.clone(),
        net_minor: sum.net_minor,
        tax_minor: sum.tax_minor,
        gross_minor: sum.gross_minor,
        rate: tax.rate,
        tax_name: tax.name,
    })
}

fn still_missing(
    cart: &Cart,
    requires_shipping: bool,
    quotes: &[Quote],
    ships: bool,
    country: &str,
    locale: &str,
) -> Vec<Problem> {
    let mut all = vec![];
    if cart.email.is_empty() {
        all.push(Problem::EmailMissing);
    } else if !is_email(&cart.email) {
        all.push(Problem::EmailWrong { email: cart.email.clone() });
    }
    match &cart.address {
        None => all.push(Problem::AddressMissing),
        Some(address) => all.extend(wrong(address, "", locale)),
    }
    all.extend(cart.billing_address.iter().flat_map(|a| wrong(a, "billing_", locale)));
    if requires_shipping && quotes.is_empty() {
        if cart.country().is_some() {
            all.push(Problem::NotShippedThere { country: country.to_owned() });
        }
    } else if requires_shipping && !ships {
        all.push(if cart.shipping_method.is_some() {
            Problem::ShippingGone
        } else {
            Problem::ShippingMissing
        });
    }
    if cart.payment_method.is_none() {
        all.push(Problem::PaymentMissing);
    }
    all
}

fn wrong(address: &Address, prefix: &str, locale: &str) -> Vec<Problem> {
    let named = |e: customers::FieldError| Problem::AddressWrong {
        field: format!("{prefix}{}", e.field),
        message: e.message,
    };
    customers::validate(address, locale).into_iter().map(named).collect()
}

/// `somebody@somewhere.tld`: enough to catch slips; whether it is read is known when it is answered.
fn is_email(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
    let domain = text.split_once('@').filter(|(local, _)| !local.is_empty()).map(|(_, domain)| domain);
    !text.contains(odd)
        && domain
            .is_some_and(|d| !d.contains('@') && d.contains('.') && d.split('.').all(|part| !part.is_empty()))
}

fn tax_sums(lines: &[CalcLine], shipping: Option<&ShippingLine>) -> Vec<TaxSum> {
    let goods = lines.iter().map(|l| (l.rate, &l.tax_name, l.net_minor, l.tax_minor));
    let shipped = shipping.iter().map(|s| (s.rate, &s.tax_name, s.net_minor, s.tax_minor));
    let mut sums: Vec<TaxSum> = vec![];
    for (rate, name, net_minor, tax_minor) in goods.chain(shipped) {
        match sums.iter_mut().find(|s| s.rate == rate && s.name == *name) {
            Some(sum) => {
                sum.net_minor += net_minor;
                sum.tax_minor += tax_minor;
            }
            None => sums.push(TaxSum { name: name.clone(), rate, net_minor, tax_minor }),
        }
    }
    sums.sort_by(|a, b| (b.rate, &a.name).cmp(&(a.rate, &b.name)));
    sums
}
