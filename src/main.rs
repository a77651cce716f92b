use sennight::{cli::export, log::tag::Rules, query::Query, runtime::source};
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let log_dir = args.iter().position(|a| a == "--log").map(|i| args[i + 1].clone());
    let origin = source::Origin::new(log_dir.into_iter().map(Into::into).collect())?;
    let rules = Rules::built_in();
    let t = std::time::Instant::now();
    let log = source::read(&origin, &rules)?;
    eprintln!("{:?} {} entries", t.elapsed(), log.len());
    export::jsonl(&mut std::io::stdout().lock(), export::records(&log, &Query::default()))?;
    Ok(())
}
