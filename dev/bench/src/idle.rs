//! Starting, idling, and the size of the binary.

use std::path::Path;
use std::time::Duration;

use crate::server::{self, Server};

/// Measures them; the start is the median of five.
///
/// # Errors
/// When the program does not start.
pub async fn measure(shop: &Path) -> anyhow::Result<()> {
    let mut starts = vec![];
    let mut memory = 0.0;
    for i in 0..5 {
        let mut server = Server::start(shop, None, "warn").await?;
        starts.push(server.first_answer.as_secs_f64());
        if i == 4 {
            tokio::time::sleep(Duration::from_secs(3)).await;
            memory = server.memory_mb()?;
        }
        server.child.kill().await?;
    }
    starts.sort_by(f64::total_cmp);
    let binary = std::fs::metadata(server::program()?)?.len() as f64 / 1e6;
    println!(
        "start to first answer: {:.3} s, median of 5, {:.3} at most (goal ≤ 0.3 s)",
        starts[2], starts[4]
    );
    println!("idle memory: {memory:.0} MB RssAnon (goal ≤ 60 MB); binary: {binary:.1} MB (goal ≤ 60 MB)");
    Ok(())
}
