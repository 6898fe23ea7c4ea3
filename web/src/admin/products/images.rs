//! Pictures that are sent to a product.

use assets::Subject;
use axum::extract::Multipart;
use axum::response::Response;
use db::Tx;
use kernel::perms::ProductsWrite;
use kernel::{ErrorKind, ProductId};

use super::read::read;
use super::{form, show};
use crate::Error;
use crate::admin::blame::{blame, same};
use crate::admin::office::Office;
use crate::admin::upload;
use crate::extract::Path;

/// `POST /admin/products/{id}/images` (multipart, `images`).
pub(super) async fn upload(
    office: Office,
    Path(id): Path<ProductId>,
    files: Multipart,
) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let stored = match upload::pictures(&office, files, "images").await {
        Ok(stored) => stored,
        Err(e) if e.kind == ErrorKind::Invalid => {
            let read = read(&office, Some(id)).await?;
            let mut form = read.product.as_ref().map_or_else(form::empty, |p| form::of(&office, p, &read));
            blame(&office, &mut form, Error { field: Some("images".to_owned()), ..e }, same)?;
            return office.refused(&show::view(&office, &read, form).await?);
        }
        Err(e) => return Err(e),
    };
    let ctx = office.ctx().clone();
    let added = stored.len();
    office
        .db()
        .write("add_images", async move |tx: &mut Tx| {
            catalog::get(tx, ctx.store.id, id).await?;
            for (file, name) in &stored {
                let asset = assets::add(tx, &ctx, &permit, file, name).await?;
                assets::attach(tx, &ctx, &permit, Subject::Product, id.uuid(), asset, "").await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    let added = i64::try_from(added).unwrap_or_default();
    Ok(office.done(&format!("/admin/products/{id}"), office.tn("product-images-added", added)))
}
