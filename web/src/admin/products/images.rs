//! Pictures that are sent to a product.

use assets::{Stored, Subject};
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
use crate::extract::Path;

/// So many at once.
const MOST: usize = 50;

/// `POST /admin/products/{id}/images` (multipart, `images`).
pub(super) async fn upload(
    office: Office,
    Path(id): Path<ProductId>,
    files: Multipart,
) -> Result<Response, Error> {
    let permit = office.permit::<ProductsWrite>()?;
    let stored = match store(&office, files).await {
        Ok(stored) if stored.is_empty() => Err(missing(&office)),
        other => other,
    };
    let stored = match stored {
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

fn missing(office: &Office) -> Error {
    Error::new(ErrorKind::Invalid, "file_missing", office.t("error-file-missing"))
}

/// Looks at each file and keeps it, before anything is written in the database.
async fn store(office: &Office, mut files: Multipart) -> Result<Vec<(Stored, String)>, Error> {
    let unread = |_| Error::new(ErrorKind::Invalid, "upload_unread", office.t("error-upload-unread"));
    let mut stored = vec![];
    while let Some(field) = files.next_field().await.map_err(unread)? {
        let name = field.file_name().unwrap_or_default().chars().take(200).collect::<String>();
        if field.name() != Some("images") || name.is_empty() {
            continue;
        }
        if stored.len() == MOST {
            return Err(Error::new(
                ErrorKind::Invalid,
                "too_many_files",
                office.tx("error-too-many-files", &MOST.to_string()),
            ));
        }
        let bytes = field.bytes().await.map_err(unread)?;
        let file = office.state.vault().store(bytes).await.map_err(|e| {
            let e = Error::from(e);
            Error { text: format!("{name}: {}", e.text), ..e }
        })?;
        stored.push((file, name));
    }
    Ok(stored)
}
