//! Vocabularies of two languages: short lists, and rules that make an infinite number of words from them.
//!
//! The nth noun of a language is the same in every log. The first nouns are listed; the rest are
//! formed like technical terms: by derivation, as compounds, or as project names.

/// Nouns from computing, most frequent first.
const NOUNS: &str = "cache queue service cluster container index test parser network build node server kernel
    memory thread worker request latency script config database token image deploy pipeline log metric release
    branch socket proxy scheduler timeout buffer lock disk registry gateway session driver module compiler snapshot
    replica shard client runner cursor patch trace volume packet mirror certificate dashboard alert migration retry
    schema transaction backup filter sandbox operator daemon header router payload plugin allocator bucket ledger
    manifest checksum namespace heartbeat quorum watcher syscall iterator column segment journal tenant probe quota
    budget hook stream batch leader follower balancer firewall bootloader terminal editor keyboard font tokenizer
    bitmap tree graph vector kernel-module page-table hypervisor benchmark linter formatter template notebook
    workflow archive resolver lease epoch barrier mutex semaphore fixture coverage regression throughput bandwidth
    backpressure rollback failover handshake keepalive checkpoint compaction tombstone sidecar autoscaler canary";

/// Names, spelled the same in both languages.
const NAMES: &str = "Kubernetes containerd Linux eBPF Rust Go Postgres Redis nerdctl etcd Prometheus Docker SQLite
    Envoy Kafka Python Grafana Cilium runc buildkit systemd QUIC TLS DNS gRPC Tokio io_uring LLVM ClickHouse TiDB
    RocksDB Nginx Helm Istio WASM Terraform Ansible Git Raft Tantivy CoreDNS OpenTelemetry S3 Ceph QEMU KVM Vim Neovim
    tmux Emacs TypeScript Zig Bazel Nix";

/// Regular verbs, with a past tense in `ed`.
const VERBS: &str = "patch measure profile replace review move test trace merge document clean benchmark release check
    debate port revert rename tune cache batch shard deploy restart isolate migrate validate compress encrypt monitor
    refactor reproduce bisect backport upgrade remove disable enable extract inline parse schedule limit retire
    untangle archive";

const ADJECTIVES: &str = "slow small new old broken flaky noisy quiet cheap boring stale fast simple tiny large
    strange missing honest readable fragile idle greedy lazy partial empty duplicate obsolete remote local random
    silent careful exact loose shallow deep cold warm";

const PREFIXES: &str = "re un pre multi sub over auto de co micro meta semi cross hyper";
const SUFFIXES: &str = "er ing able less ness ful ized wise like ctl fs kit lib hub d";
const ROOTS: &str = "batch shard cache patch route trace pool lock hash page node load scale cast bind frame link
    merge mount pack parse probe queue read seal sort spill split stack store swap sync tag tune vault walk watch
    write yield band bloom crate drift fork gate graft knot lint map mesh";
const SYLLABLES: &str = "ka ri to mo ne su va lo di ra mi te no zu pe la fi go sha ve ku ta ren xi ba lu ha je po
    dor tin mar vex lum cor nia gal bri sol zen quo ark el um ist or yn";

const HAN_NOUNS: &str = "服务 缓存 容器 接口 集群 网关 日志 代码 测试 内存 配置 数据 镜像 线程 队列 脚本 请求 索引 指标
    告警 流量 节点 调度 内核 网络 磁盘 延迟 文档 版本 证书 权限 监控 连接 超时 进程 分支 仓库 补丁 链路 事务 副本 主库
    从库 快照 分片 协议 域名 机房 机器 模块 插件 编译 依赖 构建 流水线 部署 回滚 灰度 压测 限流 熔断 降级 重试 心跳 租约
    选主 分区 备份 迁移 平台 框架 组件 方案 设计 架构 需求 排期 周报 会议 复盘 事故 值班 工单 预案 演练 用户 同事 老板
    团队 面试 报表 看板 大盘 控制台 命令行 终端 编辑器 键盘 字体 解析器 分词 检索 排序 词表 倒排 向量 位图 哈希 锁 信号
    句柄 端口 防火墙 负载 代理 隧道 握手 报文 丢包 重传 拥塞 带宽 抖动 时钟 时区 编码 乱码 正则 模板 表单 前端 后端
    中间件 消息 主题 消费者 水位 积压 死信 幂等 一致性 可用性 可观测 采样 火焰图 调用栈 断点 崩溃 泄漏 碎片 回收 逃逸
    虚拟机 沙箱 命名空间 挂载 文件系统 块设备 页表 中断 系统调用 懒加载 预热 冷启动 休眠 扩容 缩容 成本 账单 预算 配额";

const HAN_LIFE: &str = "猫 咖啡 面包 书 电影 自行车 公园 医院 地铁 阳台 植物 厨房 晚饭 火锅 耳机 吉他 相机 照片 博物馆
    展览 小说 跑步 爬山 游泳 露营 红枫 桂花 雨 台风 周末 假期 老家 父母 朋友 邻居 房东 快递 牙医 体检 睡眠 早起 菜市场
    豆腐 饺子 茶 旧书店 唱片 拼图 围棋 骑行 河边 桥 夜班车 站台 雪 风筝";

const HAN_VERBS: &str = "排查 修复 重构 升级 部署 整理 迁移 优化 测试 评审 合并 回滚 监控 压测 讨论 设计 拆分 验证 复现
    定位 改写 补充 清理 关闭 打开 重启 替换 学习 研究 阅读 记录 总结 对比 跟进 推进 支持 调整 简化 封装 发布 观察 确认
    收集 分析 统计 画 写 看 试 装 删 搬";

const HAN_ADJECTIVES: &str = "慢 快 奇怪 简单 复杂 稳定 正常 异常 清楚 混乱 便宜 贵 安静 吵 老 新 干净 及时 顺利 意外
    完整 缺失 过期 满 空 有趣 无聊 合理 可靠 脆弱 靠谱 麻烦 轻松 漫长";

/// Characters that form words, most frequent first.
const HAN_MORPHEMES: &str = "数据网服务存储流量计算调度管理分布式读写节点内外核心缓冲池锁表单元件接口链路径向图像声
    光电力学习练测试验证明文字符号码编译解析构建部署监控制定时钟频率高低延迟快慢启动停止重复回收发送传输入出错误差异常
    规则条约束合并拆卸装载运行列队组群主从备份恢复原版本源头尾首页面板块层级树根叶枝干湿冷热温度量程序员工作业余生活动
    静态势能效果实现场景深浅长短期间隔离线上下左右前后方法术语言论题目标志愿望远近代理由来去向往返程度假设想象征求索引";

/// Final characters of three-character words.
const HAN_ENDINGS: &str = "器层表机员化性度率池线网库版区端点组集图法论体式型";

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
const PEOPLE: &str = "Ada Lin Mo Wei Sam Iris Jun Noor Max Yuki Tess Omar Kai Rui Ben Lena Qing Leo Hana Finn";

/// Tags that people write in notes, most frequent first.
const TAGS: &str = "linux 容器 go rust 随笔 数据库 network 读书 kubernetes 运维 性能 life 事故 tools 论文 debug 工具
    ebpf 周报 security 写作 observability 架构 career 跑步 compiler 猫 storage 翻译 meeting 面试 editor 学习 homelab
    开源 design 旅行 testing 音乐 process 摄影 release";

/// Word lists, split once for fast access.
pub struct Words {
    nouns: Vec<&'static str>,
    pub names: Vec<&'static str>,
    pub verbs: Vec<&'static str>,
    pub adjectives: Vec<&'static str>,
    prefixes: Vec<&'static str>,
    suffixes: Vec<&'static str>,
    roots: Vec<&'static str>,
    syllables: Vec<&'static str>,
    han_nouns: Vec<&'static str>,
    pub han_life: Vec<&'static str>,
    pub han_verbs: Vec<&'static str>,
    pub han_adjectives: Vec<&'static str>,
    morphemes: Vec<char>,
    endings: Vec<char>,
    pub surnames: Vec<char>,
    pub people: Vec<&'static str>,
    pub tags: Vec<&'static str>,
}

fn split(words: &'static str) -> Vec<&'static str> {
    words.split_whitespace().collect()
}

fn characters(text: &str) -> Vec<char> {
    let mut all: Vec<char> = Vec::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if !all.contains(&c) {
            all.push(c);
        }
    }
    all
}

impl Words {
    pub fn new() -> Words {
        Words {
            nouns: split(NOUNS),
            names: split(NAMES),
            verbs: split(VERBS),
            adjectives: split(ADJECTIVES),
            prefixes: split(PREFIXES),
            suffixes: split(SUFFIXES),
            roots: split(ROOTS),
            syllables: split(SYLLABLES),
            han_nouns: split(HAN_NOUNS),
            han_life: split(HAN_LIFE),
            han_verbs: split(HAN_VERBS),
            han_adjectives: split(HAN_ADJECTIVES),
            morphemes: characters(HAN_MORPHEMES),
            endings: characters(HAN_ENDINGS),
            surnames: characters(SURNAMES),
            people: split(PEOPLE),
            tags: split(TAGS),
        }
    }

    /// Writes the English noun of a rank.
    pub fn noun(&self, rank: usize, out: &mut String) {
        let Some(rank) = rank.checked_sub(self.nouns.len()) else { return out.push_str(self.nouns[rank]) };
        let nth = rank / 4;
        match rank % 4 {
            0 => {
                out.push_str(digit(nth, &self.prefixes));
                out.push_str(digit(nth / self.prefixes.len(), &self.roots));
                let rest = nth / self.prefixes.len() / self.roots.len();
                more(rest, &self.suffixes, out);
            }
            1 => {
                out.push_str(digit(nth, &self.nouns));
                out.push(if nth % 3 == 0 { '_' } else { '-' });
                out.push_str(digit(nth / self.nouns.len(), &self.roots));
                more(nth / self.nouns.len() / self.roots.len(), &self.suffixes, out);
            }
            2 => {
                out.push_str(digit(nth, &self.roots));
                out.push_str(digit(nth / self.roots.len(), &self.suffixes));
                more(nth / self.roots.len() / self.suffixes.len(), &self.syllables, out);
            }
            _ => self.project(nth, out),
        }
    }

    /// Writes the nth name of a project that does not exist.
    pub fn project(&self, nth: usize, out: &mut String) {
        out.push_str(digit(nth, &self.syllables));
        out.push_str(digit(nth / self.syllables.len(), &self.syllables));
        more(nth / self.syllables.len() / self.syllables.len(), &self.syllables, out);
        out.push_str(digit(nth, &["", "", "ra", "n", "x"]));
    }

    /// Writes the Chinese noun of a rank.
    pub fn han_noun(&self, rank: usize, out: &mut String) {
        let Some(rank) = rank.checked_sub(self.han_nouns.len()) else { return out.push_str(self.han_nouns[rank]) };
        let (nth, nouns, morphemes) = (rank / 3, self.han_nouns.len(), self.morphemes.len());
        match rank % 3 {
            0 => {
                out.push_str(self.han_nouns[nth % nouns]);
                out.push_str(self.han_nouns[nth / nouns % nouns]);
                self.morphemes_of(nth / nouns / nouns, out);
            }
            1 => {
                out.push(self.morphemes[nth % morphemes]);
                out.push(self.morphemes[(nth / morphemes + nth * 7 + 1) % morphemes]);
                self.morphemes_of(nth / morphemes / morphemes, out);
            }
            _ => {
                out.push(self.morphemes[nth % morphemes]);
                out.push(self.morphemes[(nth / morphemes + nth * 5 + 2) % morphemes]);
                self.morphemes_of(nth / morphemes / morphemes, out);
                out.push(self.endings[nth % self.endings.len()]);
            }
        }
    }

    fn morphemes_of(&self, mut rest: usize, out: &mut String) {
        while rest > 0 {
            rest -= 1;
            out.push(self.morphemes[rest % self.morphemes.len()]);
            rest /= self.morphemes.len();
        }
    }
}

fn digit<'a>(nth: usize, list: &[&'a str]) -> &'a str {
    list[nth % list.len()]
}

/// Writes the rest of a number as words from `list`, or nothing if the rest is 0.
fn more(mut rest: usize, list: &[&str], out: &mut String) {
    while rest > 0 {
        rest -= 1;
        out.push_str(digit(rest, list));
        rest /= list.len();
    }
}
