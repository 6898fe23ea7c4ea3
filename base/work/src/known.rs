use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::Tx;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::{Change, EVERYTHING};

/// What was heard longer ago is not trusted: whoever hears the feed is stuck or has ended.
const FRESH: Duration = Duration::from_secs(1);
/// So many values are held; then all are let go, and what is still wanted comes back by itself.
const MOST: usize = 50_000;

/// Rows that seldom change and are read all day (what is for sale, prices, tax rates, ways to ship), remembered by this
/// process until the change feed says that they changed. A program that hears the feed hangs one on its database;
/// where there is none, or it has heard nothing for a second, everything is read from the database as ever.
///
/// What this process changes is forgotten when its transaction commits, what another changes when the feed is next read.
#[derive(Default)]
pub struct Known(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    values: HashMap<Key, Arc<dyn Any + Send + Sync>>,
    /// What is to be forgotten when a subject changes; of `site` everything, whatever its id.
    about: HashMap<(&'static str, Uuid), Vec<Key>>,
    /// Grows with every change that was heard: what was read before it is not remembered after it.
    age: u64,
    heard: Option<Instant>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    kind: TypeId,
    id: Uuid,
    facet: String,
}

/// The subjects that are remembered at all.
const SUBJECTS: [&str; 3] = ["product", "price", "site"];

fn subject_of(change: &Change) -> Option<&'static str> {
    SUBJECTS.into_iter().find(|s| *s == change.subject)
}

impl Known {
    /// Takes in what the feed said, nothing too: it is up to date as of `at`, which was before the feed was read.
    pub fn heard(&self, changes: &[Change], at: Instant) {
        let mut memory = self.0.lock();
        memory.heard = Some(at);
        memory.forget(changes);
    }

    /// Forgets what this process has just changed.
    pub(crate) fn forget(&self, changes: &[Change]) {
        self.0.lock().forget(changes);
    }

    /// Forgets everything, and trusts nothing until the feed is heard again.
    pub fn clear(&self) {
        let mut memory = self.0.lock();
        memory.heard = None;
        memory.clear();
    }

    /// What this transaction may recall; `None` where nothing is remembered or what is may be old. Not for a
    /// transaction that has itself changed what it asks for; `None` in a snapshot, whose moment may have passed.
    pub fn of(tx: &Tx) -> Option<Recall> {
        if tx.is_snapshot() {
            return None;
        }
        let known = tx.extension::<Known>()?;
        let age = {
            let memory = known.0.lock();
            memory.heard.filter(|h| h.elapsed() < FRESH)?;
            memory.age
        };
        Some(Recall { known, age })
    }
}

impl Memory {
    fn forget(&mut self, changes: &[Change]) {
        for change in changes {
            if change.subject == EVERYTHING {
                self.clear();
                continue;
            }
            let Some(subject) = subject_of(change) else { continue };
            self.age += 1;
            let gone: Vec<Key> = if subject == "site" {
                let all = self.about.extract_if(|(s, _), _| *s == "site");
                all.flat_map(|(_, keys)| keys).collect()
            } else {
                self.about.remove(&(subject, change.id)).unwrap_or_default()
            };
            for key in gone {
                self.values.remove(&key);
            }
        }
    }

    fn clear(&mut self) {
        self.age += 1;
        self.values.clear();
        self.about.clear();
    }
}

/// A transaction's view of what is remembered.
pub struct Recall {
    known: Arc<Known>,
    age: u64,
}

impl Recall {
    /// The value of a type about `id`, in one of its facets (a language, a country, a market).
    pub fn find<T: Clone + Send + Sync + 'static>(&self, id: Uuid, facet: &str) -> Option<T> {
        let key = Key { kind: TypeId::of::<T>(), id, facet: facet.to_owned() };
        self.known.0.lock().values.get(&key)?.downcast_ref::<T>().cloned()
    }

    /// Remembers what was read since this view was had, until a row of `subject` (`product`, `price`, `site`) with
    /// the id `about` changes. Dropped where something has changed meanwhile.
    pub fn keep<T: Clone + Send + Sync + 'static>(
        &self,
        id: Uuid,
        facet: &str,
        (subject, about): (&'static str, Uuid),
        value: T,
    ) {
        debug_assert!(SUBJECTS.contains(&subject), "{subject} is not remembered");
        let mut memory = self.known.0.lock();
        if memory.age != self.age {
            return;
        }
        if memory.values.len() >= MOST {
            memory.values.clear();
            memory.about.clear();
        }
        let key = Key { kind: TypeId::of::<T>(), id, facet: facet.to_owned() };
        if memory.values.insert(key.clone(), Arc::new(value)).is_none() {
            memory.about.entry((subject, about)).or_default().push(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(subject: &str, id: u128) -> Change {
        Change { subject: subject.to_owned(), id: Uuid::from_u128(id) }
    }

    fn recall(known: &Arc<Known>) -> Recall {
        Recall { known: known.clone(), age: known.0.lock().age }
    }

    #[test]
    fn what_changed_is_forgotten_and_nothing_else() {
        let known = Arc::new(Known::default());
        let (a, b, store) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(9));
        let r = recall(&known);
        r.keep(a, "en", ("product", a), "apple".to_owned());
        r.keep(a, "de", ("product", a), "Apfel".to_owned());
        r.keep(b, "en", ("product", b), "pear".to_owned());
        r.keep(store, "NL", ("site", store), 21_u32);
        known.heard(&[change("product", 1), change("stock", 2)], Instant::now());
        let r = recall(&known);
        assert_eq!(r.find::<String>(a, "en"), None);
        assert_eq!(r.find::<String>(a, "de"), None);
        assert_eq!(r.find::<String>(b, "en").as_deref(), Some("pear"));
        assert_eq!(r.find::<u32>(b, "en"), None, "another type is another value");
        // a change of the shop's own settings, whichever row of theirs it was
        known.heard(&[change("site", 77)], Instant::now());
        assert_eq!(recall(&known).find::<u32>(store, "NL"), None);
        assert_eq!(recall(&known).find::<String>(b, "en").as_deref(), Some("pear"));
        known.heard(&[change(EVERYTHING, 0)], Instant::now());
        assert_eq!(recall(&known).find::<String>(b, "en"), None);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = Arc::new(Known::default());
        let a = Uuid::from_u128(1);
        let r = recall(&known);
        known.forget(&[change("price", 1)]);
        r.keep(a, "", ("price", a), 100_i64);
        assert_eq!(recall(&known).find::<i64>(a, ""), None);
    }

    #[test]
    fn it_holds_only_so_much() {
        let known = Arc::new(Known::default());
        let r = recall(&known);
        for i in 0..=MOST as u128 {
            let id = Uuid::from_u128(i);
            r.keep(id, "", ("price", id), i);
        }
        assert_eq!(known.0.lock().values.len(), 1);
    }
}
