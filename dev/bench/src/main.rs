//! What Mercer costs, beside ceilings measured in the same run. `cargo xtask bench` builds it in release and runs it.

mod bare;
mod http;
mod idle;
mod import;
mod load;
mod orders;
mod pages;
mod purchase;
mod replay;
mod seed;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// Measures the program beside it.
#[derive(Parser)]
struct Args {
    /// Small and short: shows that every part runs, says nothing about speed
    #[arg(long, global = true)]
    smoke: bool,
    /// Only these: idle, import, pages, purchase, orders
    #[arg(long, global = true)]
    only: Vec<String>,
    #[command(subcommand)]
    command: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Serves one body: the ceiling of pages
    #[command(hide = true)]
    Bare {
        /// The file whose bytes it serves
        #[arg(long)]
        body: PathBuf,
        /// As what
        #[arg(long)]
        kind: String,
    },
}

/// How large and how long.
#[derive(Clone, Copy)]
pub struct Size {
    /// Products of the shop, of three variants each.
    pub products: usize,
    /// Orders in the list.
    pub orders: usize,
    /// How long each loop runs.
    pub time: Duration,
    /// Purchases at each concurrency.
    pub purchases: usize,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async move {
        if let Some(Task::Bare { body, kind }) = args.command {
            return bare::serve(std::fs::read(body)?, kind).await;
        }
        let size = if args.smoke {
            Size { products: 200, orders: 2_000, time: Duration::from_millis(300), purchases: 40 }
        } else {
            Size { products: 10_000, orders: 1_000_000, time: Duration::from_secs(4), purchases: 1_500 }
        };
        let wanted = |part: &str| args.only.is_empty() || args.only.iter().any(|o| o == part);
        let dir = tempfile::tempdir()?;
        let shop = dir.path().join("shop");
        seed::shop(&shop).await?;
        let file = dir.path().join("products.csv");
        seed::products(&file, size.products)?;
        println!("{} products of 3 variants, {} orders", size.products, size.orders);
        import::measure(&shop, &file, size).await?;
        if wanted("idle") {
            idle::measure(&shop).await?;
        }
        if wanted("pages") {
            pages::measure(&shop, dir.path(), size).await?;
        }
        if wanted("purchase") {
            purchase::measure(&shop, dir.path(), size).await?;
        }
        if wanted("orders") {
            if !wanted("purchase") {
                purchase::one(&shop).await?; // what the list is made of
            }
            orders::measure(&shop, size).await?;
        }
        Ok(())
    })
}
