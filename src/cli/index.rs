//! `sennight index`: the index, brought up to date or checked.

use super::{
    Outcome,
    output::{Output, OutputStyle, say},
    progress::Bar,
};
use crate::{files::log_cache::LogCache, find, index::Index, log::Log};
use anyhow::{Context, Result, bail};

pub fn run(out: &mut Output, log: &Log, shelf: &mut LogCache, rebuild: bool, verify: bool) -> Result<Outcome> {
    let folder = shelf.folder().context("there is no cache folder: set SENNIGHT_CACHE")?;
    if verify {
        let mut bar = Bar::new("checking", "files");
        let damaged = Index::verify_with(&folder, &mut |progress| bar.show(progress));
        bar.end();
        let damaged = damaged.context("cannot check the index")?;
        if !damaged.is_empty() {
            bail!("{} files of the index are damaged: build it anew with sennight index --rebuild", damaged.len());
        }
        out.text(OutputStyle::Plain, &format!("The index in {} is whole", folder.display()))?;
        out.line_end()?;
        return Ok(Outcome::Done);
    }
    let mut index = Index::open(&folder).context("cannot use the index")?;
    if let Some(defect) = index.rebuild_reason() {
        say("sennight", &find::rebuilt(defect));
    }
    let mut bar = Bar::new("indexing", "notes");
    let mut progress = |progress| bar.show(progress);
    let update = if rebuild { index.rebuild(log, &mut progress) } else { index.update(log, &mut progress) };
    bar.end();
    let update = update.context("cannot bring the index up to date")?;
    shelf.keep(&index, &folder).context("cannot keep the notes beside the index")?;
    let changed = update.added + update.changed + update.removed;
    let text = format!("{} entries of {} notes indexed, {} notes changed", log.len(), log.notes().len(), changed);
    out.text(OutputStyle::Plain, &text)?;
    out.line_end()?;
    Ok(Outcome::Done)
}
