import type { Locale } from '../../functions/alert/ruleset/index.ts';

/** One statement of the rule as published, and its wording here in each language. */
export type Fact = { readonly number: string } & { readonly [locale in Locale]: readonly RegExp[] };

const fact = (number: string, en: readonly RegExp[], zh: readonly RegExp[] = en): Fact => ({
  number,
  en,
  'zh-CN': zh,
});

/** A step of the guide: its number, and behind it, before the next number, its words. */
const step = (number: string, en: readonly RegExp[], zh: readonly RegExp[] = en): Fact => {
  const within = (words: readonly RegExp[]): readonly RegExp[] =>
    words.map(
      word =>
        new RegExp(
          `\\b${number}\\s(?:(?![A-Z]\\d\\d[a-z]?\\s)[^])*?${word.source}`,
          word.flags.replace('g', ''),
        ),
    );
  return fact(number, within(en), within(zh));
};

/** Everything that the rule's metadata, guide, query and mapping state, by the numbers of the rule's own list. */
export const CHECKLIST: readonly Fact[] = [
  fact(
    'M01',
    [/Persistence via WMI Standard Registry Provider, version/],
    [/通过 WMI 标准注册表提供程序实现持久化，版本/],
  ),
  fact(
    'M02',
    [
      /StdRegProv \(registry provider\) to modify registry locations that are commonly abused for persistence/,
    ],
    [/StdRegProv（注册表提供程序）修改常被滥用于持久化的注册表位置/],
  ),
  fact('M03', [/type\s+eql/], [/类型\s+eql/]),
  fact(
    'M04',
    [/logs-endpoint\.events\.registry-\*, endgame/],
    [/logs-endpoint\.events\.registry-\*、endgame/],
  ),
  fact('M05', [/endgame-\*/]),
  fact('M06', [/severity\s+high/], [/严重性\s*高/]),
  fact('M07', [/risk score 73 of 100/], [/风险评分 73（满分 100/]),
  fact('M08', [/every 5m,/], [/每 5m 运行/]),
  fact(
    'M09',
    [/now-9m \(date math; additional look-back\)/],
    [/now-9m 起搜索（日期数学格式；额外回溯时间）/],
  ),
  fact('M10', [/at most 100 alerts per run/], [/每次最多 100 条告警/]),
  fact('M11', [/references:\s+none/], [/参考资料：无/]),
  fact('M12', [/Domain: Endpoint/]),
  fact('M13', [/OS: Windows/]),
  fact('M14', [/Use Case: Threat Detection/]),
  fact('M15', [/Tactic: Persistence/]),
  fact('M16', [/Data Source: Elastic Endgame/]),
  fact('M17', [/Data Source: Elastic Defend/]),
  fact('M18', [/version 109/], [/版本 109/]),
  fact('M19', [/author\s+Elastic/], [/作者\s+Elastic/]),
  fact('M20', [/Elastic License v2/]),

  fact('G01', [/TRIAGE AND ANALYSIS/i], [/研判分析/]),
  fact(
    'G02',
    [/Investigating Persistence via WMI Standard Registry Provider/],
    [/调查通过 WMI 标准注册表提供程序实现的持久化/],
  ),
  step('G03', [/StdRegProv/, /lets users manage keys and values/], [/StdRegProv/, /管理注册表项和值/]),
  step('G04', [/unauthorised access/], [/未授权访问/]),
  step('G05', [/writes to persistence locations/], [/持久化位置的写入/]),
  step(
    'G06',
    [/Osquery Markdown plugin/, /8\.5\.0/, /unrendered/],
    [/Osquery Markdown 插件/, /8\.5\.0/, /未渲染/],
  ),

  step('I01', [/Process chain \(parent tree\) of unknown processes/], [/未知进程的进程执行链（父进程树）/]),
  step('I01a', [/prevalence/], [/普遍程度/]),
  step('I01b', [/expected path/], [/预期路径/]),
  step('I01c', [/digital signature valid/], [/数字签名是否有效/]),
  step('I02', [/Other alerts/, /user and host/, /48 hours/], [/其他告警/, /用户和主机/, /48 小时/]),
  step('I03', [/Exclude/], [/排除/]),
  step('I03a', [/planned patches/], [/补丁/]),
  step('I03b', [/updates/], [/更新/]),
  step('I03c', [/network administrator/], [/网络管理员/]),
  step('I03d', [/legitimate software installation/], [/合法的软件安装/]),
  step('I04', [/Prevalence/, /similar events on other hosts/], [/普遍程度/, /其他主机上的类似事件/]),
  step('I05', [/Identify the process/], [/识别触发此行为的进程/]),
  step('I06', [/Run key/, /signed/], [/Run 项/, /是否已签名/]),
  step('I07', [/Derived artefacts/], [/衍生痕迹/]),
  step('I08', [/private sandbox/], [/私有沙箱/]),
  step('I09', [/In the sandbox and on this host, observe and collect/], [/在沙箱和本主机上观察并收集/]),
  step('I10', [/external domains and addresses/], [/外部域名和 IP 地址/]),
  step('I11', [/network events/, /process\.entity_id/], [/网络事件/, /process\.entity_id/]),
  step('I12', [/DNS cache/, /odd entries/], [/DNS 缓存/, /异常/]),
  step('I13', [/FROM dns_cache/]),
  step('I14', [/registry events/, /accessed, modified or created/], [/注册表事件/, /访问、修改或创建/]),
  step('I15', [/Services: suspicious or odd entries/], [/服务：可疑或异常/]),
  step('I16', [/start_type, status, user_account\s+FROM services/]),
  step('I17', [/user_account IS NOT NULL/, /'%LocalSystem'/, /'%LocalService'/, /'%NetworkService'/]),
  step('I18', [/https:\/\/www\.virustotal\.com\/gui\/file\//, /authenticode/, /<> 'trusted'/]),
  step('I19', [/Get-FileHash/, /SHA-256/]),
  step('I19a', [/VirusTotal/]),
  step('I19b', [/Hybrid-Analysis/]),
  step('I19c', [/CISCO Talos/]),
  step('I19d', [/Any\.run/]),

  step('F01', [/unlikely to be legitimate/], [/不太可能是合法/]),
  step('F02', [/benign true positive \(B-TP\)/, /exception/], [/良性真阳性（B-TP）/, /例外/]),

  step('R01', [/incident response/], [/事件响应/]),
  step('R02', [/Isolate/], [/隔离/]),
  step('R03', [/malware/, /infected hosts/], [/恶意软件/, /受感染的主机/]),
  step(
    'R04',
    [/Contain: temporary network rules, procedures, segmentation/],
    [/临时的网络规则、处置流程和网络分段/, /遏制恶意软件/],
  ),
  step('R05', [/Stop the suspicious processes/], [/停止可疑进程/]),
  step('R06', [/IoCs/, /at\s+once/], [/立即/, /IoC/]),
  step('R07', [/further backdoors/], [/后门/]),
  step('R07a', [/reverse shells/], [/反弹 shell/]),
  step('R07b', [/reverse proxies/], [/反向代理/]),
  step('R07c', [/droppers/], [/释放器（dropper）/]),
  step('R08', [/Remove and block/], [/删除并阻断/]),
  step('R09', [/Full anti-malware scan/], [/完整的恶意软件扫描/]),
  step('R10', [/exposed credentials/, /all compromised accounts/], [/凭据泄露/, /所有失陷账户/]),
  step(
    'R10a',
    [/Reset/, /e-mail, business systems, web\s+services/],
    [/重置/, /电子邮件、业务系统和 Web 服务/],
  ),
  step('R11', [/initial vector/, /prevent re-entry/], [/初始入侵途径/]),
  step('R12', [/logging and audit policies/], [/日志记录和审计策略/]),
  step('R12a', [/MTTD/]),
  step('R12b', [/MTTR/]),

  fact('E01', [/registry where/]),
  fact('E02', [/host\.os\.type == "windows"/]),
  fact('E03', [/event\.type == "change"/]),
  fact('E04', [/registry\.data\.strings != null/]),
  fact('E05', [/process\.name : "WmiPrvSe\.exe"/]),
  fact('E06', [/(?:"(?:HKEY_USERS|HKLM|\\\\REGISTRY)[^"\n]*",?\s+){48}\)/]),

  fact('A01', [/MITRE ATT&CK/]),
  fact('A02', [/TA0003 Persistence\s+https:\/\/attack\.mitre\.org\/tactics\/TA0003\//]),
  fact('A03', [
    /T1543 Create or Modify System Process\s+https:\/\/attack\.mitre\.org\/techniques\/T1543\/\s/,
  ]),
  fact('A04', [/T1543\.003 Windows Service\s+https:\/\/attack\.mitre\.org\/techniques\/T1543\/003\//]),
  fact('A05', [
    /T1547 Boot or Logon Autostart Execution\s+https:\/\/attack\.mitre\.org\/techniques\/T1547\/\s/,
  ]),
  fact('A06', [
    /T1547\.001 Registry Run Keys \/ Startup Folder\s+https:\/\/attack\.mitre\.org\/techniques\/T1547\/001\//,
  ]),
  fact('A07', [/TA0002 Execution\s+https:\/\/attack\.mitre\.org\/tactics\/TA0002\//]),
  fact('A08', [
    /T1047 Windows Management Instrumentation\s+https:\/\/attack\.mitre\.org\/techniques\/T1047\//,
  ]),
];
