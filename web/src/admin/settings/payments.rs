//! Ways to pay, when money is taken, and where a transfer goes.

use axum::response::Response;
use db::Tx;
use flows::{CapturePolicy, CaptureWhen};
use kernel::Ctx;
use kernel::perms::SettingsWrite;
use site::{BankDetails, PaymentMethods, PerLocale};

use crate::Error;
use crate::admin::blame::blame;
use crate::admin::categories::named as languages;
use crate::admin::office::Office;
use crate::admin::sent::Form;
use crate::admin::views::{Chip, Choice, Fields, PaymentMethodRow, Section, SettingsPaymentsView};

const PATH: &str = "/admin/settings/payments";
const WHEN: [(&str, CaptureWhen); 3] =
    [("shipped", CaptureWhen::Shipped), ("placed", CaptureWhen::Placed), ("manual", CaptureWhen::Manual)];

/// `GET /admin/settings/payments`.
pub(super) async fn page(office: Office) -> Result<Response, Error> {
    let view = view(&office, None).await?;
    office.page(&view)
}

/// What is stored.
struct Stored {
    methods: PaymentMethods,
    bank: BankDetails,
    capture: CapturePolicy,
    locales: Vec<String>,
}

async fn read(office: &Office) -> Result<Stored, Error> {
    let store = office.ctx().store.id;
    office
        .db()
        .read(async |tx: &mut Tx| {
            Ok(Stored {
                methods: site::setting(tx, store).await?,
                bank: site::setting(tx, store).await?,
                capture: site::setting(tx, store).await?,
                locales: site::locales(tx, store).await?,
            })
        })
        .await
}

/// Those that the program was built with.
fn codes(office: &Office) -> Vec<&'static str> {
    office.state.shop().providers.all().map(|p| p.code()).collect()
}

async fn view(office: &Office, typed: Option<Fields>) -> Result<SettingsPaymentsView, Error> {
    office.permit::<SettingsWrite>()?;
    let now = read(office).await?;
    let enabled = |code: &str| now.methods.enabled.as_ref().is_some_and(|all| all.iter().any(|m| m == code));
    let rows = codes(office).into_iter().map(|code| PaymentMethodRow {
        name: office.t(&format!("payment-{}", code.replace('_', "-"))),
        line: office.t(&format!("payment-{}-line", code.replace('_', "-"))),
        state: if enabled(code) { Chip::On } else { Chip::Off },
        has_bank: code == "bank_transfer",
        code: code.to_owned(),
    });
    let form = typed.unwrap_or_else(|| {
        let mut form = Fields::new()
            .with("bank.holder", now.bank.holder.as_str())
            .with("bank.iban", now.bank.iban.as_str())
            .with("bank.bic", now.bank.bic.as_str())
            .with("bank.bank", now.bank.bank.as_str());
        for (tag, text) in &now.bank.text.0 {
            form.set(&format!("bank.text.{tag}"), text.as_str());
        }
        for code in codes(office).into_iter().filter(|c| enabled(c)) {
            form.set(&format!("on.{code}"), "on");
        }
        let when = WHEN.iter().find(|(_, w)| *w == now.capture.when).map_or("shipped", |(name, _)| *name);
        form.with("capture", when)
    });
    let capture = |name: &str| Choice::new(name, office.t(&format!("capture-{name}")));
    Ok(SettingsPaymentsView {
        shell: office.shell(Section::Settings).await?,
        rows: rows.collect(),
        captures: WHEN.iter().map(|(name, _)| capture(name)).collect(),
        locales: languages(office, &now.locales),
        form,
        can_edit: true,
    })
}

/// `POST /admin/settings/payments`: `on.{code}`, `capture`, `bank.holder`, `bank.iban`, `bank.bic`, `bank.bank`,
/// `bank.text.{tag}`.
pub(super) async fn save(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<SettingsWrite>()?;
    let was = read(&office).await?;
    // those that are on keep their order; new ones come behind
    let on = |code: &str| form.on(&format!("on.{code}"));
    let known = codes(&office);
    let mut enabled: Vec<String> = was.methods.enabled.unwrap_or_default();
    enabled.retain(|code| on(code) || !known.contains(&code.as_str()));
    enabled.extend(
        known
            .iter()
            .filter(|c| on(c))
            .map(|c| (*c).to_owned())
            .filter(|c| !enabled.contains(c))
            .collect::<Vec<_>>(),
    );
    let value = |name: &str| form.value(name).trim().to_owned();
    let mut text = PerLocale::default();
    for tag in &was.locales {
        text = text.with(tag, &value(&format!("bank.text.{tag}")));
    }
    let bank = BankDetails {
        holder: value("bank.holder"),
        iban: value("bank.iban"),
        bic: value("bank.bic"),
        bank: value("bank.bank"),
        text,
    };
    let when =
        WHEN.iter().find(|(name, _)| *name == form.value("capture")).map_or(was.capture.when, |(_, w)| *w);
    let ctx: Ctx = office.ctx().clone();
    let (methods, capture) = (PaymentMethods { enabled: Some(enabled) }, CapturePolicy { when });
    let saved = office
        .db()
        .write("set_payments", async move |tx: &mut Tx| {
            site::set_setting(tx, &ctx, &permit, bank.clone()).await?;
            site::set_setting(tx, &ctx, &permit, methods.clone()).await?;
            site::set_setting(tx, &ctx, &permit, capture).await?;
            Ok::<_, site::Error>(())
        })
        .await;
    match saved {
        Ok(()) => Ok(office.done(PATH, office.t("form-saved"))),
        Err(e) => {
            let main = was.locales.first().cloned().unwrap_or_default();
            blame(&office, &mut form, e, |field| match field {
                "text" => format!("bank.text.{main}"),
                other => format!("bank.{other}"),
            })?;
            office.refused(&view(&office, Some(form)).await?)
        }
    }
}
