//! Files that forms send: looked at and kept before anything is written in the database.

use assets::Stored;
use axum::extract::Multipart;
use kernel::ErrorKind;

use super::office::Office;
use crate::Error;

/// So many at once.
const MOST: usize = 50;

/// The pictures of a field, each with its name.
///
/// # Errors
/// Of kind `Invalid`, in the reader's words where it is about the form; what is no picture is said by its name.
pub(super) async fn pictures(
    office: &Office,
    mut files: Multipart,
    field_name: &str,
) -> Result<Vec<(Stored, String)>, Error> {
    let unread = |_| Error::new(ErrorKind::Invalid, "upload_unread", office.t("error-upload-unread"));
    let mut stored = vec![];
    while let Some(field) = files.next_field().await.map_err(unread)? {
        let name = field.file_name().unwrap_or_default().chars().take(200).collect::<String>();
        if field.name() != Some(field_name) || name.is_empty() {
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
    if stored.is_empty() {
        return Err(Error::new(ErrorKind::Invalid, "file_missing", office.t("error-file-missing")));
    }
    Ok(stored)
}

/// The first of them.
///
/// # Errors
/// As [`pictures`].
pub(super) async fn one(
    office: &Office,
    files: Multipart,
    field_name: &str,
) -> Result<(Stored, String), Error> {
    Ok(pictures(office, files, field_name).await?.swap_remove(0))
}
