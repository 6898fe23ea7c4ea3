//! Settings: each a small document under its name.

use db::Tx;
use flows::CapturePolicy;
use kernel::perms::SettingsWrite;
use kernel::{Ctx, Permit};
use serde::{Deserialize, Serialize};
use site::{Announcement, BankDetails, Hero, MailSender, PaymentMethods, Setting, ThemeSettings};
use utoipa::ToSchema;

use crate::api::answer::{List, One};
use crate::api::ask::{At, Body};
use crate::api::types::invalid;
use crate::{Caller, Error, State};

/// A setting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setting)]
pub(super) struct SettingView {
    /// `payment_methods`.
    name: String,
    /// A document; its fields depend on the setting.
    #[schema(value_type = Object)]
    value: serde_json::Value,
}

/// Every setting, with its default where it was never set.
async fn read(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<SettingView>, Error> {
    async fn one<T: Setting>(tx: &mut Tx, ctx: &Ctx) -> Result<SettingView, Error> {
        let value: T = site::setting(tx, ctx.store.id).await?;
        let value = serde_json::to_value(value).map_err(Error::internal)?;
        Ok(SettingView { name: T::KEY.to_owned(), value })
    }
    Ok(vec![
        one::<Announcement>(tx, ctx).await?,
        one::<BankDetails>(tx, ctx).await?,
        one::<CapturePolicy>(tx, ctx).await?,
        one::<Hero>(tx, ctx).await?,
        one::<MailSender>(tx, ctx).await?,
        one::<PaymentMethods>(tx, ctx).await?,
        one::<ThemeSettings>(tx, ctx).await?,
    ])
}

pub(super) async fn all(state: State, caller: Caller) -> Result<List<SettingView>, Error> {
    caller.permit::<SettingsWrite>()?;
    let all = state.db().read(async |tx: &mut Tx| read(tx, &caller.ctx).await).await?;
    Ok(List::whole(all))
}

/// A setting's new value.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingChange {
    /// The whole document.
    #[schema(value_type = Object)]
    value: serde_json::Value,
}

async fn put<T: Setting>(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    value: &serde_json::Value,
) -> Result<SettingView, Error> {
    let wanted: T = serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let field = if path == "." { "value".to_owned() } else { format!("value.{path}") };
        invalid(&field, format!("{}.", e.inner()))
    })?;
    let kept = site::set_setting(tx, ctx, permit, wanted).await?;
    Ok(SettingView { name: T::KEY.to_owned(), value: serde_json::to_value(kept).map_err(Error::internal)? })
}

async fn put_named(
    tx: &mut Tx,
    ctx: &Ctx,
    permit: &Permit<SettingsWrite>,
    name: &str,
    value: &serde_json::Value,
) -> Result<SettingView, Error> {
    match name {
        Announcement::KEY => put::<Announcement>(tx, ctx, permit, value).await,
        BankDetails::KEY => put::<BankDetails>(tx, ctx, permit, value).await,
        CapturePolicy::KEY => put::<CapturePolicy>(tx, ctx, permit, value).await,
        Hero::KEY => put::<Hero>(tx, ctx, permit, value).await,
        MailSender::KEY => put::<MailSender>(tx, ctx, permit, value).await,
        PaymentMethods::KEY => put::<PaymentMethods>(tx, ctx, permit, value).await,
        ThemeSettings::KEY => put::<ThemeSettings>(tx, ctx, permit, value).await,
        _ => Err(Error::not_found()),
    }
}

pub(super) async fn set(
    state: State,
    caller: Caller,
    At(name): At<String>,
    Body(change): Body<SettingChange>,
) -> Result<One<SettingView>, Error> {
    let permit = caller.permit::<SettingsWrite>()?;
    let ctx = caller.ctx;
    let kept = state
        .db()
        .write("setting_set", async move |tx: &mut Tx| {
            put_named(tx, &ctx, &permit, &name, &change.value).await
        })
        .await?;
    Ok(One::new(kept))
}

/// A way to pay that the program knows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProviderView {
    code: String,
    /// Does the shop offer it?
    enabled: bool,
    /// Is it paid later, by terms?
    terms: bool,
    /// Only for trying out.
    test: bool,
}

pub(super) async fn payment_methods(state: State, caller: Caller) -> Result<List<ProviderView>, Error> {
    caller.permit::<SettingsWrite>()?;
    let store = caller.ctx.store.id;
    let chosen: PaymentMethods = state.db().read(async |tx: &mut Tx| site::setting(tx, store).await).await?;
    let view = |p: &std::sync::Arc<dyn payments::ports::Provider>| {
        let (code, can) = (p.code(), p.capabilities());
        let enabled = chosen.enabled.as_ref().map_or(!can.test, |all| all.iter().any(|c| c == code));
        ProviderView { code: code.to_owned(), enabled, terms: can.terms, test: can.test }
    };
    Ok(List::whole(state.shop().providers.all().map(view).collect()))
}
