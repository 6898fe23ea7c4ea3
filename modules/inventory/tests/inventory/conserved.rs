//! Whatever is received, wanted, promised, shipped, released and sent back: nothing is lost, nothing is made.

use std::collections::HashMap;

use inventory::Error;
use kernel::{InventoryItemId, LocationId};
use proptest::prelude::*;
use testkit::Engine;

use crate::world::{MIGRATIONS, Sale, Shop};

/// What happens next; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Receive { second: bool, n: i64 },
    Want { what: usize, n: i64 },
    Allocate(usize),
    Ship { which: usize, n: i64 },
    Release(usize),
    ReleaseLine { which: usize, n: i64 },
    Restock { which: usize, n: i64 },
    Lose(i64),
    Count(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<bool>(), 1i64..15).prop_map(|(second, n)| Step::Receive { second, n }),
        4 => (0usize..3, 1i64..6).prop_map(|(what, n)| Step::Want { what, n }),
        2 => (0usize..9).prop_map(Step::Allocate),
        3 => (0usize..9, 1i64..4).prop_map(|(which, n)| Step::Ship { which, n }),
        1 => (0usize..9).prop_map(Step::Release),
        2 => (0usize..9, 1i64..4).prop_map(|(which, n)| Step::ReleaseLine { which, n }),
        1 => (0usize..9, 1i64..4).prop_map(|(which, n)| Step::Restock { which, n }),
        1 => (1i64..4).prop_map(Step::Lose),
        1 => any::<bool>().prop_map(Step::Count),
    ]
}

/// An open sale: what of it is still held, place by place, and what was shipped, in sold units.
struct Held {
    sale: Sale,
    allocated: bool,
    left: HashMap<LocationId, i64>,
    shipped: i64,
}

impl Held {
    /// Base units of an item in each sold unit.
    fn takes(&self, item: InventoryItemId) -> i64 {
        self.sale.taken.iter().find(|t| t.item == item).map_or(0, |t| t.factor)
    }
}

async fn conserved(w: Shop, steps: Vec<Step>) {
    let ((single, tea), (_, spoon)) = (w.good(4, 4).await, w.good(3, 0).await);
    let (case, kit) = (w.made_of(&[(tea, 6)]).await, w.made_of(&[(tea, 1), (spoon, 2)]).await);
    let (mut tea_there, mut spoons_there) = (8i64, 3i64);
    let mut sales: Vec<Held> = vec![];
    for step in steps {
        let count = sales.len().max(1);
        match step {
            Step::Receive { second, n } => {
                let location = if second { w.barn } else { w.front };
                w.put(tea, location, n).await.unwrap();
                w.put(spoon, location, n).await.unwrap();
                tea_there += n;
                spoons_there += n;
            }
            Step::Want { what, n } => {
                let variant = [single, case, kit][what];
                let before = w.sellable(variant).await;
                match w.want(variant, n).await {
                    Ok(sale) => {
                        assert!(before.is_none_or(|b| b >= n));
                        let left = sale.parts().into_iter().collect();
                        sales.push(Held { sale, allocated: false, left, shipped: 0 });
                    }
                    Err(Error::NotEnoughStock { left, .. }) => assert!(before == Some(left) && left < n),
                    Err(e) => panic!("{e}"),
                }
            }
            Step::Allocate(which) => {
                if let Some(h) = sales.get_mut(which % count) {
                    w.allocate(&h.sale).await;
                    h.allocated = true;
                }
            }
            Step::Ship { which, n } => {
                let Some(h) = sales.get_mut(which % count).filter(|h| h.allocated) else { continue };
                let Some((location, left)) = h.left.iter_mut().find(|(_, n)| **n > 0) else { continue };
                let fits = *left >= n;
                assert_eq!(w.ship(&h.sale, *location, n).await.is_ok(), fits);
                if fits {
                    *left -= n;
                    h.shipped += n;
                    tea_there -= h.takes(tea) * n;
                    spoons_there -= h.takes(spoon) * n;
                }
            }
            Step::Release(which) => {
                if let Some(h) = sales.get_mut(which % count) {
                    w.release(&h.sale).await;
                    h.left.clear();
                }
            }
            Step::ReleaseLine { which, n } => {
                let Some(h) = sales.get_mut(which % count) else { continue };
                let Some((location, left)) = h.left.iter_mut().find(|(_, n)| **n > 0) else { continue };
                let fits = *left >= n;
                assert_eq!(w.release_line(&h.sale, *location, n).await.is_ok(), fits);
                if fits {
                    *left -= n;
                }
            }
            Step::Restock { which, n } => {
                let Some(h) = sales.get_mut(which % count).filter(|h| h.shipped >= n) else { continue };
                w.restock(&h.sale, w.barn, n).await;
                h.shipped -= n;
                tea_there += h.takes(tea) * n;
                spoons_there += h.takes(spoon) * n;
            }
            Step::Lose(n) => match w.put(tea, w.front, -n).await {
                Ok(_) => tea_there -= n,
                Err(Error::BelowPromised { .. }) => {}
                Err(e) => panic!("{e}"),
            },
            // a kit sold while spoons are not counted takes tea alone, whatever is counted later
            Step::Count(counted) => w.policy(spoon, counted, false).await.unwrap(),
        }
        let (mut tea_held, mut spoons_held) = (0, 0);
        for h in &sales {
            let units: i64 = h.left.values().sum();
            tea_held += h.takes(tea) * units;
            spoons_held += h.takes(spoon) * units;
        }
        for (item, there, held) in [(tea, tea_there, tea_held), (spoon, spoons_there, spoons_held)] {
            let (a, b) = (w.level(item, w.front).await, w.level(item, w.barn).await);
            assert_eq!((a.0 + b.0, a.1 + a.2 + b.1 + b.2), (there, held), "on hand, promised");
        }
    }
    w.lawful().await;
}

/// Done and undone leaves the levels as they were.
async fn undone(w: Shop, wants: Vec<(usize, i64)>) {
    let ((single, tea), (_, spoon)) = (w.good(7, 9).await, w.good(5, 6).await);
    let (case, kit) = (w.made_of(&[(tea, 6)]).await, w.made_of(&[(tea, 1), (spoon, 2)]).await);
    let levels = async || {
        let (a, b) = (w.level(tea, w.front).await, w.level(tea, w.barn).await);
        (a, b, w.level(spoon, w.front).await, w.level(spoon, w.barn).await)
    };
    for (what, n) in wants {
        let before = levels().await;
        let Ok(sale) = w.want([single, case, kit][what], n).await else { continue };
        w.release(&sale).await;
        assert_eq!(levels().await, before, "reserved and released");
        let sale = w.sell([single, case, kit][what], n).await;
        for (location, n) in sale.parts() {
            w.release_line(&sale, location, n).await.unwrap();
        }
        assert_eq!(levels().await, before, "sold and refunded");
        let sale = w.sell([single, case, kit][what], n).await;
        for (location, n) in sale.parts() {
            w.ship(&sale, location, n).await.unwrap();
            w.restock(&sale, location, n).await;
        }
        assert_eq!(levels().await, before, "shipped and sent back");
    }
    w.lawful().await;
}

fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Shop) -> F) {
    testkit::run(engine, MIGRATIONS, |db| async move { test(Shop::open(&db).await).await });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn stock_is_conserved_sqlite(steps in proptest::collection::vec(step(), 1..40)) {
        run(Engine::Sqlite, |w| conserved(w, steps));
    }
    #[test]
    fn what_is_undone_was_not_done_sqlite(wants in proptest::collection::vec((0usize..3, 1i64..6), 1..6)) {
        run(Engine::Sqlite, |w| undone(w, wants));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(6) })]
    #[test]
    fn stock_is_conserved_postgres(steps in proptest::collection::vec(step(), 1..40)) {
        run(Engine::Postgres, |w| conserved(w, steps));
    }
    #[test]
    fn what_is_undone_was_not_done_postgres(wants in proptest::collection::vec((0usize..3, 1i64..6), 1..6)) {
        run(Engine::Postgres, |w| undone(w, wants));
    }
}
