//! Damage to the files of an index: it answers correctly, or is rebuilt.

use super::*;

/// Files below `dir` with their content.
fn content(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files.extend(content(&path)) } else { files.push((path.clone(), fs::read(&path).unwrap())) }
    }
    files.sort();
    files
}

/// An index of [`later`] with several segments and deleted entries.
fn worn(place: &Path) -> Index {
    let mut notes = NOTES.into_iter().filter(|(path, _)| *path != "无结构.txt").collect::<Vec<_>>();
    let index = filled(Index::open(place).unwrap(), &log_of(&notes));
    notes.push(("2024-03-week1.md", "# 三月第一周\n\n- 还没写\n"));
    filled(filled(index, &log_of(&notes)), &later())
}

fn truth(log: &Log) -> Vec<Vec<EntryId>> {
    QUERIES.iter().map(|text| scan(&Query::parse(text).0, log)).collect()
}

#[test]
fn a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("index");
    drop(worn(&place));
    for (path, whole) in content(&place).into_iter().filter(|(path, _)| path.parent() != Some(&place)) {
        let name = PathBuf::from(path.file_name().unwrap());
        let mut bytes = whole.clone();
        let Some(last) = bytes.last_mut() else { continue };
        *last ^= 1;
        fs::write(&path, bytes).unwrap();
        match Index::verify(&place) {
            Ok(damaged) => assert_eq!(damaged, [name]),
            // The lists of files: of those in the index, and of those that may be deleted.
            Err(IndexError::Damaged { .. }) => assert_eq!(name.extension().unwrap(), "json", "{}", name.display()),
            Err(error) => panic!("{}: {error}", name.display()),
        }
        fs::write(&path, whole).unwrap();
        assert_eq!(Index::verify(&place).unwrap(), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_file_under_the_name_of_another_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("index");
    drop(worn(&place));
    let is_alike = |path: &PathBuf| path.extension().is_some_and(|found| found == "fieldnorm");
    let files: Vec<_> = content(&place).into_iter().filter(|(path, _)| is_alike(path)).collect();
    fs::write(&files[0].0, &files[1].1).unwrap();
    assert!(Index::existing(&place).is_none());
    assert_eq!(Index::verify(&place).unwrap(), [PathBuf::from(files[0].0.file_name().unwrap())]);
    fs::remove_file(&files[0].0).unwrap();
    assert!(Index::existing(&place).is_none());
    let index = filled(Index::open(&place).unwrap(), &later());
    assert_eq!(answers(&index, &later()), truth(&later()));
}

#[test]
fn an_index_with_an_unusable_manifest_is_rebuilt() {
    const UNREADABLE: Option<&str> = Some("cannot read its manifest");
    let versions = schema::versions();
    for (manifest, reason) in [
        (r#"{"versions":"0.0","generation":1}"#.to_owned(), Some("another version of sennight")),
        (r#"{"versions":"999.999","generation":1,"checksum":"sha"}"#.to_owned(), Some("another version")),
        (r#"{"versions":7,"generation":1}"#.to_owned(), UNREADABLE),
        (format!(r#"{{"versions":"{versions}"}}"#), UNREADABLE),
        (format!(r#"{{"versions":"{versions}","generation":-1}}"#), UNREADABLE),
        (format!(r#"{{"versions":"{versions}","generation":7}}"#), Some("")),
        (format!(r#"{{"versions":"{versions}","generation":0}}"#), None),
        ("{".to_owned(), UNREADABLE),
        (String::new(), UNREADABLE),
        ("\0\u{fffd}".to_owned(), UNREADABLE),
        ("[".repeat(100_000), UNREADABLE),
    ] {
        let dir = tempfile::tempdir().unwrap();
        drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
        fs::write(dir.path().join("sennight-index.json"), &manifest).unwrap();
        assert!(Index::existing(dir.path()).is_none(), "{manifest}");
        assert!(Index::verify(dir.path()).is_err(), "{manifest}");
        let index = Index::open(dir.path()).unwrap();
        match reason {
            Some(reason) => {
                assert!(index.rebuild_reason().is_some_and(|why| why.to_string().contains(reason)), "{manifest}");
            }
            None => assert_eq!(index.rebuild_reason(), None, "{manifest}"),
        }
        assert!(!index.is_current(&fixtures()));
        assert_eq!(answers(&filled(index, &fixtures()), &fixtures()), truth(&fixtures()), "{manifest}");
        assert_eq!(Index::open(dir.path()).unwrap().rebuild_reason(), None, "{manifest}");
    }
    // A field more does no harm.
    let dir = tempfile::tempdir().unwrap();
    drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
    let manifest = format!(r#"{{"versions":"{versions}","generation":1,"later":{{"a":[1]}}}}"#);
    fs::write(dir.path().join("sennight-index.json"), manifest).unwrap();
    assert!(Index::existing(dir.path()).is_some_and(|index| index.is_current(&fixtures())));
}

#[test]
fn a_lock_left_behind_is_harmless() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".sennight-lock"), "12345").unwrap();
    drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
    for name in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
        fs::write(dir.path().join("g-1").join(name), "12345").unwrap();
    }
    let index = filled(Index::open(dir.path()).unwrap(), &later());
    assert_eq!(answers(&index, &later()), truth(&later()));
    assert_eq!(index.rebuild_reason(), None);
}

/// A process is killed while it creates the first index, after each of its steps.
#[test]
fn an_interrupted_creation_is_repeated() {
    let manifest = format!(r#"{{"versions":"{}","generation":0}}"#, schema::versions());
    let steps = [
        (".sennight-lock", ""),
        (".sennight-aB3xY9", "{\"vers"),
        ("sennight-index.json", &manifest),
        ("g-1/.managed.json", ""),
    ];
    for done in 0..=steps.len() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in &steps[..done] {
            fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            fs::write(dir.path().join(name), text).unwrap();
        }
        let index = filled(Index::open(dir.path()).unwrap(), &fixtures());
        assert_eq!((answers(&index, &fixtures()), index.rebuild_reason()), (truth(&fixtures()), None), "{done}");
        let left = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(left, 3, "lock, manifest and one generation, after {done} steps");
    }
}

#[test]
fn obstacle_in_the_index_path_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    for place in [file.clone(), file.join("index")] {
        assert!(matches!(Index::open(&place), Err(IndexError::Folder { .. })), "{}", place.display());
        assert!(Index::existing(&place).is_none() && Index::verify(&place).is_err());
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    // A folder where the manifest should be.
    let place = dir.path().join("index");
    fs::create_dir_all(place.join("sennight-index.json/x")).unwrap();
    let before = traces(&place.join("sennight-index.json"));
    assert!(matches!(Index::open(&place), Err(IndexError::Folder { .. })));
    assert_eq!(traces(&place.join("sennight-index.json")), before);
}

#[test]
fn a_folder_with_other_files_by_now_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("index");
    let mut index = filled(Index::open(&place).unwrap(), &fixtures());
    fs::remove_dir_all(&place).unwrap();
    fs::create_dir_all(place.join("g-1")).unwrap();
    fs::write(place.join("notes.md"), "mine").unwrap();
    let before = traces(&place);
    assert!(matches!(index.update(&later(), &mut |_| {}), Err(IndexError::NotOurs { .. })));
    assert!(matches!(index.rebuild(&later(), &mut |_| {}), Err(IndexError::NotOurs { .. })));
    assert_eq!(traces(&place), before);
}

#[cfg(unix)]
#[test]
fn an_index_deleted_while_open_still_answers_and_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("index");
    let (old, new) = (fixtures(), later());
    for gone in ["", "g-1", "g-1/meta.json", "sennight-index.json"] {
        let mut index = filled(Index::open(&place).unwrap(), &old);
        let searcher = index.searcher(&old).unwrap();
        let path = place.join(gone);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap();
        assert_eq!(answers(&index, &old), truth(&old), "{gone}");
        match index.update(&new, &mut |_| {}) {
            Err(IndexError::Damaged { .. }) => drop(index.rebuild(&new, &mut |_| {}).unwrap()),
            // Without its manifest the folder is not known for ours.
            Err(IndexError::NotOurs { .. }) => assert_eq!(gone, "sennight-index.json"),
            updated => panic!("{gone}: {updated:?}"),
        }
        for text in QUERIES {
            assert_exact(&searcher, text, &old);
        }
        if gone != "sennight-index.json" {
            assert_eq!(answers(&index, &new), truth(&new), "{gone}");
            assert!(Index::existing(&place).is_some_and(|index| index.is_current(&new)), "{gone}");
        }
        drop(index);
        fs::remove_dir_all(&place).unwrap();
    }
}

/// Another process recreates the index, in as many steps, while this one holds the old one.
#[test]
fn an_index_recreated_in_the_same_place_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("index");
    let (one, two) = (log_of(&[("a.md", "- 容器\n")]), log_of(&[("b.md", "- 限流\n")]));
    let mut mine = filled(Index::open(&place).unwrap(), &one);
    fs::remove_dir_all(&place).unwrap();
    drop(filled(Index::open(&place).unwrap(), &two));
    let both = log_of(&[("a.md", "- 容器\n"), ("c.md", "- 网关\n")]);
    mine.update(&both, &mut |_| {}).unwrap();
    assert_eq!(answers(&mine, &both), truth(&both));
    assert_eq!(answers(&Index::existing(&place).unwrap(), &both), truth(&both));
}
