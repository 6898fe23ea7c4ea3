//! A shop to measure: set up as its owner would, and a file of products.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::bail;

use crate::http::Client;
use crate::server::Server;

/// The owner's password.
pub const PASSWORD: &str = "measure it twice";
/// The owner's e-mail.
pub const OWNER: &str = "owner@example.com";

/// Makes the shop as its owner would: by the first form of a fresh server.
///
/// # Errors
/// When it is refused.
pub async fn shop(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)?;
    let server = Server::start(dir, None, "warn").await?;
    let mut client = Client::connect(server.port).await?;
    let form = format!(
        "store_name=Bench&legal_name=&owner_name=Owner&email={}&password={}&country=NL&currency=EUR\
         &time_zone=Europe%2FAmsterdam&locale=en&prices_include_tax=on",
        OWNER.replace('@', "%40"),
        PASSWORD.replace(' ', "+")
    );
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let answer = client.send("POST", "/admin/setup", &headers, form.as_bytes()).await?;
    if answer.status != 303 {
        bail!("POST /admin/setup: {} {}", answer.status, answer.text());
    }
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
    let things =
        ["lantern", "kettle", "chair", "blanket", "lamp", "knife", "basket", "mirror", "clock", "bowl"];
    let makers = ["Alder", "Birch", "Cedar", "Dune", "Elm", "Fjord", "Grove"];
    for i in 0..products {
        let thing = things[i % things.len()];
        let title = if i == products - 1 {
            last_title(products)
        } else {
            format!("{} {thing} {i}", makers[i % makers.len()])
        };
        for (v, size) in ["Small", "Medium", "Large"].iter().enumerate() {
            let (head, option) = if v == 0 {
                let body = format!(
                    "<p>A {thing} that lasts. It is number {i} of its kind and was made with care.</p>"
                );
                (
                    format!(
                        "{title},{body},{},Aisle {},\"{thing}, new\",TRUE",
                        makers[i % makers.len()],
                        i % 40
                    ),
                    "Size",
                )
            } else {
                (",,,,,".to_owned(), "")
            };
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
