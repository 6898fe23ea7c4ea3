#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use access::{Error, Limiter, NewStaff, Opened, SignIn, SignedIn};
use db::{Db, Tx, params};
use kernel::{
    Ctx, Cursor, ErrorKind, Fault, FixedClock, Grant, Grants, LocationId, PageSize, Permit, RoleId, Scope,
    StaffId, perms,
};

const TABLES: &[db::Migrations] = &[work::MIGRATIONS, access::MIGRATIONS];
const PASSWORD: &str = "a rainy tuesday";
const OTHER: &str = "a sunny wednesday";

struct Shop {
    db: Db,
    clock: Arc<FixedClock>,
    ctx: Ctx,
    limiter: Limiter,
    owner: StaffId,
}

fn ip() -> IpAddr {
    "192.0.2.7".parse().unwrap()
}

fn right(ctx: &Ctx) -> Permit<perms::AccessWrite> {
    ctx.permit::<perms::AccessWrite>().unwrap()
}

fn grants(names: &[&str]) -> Grants {
    Grants(names.iter().map(|n| Grant { permission: (*n).to_owned(), scope: Scope::ALL }).collect())
}

async fn new(ctx: &Ctx, email: &str) -> NewStaff {
    let password = access::hash_password(ctx, PASSWORD).await.unwrap();
    NewStaff {
        email: email.into(),
        name: email.split('@').next().unwrap().into(),
        locale: "en".into(),
        password,
    }
}

impl Shop {
    async fn open(db: &Db) -> Shop {
        let clock = testkit::clock();
        let ctx = testkit::ctx_at(clock.clone(), 7);
        let (by, owner) = (ctx.clone(), new(&ctx, "Owner@example.com").await);
        let owner = db
            .write("t", async move |tx: &mut Tx| access::create_owner(tx, &by, &owner).await)
            .await
            .unwrap();
        Shop { db: db.clone(), limiter: Limiter::new(clock.clone()), clock, ctx, owner }
    }

    async fn try_staff(&self, by: &Ctx, email: &str, roles: &[RoleId]) -> Result<StaffId, Error> {
        let (by, new, roles) = (by.clone(), new(by, email).await, roles.to_vec());
        self.db
            .write("t", async move |tx: &mut Tx| {
                access::create_staff(tx, &by, &right(&by), &new, &roles).await
            })
            .await
    }

    async fn staff(&self, email: &str, role: &str) -> StaffId {
        let role = self.role(role).await;
        self.try_staff(&self.ctx, email, &[role]).await.unwrap()
    }

    async fn role(&self, name: &str) -> RoleId {
        let all = self.db.read(async |tx: &mut Tx| access::roles(tx).await).await.unwrap();
        all.into_iter().find(|r| r.role.name == name).unwrap().role.id
    }

    async fn try_role(&self, by: &Ctx, name: &'static str, grants: Grants) -> Result<RoleId, Error> {
        let by = by.clone();
        self.db
            .write("t", async move |tx: &mut Tx| {
                access::create_role(tx, &by, &right(&by), name, &grants).await
            })
            .await
    }

    async fn set_roles(&self, by: &Ctx, id: StaffId, roles: &[RoleId]) -> Result<(), Error> {
        let (by, roles) = (by.clone(), roles.to_vec());
        self.db
            .write("t", async move |tx: &mut Tx| access::set_roles(tx, &by, &right(&by), id, &roles).await)
            .await
    }

    async fn set_active(&self, by: &Ctx, id: StaffId, active: bool) -> Result<(), Error> {
        let by = by.clone();
        self.db
            .write("t", async move |tx: &mut Tx| access::set_active(tx, &by, &right(&by), id, active).await)
            .await
    }

    async fn try_sign_in(&self, email: &str, password: &str) -> Result<Opened, Error> {
        let attempt =
            SignIn { email: email.into(), password: password.into(), user_agent: "Lynx\n".into(), ip: ip() };
        access::sign_in(&self.db, &self.ctx.shopper(), &self.limiter, &attempt).await
    }

    async fn sign_in(&self, email: &str) -> Opened {
        self.try_sign_in(email, PASSWORD).await.unwrap()
    }

    async fn who(&self, opened: &Opened) -> Option<SignedIn> {
        let token = opened.token.reveal();
        self.db.read(async |tx: &mut Tx| access::session_of(tx, &self.ctx, token).await).await.unwrap()
    }

    /// The context of somebody signed in.
    async fn as_(&self, email: &str) -> Ctx {
        let opened = self.sign_in(email).await;
        self.who(&opened).await.unwrap().ctx(&self.ctx)
    }

    async fn seen(&self, opened: &Opened) {
        let (ctx, id) = (self.ctx.clone(), opened.id);
        self.db.write("t", async move |tx: &mut Tx| access::session_seen(tx, &ctx, id).await).await.unwrap();
    }

    async fn script(&self, text: &'static str) {
        self.db.write("t", async move |tx: &mut Tx| tx.script(text).await).await.unwrap();
    }

    async fn broken(&self) -> Vec<&'static str> {
        let found = self.db.read(async |tx: &mut Tx| db::check(tx, access::LAWS).await).await.unwrap();
        found.iter().map(|v| v.law).collect()
    }

    async fn deeds(&self, verb: &str) -> i64 {
        self.db
            .read(async |tx: &mut Tx| {
                tx.value("select cast(count(*) as bigint) from audit where verb = $1", params![verb]).await
            })
            .await
            .unwrap()
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);

testkit::on_both! {
    migrations = TABLES;

    async fn the_first_account_is_the_owner_and_only_the_first(db) {
        assert!(!db.read(async |tx: &mut Tx| access::has_staff(tx).await).await.unwrap());
        let shop = Shop::open(&db).await;
        let (by, second) = (shop.ctx.clone(), new(&shop.ctx, "second@example.com").await);
        let e = db.write("t", async move |tx: &mut Tx| access::create_owner(tx, &by, &second).await).await.unwrap_err();
        assert!(matches!(e, Error::OwnerExists), "{e}");
        let row = db.read(async |tx: &mut Tx| access::staff(tx, shop.owner).await).await.unwrap();
        assert!(row.owner && row.staff.active);
        let opened = shop.sign_in(" owner@EXAMPLE.com ").await;
        let who = shop.who(&opened).await.unwrap();
        assert_eq!((who.staff.id, who.grants.clone()), (shop.owner, Grants::all()));
        assert!(who.ctx(&shop.ctx).permit::<perms::SystemWrite>().is_ok());
        let names: Vec<String> = db.read(async |tx: &mut Tx| access::roles(tx).await).await.unwrap().into_iter().map(|r| r.role.name).collect();
        assert_eq!(names, ["Owner", "Manager", "Fulfilment", "Support", "Catalogue", "Analyst"]);
        assert!(shop.broken().await.is_empty());
        assert_eq!((shop.deeds("staff.create_owner").await, shop.deeds("staff.sign_in").await), (1, 1));
    }

    async fn two_set_ups_at_once_make_one_owner(db) {
        let ctx = testkit::ctx();
        let make = async |email: &str| {
            let (by, new) = (ctx.clone(), new(&ctx, email).await);
            db.write("t", async move |tx: &mut Tx| access::create_owner(tx, &by, &new).await).await
        };
        let (a, b) = tokio::join!(make("a@example.com"), make("b@example.com"));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    }

    async fn wrong_sign_ins_tell_nothing(db) {
        let shop = Shop::open(&db).await;
        let anna = shop.staff("anna@example.com", "Support").await;
        shop.set_active(&shop.ctx, anna, false).await.unwrap();
        for (email, password) in [("owner@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("anna@example.com", PASSWORD), ("", "")] {
            let e = shop.try_sign_in(email, password).await.unwrap_err();
            assert!(matches!(e, Error::WrongCredentials) && e.kind() == ErrorKind::Unauthenticated, "{email}: {e}");
        }
        let far: String = "x".repeat(5000);
        assert!(shop.try_sign_in("owner@example.com", &far).await.is_err());
    }

    async fn too_many_attempts_say_when_to_come_back(db) {
        let shop = Shop::open(&db).await;
        for _ in 0..8 {
            shop.try_sign_in("owner@example.com", "wrong").await.unwrap_err();
        }
        let e = shop.try_sign_in("owner@example.com", PASSWORD).await.unwrap_err();
        assert!(matches!(e, Error::TooManyAttempts { .. }) && e.kind() == ErrorKind::TooMany);
        assert!(e.to_string().contains("try again in 60 seconds"), "{e}");
        shop.clock.advance(e.retry_after().unwrap());
        shop.sign_in("owner@example.com").await;
    }

    async fn sessions_end_unused_and_at_last(db) {
        let shop = Shop::open(&db).await;
        let opened = shop.sign_in("owner@example.com").await;
        assert!(!shop.who(&opened).await.unwrap().due);
        let kept: Vec<u8> = db.read(async |tx: &mut Tx| tx.value("select token_hash from session", &[]).await).await.unwrap();
        assert_eq!(kept.len(), 32);
        assert_ne!(kept, opened.token.reveal().as_bytes());
        assert!(!format!("{opened:?}").contains(opened.token.reveal()));
        shop.clock.advance(13 * DAY);
        assert!(shop.who(&opened).await.unwrap().due);
        shop.seen(&opened).await;
        for _ in 0..5 {
            shop.clock.advance(13 * DAY);
            assert!(shop.who(&opened).await.is_some());
            shop.seen(&opened).await;
        }
        shop.clock.advance(11 * DAY); // 89 days
        assert!(shop.who(&opened).await.is_some());
        shop.seen(&opened).await;
        assert!(shop.broken().await.is_empty());
        shop.clock.advance(DAY);
        assert!(shop.who(&opened).await.is_none(), "90 days, however much it was used");
        shop.seen(&opened).await;
        assert!(shop.who(&opened).await.is_none(), "what is over stays over");
        let idle = shop.sign_in("owner@example.com").await;
        shop.clock.advance(14 * DAY);
        assert!(shop.who(&idle).await.is_none());
        let by = shop.ctx.clone();
        let gone = db.write("t", async move |tx: &mut Tx| access::expire_sessions(tx, &by).await).await.unwrap();
        assert_eq!(gone, 2);
    }

    async fn signing_out(db) {
        let shop = Shop::open(&db).await;
        let (a, b, c) = (shop.sign_in("owner@example.com").await, shop.sign_in("owner@example.com").await, shop.sign_in("owner@example.com").await);
        let (ctx, token) = (shop.ctx.clone(), a.token.reveal().to_owned());
        db.write("t", async move |tx: &mut Tx| access::sign_out(tx, &ctx, &token).await).await.unwrap();
        assert!(shop.who(&a).await.is_none() && shop.who(&b).await.is_some());
        let list = db.read(async |tx: &mut Tx| access::sessions_of(tx, &shop.ctx, shop.owner).await).await.unwrap();
        assert_eq!((list.len(), list[0].user_agent.as_str(), list[0].ip.as_str()), (2, "Lynx", "192.0.2.7"));
        let anna = shop.staff("anna@example.com", "Support").await;
        let ctx = shop.ctx.clone();
        let id = b.id;
        let e = db.write("t", async move |tx: &mut Tx| access::end_session(tx, &ctx, anna, id).await).await.unwrap_err();
        assert_eq!(e.kind(), ErrorKind::NotFound, "somebody else's session");
        let (ctx, owner) = (shop.ctx.clone(), shop.owner);
        let n = db.write("t", async move |tx: &mut Tx| access::sign_out_everywhere(tx, &ctx, owner).await).await.unwrap();
        assert_eq!(n, 2);
        assert!(shop.who(&c).await.is_none());
    }

    async fn one_person_has_so_many_sessions(db) {
        let shop = Shop::open(&db).await;
        for _ in 0..25 {
            let (ctx, owner) = (shop.ctx.clone(), shop.owner);
            db.write("t", async move |tx: &mut Tx| access::open_session(tx, &ctx, owner, "", None).await).await.unwrap();
        }
        let list = db.read(async |tx: &mut Tx| access::sessions_of(tx, &shop.ctx, shop.owner).await).await.unwrap();
        assert_eq!(list.len(), 20);
    }

    async fn a_new_password_signs_out_everywhere(db) {
        let shop = Shop::open(&db).await;
        let old = shop.sign_in("owner@example.com").await;
        let ctx = shop.as_("owner@example.com").await;
        let change = async |current: &str, new: &str| {
            access::change_password(&db, &ctx, &shop.limiter, shop.owner, current, new, ("Lynx", ip())).await
        };
        let e = change("wrong", OTHER).await.unwrap_err();
        assert_eq!(e.field(), Some("current_password"));
        assert_eq!(change(PASSWORD, "short").await.unwrap_err().field(), Some("password"));
        assert_eq!(change(PASSWORD, "my owner@example.com").await.unwrap_err().field(), Some("password"));
        assert!(shop.who(&old).await.is_some());
        let fresh = change(PASSWORD, OTHER).await.unwrap();
        assert!(shop.who(&old).await.is_none() && shop.who(&fresh).await.is_some());
        assert!(shop.try_sign_in("owner@example.com", PASSWORD).await.is_err());
        assert!(shop.try_sign_in("owner@example.com", OTHER).await.is_ok());
        assert_eq!(shop.deeds("staff.change_password").await, 1);
        let leaked: i64 = db.read(async |tx: &mut Tx| {
            tx.value("select cast(count(*) as bigint) from audit where payload like '%argon2%'", &[]).await
        }).await.unwrap();
        assert_eq!(leaked, 0);
    }

    async fn an_owner_always_remains(db) {
        let shop = Shop::open(&db).await;
        let e = shop.set_roles(&shop.ctx, shop.owner, &[shop.role("Manager").await]).await.unwrap_err();
        assert!(matches!(e, Error::LastOwner), "{e}");
        assert!(matches!(shop.set_active(&shop.ctx, shop.owner, false).await.unwrap_err(), Error::LastOwner));
        let second = shop.staff("second@example.com", "Owner").await;
        let ctx = shop.as_("second@example.com").await;
        assert!(matches!(shop.set_active(&ctx, second, false).await.unwrap_err(), Error::Yourself));
        shop.set_active(&ctx, shop.owner, false).await.unwrap();
        assert!(matches!(shop.set_roles(&ctx, second, &[]).await.unwrap_err(), Error::LastOwner));
        shop.set_active(&ctx, shop.owner, true).await.unwrap();
        assert!(shop.broken().await.is_empty());
    }

    async fn two_owners_who_demote_each_other_leave_one(db) {
        let shop = Shop::open(&db).await;
        let second = shop.staff("second@example.com", "Owner").await;
        let (a, b) = tokio::join!(shop.set_roles(&shop.ctx, shop.owner, &[]), shop.set_roles(&shop.ctx, second, &[]));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        assert!(shop.broken().await.is_empty());
    }

    async fn who_is_let_go_is_out_at_once(db) {
        let shop = Shop::open(&db).await;
        let anna = shop.staff("anna@example.com", "Support").await;
        let opened = shop.sign_in("anna@example.com").await;
        shop.set_active(&shop.ctx, anna, false).await.unwrap();
        assert!(shop.who(&opened).await.is_none());
        shop.set_active(&shop.ctx, anna, true).await.unwrap();
        assert!(shop.who(&opened).await.is_none());
        shop.sign_in("anna@example.com").await;
        let (by, password) = (shop.ctx.clone(), access::hash_password(&shop.ctx, OTHER).await.unwrap());
        db.write("t", async move |tx: &mut Tx| access::reset_password(tx, &by, &right(&by), anna, &password).await).await.unwrap();
        shop.try_sign_in("anna@example.com", OTHER).await.unwrap();
    }

    async fn nobody_gives_more_than_they_have(db) {
        let shop = Shop::open(&db).await;
        let keeper = shop.try_role(&shop.ctx, "Keeper of staff", grants(&["access:write", "orders:read"])).await.unwrap();
        shop.try_staff(&shop.ctx, "keeper@example.com", &[keeper]).await.unwrap();
        let ctx = shop.as_("keeper@example.com").await;
        let beyond = |e: Error| assert!(matches!(e, Error::BeyondYourRights { .. }) && e.kind() == ErrorKind::Denied, "{e}");
        beyond(shop.try_role(&ctx, "More", grants(&["orders:refund"])).await.unwrap_err());
        beyond(shop.try_staff(&ctx, "x@example.com", &[shop.role("Owner").await]).await.unwrap_err());
        beyond(shop.set_active(&ctx, shop.owner, false).await.unwrap_err());
        let (by, password, owner) = (ctx.clone(), access::hash_password(&ctx, OTHER).await.unwrap(), shop.owner);
        beyond(db.write("t", async move |tx: &mut Tx| access::reset_password(tx, &by, &right(&by), owner, &password).await).await.unwrap_err());
        let by = ctx.clone();
        beyond(db.write("t", async move |tx: &mut Tx| access::update_staff(tx, &by, &right(&by), owner, "Me", "me@example.com").await).await.unwrap_err());
        let by = ctx.clone();
        beyond(db.write("t", async move |tx: &mut Tx| access::create_key(tx, &by, &right(&by), "k", &grants(&["orders:write"])).await).await.unwrap_err());
        shop.try_role(&ctx, "Less", grants(&["orders:read"])).await.unwrap();
        assert!(ctx.permit::<perms::OrdersRefund>().is_err());
    }

    async fn roles_of_ones_own(db) {
        let shop = Shop::open(&db).await;
        let here: LocationId = shop.ctx.store.location;
        let narrow = Grants(vec![Grant { permission: "orders:fulfil".into(), scope: Scope { locations: vec![here], ..Scope::ALL } }]);
        let id = shop.try_role(&shop.ctx, "Picker", narrow.clone()).await.unwrap();
        assert!(matches!(shop.try_role(&shop.ctx, " PICKER", narrow.clone()).await.unwrap_err(), Error::RoleNameTaken { .. }));
        assert_eq!(shop.try_role(&shop.ctx, "All", Grants::all()).await.unwrap_err().field(), Some("permission"));
        assert_eq!(shop.try_role(&shop.ctx, "Odd", grants(&["orders:eat"])).await.unwrap_err().field(), Some("permission"));
        let anna = shop.try_staff(&shop.ctx, "anna@example.com", &[id, id]).await.unwrap();
        let ctx = shop.as_("anna@example.com").await;
        let permit = ctx.permit::<perms::OrdersFulfil>().unwrap();
        assert!(permit.scope().has_location(here) && !permit.scope().has_location(shop.ctx.id()));
        let delete = async |id| {
            let by = shop.ctx.clone();
            db.write("t", async move |tx: &mut Tx| access::delete_role(tx, &by, &right(&by), id).await).await
        };
        assert!(matches!(delete(id).await.unwrap_err(), Error::RoleInUse { staff: 1, .. }));
        let owner = shop.role("Owner").await;
        assert!(matches!(delete(owner).await.unwrap_err(), Error::BuiltInRole { .. }));
        let by = shop.ctx.clone();
        db.write("t", async move |tx: &mut Tx| access::update_role(tx, &by, &right(&by), id, "Packer", &grants(&["orders:read"])).await).await.unwrap();
        assert_eq!(db.read(async |tx: &mut Tx| access::role(tx, id).await).await.unwrap().name, "Packer");
        shop.set_roles(&shop.ctx, anna, &[]).await.unwrap();
        delete(id).await.unwrap();
        assert_eq!(shop.deeds("role.delete").await, 1);
    }

    async fn an_email_is_one_persons(db) {
        let shop = Shop::open(&db).await;
        let e = shop.try_staff(&shop.ctx, "OWNER@example.com", &[]).await.unwrap_err();
        assert!(matches!(e, Error::EmailTaken { .. }) && e.field() == Some("email"));
        assert_eq!(shop.try_staff(&shop.ctx, "nobody", &[]).await.unwrap_err().field(), Some("email"));
        let found = db.read(async |tx: &mut Tx| access::find_staff_by_email(tx, "owner@example.COM").await).await.unwrap();
        assert_eq!(found.unwrap().staff.email, "Owner@example.com");
        for i in 0..4 {
            shop.try_staff(&shop.ctx, &format!("s{i}@example.com"), &[]).await.unwrap();
        }
        let (mut seen, mut next): (Vec<String>, Option<String>) = (vec![], None);
        loop {
            let after = next.as_deref().map(|n| Cursor::decode(n).unwrap());
            let page = db.read(async |tx: &mut Tx| {
                access::staff_list(tx, &right(&shop.ctx), after.as_ref(), PageSize::new(2)).await
            }).await.unwrap();
            seen.extend(page.rows.into_iter().map(|r| r.staff.email));
            next = page.next;
            if next.is_none() { break }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
        let (by, owner) = (shop.ctx.clone(), shop.owner);
        db.write("t", async move |tx: &mut Tx| {
            access::update_profile(tx, &by, owner, "Olga", "de").await?;
            access::update_staff(tx, &by, &right(&by), owner, "Olga O.", "olga@example.com").await
        }).await.unwrap();
        let ctx = shop.as_("olga@example.com").await;
        assert_eq!((&*ctx.locale, ctx.actor.name()), ("de", "Olga O."));
    }

    async fn keys_open_what_they_may(db) {
        let shop = Shop::open(&db).await;
        let by = shop.as_("owner@example.com").await;
        let make = async |name: &'static str, rights: Grants| {
            let by = by.clone();
            db.write("t", async move |tx: &mut Tx| access::create_key(tx, &by, &right(&by), name, &rights).await).await
        };
        assert_eq!(make("k", Grants::default()).await.unwrap_err().field(), Some("permission"));
        let (id, secret) = make("ERP", grants(&["orders:read"])).await.unwrap();
        let of = async |s: &str| db.read(async |tx: &mut Tx| access::key_of(tx, &shop.ctx, s).await).await.unwrap();
        let holder = of(secret.reveal()).await.unwrap();
        assert!(holder.due && holder.id == id);
        let ctx = holder.ctx(&shop.ctx);
        assert!(ctx.permit::<perms::OrdersRead>().is_ok() && ctx.permit::<perms::OrdersWrite>().is_err());
        assert!(of("mercer_wrong").await.is_none() && of("").await.is_none());
        let used = shop.ctx.clone();
        db.write("t", async move |tx: &mut Tx| access::key_used(tx, &used, id).await).await.unwrap();
        assert!(!of(secret.reveal()).await.unwrap().due);
        let list = db.read(async |tx: &mut Tx| access::keys(tx, &right(&by), None, PageSize::default()).await).await.unwrap();
        assert_eq!((list.rows[0].name.as_str(), list.rows[0].created_by.as_str()), ("ERP", "Owner"));
        assert!(list.rows[0].hint.starts_with("mercer_") && list.rows[0].hint.len() < 24);
        for _ in 0..2 {
            let by = by.clone();
            db.write("t", async move |tx: &mut Tx| access::revoke_key(tx, &by, &right(&by), id).await).await.unwrap();
        }
        assert!(of(secret.reveal()).await.is_none());
        assert_eq!((shop.deeds("key.create").await, shop.deeds("key.revoke").await), (1, 1));
    }

    async fn laws_notice(db) {
        let shop = Shop::open(&db).await;
        shop.staff("anna@example.com", "Support").await;
        shop.sign_in("anna@example.com").await;
        assert!(shop.broken().await.is_empty());
        let mut seen = vec![];
        shop.script("update session set expires_at = expires_at + 1").await;
        seen.extend(shop.broken().await);
        assert_eq!(seen, ["access.sessions_end"]);
        shop.script("update session set expires_at = expires_at - 1").await;
        shop.script("update staff set active = false where email = 'anna@example.com'").await;
        seen.extend(shop.broken().await);
        assert_eq!(seen[1..], ["access.the_inactive_are_signed_out"]);
        shop.script("delete from session").await;
        shop.script("update role set grants = '[{\"permission\":\"*\"}]' where built_in = 'support'").await;
        seen.extend(shop.broken().await);
        assert_eq!(seen[2..], ["access.only_owners_hold_everything"]);
        shop.script("update role set grants = '[]' where built_in = 'support'").await;
        shop.script("update staff set active = false").await;
        seen.extend(shop.broken().await);
        assert_eq!(seen[3..], ["access.an_owner_is_active"]);
        testkit::every_law_was_broken(access::LAWS, &seen);
    }

    async fn every_text_prepares(db) {
        for text in db::texts() {
            db.prepare(text).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }
}
