//! Notes to rank: two years of an invented engineer, in the shapes of real weekly reports.

/// Path and text.
pub const NOTES: [(&str, &str); 26] = [
    (
        "weekly/2022-06-week4.md",
        "# 2022年6月第四周周报

## 技术

1. 容器启动慢的原因找到了：镜像有十二层，其中九层是同一个 jar 包的不同版本
2. 调研服务网格，sidecar 每个要吃掉 60 MB 内存，老板看完报价沉默了
3. 值班，处理了磁盘告警，删日志

## 生活

1. 买了一台旧的胶片相机，过片扳手有点松
",
    ),
    (
        "weekly/2022-07-week3.md",
        "# 2022年7月第三周周报

## 技术

1. 给 [nerdctl](https://github.com/containerd/nerdctl) 提了 [PR1331](https://github.com/containerd/nerdctl/pull/1331)，让它认识懒加载的镜像
2. eBPF 可观测性的第一次尝试：用 kprobe 数了一下午的系统调用
3. 和同事争论 Kubernetes 的存活探针该不该去查数据库，结论是不该

## 生活

1. 周末爬梧桐山，下山的时候膝盖像没有资源的容器一样重启了三次
",
    ),
    (
        "weekly/2022-07-week4.md",
        "# 2022年7月第四周周报

## 技术

1. [nerdctl#1331](https://github.com/containerd/nerdctl/pull/1331) 合并了，维护者顺手改了我的提交信息，比我写得好
2. 周四的复盘会开了两个小时，网关超时是因为连接池里只有八个连接
3. 首页的大图改成 lazy loading，首屏快了一秒多

## 总结

下周：把探针的文档补完
",
    ),
    (
        "weekly/2022-09-week2.md",
        "# 2022年9月第二周周报

## 技术

1. loading 的动画被产品退回，说做得太 lazy，要有品牌感
2. 缓存雪崩的覆盘写完了，一共三页，其中两页是时间线
3. 升级 runc，顺便看了 [CVE-2022-29162](https://nvd.nist.gov/vuln/detail/CVE-2022-29162) 的补丁
4. 值班，处理了磁盘告警，加盘

## 生活

1. 中秋在家做月饼，烤箱温控坏了，得到十二块炭
",
    ),
    (
        "weekly/2022-11-week3.md",
        "# 2022年11月第三周周报

## 技术

1. 给网关加限流：令牌桶，按租户，默认每秒两百
2. 读 Raft 论文第三遍，成员变更终于看懂了一半 #raft
3. 写了一个 Prometheus 的 exporter，抓 GPU 的温度

## 生活

1. 换了新的登山鞋，膝盖好多了
",
    ),
    (
        "weekly/2023-week05.md",
        "# 2023 年第5周周报

## 技术

1. 节点镜像升级了一轮，操作系统、containerd、监控代理都换了新版本，过程里顺便把几台很久没有重启的机器清了出来，kubelet 的日志多了一堆 warning，看着吓人其实没有影响；另外发现有两台机器的时钟快了四十秒，原因是 chrony 的配置在上次装机的时候漏了，补上之后观察了两天，一切正常，顺手把检查写进了装机脚本
2. 用 Rust 重写了日志采集器，Tokio 加 channel，内存从 400 MB 降到 30 MB
3. 可观测平台选型会开了第三次，还是没有结论

## 生活

1. 春节回来胖了三斤
",
    ),
    (
        "weekly/2023-week11.md",
        "# 2023 年第11周周报

## 技术

1. 周二网关出了事故，过程写在单独的文档里
2. 值班，处理了磁盘告警，清理镜像
3. 看了一篇讲重试风暴的文章，指数退避要加抖动

## 生活

1. 生日，三十二，许愿少开会
",
    ),
    (
        "incidents/gateway-timeouts.md",
        "---
date: 2023-03-14
---

# 网关超时事故复盘

影响：下单接口四十分钟内有一成请求超时。

时间线：20:02 发布新版本；20:05 告警，P99 升到 3 秒；20:15 怀疑数据库，扩容无效；20:31 回滚，20:42 恢复。

根因：新版本把连接池的上限从 200 写成了 20，灰度的那台机器流量太小，看不出来。

教训：灰度要带够流量；连接池的水位要有监控。
",
    ),
    (
        "weekly/2023-week22.md",
        "# 2023 年第22周周报

## 技术

1. 混沌演练第一次在白天做，断了一个可用区的网络，业务没有感觉，监控也没有感觉
2. 给 [vectordotdev/vector](https://github.com/vectordotdev/vector) 提了个 [issue](https://github.com/vectordotdev/vector/issues/17602)，背压的时候丢指标

## 生活

1. 学会了蛙泳换气，教练说像在求救
",
    ),
    (
        "weekly/2023-week41.md",
        "# 2023 年第41周週報

## 技術

1. 去臺北參加開發者大會，聽了一場講機器學習推論服務的演講
2. 幫團隊做了容器網路的內訓，講到封包怎麼從網橋走到網卡

## 生活

1. 夜市的臭豆腐比機場的便當好吃
",
    ),
    (
        "weekly/2024-week02.md",
        "# 2024 年第2周周报

## 技术

1. 限流组件重构，令牌桶换成了滑动窗口，配置从三处合成一处
2. ＧＰＵ 节点的驱动升到 ５３５，训练任务不再随机掉卡
3. 值班，处理了磁盘告警，换告警阈值

## 生活

1. 猫把年终总结的草稿踩没了
",
    ),
    (
        "weekly/2024-week18.md",
        "# 2024 年第18周周报

## 技术

1. 把 HTTP 语义的 [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) 从头读了一遍，PUT 真的是幂等的
2. runc 补丁打完，[CVE-2024-21626](https://nvd.nist.gov/vuln/detail/CVE-2024-21626)，目录描述符泄漏
3. 第三次给 nerdctl 提交代码，这回是文档

## 生活

1. 五一去海边，晒伤
",
    ),
    (
        "weekly/2024-week32.md",
        "# 2024 年第32周周报

## 技术

1. 可观测性平台上线，三支柱合到一个页面，搜索追踪从三十秒到一秒
2. 服务网格换成了无 sidecar 的模式，内存省了一半
3. 研究了一下 nerdctl 的网络实现，画了张图

## 生活

1. 台风天，在家看了一整天的雨
",
    ),
    (
        "weekly/2024-week33.md",
        "# 2024 年第33周周报

## 技术

1. 值班，处理了磁盘告警，终于上了自动清理
2. eBPF 抓包工具第二版，能看到每个容器的重传

## 生活

1. 膝盖又疼了，医生建议游泳
",
    ),
    (
        "til/kubelet-eviction.md",
        "---
date: 2023-04-02
---

# kubelet 驱逐 Pod 的顺序

先看用量有没有超过 requests，再看优先级，最后看超了多少。`kubectl describe node` 里能看到 MemoryPressure。
",
    ),
    (
        "til/graceful-shutdown.md",
        "---
date: 2023-05-20
---

# Graceful shutdown in Kubernetes

The endpoint goes away at the same time as SIGTERM arrives, so new connections keep coming for a moment. Sleep a few seconds in preStop, then stop accepting, then drain.

A container that exits at once drops what the load balancer still sends it.
",
    ),
    (
        "til/tcp-keepalive.md",
        "# TCP keepalive 不是 HTTP keep-alive

前者是内核探测对端死活，默认两小时才开始；后者是复用连接。名字像，完全不是一回事。
",
    ),
    (
        "til/git-bisect-run.md",
        "---
date: 2024-01-20
---

# git bisect run 让机器自己找

```sh
git bisect start HEAD v1.4
git bisect run cargo test
```

退出码 125 表示跳过这个提交。
",
    ),
    (
        "weeknotes/2023-W20.md",
        "# Weeknotes 20

## Work

- Rate limiting at the gateway now counts per tenant. The bucket lives in Redis, with a local copy that is allowed to be wrong for a second
- Read the Dynamo paper again; the vector clocks are still the part everyone drops
- The loading of plugins is lazy now, which nobody noticed, as it should be

## Home

- Wrote most of this in a café near the station. The résumé of the week: rain
",
    ),
    (
        "weeknotes/2023-W21.md",
        "# Weeknotes 21

## Work

- Spent two days on a flaky test. The limit was a port that another test had taken
- Docker to containerd on the build machines: containers start faster, nobody misses the daemon
- A note on writing notes: short ones get written

## Home

- First ride of the year, 40 km, headwind both ways
",
    ),
    (
        "weeknotes/2024-W10.md",
        "# Weeknotes 10

## Work

- Tried Rust async traits in the collector. The compiler is right, as usual
- Postmortem of the certificate outage: the renewal job had been failing since January and told a channel nobody reads
- Gateway canary: one percent for an hour, then ten, then all

## Home

- Pruned the apple tree
",
    ),
    (
        "history/2023.md",
        "# 2023

### 2023-12-31

- 年终总结：少做了两件事，做对了一件
- 跨年夜值班，零告警

### 2023-10-15

- 从台北回来，行李里多了六本书

### 2023-07-08

- 第一次看日出，起太早，忘了带相机
",
    ),
    (
        "papers/2023-06-metastable.md",
        "---
date: 2023-06-18
tags: [reliability]
---

# 亚稳态故障

[Metastable Failures in the Wild](https://www.usenix.org/conference/osdi22/presentation/huang-lexiang)，OSDI 2022。

触发条件撤走之后系统自己回不来，靠的是一个正反馈，最常见的是重试。缓存、重试、限流都可能是放大器。
",
    ),
    (
        "papers/2024-02-slicer.md",
        "---
date: 2024-02-11
---

# Slicer: Auto-Sharding for Datacenter Applications

[OSDI 2016](https://www.usenix.org/conference/osdi16/technical-sessions/presentation/adya). Sharding as a service: a central assigner, clients that cache the assignment. 一致性哈希之外的另一条路。
",
    ),
    (
        "ideas.txt",
        "想做还没做

  • 给周报写一个终端里的浏览器
  • 把限流的默认值写成文档
  • 学会修相机的快门
",
    ),
    (
        "essays/2024-05-containers.md",
        "---
date: 2024-05-26
---

# 十年

十年前第一次用容器的时候，觉得它只是一个省事的打包方式。后来写脚本管几十个容器，再后来有了编排，容器多到记不住名字，出了问题先看是哪台机器，再看是哪个容器，最后发现和容器没有关系，是磁盘满了。

这些年最大的变化不是工具，是习惯：服务死了就死了，换一个；配置不在机器上改；日志不落盘。年轻的同事没有见过别的做法，他们问为什么以前要登录机器，我想了想，说因为那时候机器有名字。

再过十年大概也没有人记得容器了，就像现在没有人记得我那些脚本。写到这里，去把硬盘上的脚本备份了一遍。
",
    ),
];
