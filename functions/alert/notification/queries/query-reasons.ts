import type { Localized } from '../../ruleset/index.ts';
import type { LiteralProblem } from './query-literals.ts';

/** Why a query is omitted, besides a literal that cannot be written. */
export type Reason = keyof typeof REASONS;

export const REASONS = {
  'no-time': {
    en: 'neither the event nor its object has a usable time to count from',
    'zh-CN': '事件及其对象都没有可用的时间作为起点',
  },
  'no-host': { en: 'the event names no host', 'zh-CN': '事件没有给出主机' },
  'no-entity': { en: 'the event has no entity id of a process', 'zh-CN': '事件没有进程实体 ID' },
  'no-data': { en: 'the event has no data of the value', 'zh-CN': '事件没有该值的数据' },
  'no-path': { en: 'the event has no registry path', 'zh-CN': '事件没有注册表路径' },
  'no-type': {
    en: 'the event does not record the type of the value, so there is no undo; read it on the host first',
    'zh-CN': '事件没有给出该值的类型，无法写出还原命令；请先在主机上查看',
  },
  'odd-type': {
    en: 'a value of this type cannot be compared as text; compare and remove it by hand',
    'zh-CN': '此类型的值无法按文本比较；请人工比较并删除',
  },
  'not-a-command': { en: 'the value is a number, not a command', 'zh-CN': '该值是数字，不是命令' },
  'no-program': {
    en: 'it is not certain which part of the data is the file',
    'zh-CN': '无法确定数据中哪一部分是文件',
  },
  'no-folder': {
    en: 'the data names the file without its folder',
    'zh-CN': '数据只给出文件名，没有给出所在目录',
  },
  'windows-programs': {
    en: 'it starts only programs that ship with Windows',
    'zh-CN': '所启动的均为 Windows 自带程序',
  },
  remote: {
    en: 'the data names a network or device path, and opening it may log on to a machine chosen by the attacker',
    'zh-CN': '数据指向网络或设备路径，打开它可能会登录到攻击者指定的机器',
  },
  'no-owner': {
    en: 'the value belongs to the machine, not to a user',
    'zh-CN': '该值属于本机，不属于某个用户',
  },
  'well-known-owner': {
    en: 'the hive belongs to a well-known account of Windows',
    'zh-CN': '该配置单元属于 Windows 的内置账户',
  },
  'mounted-hive': {
    en: 'the hive was mounted by hand, and the event does not say whose it is',
    'zh-CN': '该配置单元是手动挂载的，事件中没有其所有者',
  },
  'other-root': {
    en: 'the path is in neither HKLM nor HKEY_USERS',
    'zh-CN': '路径不在 HKLM 或 HKEY_USERS 中',
  },
  'undo-unknown': {
    en: 'this rule does not know whether Windows needs a value here; find out before removing it',
    'zh-CN': '本规则不知道 Windows 在此处是否需要一个值；删除前请先查明',
  },
  needed: {
    en: "Windows may need a value here; never delete it, but set it back to the vendor's",
    'zh-CN': 'Windows 在此处可能需要一个值，切勿删除，请改回厂商的值',
  },
  'core-service': {
    en: 'Windows may not run without this service, or the image is one of its own: disabling it could take the host down, and a write that changes nothing may be meant to provoke exactly that; compare the value with that of a healthy host and set it back by hand',
    'zh-CN':
      'Windows 可能离不开此服务，或其映像属于 Windows 自身：禁用它可能使主机瘫痪，而一次没有改变内容的写入，目的也可能正是诱使他人禁用它；请与正常主机上的值比较，并人工改回',
  },
  'key-uncertain': {
    en: 'it is not certain where the key ends and the value name begins, since value names may contain backslashes',
    'zh-CN': '无法确定项与值名的分界，因为值名可以包含反斜杠',
  },
  percent: {
    en: 'the key has a percent sign, which the query would treat as a wildcard',
    'zh-CN': '项中含有百分号，查询会将其当作通配符',
  },
  'no-bucket': { en: 'the record was read from a local file', 'zh-CN': '记录读自本地文件' },
  'no-version': {
    en: 'the object has neither version nor ETag, so no command is sure to fetch the same bytes',
    'zh-CN': '对象没有版本或 ETag，无法保证取回相同的字节',
  },
  'cli-address': {
    en: 'the AWS CLI treats a key that begins like a URL as an address to read from',
    'zh-CN': 'AWS CLI 会把形如地址的对象键当作地址去读取',
  },
  'endgame-fields': {
    en: 'ES|QL refuses fields that the index lacks, and the index of this product lacks some of these; use KQL',
    'zh-CN': 'ES|QL 会拒绝索引中没有的字段，而该产品的索引缺少其中一些；请使用 KQL',
  },
} as const satisfies { readonly [key: string]: Localized };

const LITERAL_PROBLEMS: { readonly [problem in LiteralProblem]: Localized } = {
  nul: { en: 'text in it has a NUL character', 'zh-CN': '其中的文本含有 NUL 字符' },
  'lone-surrogate': {
    en: 'text in it has an unpaired surrogate, which no query can contain',
    'zh-CN': '其中的文本含有不成对的代理项，任何查询都无法包含',
  },
  'too-long': {
    en: 'text in it is longer than 1,024 characters, and indices hold nothing longer',
    'zh-CN': '其中的文本超过 1,024 个字符，索引不收录更长的内容',
  },
  'too-many': {
    en: 'the data has more text than a query can hold',
    'zh-CN': '数据的文本超过一条查询所能容纳的长度',
  },
};

/** The sentence for the reason. */
export const reasonOf = (problem: Reason | LiteralProblem): Localized =>
  ({ ...REASONS, ...LITERAL_PROBLEMS })[problem];
