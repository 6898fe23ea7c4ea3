use std::io::BufRead;

use access::{Hashed, NewStaff, StaffRow, hash_password};
use clap::Subcommand;
use db::{Db, Tx};
use kernel::{Ctx, Cursor, PageSize, RoleId, StaffId, perms};

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
    /// Make an account; the first one is the owner's
    Add {
        /// What they sign in with
        email: String,
        /// As colleagues read it
        #[arg(long)]
        name: String,
        /// A role by its name; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        #[command(flatten)]
        password: Password,
    },
    /// Who works, or worked, here
    List,
    /// Let somebody sign in no longer
    Disable {
        /// Their e-mail
        email: String,
    },
    /// Let somebody sign in again
    Enable {
        /// Their e-mail
        email: String,
    },
    /// Give somebody a new password; they are signed out everywhere
    ResetPassword {
        /// Their e-mail
        email: String,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(clap::Args, Debug)]
struct Password {
    /// Read the password from standard input instead of making one up
    #[arg(long)]
    password_stdin: bool,
}

impl Password {
    /// What was given, or a new one, with what is to be printed of it.
    async fn get(&self, ctx: &Ctx) -> Result<(Hashed, String), Failure> {
        let (text, shown) = if self.password_stdin {
            let mut line = String::new();
            let read = std::io::stdin().lock().read_line(&mut line);
            read.map_err(|e| Failure::new(Exit::Io, format!("standard input: {e}")))?;
            (line.trim_end_matches(['\r', '\n']).to_owned(), String::new())
        } else {
            let made = ctx.secret();
            let shown = format!("\npassword: {made} (shown this once)");
            (made, shown)
        };
        Ok((hash_password(ctx, &text).await.map_err(|e| Failure::of(&e))?, shown))
    }
}

pub async fn run(config: Config, args: Args) -> Result<Exit, Failure> {
    let shop = Shop::open(config).await?;
    let ctx = shop.set_up().await?;
    match args.what {
        What::Add { email, name, roles, password } => {
            let (password, shown) = password.get(&ctx).await?;
            let locale = ctx.locale.to_string();
            let row = add(&shop.db, &ctx, NewStaff { email, name, locale, password }, roles).await?;
            println!("{}{shown}", line(&row));
        }
        What::List => list(&shop.db, &ctx).await?,
        What::Disable { email } => set_active(&shop.db, &ctx, email, false).await?,
        What::Enable { email } => set_active(&shop.db, &ctx, email, true).await?,
        What::ResetPassword { email, password } => {
            let (password, shown) = password.get(&ctx).await?;
            let reset = async move |tx: &mut Tx| {
                let id = by_email(tx, &email).await?.staff.id;
                access::reset_password(tx, &ctx, &ctx.permit::<perms::AccessWrite>()?, id, &password).await?;
                access::staff(tx, id).await
            };
            let row =
                shop.db.write("reset_password", reset).await.map_err(|e: access::Error| Failure::of(&e))?;
            println!("{}{shown}", line(&row));
        }
    }
    Ok(Exit::Ok)
}

async fn add(db: &Db, ctx: &Ctx, new: NewStaff, roles: Vec<String>) -> Result<StaffRow, Failure> {
    let ctx = ctx.clone();
    let make = async move |tx: &mut Tx| {
        let id = if access::has_staff(tx).await? {
            let ids = roles_named(tx, &roles).await?;
            access::create_staff(tx, &ctx, &ctx.permit::<perms::AccessWrite>()?, &new, &ids).await?
        } else {
            access::create_owner(tx, &ctx, &new).await?
        };
        access::staff(tx, id).await
    };
    db.write("create_staff", make).await.map_err(|e: access::Error| Failure::of(&e))
}

async fn roles_named(tx: &mut Tx, names: &[String]) -> Result<Vec<RoleId>, access::Error> {
    let known = access::roles(tx).await?;
    let all = || known.iter().map(|r| r.role.name.as_str()).collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        return Err(no_role(format!("say --role; there are: {}", all())));
    }
    let mut ids = vec![];
    for name in names {
        let Some(row) = known.iter().find(|r| r.role.name.to_lowercase() == name.to_lowercase()) else {
            return Err(no_role(format!("there is no role '{name}'; there are: {}", all())));
        };
        ids.push(row.role.id);
    }
    Ok(ids)
}

fn no_role(message: String) -> access::Error {
    access::Error::Invalid { field: "role", message }
}

async fn by_email(tx: &mut Tx, email: &str) -> Result<StaffRow, access::Error> {
    access::find_staff_by_email(tx, email).await?.ok_or(access::Error::NotFound { what: "member of staff" })
}

async fn set_active(db: &Db, ctx: &Ctx, email: String, active: bool) -> Result<(), Failure> {
    let ctx = ctx.clone();
    let set = async move |tx: &mut Tx| {
        let id: StaffId = by_email(tx, &email).await?.staff.id;
        access::set_active(tx, &ctx, &ctx.permit::<perms::AccessWrite>()?, id, active).await?;
        access::staff(tx, id).await
    };
    let row = db.write("set_active", set).await.map_err(|e: access::Error| Failure::of(&e))?;
    println!("{}", line(&row));
    Ok(())
}

async fn list(db: &Db, ctx: &Ctx) -> Result<(), Failure> {
    let mut after: Option<Cursor> = None;
    loop {
        let page = db
            .read(async |tx: &mut Tx| {
                let permit = ctx.permit::<perms::AccessWrite>()?;
                access::staff_list(tx, &permit, after.as_ref(), PageSize::MAX).await
            })
            .await
            .map_err(|e: access::Error| Failure::of(&e))?;
        page.rows.iter().for_each(|row| println!("{}", line(row)));
        after = page.next.and_then(|next| Cursor::decode(&next).ok());
        if after.is_none() {
            return Ok(());
        }
    }
}

fn line(row: &StaffRow) -> String {
    let roles: Vec<&str> = row.roles.iter().map(|(_, name)| name.as_str()).collect();
    let state = if row.staff.active { "" } else { "\tdisabled" };
    format!("{}\t{}\t{}{state}", row.staff.email, row.staff.name, roles.join(", "))
}
