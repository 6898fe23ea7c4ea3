use access::ApiKey;
use axum::response::Response;
use db::Tx;
use inventory::LocationRow;
use kernel::perms::AccessWrite;
use kernel::{ApiKeyId, Grant, Grants, LocationId, PageSize, Scope};

use super::groups;
use super::roles::scope;
use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::sent::{Form, Query};
use crate::admin::views::{Chip, Choice, Fields, KeyRow, Section, SettingsKeysView};
use crate::admin::walk::Walk;
use crate::extract::Path;

const PATH: &str = "/admin/settings/keys";

/// `GET /admin/settings/keys`.
pub(super) async fn list(office: Office, Query(query): Query) -> Result<Response, Error> {
    let view = view(&office, &query, Fields::new(), None).await?;
    office.page(&view)
}

async fn view(
    office: &Office,
    query: &Fields,
    form: Fields,
    secret: Option<String>,
) -> Result<SettingsKeysView, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let walk = Walk::of(PATH, query, &[]);
    let (page, places) = office
        .db()
        .read(async |tx: &mut Tx| {
            let after = walk.after();
            let page = access::keys(tx, &permit, after.as_ref(), PageSize::default()).await?;
            Ok::<_, Error>((page, inventory::locations(tx, office.ctx()).await?))
        })
        .await?;
    Ok(SettingsKeysView {
        shell: office.shell(Section::Settings).await?,
        rows: page.rows.iter().map(|k| row(office, k, &places)).collect(),
        locations: places.iter().map(|l| Choice::new(l.id.to_string(), &l.name)).collect(),
        form,
        groups: groups(office),
        secret,
        pager: walk.pager(page.next),
        can_edit: true,
    })
}

fn row(office: &Office, k: &ApiKey, places: &[LocationRow]) -> KeyRow {
    KeyRow {
        id: k.id.to_string(),
        name: k.name.clone(),
        hint: k.hint.clone(),
        scope: scope(office, &k.grants, places),
        permissions: u32::try_from(k.grants.0.len()).unwrap_or_default(),
        state: if k.revoked_at.is_some() { Chip::Revoked } else { Chip::Active },
        created: office.when(k.created_at),
        last_used: office.when_ever(k.last_used_at),
        can_revoke: k.revoked_at.is_none(),
    }
}

/// `POST /admin/settings/keys`: `name`, `permission` (repeated), `location_id` (repeated; none means all). The answer shows the secret, this once.
pub(super) async fn create(office: Office, Form(mut form): Form) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let locations: Vec<LocationId> = form.all("location_id").filter_map(|id| id.parse().ok()).collect();
    let scope = Scope { locations, ..Scope::ALL };
    let grant = |p: &str| Grant { permission: p.to_owned(), scope: scope.clone() };
    let grants = Grants(form.all("permission").map(grant).collect());
    let (ctx, name) = (office.ctx().clone(), form.value("name").to_owned());
    let made = office
        .db()
        .write("create_key", async move |tx: &mut Tx| {
            access::create_key(tx, &ctx, &permit, &name, &grants).await
        })
        .await;
    match made {
        Ok((_, secret)) => {
            let shown = Some(secret.reveal().to_owned());
            office.page(&view(&office, &Fields::new(), Fields::new(), shown).await?)
        }
        Err(e) => {
            blame(&office, &mut form, e, same)?;
            office.refused(&view(&office, &Fields::new(), form, None).await?)
        }
    }
}

/// `POST /admin/settings/keys/{id}/revocation`.
pub(super) async fn revoke(office: Office, Path(id): Path<ApiKeyId>) -> Result<Response, Error> {
    let permit = office.permit::<AccessWrite>()?;
    let ctx = office.ctx().clone();
    office
        .db()
        .write("revoke_key", async move |tx: &mut Tx| access::revoke_key(tx, &ctx, &permit, id).await)
        .await?;
    Ok(office.done(PATH, office.t("keys-revoked")))
}
