use kernel::{ErrorKind, Fault};

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such asset.
    #[error("there is no such picture")]
    NotFound,
    /// More bytes than are taken.
    #[error("the file is too large: at most {} MB", crate::MAX_BYTES / 1_000_000)]
    TooLarge,
    /// More pixels than are taken.
    #[error("the picture has {width} × {height} pixels; at most {} million", crate::MAX_PIXELS / 1_000_000)]
    TooManyPixels { width: u32, height: u32 },
    /// Whatever its name says, its content is none of the formats that are taken.
    #[error("this is no JPEG, PNG, GIF or WebP picture")]
    NotAPicture,
    /// It begins like a picture and cannot be read.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// It is still being fetched, or could not be.
    #[error("the picture is not here (yet)")]
    NotReady,
    /// The folder or bucket that holds the files.
    #[error("the picture store: {0}")]
    Store(#[from] object_store::Error),
    /// The folder cannot be used.
    #[error("the folder of the pictures: {0}")]
    Folder(#[from] std::io::Error),
    /// Its maker panicked.
    #[error("the picture could not be made: {0}")]
    Panicked(String),
    /// The database's.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Tasks, audit rows, the change feed.
    #[error(transparent)]
    Work(#[from] work::Error),
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::NotFound | Error::NotReady => ErrorKind::NotFound,
            Error::TooLarge | Error::TooManyPixels { .. } | Error::NotAPicture | Error::Damaged(_) => {
                ErrorKind::Invalid
            }
            Error::Store(object_store::Error::NotFound { .. }) => ErrorKind::NotFound,
            Error::Store(_) | Error::Folder(_) | Error::Panicked(_) => ErrorKind::Internal,
            Error::Db(e) => e.kind(),
            Error::Work(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not_found",
            Error::NotReady => "picture_not_ready",
            Error::TooLarge => "file_too_large",
            Error::TooManyPixels { .. } => "too_many_pixels",
            Error::NotAPicture => "not_a_picture",
            Error::Damaged(_) => "damaged_picture",
            Error::Store(_) | Error::Folder(_) | Error::Panicked(_) => "picture_store",
            Error::Db(e) => e.code(),
            Error::Work(e) => e.code(),
        }
    }
}
