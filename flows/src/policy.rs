use serde::{Deserialize, Serialize};

/// When authorised money is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureWhen {
    /// With each parcel, for what is in it.
    #[default]
    Shipped,
    /// At once.
    Placed,
    /// When staff say so.
    Manual,
}

/// The store's setting of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CapturePolicy {
    /// When.
    pub when: CaptureWhen,
}

impl site::Setting for CapturePolicy {
    const KEY: &'static str = "capture";
}
