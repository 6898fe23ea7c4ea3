//! A shop to measure: set up as its owner would, and a file of products.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use db::{Db, Target};
use flows::SetUp;
use kernel::{Clock, Currency, OsEntropy, Rate, SystemClock};

/// The owner's password.
pub const PASSWORD: &str = "measure it twice";
/// The owner's e-mail.
pub const OWNER: &str = "owner@example.com";

/// Makes the shop.
///
/// # Errors
/// When it cannot be written.
pub async fn shop(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)?;
    let db = Db::open(&Target::File(dir.join("mercer.db"))).await?;
    let clock = Arc::new(SystemClock);
    db::migrate(&db, &mercer::migrations(), clock.now()).await?;
    let input = SetUp {
        shop_name: "Bench".into(),
        owner_name: "Owner".into(),
        owner_email: OWNER.into(),
        password: PASSWORD.into(),
        country: "NL".into(),
        currency: Currency::EUR,
        time_zone: "Europe/Amsterdam".into(),
        prices_include_tax: true,
        locales: vec!["en".into()],
        tax: Some(("VAT".into(), Rate::percent(21))),
        test_payments: true,
    };
    flows::set_up(&db, clock, Arc::new(OsEntropy), input).await?;
    Ok(())
}

/// The last product's title, by which one sees that everything is searchable.
pub fn last_title(products: usize) -> String {
    format!("Zenith lantern {}", products - 1)
}

/// Writes a product file in Shopify's dialect: three variants each, 40 categories, plenty of stock.
///
/// # Errors
/// When it cannot be written.
pub fn products(path: &Path, products: usize) -> anyhow::Result<()> {
    let mut text = String::from(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
         Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
         Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Status\n",
    );
    let things = ["lantern", "kettle", "chair", "blanket", "lamp", "knife", "basket", "mirror", "clock", "bowl"];
    let makers = ["Alder", "Birch", "Cedar", "Dune", "Elm", "Fjord", "Grove"];
    for i in 0..products {
        let thing = things[i % things.len()];
        let title = if i == products - 1 { last_title(products) } else { format!("{} {thing} {i}", makers[i % makers.len()]) };
        for (v, size) in ["Small", "Medium", "Large"].iter().enumerate() {
            let (head, option) = if v == 0 {
                let body = format!("<p>A {thing} that lasts. It is number {i} of its kind, and was made with care.</p>");
                (format!("{title},{body},{},Aisle {},\"{thing}, new\",TRUE", makers[i % makers.len()], i % 40), "Size")
            } else {
                (",,,,,".to_owned(), "")
            };
            let (head, option) = (head.replace("care.</p>", "care.</p>"), option);
            writeln!(
                text,
                "product-{i},{head},{option},{size},SKU-{i}-{v},{},shopify,1000000,deny,{}.{:02},,TRUE,TRUE,{}",
                300 + v * 200,
                5 + (i * 7 + v * 3) % 90,
                (i * 13) % 100,
                if v == 0 { "active" } else { "" }
            )?;
        }
    }
    std::fs::write(path, text)?;
    Ok(())
}
