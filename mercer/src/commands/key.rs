use clap::Subcommand;
use db::{Db, Tx};
use kernel::{ApiKeyId, Ctx, Cursor, Grant, Grants, PageSize, Scope, perms};

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
    /// Make a key; its secret is printed this once
    Create {
        /// What it is for
        name: String,
        /// What it may do: orders:read; may be given several times
        #[arg(long = "permission", value_name = "PERMISSION", required = true)]
        permissions: Vec<String>,
    },
    /// Every key
    List,
    /// Take a key's rights away, for good
    Revoke {
        /// The key's id: key_…
        id: ApiKeyId,
    },
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    let ctx = shop.set_up().await?;
    match args.what {
        What::Create { name, permissions } => {
            let grant = |permission| Grant { permission, scope: Scope::ALL };
            let grants = Grants(permissions.into_iter().map(grant).collect());
            let make = async move |tx: &mut Tx| {
                access::create_key(tx, &ctx, &ctx.permit::<perms::AccessWrite>()?, &name, &grants).await
            };
            let made = shop.db.write("create_key", make).await.map_err(|e: access::Error| Failure::of(&e))?;
            println!("{}\n{} (shown this once)", made.0, made.1.reveal());
        }
        What::List => list(&shop.db, &ctx).await?,
        What::Revoke { id } => {
            let revoke = async move |tx: &mut Tx| {
                access::revoke_key(tx, &ctx, &ctx.permit::<perms::AccessWrite>()?, id).await
            };
            shop.db.write("revoke_key", revoke).await.map_err(|e: access::Error| Failure::of(&e))?;
            println!("{id} opens nothing any more");
        }
    }
    Ok(Exit::Ok)
}

async fn list(db: &Db, ctx: &Ctx) -> Result<(), Failure> {
    let mut after: Option<Cursor> = None;
    loop {
        let page = db
            .read(async |tx: &mut Tx| {
                let permit = ctx.permit::<perms::AccessWrite>()?;
                access::keys(tx, &permit, after.as_ref(), PageSize::MAX).await
            })
            .await
            .map_err(|e: access::Error| Failure::of(&e))?;
        for key in &page.rows {
            let may: Vec<&str> = key.grants.0.iter().map(|g| g.permission.as_str()).collect();
            let state = key.revoked_at.map(|at| format!("\trevoked {at}")).unwrap_or_default();
            println!("{}\t{}\t{}\t{}{state}", key.id, key.name, key.hint, may.join(" "));
        }
        after = page.next.and_then(|next| Cursor::decode(&next).ok());
        if after.is_none() {
            return Ok(());
        }
    }
}
