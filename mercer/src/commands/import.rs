use std::path::PathBuf;

use clap::Subcommand;
use flows::import::{self, Options, Report, Step};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Fault, perms};

use crate::config::Config;
use crate::shop::Shop;
use crate::{Exit, Failure};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// A CSV of products, in either dialect that Shopify writes
    Products(Products),
}

#[derive(clap::Args, Debug)]
struct Products {
    /// The file
    file: PathBuf,
    /// Look at everything and say what would be done; write nothing
    #[arg(long)]
    dry_run: bool,
    /// A folder of pictures, found by the name at the end of their address
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Leave pictures on the web where they are
    #[arg(long)]
    no_fetch: bool,
    /// Where refused rows go, with reasons [default: beside the file]
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Begin anew though the same file was cut off before
    #[arg(long)]
    restart: bool,
    /// The language of the texts [default: the shop's first]
    #[arg(long, value_name = "LOCALE")]
    locale: Option<String>,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let What::Products(args) = args.what;
    if !args.file.is_file() {
        return Err(Failure::new(Exit::Io, format!("there is no file {}", args.file.display())));
    }
    let shop = Shop::open(config).await?;
    let ctx = shop.set_up().await?;
    let vault = assets::Vault::open(&shop.assets()).map_err(|e| Failure::of(&e))?;
    let options = Options {
        dry_run: args.dry_run,
        restart: args.restart,
        images: args.images,
        no_fetch: args.no_fetch,
        error_file: args.errors,
        locale: args.locale,
    };
    let permit = ctx.permit::<perms::ProductsWrite>().map_err(|e| Failure::of(&e))?;
    let bar = bar();
    let show = |step: Step| show(&bar, step);
    let done = import::products(&shop.db, &ctx, &vault, &permit, &args.file, &options, &show).await;
    bar.finish_and_clear();
    let report = done.map_err(|e| failure(&e))?;
    if args.json {
        let text = serde_json::to_string(&report).map_err(|e| Failure::new(Exit::Internal, e.to_string()))?;
        println!("{text}");
    } else {
        tell(&report);
    }
    Ok(if report.refused > 0 { Exit::Problems } else { Exit::Ok })
}

fn failure(e: &import::Error) -> Failure {
    let exit = match e {
        import::Error::File { .. } => Exit::Io,
        import::Error::NotProducts { .. } | import::Error::Csv(_) | import::Error::Utf16 => Exit::BadData,
        other => return Failure::of(other as &dyn Fault),
    };
    Failure::new(exit, e.to_string())
}

/// Hidden by indicatif where standard error is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent} %  {elapsed}") {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, step: Step) {
    if step.looking {
        bar.set_message("looking");
        bar.set_length(step.bytes_total);
        bar.set_position(step.bytes);
    } else {
        let refused = if step.refused > 0 { format!(", {} refused", step.refused) } else { String::new() };
        bar.set_message(format!("{} products{refused}", step.products));
        bar.set_length(step.rows_total);
        bar.set_position(step.rows);
    }
}

fn tell(report: &Report) {
    let would = if report.dry_run { "would be " } else { "" };
    let Report { created, updated, unchanged, refused, .. } = report;
    println!(
        "{created} products {would}made, {updated} {would}changed, {unchanged} as they were, {refused} refused"
    );
    if report.resumed_at > 0 {
        println!("went on behind row {}, where an earlier run was cut off", report.resumed_at);
    }
    if report.categories > 0 {
        println!("{} categories {would}made", report.categories);
    }
    for field in &report.fields {
        println!(
            "column '{}' is the {} field {} ({})",
            field.column,
            field.resource,
            field.field,
            word(field.kind)
        );
    }
    if !report.unused.is_empty() {
        println!("columns not used: {}", report.unused.join(", "));
    }
    for (note, times) in &report.notes {
        println!("{note}: {times}");
    }
    if report.pictures_to_fetch > 0 {
        println!("{} pictures are fetched by 'mercer serve' or 'mercer worker'", report.pictures_to_fetch);
    }
    for remark in &report.remarks {
        println!("row {}: {}", remark.row, remark.reason);
    }
    if let Some(file) = &report.error_file {
        println!("refused rows with their reasons: {}", file.display());
    }
}

fn word(kind: catalog::FieldKind) -> &'static str {
    kernel::TextState::as_str(kind)
}
