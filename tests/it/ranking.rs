//! What a person looking for something should see first: queries, judged before the program was
//! asked.
//!
//! The order is that of the command line: what the query finds by [`Query::order`], then what
//! may have been meant.

pub mod notes;

use crate::support::log;
use jiff::civil::{Date, date};
use sennight::{
    files::source::{self, Origin},
    find::Finder,
    log::Log,
    note::tag::TagRules,
    query::Query,
};
use std::sync::Arc;

/// A query; the place by which the entry must come; a piece of its text, or none where nothing is
/// to be found.
type Row = (&'static str, usize, &'static str);

/// Over [`notes::NOTES`].
const ROWS: &[Row] = &[
    // Words, and where they stand.
    ("kubelet", 1, "kubelet 驱逐 Pod 的顺序"),
    ("Prometheus", 1, "抓 GPU 的温度"),
    ("bisect", 1, "退出码 125"),
    ("kubernetes", 1, "Graceful shutdown"),
    ("keepalive", 1, "内核探测对端死活"),
    ("containers", 1, "nobody misses the daemon"),
    ("postmortem", 1, "renewal job"),
    ("sharding", 1, "central assigner"),
    // Chinese of one character to four.
    ("炭", 1, "烤箱温控坏了"),
    ("相机", 1, "过片扳手"),
    ("容器", 3, "容器启动慢的原因"),
    ("容器", 3, "容器網路的內訓"),
    ("限流", 1, "限流组件重构"),
    ("限流", 3, "给网关加限流"),
    ("登山鞋", 1, "膝盖好多了"),
    ("令牌桶", 3, "给网关加限流"),
    ("服务网格", 1, "无 sidecar"),
    ("混沌演练", 1, "断了一个可用区"),
    ("年终总结", 1, "少做了两件事"),
    // Scripts mixed, with and without blanks.
    ("eBPF可观测", 1, "kprobe"),
    ("ebpf 可观测", 1, "kprobe"),
    ("GPU节点", 1, "训练任务不再随机掉卡"),
    ("pod的顺序", 1, "MemoryPressure"),
    // Several words: together before apart.
    ("lazy loading", 1, "首页的大图"),
    ("loading lazy", 2, "The loading of plugins"),
    ("\"lazy loading\"", 1, "首页的大图"),
    ("网关 限流", 1, "给网关加限流"),
    ("网关 超时", 1, "网关超时事故复盘"),
    ("事故 复盘", 1, "网关超时事故复盘"),
    ("连接池", 1, "八个连接"),
    ("rate limit", 1, "counts per tenant"),
    ("nerdctl 网络", 1, "画了张图"),
    ("token bucket", 0, ""),
    // Still typing.
    ("kubel", 1, "kubelet 驱逐 Pod 的顺序"),
    ("kuber", 1, "Graceful shutdown"),
    ("metast", 1, "触发条件撤走之后"),
    ("rus", 1, "async traits"),
    ("slic", 1, "central assigner"),
    ("git bi", 1, "退出码 125"),
    ("no", 1, "A note on writing notes"),
    // A tag, and what only has the word.
    ("raft", 1, "成员变更"),
    ("tag:consensus-protocols", 1, "成员变更"),
    ("#eBPF", 1, "抓包工具第二版"),
    ("ebpf", 1, "抓包工具第二版"),
    // The newest of equals.
    ("磁盘告警", 1, "自动清理"),
    ("磁盘告警", 2, "换告警阈值"),
    ("值班", 1, "自动清理"),
    ("膝盖", 1, "医生建议游泳"),
    ("sidecar", 1, "无 sidecar"),
    // Slips of the keys.
    ("kubernetse", 1, "Graceful shutdown"),
    ("kubeltes", 1, "kubelet 驱逐 Pod 的顺序"),
    ("nerdclt", 3, "nerdctl#1331"),
    ("contianer", 3, "exits at once"),
    ("promethues", 1, "抓 GPU 的温度"),
    ("gracefull", 1, "Graceful shutdown"),
    // Pinyin in full, by initials, with letters; homophones.
    ("rongqi", 3, "容器启动慢的原因"),
    ("rq", 3, "容器启动慢的原因"),
    ("ebpfkgc", 1, "kprobe"),
    ("fupan", 3, "网关超时事故复盘"),
    ("fupan", 3, "缓存雪崩的覆盘"),
    ("xianliu", 1, "限流组件重构"),
    ("hundunyanlian", 1, "断了一个可用区"),
    ("fwwg", 1, "无 sidecar"),
    ("lingpaitong", 3, "给网关加限流"),
    ("覆盘", 1, "缓存雪崩的覆盘"),
    ("覆盘", 3, "网关超时事故复盘"),
    // One character in several forms.
    ("机器学习", 1, "去臺北參加開發者大會"),
    ("容器网路", 1, "容器網路的內訓"),
    ("網關超時", 1, "网关超时事故复盘"),
    ("台北", 3, "行李里多了六本书"),
    ("GPU 535", 1, "训练任务不再随机掉卡"),
    ("ｋｕｂｅｌｅｔ", 1, "kubelet 驱逐 Pod 的顺序"),
    ("cafe", 1, "near the station"),
    ("résumé", 1, "near the station"),
    ("resume", 1, "near the station"),
    // Threads, papers and the rest.
    ("pr:1331", 1, "合并了"),
    ("repo:containerd/nerdctl sort:oldest", 1, "让它认识懒加载的镜像"),
    ("rfc:9110", 1, "PUT 真的是幂等的"),
    ("rfc 9110", 1, "PUT 真的是幂等的"),
    ("CVE-2024-21626", 1, "目录描述符泄漏"),
    ("cve", 1, "目录描述符泄漏"),
    ("issue:17602", 1, "背压的时候丢指标"),
    ("has:paper sort:oldest", 1, "触发条件撤走之后"),
    ("has:code", 1, "退出码 125"),
    ("kind:incident", 1, "网关超时事故复盘"),
    // Fields of text and time.
    ("in:生活 膝盖 sort:oldest", 1, "下山的时候"),
    ("章节:生活 相机", 1, "过片扳手"),
    ("title:kubernetes", 1, "Graceful shutdown"),
    ("标题:限流 sort:oldest", 1, "给网关加限流"),
    ("path:til keepalive", 1, "内核探测对端死活"),
    ("date:2022-07 复盘", 1, "八个连接"),
    ("日期:去年10月", 1, "行李里多了六本书"),
    ("date:last-week", 1, "自动清理"),
    ("之后:2024-05 容器", 1, "能看到每个容器的重传"),
    ("before:2023 值班 sort:date", 1, "加盘"),
    ("is:undated 限流", 1, "默认值写成文档"),
    ("is:undated", 3, "内核探测对端死活"),
    // Either, neither, and orders.
    ("(复盘 OR 覆盘) 缓存", 1, "缓存雪崩的覆盘"),
    ("混沌 OR 蛙泳", 2, "断了一个可用区"),
    ("混沌 OR 蛙泳", 2, "像在求救"),
    ("gateway -tenant -certificate", 1, "one percent"),
    ("nerdctl NOT pr:1331", 3, "画了张图"),
    ("nerdctl sort:date", 1, "画了张图"),
    ("nerdctl sort:oldest", 1, "让它认识懒加载的镜像"),
    ("sort:oldest 值班", 1, "删日志"),
    ("十年", 1, "省事的打包方式"),
];

/// Over the sample log.
const OF_SAMPLE: &[Row] = &[
    ("range-diff", 1, "第三次就回不去了"),
    ("amtool", 1, "amtool silences last one hour"),
    ("strict", 1, "SQLite tables can be STRICT"),
    ("memory.high", 1, "memory.high 是刹车"),
    ("ndots", 1, "ndots:5 会把一次解析变成八次"),
    ("udp conntrack", 1, "UDP has no goodbye"),
    ("SIEVE", 3, "One queue, one hand"),
    ("metastable", 3, "亚稳态故障的定义"),
    ("slacker", 3, "Slacker 读完了"),
    ("令牌桶", 1, "令牌桶的水位"),
    ("红烧肉", 1, "冰糖炒过头了"),
    ("莫干山", 1, "山里没有信号"),
    ("蟑", 1, "一只真正的 bug"),
    ("静音 检查", 1, "静音检查日"),
    ("靜音檢查日", 1, "静音检查日"),
    ("事故复盘", 1, "事故复盘会第二场"),
    ("连接表 演练", 3, "打满连接表"),
    ("distributed lock", 1, "fencing token"),
    ("prometheus 3", 1, "First major release"),
    ("CVE-2024-3094", 1, "半秒钟，两年的潜伏"),
    ("kind:incident", 1, "对外影响 23 分钟"),
    ("nerdctl#4157", 1, "健康检查"),
    ("GOMAXPROCS 1.25", 3, "节流时间占比"),
    ("tokio", 1, "unbounded_channel"),
    ("repo:cilium/cilium sort:oldest", 1, "backlog 队列"),
    ("pr:3912", 1, "可以退役了"),
    ("date:2024-07 slacker", 1, "Slacker 读完了"),
    ("host:usenix.org sort:oldest", 1, "论文时间（上）"),
    ("nerdctl sort:date", 1, "nerdctl 的两个小尾巴"),
    ("nerdctl sort:oldest", 2, "homelab 迁移到"),
    ("in:生活 面包", 3, "第二片"),
    ("is:undated 猫", 1, "猫趴在盆上"),
    ("kubernetse", 3, "ubernetes"),
    ("determinstic", 1, "deterministic"),
    ("lianjiebiao", 3, "连接表"),
    ("ljz", 3, "懒加载"),
    ("ywt", 3, "亚稳态"),
    ("xz", 3, "半秒钟，两年的潜伏"),
];

const TODAY: Date = date(2024, 8, 20);

/// The texts found, in the order of the command line.
fn found(log: &Arc<Log>, query: &str) -> Vec<String> {
    let query = Query::parse_on(query, Some(TODAY)).query;
    let mut finder = Finder::new(log.clone(), None);
    let query = Query { order: Some(query.order()), ..query };
    let mut hits = finder.list(&query, query.order());
    let similar = finder.similar(&query, &hits, &|| false);
    hits.extend(similar.into_iter().flat_map(|similar| similar.hits));
    hits.into_iter().map(|id| [log.entry(id).title(), log.entry(id).plain()].join("\n")).collect()
}

/// The rows that do not hold, each with what came first instead.
fn broken(log: &Arc<Log>, rows: &[Row]) -> Vec<String> {
    let broken = |(query, within, piece): &Row| {
        let found = found(log, query);
        let holds = match piece {
            &"" => found.is_empty(),
            piece => found.iter().take(*within).any(|text| text.contains(piece)),
        };
        let place = found.iter().position(|text| text.contains(piece)).map_or("-".into(), |at| (at + 1).to_string());
        let first = found.iter().take(3).map(|text| text.chars().take(24).collect::<String>());
        let first = first.collect::<Vec<_>>().join(" | ").replace('\n', " ");
        (!holds).then(|| format!("{query}: “{piece}” is {place} and not {within}: {first}"))
    };
    rows.iter().filter_map(broken).collect()
}

#[test]
fn what_is_looked_for_comes_first() {
    let broken = broken(&Arc::new(log(&notes::NOTES)), ROWS);
    assert!(broken.is_empty(), "{} of {}:\n{}", broken.len(), ROWS.len(), broken.join("\n"));
}

#[test]
fn what_is_looked_for_in_the_sample_comes_first() {
    let sample = source::read(&Origin::Sample, &TagRules::built_in()).expect("the sample");
    let broken = broken(&Arc::new(sample), OF_SAMPLE);
    assert!(broken.is_empty(), "{} of {}:\n{}", broken.len(), OF_SAMPLE.len(), broken.join("\n"));
}

#[test]
fn a_thread_is_the_same_by_every_name() {
    let log = Arc::new(log(&notes::NOTES));
    let thread = |query: &str| {
        let mut found = found(&log, query);
        found.sort();
        found
    };
    let expected = thread("pr 1331");
    assert_eq!(expected.len(), 2, "{expected:?}");
    for query in ["PR1331", "pr1331", "#1331", "nerdctl#1331", "containerd/nerdctl#1331", "ＰＲ１３３１"] {
        assert_eq!(thread(query), expected, "{query}");
    }
}
