//! `sennight index`: updates, rebuilds or verifies the index.

use super::{
    Outcome,
    command_log::CommandLog,
    output::{Output, OutputStyle, say},
    progress::Bar,
};
use crate::{
    find,
    index::{Index, IndexError},
    runtime::hint::HintExt,
    text::counted,
};
use anyhow::{Context, Result, anyhow};
use std::path::Path;

pub fn run(out: &mut Output, loaded: &mut CommandLog, rebuild: bool, verify: bool) -> Result<Outcome> {
    let CommandLog { log, cache, .. } = loaded;
    let folder = cache.folder().context("there is no cache folder").hint("set SENNIGHT_CACHE to a folder")?;
    if verify {
        return self::verify(out, &folder);
    }
    let mut index = Index::open(&folder).hint_from(IndexError::hint).context("cannot use the index")?;
    if let Some(defect) = index.rebuild_reason() {
        say("sennight", &find::rebuilt(defect));
    }
    let mut bar = Bar::new("indexing", "notes");
    let update = if rebuild {
        index.rebuild(log, &mut |progress| bar.show(progress))
    } else {
        index.update(log, &mut |progress| bar.show(progress))
    };
    bar.end();
    let update = update.hint_from(IndexError::hint).context("cannot update the index")?;
    let kept = cache.keep(&index, &folder);
    kept.hint_from(IndexError::hint).context("cannot cache the notes beside the index")?;
    let changed = update.added + update.changed + update.removed;
    let text = format!("{} entries of {} notes indexed, {} notes changed", log.len(), log.notes().len(), changed);
    out.text(OutputStyle::Plain, &text)?;
    out.line_end()?;
    Ok(Outcome::Done)
}

/// Checks every byte of the index in `folder`.
fn verify(out: &mut Output, folder: &Path) -> Result<Outcome> {
    let mut bar = Bar::new("checking", "files");
    let damaged = Index::verify_with(folder, &mut |progress| bar.show(progress));
    bar.end();
    let damaged = damaged.hint_from(IndexError::hint).context("cannot check the index")?;
    if !damaged.is_empty() {
        let error =
            anyhow!("{} damaged", counted(damaged.len() as u32, "file of the index is", "files of the index are"));
        return Err(error).hint("rebuild it: sennight index --rebuild");
    }
    out.text(OutputStyle::Plain, &format!("The index in {} is intact", folder.display()))?;
    out.line_end()?;
    Ok(Outcome::Done)
}
