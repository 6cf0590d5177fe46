import type { Localized } from '../../ruleset/index.ts';

/** Which sentence is above a query. */
export type Question = keyof typeof QUESTIONS;

export const QUESTIONS = {
  'did-it-run': {
    en: 'Did it run? Looks for the process by its file (by the name alone, where the path has variables) and its command line. No hit does not prove that it did not run: variables, short names, relative paths and quoting can differ.',
    'zh-CN':
      '是否已经运行？按文件（路径含有变量时仅按文件名）和命令行查找进程。未命中不代表未运行：变量、短文件名、相对路径和引号可能不同。',
  },
  'did-it-run-library': {
    en: 'Was the file loaded? A DLL or driver starts no process of its own, so this looks for its load. No hit does not prove that it was not loaded.',
    'zh-CN': '该文件是否已被加载？DLL 或驱动不会启动自己的进程，因此查找其加载事件。未命中不代表未加载。',
  },
  'did-it-run-library-name': {
    en: 'Was the file loaded? The path has variables, so this looks for the load by the file name alone; other files of that name are found too.',
    'zh-CN': '该文件是否已被加载？路径中含有变量，因此仅按文件名查找加载事件；同名的其他文件也会出现。',
  },
  tree: {
    en: 'Who initiated it, and what did the initiator start? The hit with this entity id gives command line, user, session and SHA-256; its process.Ext.ancestry names its ancestors.',
    'zh-CN':
      '由谁发起，又启动了什么？实体 ID 相同的那条结果给出命令行、用户、会话和 SHA-256；其 process.Ext.ancestry 列出祖先进程。',
  },
  'tree-writer': {
    en: 'Child processes of WmiPrvSE. The event names no initiator, and one WmiPrvSE.exe serves several clients: check first whether the call was remote.',
    'zh-CN':
      'WmiPrvSE 的子进程。事件没有给出发起进程，而一个 WmiPrvSE.exe 服务于多个客户端：请先确认调用是否来自远程。',
  },
  network: {
    en: 'Which addresses and names did the initiator contact? Repeat with the entity id of the payload once it is known.',
    'zh-CN': '发起进程连接过哪些地址和域名？得知载荷的实体 ID 后，请换用该 ID 再查一次。',
  },
  'network-writer': {
    en: 'Which addresses and names did WmiPrvSE contact? The event names no initiator; one WmiPrvSE.exe serves several clients.',
    'zh-CN': 'WmiPrvSE 连接过哪些地址和域名？事件没有给出发起进程；一个 WmiPrvSE.exe 服务于多个客户端。',
  },
  'registry-writes': {
    en: 'What else did the same initiator write to the registry?',
    'zh-CN': '同一发起进程还写入了哪些注册表值？',
  },
  'registry-writes-writer': {
    en: 'What else was written through the same WmiPrvSE? The event names no initiator; one WmiPrvSE.exe serves several clients.',
    'zh-CN': '同一 WmiPrvSE 还写入了哪些注册表值？事件没有给出发起进程；一个 WmiPrvSE.exe 服务于多个客户端。',
  },
  prevalence: {
    en: 'On which other hosts? The same value name and data on other hosts, whatever the user. Case-sensitive.',
    'zh-CN': '还有哪些主机？在其他主机上查找相同的值名和数据，不论用户。区分大小写。',
  },
  'prevalence-count': {
    en: 'On how many hosts, this one included, and since when? The same value name and data (of several strings: any one of them). Case-sensitive.',
    'zh-CN':
      '共有多少台主机（包括本机），从何时起？相同的值名和数据（若有多个字符串，则为其中任意一个）。区分大小写。',
  },
  'prevalence-data': {
    en: 'On which other hosts, under any value name? The same data. Case-sensitive.',
    'zh-CN': '其他主机是否以别的值名写入？查找相同的数据，不论值名。区分大小写。',
  },
  'prevalence-name': {
    en: 'On which other hosts, with any data? The same value name, since the data cannot be written into a query.',
    'zh-CN': '其他主机是否有同名的值？数据无法写入查询，因此只查找相同的值名，不论数据。',
  },
  'other-users': {
    en: 'In the hives of which users on this host? Only hives that are loaded at that moment are visible.',
    'zh-CN': '该主机上还有哪些用户的配置单元中有该值？只能看到查询时已加载的配置单元。',
  },
  'alerts-48h': {
    en: 'What other alerts are there for this host or this user? Alerts raised outside Kibana are not included.',
    'zh-CN': '该主机和该用户还有哪些告警？不包括在 Kibana 之外产生的告警。',
  },
  'alerts-48h-host': {
    en: 'What other alerts are there for this host? Alerts raised outside Kibana are not included.',
    'zh-CN': '该主机还有哪些告警？不包括在 Kibana 之外产生的告警。',
  },
  'prevalence-act': {
    en: 'On which other hosts? By hash where the event has one, else by what the event is about.',
    'zh-CN': '还出现在哪些主机上？事件有哈希时按哈希查找，否则按事件所涉对象查找。',
  },
  'file-origin': {
    en: 'Where did the file come from? See process.executable, file.origin_url and file.Ext.windows.zone_identifier.',
    'zh-CN': '该文件从何而来？查看 process.executable、file.origin_url 和 file.Ext.windows.zone_identifier。',
  },
  'file-origin-name': {
    en: 'Where did the file come from? The data does not give its whole path, so this looks by the file name alone. See process.executable, file.origin_url and file.Ext.windows.zone_identifier.',
    'zh-CN':
      '该文件从何而来？数据中没有其完整路径，因此仅按文件名查找。查看 process.executable、file.origin_url 和 file.Ext.windows.zone_identifier。',
  },
  'file-origin-other': {
    en: 'Where did the file come from? See which program created it.',
    'zh-CN': '该文件从何而来？查看由哪个程序创建。',
  },
  'file-origin-name-other': {
    en: 'Where did the file come from? The data does not give its whole path, so this looks by the file name alone. See which program created it.',
    'zh-CN': '该文件从何而来？数据中没有其完整路径，因此仅按文件名查找。查看由哪个程序创建。',
  },
  'remote-wmi': {
    en: 'Was it remote? What the WMI service recorded: process.Ext.api.metadata.client_is_local and client_machine; the latter is reported by the client itself and can be forged. No hit does not prove that it was local.',
    'zh-CN':
      '是否来自远程？WMI 服务记录的 process.Ext.api.metadata.client_is_local 和 client_machine；后者由客户端自报，可以伪造。未命中不代表是本机发起。',
  },
  'remote-connections': {
    en: 'Was it remote? Connections that this host accepted on the ports of DCOM and WinRM within 5 minutes of the event.',
    'zh-CN': '是否来自远程？事件前后 5 分钟内，该主机在 DCOM 和 WinRM 端口上接受的连接。',
  },
  'remote-logons': {
    en: 'Was it remote? Network logons to this host within 5 minutes of the event, with account and source address.',
    'zh-CN': '是否来自远程？事件前后 5 分钟内，该主机上的网络登录，含账户和来源地址。',
  },
  'who-is-sid': {
    en: 'Whose hive is it? Run it on any member of the domain for a domain SID; the SID of an Entra ID user resolves only on the host itself.',
    'zh-CN': '该配置单元属于谁？域 SID 可在任一域成员主机上解析；Entra ID 用户的 SID 只能在该主机上解析。',
  },
  'still-there': {
    en: 'Is it still there? In 64-bit PowerShell, elevated, on the host. Shows the type and the data, unexpanded. A hive that is not loaded looks like an absent key.',
    'zh-CN':
      '是否仍然存在？在该主机上以管理员身份用 64 位 PowerShell 运行。显示类型和未展开的数据。配置单元未加载时，结果与项不存在时相同。',
  },
  'still-there-osquery': {
    en: 'Is it still there? No row does not prove that it is gone: the table stops at the first empty value of a key. The time is that of the key, not of the value; REG_EXPAND_SZ comes expanded.',
    'zh-CN':
      '是否仍然存在？没有结果不代表不存在：该表读到项中第一个空值即停止。时间是项的修改时间，而非值的；REG_EXPAND_SZ 以展开后的内容显示。',
  },
  'still-there-service': {
    en: 'How is the service configured? Shows its current program, account, start mode and type; the event has no account and no start mode.',
    'zh-CN': '该服务如何配置？显示其当前的程序、账户、启动方式和类型；事件中没有账户和启动方式。',
  },
  hash: {
    en: 'Is the program signed, and what is its SHA-256? In 64-bit PowerShell on the host; opens the file only on a fixed drive and with no link in its path.',
    'zh-CN':
      '程序是否已签名，SHA-256 是多少？在该主机上用 64 位 PowerShell 运行；仅当文件位于固定磁盘且路径中没有链接时才打开。',
  },
  'previous-value': {
    en: 'What was there before? Earlier writes of the same value; the last one is what to restore. Extend the range to as long as logs are kept.',
    'zh-CN': '此前是什么？同一个值更早的写入；最近一次即为应还原的内容。请按日志保留期放宽时间范围。',
  },
  remove: {
    en: 'Remove the value, once its export and a copy of the payload are preserved. Stops if data or type differ from this alert; keep the undo line.',
    'zh-CN':
      '删除该值（须先导出该值，并留存载荷副本作为证据）。数据或类型与本告警不一致时不会删除；请保留还原命令。',
  },
  restore: {
    en: "Windows needs a value here: do not delete it, set it back to the vendor's. Until you know it, this command disables the service; use it only if Windows can do without that service. Processes that already run keep running until they are stopped.",
    'zh-CN':
      'Windows 在此处必须有值：不要删除，应改回厂商的原值。查明原值之前，可用此命令禁用该服务（仅限 Windows 不依赖该服务时）；已在运行的进程不受影响，须另行停止。',
  },
  evidence: {
    en: 'Fetch exactly the object version that holds the record, in bash, PowerShell or cmd.exe.',
    'zh-CN': '取回包含该记录的那个对象版本，可在 bash、PowerShell 或 cmd.exe 中运行。',
  },
  'evidence-not-cmd': {
    en: 'Fetch exactly the object version that holds the record, in bash or PowerShell, not in cmd.exe, which acts on characters of the key.',
    'zh-CN':
      '取回包含该记录的那个对象版本，可在 bash 或 PowerShell 中运行；不要在 cmd.exe 中运行，它会把对象键中的某些字符当作命令字符处理。',
  },
  'evidence-bash': {
    en: 'Fetch exactly the object version that holds the record, in bash or zsh: the key has characters that PowerShell would interpret differently.',
    'zh-CN': '取回包含该记录的那个对象版本，在 bash 或 zsh 中运行：对象键含有 PowerShell 会另作解释的字符。',
  },
} as const satisfies { readonly [key: string]: Localized };

export const WHEN: { readonly [when in 'on-host' | 'this-version']: Localized } = {
  'on-host': { en: 'the state at the time it is run', 'zh-CN': '运行时的状态' },
  'this-version': { en: 'this version of the object', 'zh-CN': '该对象的此版本' },
};
