//! The ceiling of purchases: the very statements of one, on the bare driver, each unit a job for one writer thread
//! that commits what waits together, durably. Ids and keys are made anew for every round.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context;
use crossbeam_channel::{Sender, bounded};
use rusqlite::types::Value;

/// A statement with its parameters.
#[derive(Clone, Debug)]
struct Statement {
    sql: String,
    params: Vec<Value>,
}

/// What was done, in order: a read, or a unit of several statements.
#[derive(Clone, Debug)]
enum Step {
    Read(Statement),
    Unit { name: String, statements: Vec<Statement> },
}

/// Everything that one purchase asked of the database.
#[derive(Clone, Debug)]
pub struct Trace(Vec<Step>);

impl Trace {
    /// Units, statements, statements of the unit that places the order.
    pub fn counts(&self) -> (usize, usize, usize) {
        let units = self.0.iter().filter(|s| matches!(s, Step::Unit { .. })).count();
        let all = self.0.iter().map(|s| match s {
            Step::Read(_) => 1,
            Step::Unit { statements, .. } => statements.len(),
        });
        let first = self.0.iter().find_map(|s| match s {
            Step::Unit { name, statements } if name == "place_order" => Some(statements.len()),
            _ => None,
        });
        (units, all.sum(), first.unwrap_or(0))
    }
}

/// Reads the log lines of one purchase.
///
/// # Errors
/// When a line is not understood.
pub fn parse(log: &str) -> anyhow::Result<Trace> {
    let mut steps: Vec<Step> = vec![];
    for line in log.lines() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let (Some(sql), Some(unit)) = (line["sql"].as_str(), line["unit"].as_str()) else { continue };
        let params = values(line["params"].as_str().unwrap_or("[]")).with_context(|| sql.to_owned())?;
        let statement = Statement { sql: sql.to_owned(), params };
        if unit.is_empty() {
            if !is_background_read(sql) {
                steps.push(Step::Read(statement));
            }
        } else if !is_background(unit) {
            // a purchase runs each of its units once; what others do meanwhile stands between its lines
            let same = steps.iter_mut().find_map(|step| match step {
                Step::Unit { name, statements } if name == unit => Some(statements),
                _ => None,
            });
            match same {
                Some(statements) => statements.push(statement),
                None => steps.push(Step::Unit { name: unit.to_owned(), statements: vec![statement] }),
            }
        }
    }
    Ok(Trace(steps))
}

fn is_background(name: &str) -> bool {
    [
        "claim_tasks",
        "record_task",
        "tick",
        "remember_customer",
        "close_order",
        "authorise",
        "notices",
        "seal_audit",
        "expire",
    ]
    .contains(&name)
        || name.starts_with("mail")
        || name.contains("figures")
        || name.contains("send")
}

/// What the worker, the feed and the bank read by themselves.
fn is_background_read(sql: &str) -> bool {
    ["from task", "from schedule", "from change", "from account", "from operation", "from notice", "max(seq)"]
        .iter()
        .any(|w| sql.contains(w))
}

/// Reads `[Int(5), Text("a"), Uuid(…), Bool(true), Bytes([1, 2]), Null]`.
fn values(text: &str) -> anyhow::Result<Vec<Value>> {
    let mut out = vec![];
    let mut rest = text.trim().trim_start_matches('[');
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if rest.is_empty() || rest.starts_with(']') {
            return Ok(out);
        }
        let (value, len) = if let Some(r) = rest.strip_prefix("Null") {
            (Value::Null, rest.len() - r.len())
        } else {
            let open = rest.find('(').context("a value")?;
            let kind = &rest[..open];
            let close = if kind == "Text" {
                text_end(rest, open + 1)?
            } else {
                open + rest[open..].find(')').context("a value's end")?
            };
            let inside = &rest[open + 1..close];
            let value = match kind {
                "Int" => Value::Integer(inside.parse()?),
                "Bool" => Value::Integer(i64::from(inside == "true")),
                "Uuid" => Value::Blob(uuid::Uuid::parse_str(inside)?.as_bytes().to_vec()),
                "Bytes" => {
                    let bytes =
                        inside.trim_matches(['[', ']']).split(", ").filter(|b| !b.is_empty()).map(str::parse);
                    Value::Blob(bytes.collect::<Result<Vec<u8>, _>>()?)
                }
                "Text" => {
                    Value::Text(inside[1..inside.len() - 1].replace("\\\"", "\"").replace("\\\\", "\\"))
                }
                other => anyhow::bail!("a value of the kind {other}"),
            };
            (value, close + 1)
        };
        out.push(value);
        rest = &rest[len..];
    }
}

/// Where a quoted text ends: the bracket after its closing quote.
fn text_end(text: &str, open: usize) -> anyhow::Result<usize> {
    let bytes = text.as_bytes();
    let mut i = open + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return Ok(i + 1),
            _ => i += 1,
        }
    }
    anyhow::bail!("a text without an end")
}

/// What is made anew each round: ids and hashes, keys and secrets, the order's number.
struct Fresh {
    round: u64,
    numbers: Vec<i64>,
}

impl Fresh {
    fn value(&self, v: &Value, fixed: &[Vec<u8>]) -> Value {
        match v {
            Value::Blob(b) if b.len() >= 16 && !fixed.contains(b) => {
                let mut b = b.clone();
                let at = b.len() - 8;
                for (i, r) in self.round.to_be_bytes().iter().enumerate() {
                    b[at + i] ^= r;
                }
                Value::Blob(b)
            }
            // keys, secrets and ids as text; ordinary words are shorter
            Value::Text(t) if t.len() >= 24 && !t.contains(' ') && !t.starts_with('{') => {
                Value::Text(format!("{t}{}", self.round))
            }
            Value::Text(t) if t == "counted-purchase" => Value::Text(format!("{t}{}", self.round)),
            Value::Integer(n) if self.numbers.contains(n) => {
                Value::Integer(n + 10_000_000 + self.round.cast_signed())
            }
            other => other.clone(),
        }
    }
}

type Job = Box<dyn FnOnce(&rusqlite::Connection) -> Box<dyn FnOnce() + Send> + Send>;

/// Runs `count` rounds at a concurrency on a copy of the shop's database; rounds a second.
///
/// # Errors
/// When a statement fails.
pub fn grouped(
    shop: &Path,
    dir: &Path,
    trace: &Trace,
    concurrency: usize,
    count: usize,
) -> anyhow::Result<f64> {
    let copy = dir.join(format!("bare-{concurrency}.db"));
    rusqlite::Connection::open(shop.join("mercer.db"))?
        .execute("vacuum into ?1", [copy.display().to_string()])?;
    let open = |path: &Path| -> anyhow::Result<rusqlite::Connection> {
        let c = rusqlite::Connection::open(path)?;
        c.execute_batch("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-32768; pragma temp_store=memory; pragma mmap_size=1073741824; pragma wal_autocheckpoint=2000;")?;
        c.set_prepared_statement_cache_capacity(512);
        Ok(c)
    };
    let writer = open(&copy)?;
    // what stood in the database before the purchase keeps its id: products, stock, the store
    let fixed = Arc::new(standing(&writer, trace)?);
    let numbers = numbers(trace);
    let (send, jobs) = bounded::<Job>(1024);
    let thread = std::thread::spawn(move || -> anyhow::Result<()> {
        let mut acks = vec![];
        while let Ok(job) = jobs.recv() {
            writer.prepare_cached("begin immediate")?.execute([])?;
            acks.push(job(&writer));
            while acks.len() < 64 {
                match jobs.try_recv() {
                    Ok(job) => acks.push(job(&writer)),
                    Err(_) => break,
                }
            }
            writer.prepare_cached("commit")?.execute([])?;
            for ack in acks.drain(..) {
                ack();
            }
        }
        Ok(())
    });
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let mut all = vec![];
        for _ in 0..concurrency {
            let (send, next, fixed, numbers, copy) =
                (send.clone(), next.clone(), fixed.clone(), numbers.clone(), copy.clone());
            all.push(scope.spawn(move || -> anyhow::Result<()> {
                let reader = open(&copy)?;
                loop {
                    let round = next.fetch_add(1, Ordering::SeqCst);
                    if round >= count {
                        return Ok(());
                    }
                    let fresh = Fresh { round: round as u64 + 1, numbers: numbers.clone() };
                    for step in &trace.0 {
                        match step {
                            Step::Read(s) => {
                                run(&reader, s, &fresh, &fixed)?;
                            }
                            Step::Unit { statements, .. } => unit(&send, statements, &fresh, &fixed)?,
                        }
                    }
                }
            }));
        }
        for t in all {
            t.join().map_err(|_| anyhow::anyhow!("a bare buyer panicked"))??;
        }
        Ok(())
    })?;
    let took = began.elapsed().as_secs_f64();
    drop(send);
    thread.join().map_err(|_| anyhow::anyhow!("the bare writer panicked"))??;
    Ok(count as f64 / took)
}

fn unit(
    send: &Sender<Job>,
    statements: &[Statement],
    fresh: &Fresh,
    fixed: &[Vec<u8>],
) -> anyhow::Result<()> {
    let ready: Vec<Statement> = statements
        .iter()
        .map(|s| Statement {
            sql: s.sql.replace('$', "?"),
            params: s.params.iter().map(|p| fresh.value(p, fixed)).collect(),
        })
        .collect();
    let (tell, told) = bounded(1);
    let job: Job = Box::new(move |c| {
        let mut result = Ok(());
        for s in &ready {
            if let Err(e) = run_ready(c, s) {
                result = Err(e);
                break;
            }
        }
        Box::new(move || {
            let _ = tell.send(result);
        })
    });
    send.send(job).map_err(|_| anyhow::anyhow!("the bare writer is gone"))?;
    told.recv()?
}

fn run(c: &rusqlite::Connection, s: &Statement, fresh: &Fresh, fixed: &[Vec<u8>]) -> anyhow::Result<()> {
    let ready = Statement {
        sql: s.sql.replace('$', "?"),
        params: s.params.iter().map(|p| fresh.value(p, fixed)).collect(),
    };
    run_ready(c, &ready)
}

fn run_ready(c: &rusqlite::Connection, s: &Statement) -> anyhow::Result<()> {
    let mut statement = c.prepare_cached(&s.sql)?;
    if statement.column_count() > 0 {
        let mut rows = statement.query(rusqlite::params_from_iter(&s.params))?;
        while rows.next()?.is_some() {}
    } else {
        statement.execute(rusqlite::params_from_iter(&s.params)).with_context(|| s.sql.clone())?;
    }
    Ok(())
}

/// Ids of the trace that stood in the database before it.
fn standing(c: &rusqlite::Connection, trace: &Trace) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut ids: Vec<Vec<u8>> = vec![];
    for step in &trace.0 {
        let all: Vec<&Statement> = match step {
            Step::Read(s) => vec![s],
            Step::Unit { statements, .. } => statements.iter().collect(),
        };
        ids.extend(all.iter().flat_map(|s| &s.params).filter_map(|p| match p {
            Value::Blob(b) if b.len() == 16 => Some(b.clone()),
            _ => None,
        }));
    }
    ids.sort();
    ids.dedup();
    let known = [
        "store",
        "channel",
        "market",
        "legal_entity",
        "location",
        "product",
        "variant",
        "inventory_item",
        "shipping_method",
        "shipping_zone",
    ];
    ids.retain(|id| {
        known
            .iter()
            .any(|t| c.query_row(&format!("select 1 from {t} where id = ?1"), [id], |_| Ok(())).is_ok())
    });
    anyhow::ensure!(!ids.is_empty(), "the purchase used nothing of the shop");
    Ok(ids)
}

/// The order's number: the sixth parameter of the order's row.
fn numbers(trace: &Trace) -> Vec<i64> {
    trace
        .0
        .iter()
        .flat_map(|s| match s {
            Step::Read(_) => vec![],
            Step::Unit { statements, .. } => statements.clone(),
        })
        .filter(|s| s.sql.starts_with("insert into orders"))
        .filter_map(|s| match s.params.get(5) {
            Some(Value::Integer(n)) => Some(*n),
            _ => None,
        })
        .collect()
}
