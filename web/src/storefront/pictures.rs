//! `/img/{id}/{width}.{ending}`: renditions, made on demand, the same for ever under their address.

use assets::{Asset, Format};
use axum::response::{IntoResponse, Response};
use db::Tx;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::AssetId;
use quick_cache::sync::Cache;

use crate::extract::Path;
use crate::{Error, State};

/// What is known of files, so that a page's pictures cost no statement.
pub(crate) struct Pictures(Cache<AssetId, Asset>);

impl Default for Pictures {
    fn default() -> Pictures {
        Pictures(Cache::new(10_000))
    }
}

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) async fn picture(
    state: State,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id: AssetId = id.parse().map_err(|_| Error::not_found())?;
    let (width, format) = named(&file).ok_or_else(Error::not_found)?;
    let etag = HeaderValue::try_from(format!("\"{file}\"")).map_err(|_| Error::not_found())?;
    if headers.get(header::IF_NONE_MATCH) == Some(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, FOREVER)])
            .into_response());
    }
    let asset = asset(&state, id).await?;
    let made = state.vault().rendition(&asset, width, format).await?;
    let media_type = HeaderValue::from_static(kernel::TextState::as_str(made.media_type));
    let headers =
        [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, FOREVER), (header::ETAG, etag)];
    Ok((headers, made.bytes).into_response())
}

/// `320.webp`.
fn named(file: &str) -> Option<(u32, Format)> {
    let (width, ending) = file.split_once('.')?;
    let format = match ending {
        "webp" => Format::Webp,
        "jpg" => Format::Jpeg,
        "png" => Format::Png,
        _ => return None,
    };
    Some((width.parse().ok().filter(|w| (1..=4000).contains(w))?, format))
}

async fn asset(state: &State, id: AssetId) -> Result<Asset, Error> {
    if let Some(known) = state.pictures().0.get(&id) {
        return Ok(known);
    }
    let store = state.ctx()?.store.id;
    let asset = state.db().read(async |tx: &mut Tx| assets::get(tx, store, id).await).await?;
    if asset.sha256.is_some() {
        state.pictures().0.insert(id, asset.clone());
    }
    Ok(asset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_have_names() {
        assert_eq!(named("320.webp").map(|(w, f)| (w, f.ending())), Some((320, "webp")));
        for file in ["320", "x.webp", "320.svg", "0.jpg", "99999.jpg", "-1.jpg", "320.jpg.exe"] {
            assert!(named(file).is_none(), "{file}");
        }
    }
}
