/// A state or kind that the database, the API and the screen all write with the same word.
/// Made by [`states!`](crate::states).
pub trait TextState: Sized + Copy + 'static {
    /// Every value, in declaration order.
    const ALL: &'static [Self];
    /// The word.
    fn as_str(self) -> &'static str;
    /// Back from the word.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == text)
    }
}

/// Declares an enum whose values have one word each: `states! { pub enum OrderState { Placed = "placed" } }`.
#[macro_export]
macro_rules! states {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }
        impl $crate::TextState for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::TextState::as_str(*self))
            }
        }
        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::TextState::as_str(*self))
            }
        }
        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = <String as $crate::__serde::Deserialize>::deserialize(d)?;
                $crate::TextState::parse(&word).ok_or_else(|| {
                    let all: Vec<&str> = <Self as $crate::TextState>::ALL.iter().map(|s| $crate::TextState::as_str(*s)).collect();
                    $crate::__serde::de::Error::custom(format!("'{word}' is none of {}", all.join(", ")))
                })
            }
        }
    };
}
