//! A bounded loop of requests at a concurrency, every answer checked, with the server's CPU time beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::http::Client;

/// What a loop came to.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    /// Operations a second.
    pub per_second: f64,
    /// The server's CPU time for one, in microseconds.
    pub cpu_us: f64,
}

/// User and system time of a process, in microseconds. Source: proc(5), `stat`, fields 14 and 15.
///
/// # Errors
/// When there is no such process.
pub fn cpu_us(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let rest = stat.rsplit_once(')').map_or("", |(_, r)| r);
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(ticks as f64 * 10_000.0) // a tick is 10 ms on Linux
}

/// Asks for one address over and over; each answer has the status 200 and as many bytes as the first.
///
/// # Errors
/// When an answer is another.
pub async fn get(
    port: u16,
    pid: u32,
    path: &str,
    accept: &str,
    concurrency: usize,
    time: Duration,
) -> anyhow::Result<Speed> {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: {accept}\r\n\r\n").into_bytes();
    let mut first = Client::connect(port).await?;
    for _ in 0..20 {
        first.raw(&request).await?;
    }
    let (status, length) = first.raw(&request).await?;
    if status != 200 || length == 0 {
        bail!("GET {path} answered {status} with {length} bytes");
    }
    let request = Arc::new(request);
    let done = Arc::new(AtomicU64::new(0));
    let before = cpu_us(pid)?;
    let began = Instant::now();
    let mut tasks = vec![];
    for _ in 0..concurrency {
        let (request, done) = (request.clone(), done.clone());
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(port).await?;
            while began.elapsed() < time {
                let (s, l) = client.raw(&request).await?;
                if (s, l) != (200, length) {
                    bail!("an answer of {s} with {l} bytes, after one of {length}");
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    for t in tasks {
        t.await??;
    }
    let n = done.load(Ordering::Relaxed) as f64;
    let (took, cpu) = (began.elapsed().as_secs_f64(), cpu_us(pid)? - before);
    Ok(Speed { per_second: n / took, cpu_us: cpu / n })
}
