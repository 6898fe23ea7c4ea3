//! The merchant's own columns, and columns that say nothing to us.

use catalog::{CustomField, NewField, Resource};
use db::{Db, Tx};
use kernel::Ctx;

use super::Error;
use super::columns::Column;
use super::parse::OwnColumn;
use super::report::FieldColumn;
use super::scan::Scan;

/// The merchant's own columns that hold anything, with their fields: found or made; in a dry run only found.
pub(super) async fn own_columns(
    db: &Db,
    ctx: &Ctx,
    scan: &Scan,
    dry_run: bool,
) -> Result<(Vec<OwnColumn>, Vec<FieldColumn>), Error> {
    let mut columns = vec![];
    for (at, meaning) in scan.columns.meanings.iter().enumerate() {
        let (Column::Own { resource, namespace, key, name }, Some(kind)) = (meaning, scan.kinds[at]) else {
            continue;
        };
        let guess = if scan.on_variants[at] { Resource::Variant } else { Resource::Product };
        let resource = resource.unwrap_or(guess);
        let new =
            NewField { resource, namespace: namespace.clone(), key: key.clone(), name: name.clone(), kind };
        columns.push((at, new));
    }
    let wanted: Vec<NewField> = columns.iter().map(|(_, new)| new.clone()).collect();
    let found: Vec<Option<CustomField>> = if dry_run {
        let known = known_fields(db, ctx).await?;
        let same = |f: &CustomField, n: &NewField| {
            f.resource == n.resource && f.namespace == n.namespace && f.key == n.key
        };
        wanted.iter().map(|n| known.iter().find(|f| same(f, n)).cloned()).collect()
    } else {
        let (ctx, wanted) = (ctx.clone(), wanted.clone());
        let made = db
            .write("import_fields", async move |tx: &mut Tx| catalog::ensure_fields(tx, &ctx, &wanted).await)
            .await?;
        made.into_iter().map(Some).collect()
    };
    let mut own = vec![];
    let mut told = vec![];
    for ((at, new), field) in columns.into_iter().zip(found) {
        let kind = match &field {
            Some(f) if f.guessed => f.kind.joined(new.kind),
            Some(f) => f.kind,
            None => new.kind,
        };
        told.push(FieldColumn {
            column: scan.columns.headers[at].clone(),
            resource: new.resource.to_string(),
            field: format!("{}.{}", new.namespace, new.key),
            kind,
        });
        own.push(OwnColumn {
            at,
            id: field.map(|f| f.id),
            kind,
            on_variants: new.resource == Resource::Variant,
        });
    }
    Ok((own, told))
}

async fn known_fields(db: &Db, ctx: &Ctx) -> Result<Vec<CustomField>, Error> {
    let store = ctx.store.id;
    db.read(async move |tx: &mut Tx| {
        let mut all = catalog::fields(tx, store, Resource::Product).await?;
        all.extend(catalog::fields(tx, store, Resource::Variant).await?);
        Ok(all)
    })
    .await
}

/// Columns that say nothing to us, but for those that are empty anyway.
pub(super) fn unused(scan: &Scan) -> Vec<String> {
    let columns = scan.columns.headers.iter().zip(&scan.columns.meanings);
    columns.filter(|(h, m)| **m == Column::Unused && !h.is_empty()).map(|(h, _)| h.clone()).collect()
}
