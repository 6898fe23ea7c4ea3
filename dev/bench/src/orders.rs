//! The back office's list of orders, 50 among a million.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};

use crate::http::Client;
use crate::server::Server;
use crate::{Size, seed};

/// Copies the shop's last order until there are enough, with its lines, payment and fulfilment, then asks for the list.
///
/// # Errors
/// When the list cannot be had.
pub async fn measure(shop: &Path, size: Size) -> anyhow::Result<()> {
    multiply(&shop.join("mercer.db"), size.orders)?;
    let server = Server::start(shop, None, "warn").await?;
    let mut client = Client::connect(server.port).await?;
    let form =
        format!("email={}&password={}", seed::OWNER.replace('@', "%40"), seed::PASSWORD.replace(' ', "+"));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let signed = client.send("POST", "/admin/sign-in", &headers, form.as_bytes()).await?;
    if signed.status != 303 {
        bail!("POST /admin/sign-in: {} {}", signed.status, signed.text());
    }
    for path in ["/admin/orders", "/admin/orders?view=to_ship", "/admin/orders?q=kofi"] {
        let mut times = vec![];
        for _ in 0..12 {
            let began = Instant::now();
            let answer = client.send("GET", path, &[], b"").await?;
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            if answer.status != 200 || !answer.text().contains("/admin/orders/ord_") {
                bail!("GET {path}: {}", answer.status);
            }
        }
        let first = times[0];
        times.sort_by(f64::total_cmp);
        println!(
            "GET {path} among {} orders: {:.1} ms, median of 12; the first {first:.1} ms (goal ≤ 50 ms)",
            size.orders, times[6]
        );
    }
    Ok(())
}

/// Writes rows like the last order's, with new ids and numbers; 30,000 orders a transaction.
fn multiply(path: &Path, orders: usize) -> anyhow::Result<()> {
    let c = rusqlite::Connection::open(path)?;
    c.execute_batch("pragma synchronous=off; pragma cache_size=-200000; pragma foreign_keys=off;")?;
    let have: usize = c.query_row("select count(*) from orders", [], |r| r.get::<_, i64>(0))?.try_into()?;
    let id: Vec<u8> = c
        .query_row("select id from orders where state = 'placed' order by number desc limit 1", [], |r| {
            r.get(0)
        })
        .context("an order to copy")?;
    // each copied row gets an id made of its own and the round
    for (table, column) in [
        ("orders", "id"),
        ("order_line", "order_id"),
        ("payment", "order_id"),
        ("fulfilment_order", "order_id"),
    ] {
        let columns = columns(&c, table)?;
        let select: Vec<String> = columns.iter().map(|name| picked(table, name)).collect();
        let sql = format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
             insert into {table} ({}) select {} from {table} t, n where t.{column} = ?1",
            columns.join(", "),
            select.join(", ")
        );
        c.execute(&sql, rusqlite::params![id, i64::try_from(orders.saturating_sub(have))?])
            .with_context(|| table.to_owned())?;
    }
    let lines = columns(&c, "fulfilment_line")?;
    let select: Vec<String> = lines.iter().map(|name| picked("fulfilment_line", name)).collect();
    let sql = format!(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
         insert into fulfilment_line ({}) select {} from fulfilment_line t, n
         where t.fulfilment_order_id in (select id from fulfilment_order where order_id = ?1)",
        lines.join(", "),
        select.join(", ")
    );
    c.execute(&sql, rusqlite::params![id, i64::try_from(orders.saturating_sub(have))?])?;
    // no `analyze`: a shop is never analysed, plans stand on the words alone
    c.execute_batch("pragma wal_checkpoint(truncate);")?;
    Ok(())
}

fn columns(c: &rusqlite::Connection, table: &str) -> anyhow::Result<Vec<String>> {
    let mut s = c.prepare(&format!("select name from pragma_table_info('{table}')"))?;
    let names = s.query_map([], |r| r.get(0))?.collect::<Result<Vec<String>, _>>()?;
    Ok(names)
}

/// A column's value in the i-th copy: ids and what must be unique change with it, moments go back a minute each.
fn picked(table: &str, name: &str) -> String {
    // the last eight bytes of an id are random: they become the round's number, marked by the table's own id bytes
    let id = |column: &str| {
        format!("cast(substr(t.{column}, 1, 8) || unhex(printf('%016x', n.i + 4611686018427387904)) as blob)")
    };
    match (table, name) {
        (_, "id") if table == "order_line" || table == "fulfilment_line" => {
            "cast(substr(t.id, 9, 8) || unhex(printf('%016x', n.i + 4611686018427387904)) as blob)".to_owned()
        }
        (_, "id" | "order_id" | "fulfilment_order_id") => id(name),
        ("orders", "number") => "t.number + 1000000 + n.i".to_owned(),
        ("orders", "secret") => "t.secret || n.i".to_owned(),
        ("orders", "cart_id" | "cart_version") => "null".to_owned(),
        ("orders", "email") => "'buyer' || n.i || '@example.com'".to_owned(),
        ("orders", "email_key") => "case when n.i % 1000 = 0 then 'kofi' || n.i || '@example.com' else 'buyer' || n.i || '@example.com' end".to_owned(),
        ("orders", "state") => "case when n.i % 50 = 0 then 'placed' else 'closed' end".to_owned(),
        ("fulfilment_order", "state") => "case when n.i % 50 = 0 then 'open' else 'shipped' end".to_owned(),
        ("payment", "state") => "case when n.i % 50 = 0 then 'authorised' else 'captured' end".to_owned(),
        (_, "created_at" | "placed_at" | "updated_at") => format!("t.{name} - n.i * 60000000"),
        (_, other) => format!("t.{other}"),
    }
}
