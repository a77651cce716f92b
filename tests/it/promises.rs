//! What is promised of every search, wherever it is asked for.

use crate::{
    cli::sennight,
    ranking::notes::NOTES,
    support::{Session, log},
};
use rayon::prelude::*;
use sennight::{
    app::Message,
    config::Config,
    files::source::{self, Origin},
    find::Finder,
    index::Index,
    log::{EntryId, Log},
    note::tag::TagRules,
    query::{Atom, Clause, Query, similar::highlight_query},
    text::{fold, is_han},
};
use std::{
    collections::{BTreeSet, HashMap},
    fs,
    sync::Arc,
    time::Instant,
};

/// Every part of the language, and what is found only by a guess or not at all.
const QUERIES: [&str; 41] = [
    "容器",
    "的",
    "eBPF可观测",
    "kuber",
    "kubernetes 探针",
    "lazy loading",
    "\"lazy loading\"",
    "「网关超时」",
    "PR1331",
    "#1331",
    "nerdctl#1331",
    "學習",
    "ＧＰＵ",
    "résumé",
    "tag:raft",
    "#eBPF",
    "-tag:containers 容器",
    "kind:paper",
    "类型:life",
    "in:生活 猫",
    "title:kubelet",
    "path:til",
    "pr:1331",
    "repo:containerd/nerdctl",
    "cve:2024-21626",
    "rfc:9110",
    "host:usenix.org",
    "has:code",
    "-has:link 值班",
    "after:2024",
    "before:2022-07",
    "date:2022-07..2022-09 值班",
    "is:undated",
    "(限流 OR 网关) -事故",
    "NOT 容器 节点",
    "没有这个词",
    "nerdclt",
    "kubernetse",
    "fupan",
    "rq",
    "限硫 OR tga:x",
];

fn keys(json: &[u8]) -> Vec<String> {
    fn gather(value: &serde_json::Value, keys: &mut Vec<String>) {
        match value {
            serde_json::Value::Array(values) => values.iter().for_each(|value| gather(value, keys)),
            value if value["key"].is_string() => keys.extend(value["key"].as_str().map(str::to_owned)),
            serde_json::Value::Object(note) => note.get("entries").into_iter().for_each(|value| gather(value, keys)),
            _ => {}
        }
    }
    let mut keys = Vec::new();
    gather(&serde_json::from_slice(json).unwrap_or_default(), &mut keys);
    keys
}

/// The screen scans; the command line has an index.
#[test]
fn screen_command_line_and_export_agree_to_the_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in NOTES {
        let file = folder.path().join("notes").join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, text).expect("a note");
    }
    let run = |arguments: &[&str]| {
        let output = sennight(folder.path()).env("SENNIGHT_LOG", "notes").args(arguments).output().expect("it runs");
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {output:?}");
        keys(&output.stdout)
    };
    run(&["index"]);
    let mut notes = NOTES;
    notes.sort_unstable();
    let mut session = Session::new(log(&notes), 100, 30);
    let mut found = 0;
    for (nth, query) in QUERIES.into_iter().enumerate() {
        session.press("<esc> <esc> <esc> /");
        session.send(Message::Paste(query.to_owned()));
        let shown: Vec<String> =
            session.model.results.hits.iter().map(|id| session.model.notes.log.entry(*id).key().to_string()).collect();
        found += shown.len();
        assert_eq!(run(&["search", "--format", "json", "--sort", "date", "--", query]), shown, "{query}");
        let sorted: BTreeSet<&String> = shown.iter().collect();
        assert_eq!(
            run(&["export", "--format", "json", "--", query]).iter().collect::<BTreeSet<_>>(),
            sorted,
            "{query}"
        );
        if nth % 4 == 0 {
            let ranked = run(&["search", "--format", "json", "--", query]);
            assert_eq!((ranked.len(), ranked.iter().collect::<BTreeSet<_>>()), (shown.len(), sorted), "{query}");
        }
    }
    assert!(found > 150, "{found}");
}

#[test]
fn every_hit_shows_why_it_is_one() {
    let log = Arc::new(log(&NOTES));
    let mut finder = Finder::new(log.clone(), None);
    let mut guessed = 0;
    for query in
        ["kubernetse", "nerdclt", "contianer", "fupan", "rq", "ebpfkgc", "覆盘", "容器", "学习", "cafe", "lazy loading"]
    {
        let (query, _) = Query::parse(query);
        let hits = finder.find(&query);
        let similar = finder.similar(&query, &hits, &|| false);
        let marks = highlight_query(&query, &similar);
        for hit in hits.iter().chain(similar.iter().flat_map(|similar| &similar.hits)) {
            let entry = log.entry(*hit);
            let marked: Vec<String> = entry
                .fields()
                .flat_map(|text| {
                    marks.highlights(&text).into_iter().map(|place| text[place].to_owned()).collect::<Vec<_>>()
                })
                .collect();
            assert!(!marked.is_empty(), "{query}: {entry:?}");
            // Of a guess, what is marked is one of the words that it names.
            if let Some(similar) = similar.iter().find(|similar| similar.hits.contains(hit)) {
                guessed += 1;
                let words: Vec<String> = similar.guess.words.iter().map(|word| fold(word)).collect();
                let is_named = |text: &String| words.iter().any(|word| fold(text).replace(' ', "").contains(word));
                assert!(marked.iter().any(is_named), "{query}: {marked:?} {words:?}");
            }
        }
    }
    assert!(guessed > 20, "{guessed}");
}

/// What is guessed at is the same with an index, which chains it up of what stands side by side, and
/// without, where every text is read.
#[test]
fn guesses_by_sound_need_no_index() {
    // One character that stands beside no other of its kind.
    let notes = [&NOTES[..], &[("2024-W52.md", "- eBPF 栈 overflow\n")]].concat();
    let log = Arc::new(log(&notes));
    let mut index = Index::in_memory().expect("an index");
    index.update(&log, &mut |_| {}).expect("an update");
    let mut indexed = Finder::new(log.clone(), Some(index.searcher(&log).expect("a searcher")));
    let mut scanning = Finder::new(log.clone(), None);
    let words = [
        "rongqi",
        "rongq",
        "fupan",
        "xianliu",
        "ebpfkgc",
        "ebpfkeguance",
        "k8sjq",
        "shigufupan",
        "sgfp",
        "shgfp",
        "wangguan",
        "wg",
        "zhongqi",
        "chongqi",
        "lvyou",
        "kubernetse",
        "zhouyi",
        "xuexi",
        "zhiban",
        "覆盘",
        "限硫",
        "網管",
        "学系",
        "jingxiang",
        "lanjiazai",
        "ljz",
        "yongebpf",
        "nerdctlrongqi",
        "de",
        "shi",
        "xian",
        "a1",
        "jxck",
        "容器 fupan",
        "-fupan",
        "nerdclt",
        "contianer",
        "kuberntes x",
        "wgcs",
        "jiankong",
        "mao",
        "kjz",
        "ebpfzhan",
        "zhanebpf",
    ];
    let letters = || (b'a'..=b'z').map(char::from);
    let pairs = letters().flat_map(|a| letters().map(move |b| [a, b].iter().collect::<String>()));
    let mut found = 0;
    for typed in words.into_iter().map(str::to_owned).chain(pairs) {
        let (query, _) = Query::parse(&typed);
        let guess = |finder: &mut Finder| {
            let hits = finder.find(&query);
            finder.similar(&query, &hits, &|| false)
        };
        let (by_index, by_scan) = (guess(&mut indexed), guess(&mut scanning));
        // Of more than are taken, equally frequent ones may be others.
        let is_full = by_scan.iter().any(|similar| similar.guess.words.len() >= 40);
        if !is_full {
            assert_eq!(by_index, by_scan, "{typed}");
        }
        found += usize::from(!by_scan.is_empty() && !is_full);
    }
    assert!(found > 200, "{found}");
}

/// By the scan and by an index alike.
fn titles(log: &Arc<Log>, query: &str) -> Vec<String> {
    let (query, _) = Query::parse(query);
    let found = Finder::new(log.clone(), None).find(&query);
    let mut index = Index::in_memory().expect("an index");
    index.update(log, &mut |_| {}).expect("an update");
    assert_eq!(index.search(&query, log).expect("an answer"), found, "{query}");
    found.into_iter().map(|id| log.entry(id).title().chars().take(1).collect()).collect()
}

#[test]
fn a_thread_is_found_by_every_spelling() {
    let log = Arc::new(log(&[(
        "2022-08-week4.md",
        "# 周报\n\n- 甲 [合并了](https://github.com/containerd/nerdctl/pull/1331)\n\
         - 乙 见 containerd/nerdctl#1331\n\
         - 丙 [nerdctl](https://github.com/containerd/nerdctl) 的 PR 1331 有了后续\n\
         - 丁 [runc 的](https://github.com/opencontainers/runc/pull/1331)\n\
         - 戊 [nerdctl 的另一个](https://github.com/containerd/nerdctl/pull/133)\n\
         - 己 端口 2331，版本 1.331\n",
    )]));
    for query in [
        "pr#1331",
        "PR 1331",
        "PR1331",
        "#1331",
        "pr:1331",
        "pr:#1331",
        "＃1331",
        "pr＃1331",
        "PR-1331",
        "PR：1331",
        "\"PR: #1331\"",
        "ＰＲ１３３１",
        "pr:PR-1331",
        "合并请求：1331",
    ] {
        assert_eq!(titles(&log, query), ["甲", "乙", "丙", "丁"], "{query}");
    }
    for query in [
        "nerdctl#1331",
        "nerdctl＃1331",
        "\"nerdctl #1331\"",
        "containerd/nerdctl#1331",
        "Containerd/Nerdctl#1331",
        "pr:nerdctl#1331",
        "pr:containerd/nerdctl＃1331",
    ] {
        assert_eq!(titles(&log, query), ["甲", "乙", "丙"], "{query}");
    }
}

/// Every text of one to four Han characters that stands in a real log, where one lies beside the
/// repository: by the index just the entries that contain it.
#[test]
fn every_han_text_of_a_real_log_finds_just_the_entries_that_contain_it() {
    let Some(folder) = crate::support::corpus("zheaoli-weekly") else { return };
    let origin = Origin::new(vec![folder], &Config::default()).expect("an origin");
    let log = source::read(&origin, &TagRules::built_in()).expect("a log");
    let mut index = Index::in_memory().expect("an index");
    index.update(&log, &mut |_| {}).expect("an update");
    let searcher = index.searcher(&log).expect("a searcher");
    let mut expected: HashMap<String, BTreeSet<EntryId>> = HashMap::new();
    for entry in log.entries() {
        for field in entry.fields() {
            let blank = |c: &char| c.is_whitespace() && *c != '\n';
            let chars: Vec<char> = fold(&field).chars().filter(|c| !blank(c)).collect();
            for window in (1..=4).flat_map(|len| chars.windows(len)).filter(|window| window.iter().all(|c| is_han(*c)))
            {
                expected.entry(window.iter().collect()).or_default().insert(entry.id());
            }
        }
    }
    assert!(expected.len() > 100_000, "{}", expected.len());
    let start = Instant::now();
    expected.par_iter().for_each(|(text, entries)| {
        let query = Query { clauses: vec![Clause { negated: false, atom: Atom::Phrase(text.clone()) }], order: None };
        let found = searcher.search(&query).expect("an answer");
        assert!(found.iter().eq(entries), "{text}: {found:?} and not {entries:?}");
    });
    println!("{} texts in {:.1} s", expected.len(), start.elapsed().as_secs_f64());
}
