import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../functions/alert/logs/log-reader.ts';
import { METRICS } from '../../functions/alert/observability/metrics.ts';
import { OUTCOMES } from '../../functions/alert/observability/outcome-codes.ts';
import { makeTelemetry } from '../../functions/alert/observability/telemetry.ts';
import { countCandidates } from '../../functions/alert/pipeline/coverage.ts';
import { loadRules, ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { scan } from '../../functions/alert/pipeline/scan-log.ts';
import { countScan } from '../../functions/alert/pipeline/scan-metrics.ts';
import { alarmResources } from '../../infra/alarms.ts';
import { type Parameter, resolveTemplate, type Template } from '../../infra/deployment/template.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { type Datum, inAlarm, readEmbedded } from './alarm-model.ts';
import { at } from './checklist/reading.ts';

const RULE = 'persistence-via-wmi-stdregprov';
const DAY = 24 * 60;

/** The alarms alone, worked out; queues and topics go by their own names. */
const hours = (Default: number): Parameter => ({ Type: 'Number', Default });
const named: Template['Resources'] = {
  DeadLetterQueue: { Type: 'AWS::SQS::Queue' },
  BackfillDeadLetterQueue: { Type: 'AWS::SQS::Queue' },
  UndeliveredQueue: { Type: 'AWS::SQS::Queue' },
  NotificationQueue: { Type: 'AWS::SQS::Queue' },
  AlertTopic: { Type: 'AWS::SNS::Topic' },
  OperationsTopic: { Type: 'AWS::SNS::Topic' },
  AlertLambdaFunction: { Type: 'AWS::Lambda::Function' },
};
/** Of this repository; whoever adds rules of their own keeps this test. */
const rules = loadRules(
  'rules',
  ruleFolders('rules').filter(folder => folder.startsWith(RULE)),
);
const made = alarmResources(rules) as Pick<Template, 'Conditions' | 'Resources'>;
const withRules = (Rules: string): Template =>
  resolveTemplate(
    {
      Parameters: {
        SourceSilentHours: hours(1),
        RuleSilentHours: hours(24),
        Rules: { Type: 'String', Default: '' },
      },
      Conditions: {
        HasAlarmTarget: { 'Fn::Equals': ['a', 'b'] },
        HasOperationsChat: { 'Fn::Equals': ['a', 'b'] },
        HasDefaultName: { 'Fn::Equals': ['a', 'a'] },
        RunsEveryRule: { 'Fn::Equals': [{ Ref: 'Rules' }, ''] },
        HasAudit: { 'Fn::Equals': ['a', 'a'] },
        ...made.Conditions,
      },
      Resources: { ...named, ...made.Resources },
    },
    { Rules },
  );
const alarms = withRules('');

/** A day on which canaries come through and exporter and rule are well, unless something is left out. */
function day(without: readonly string[] = []): Datum[] {
  const data = Array.from({ length: 24 }, (_, hour) => {
    const of = (metric: string, value: number, dimension = '') => ({
      namespace: 'RegistryAlert',
      metric,
      dimension,
      minute: hour * 60 + 30,
      value,
    });
    return [
      of('CanarySeen', 1),
      of('ObjectsScanned', 3),
      of('CandidateEvents', 5, RULE),
      of('FieldsAbsent', 1, RULE),
    ];
  }).flat();
  data.push({ namespace: 'RegistryAlert', metric: 'AuditRuns', dimension: '', minute: 260, value: 1 });
  return data.filter(({ metric }) => !without.includes(metric));
}

describe('alarms', () => {
  it('are silent on an ordinary day', () => {
    expect(inAlarm(alarms, day(), DAY)).toEqual([]);
  });

  const single = Object.values(alarms.Resources)
    .map(({ Properties }) => Properties ?? {})
    .filter(of => of['TreatMissingData'] === 'notBreaching' && of['MetricName'] !== undefined)
    .map(of => [String(of['AlarmName']).replace('registry-alert-', ''), of] as const);
  it.each(single)('%s fires alone, when its metric passes its number, and is over after', (name, of) => {
    const datum = {
      namespace: String(of['Namespace']),
      metric: String(of['MetricName']),
      dimension: String(at(of, 'Dimensions.0.Value') ?? ''),
      minute: DAY - 2,
      value: Number(of['Threshold']) + 1,
    };
    expect(inAlarm(alarms, [...day(), datum], DAY)).toEqual([name]);
    expect(inAlarm(alarms, [...day(), { ...datum, value: Number(of['Threshold']) }], DAY)).toEqual([]);
    expect(inAlarm(alarms, [...day(), datum], DAY + 15)).toEqual([]);
  });

  it('watch metrics that the function writes', () => {
    const own = Object.values(alarms.Resources).flatMap(({ Properties = {} }) =>
      [
        Properties,
        ...((Properties['Metrics'] ?? []) as readonly unknown[]).map(one => at(one, 'MetricStat.Metric')),
      ]
        .filter(metric => at(metric, 'Namespace') === 'RegistryAlert')
        .map(metric => String(at(metric, 'MetricName'))),
    );
    expect(own).toContain('CandidateEvents');
    expect(own.filter(metric => !Object.hasOwn(METRICS, metric))).toEqual([]);
  });

  const silences: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['no canary', ['CanarySeen'], ['Heartbeat']],
    ['no audit', ['AuditRuns'], ['AuditSilent']],
    ['nothing scanned', ['ObjectsScanned'], ['SourceSilent']],
    ['no candidate', ['CandidateEvents', 'FieldsAbsent'], [`RuleSilent-${RULE}`]],
  ];
  it.each(silences)('see a day with %s, of which nothing is written', (_, without, fired) => {
    expect(inAlarm(alarms, day(without), DAY)).toEqual(fired);
  });

  const ends: readonly (readonly [string, string, number])[] = [
    ['Heartbeat', 'CanarySeen', 2],
    ['SourceSilent', 'ObjectsScanned', 1],
    ['AuditSilent', 'AuditRuns', 26],
    [`RuleSilent-${RULE}`, 'CandidateEvents', 24],
  ];
  it.each(ends)('%s fires when nothing came for its hours, and not before', (name, metric, hours) => {
    const data = day();
    const last = Math.max(...data.filter(one => one.metric === metric).map(({ minute }) => minute));
    const silentAfter = (minutes: number): boolean => inAlarm(alarms, data, last + minutes).includes(name);
    expect([silentAfter(hours * 60), silentAfter(hours * 60 + 1)]).toEqual([false, true]);
  });
});

describe('a choice of rules', () => {
  const [NEIGHBOURS, SYSMON] = [`${RULE}-neighbours`, `${RULE}-sysmon`];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', [RULE]],
    [RULE, [RULE]],
    [SYSMON, [SYSMON]],
    [`${RULE},${SYSMON}`, [RULE, SYSMON]],
    [`${SYSMON},${NEIGHBOURS},${RULE}`, [RULE, NEIGHBOURS, SYSMON]],
  ];
  it.each(rows)('of "%s" has the alarms of the rules that run, and no others', (Rules, running) => {
    const names = Object.values(withRules(Rules).Resources).map(({ Properties }) =>
      String(Properties?.['AlarmName']),
    );
    for (const kind of ['RuleSilent', 'FieldsAbsent'])
      expect(names.filter(name => name.includes(`-${kind}-`))).toEqual(
        running.map(folder => `registry-alert-${kind}-${folder}`),
      );
    const runs = rules.filter(({ folder, disabled }) =>
      Rules === '' ? !disabled : Rules.split(',').includes(folder),
    );
    expect(runs.map(({ folder }) => folder)).toEqual(running);
  });
});

describe('the folder of a rule', () => {
  const resourcesOf = (...folders: string[]) =>
    alarmResources(folders.map(folder => ({ ...rules[0]!, folder }))).Resources;
  it('may have underscores, as the files of Elastic have', () => {
    const ids = Object.keys(resourcesOf('persistence_run_key', 'x'));
    expect(ids.filter(id => !/^[A-Za-z0-9]+$/.test(id))).toEqual([]);
    expect(ids).toContain('RuleSilentPersistenceRunKeyAlarm');
  });
  it('is refused if another has the same name without punctuation', () => {
    expect(() => resourcesOf('run-key', 'run_key')).toThrow('rules/run-key and rules/run_key');
  });
});

describe('every outcome that needs a person', () => {
  /** By which alarm it is seen; what only comes again is seen by its dead letter, or by the age of the queue. */
  const seenBy = (code: keyof typeof OUTCOMES): string => {
    if (Object.hasOwn(METRICS, code)) return `${code}Alarm`;
    if (code === 'ConfigError' || code === 'RuleRefused') return 'FunctionErrorsAlarm';
    return OUTCOMES[code].class === 'config' ? 'ConfigErrorAlarm' : 'DeadLettersAlarm';
  };
  const codes = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).filter(
    code => OUTCOMES[code].class !== 'ignore' && code !== 'SnsThrottled' && code !== 'S3Stalled',
  );
  it.each(codes)('%s has an alarm', code => {
    expect(alarms.Resources[seenBy(code)]?.Type).toBe('AWS::CloudWatch::Alarm');
  });
});

describe('a day of real events', () => {
  const detector = detectorOf(loadRules('rules', [RULE]));
  const registry = MATCH.slice(0, 5);

  /** An object an hour, scanned and counted as in the function; and a canary an hour. */
  async function alarmsAfter(lines: readonly string[]): Promise<string[]> {
    const written: string[] = [];
    for (let hour = 0; hour < 24; hour++) {
      const telemetry = makeTelemetry(
        'error',
        line => written.push(line),
        () => (hour * 60 + 30) * 60_000,
      );
      const candidates = countCandidates(detector);
      const result = await scan(
        (async function* () {
          yield Buffer.from(lines.join('\n'));
        })(),
        { bucket: 'b', key: 'k', versionId: null, etag: null, lastModified: null },
        { detector, limits: DEFAULT_LIMITS, audit: false, asOfMs: null },
        { match: () => {}, event: candidates.see },
      );
      countScan(telemetry, result, candidates.counts());
      telemetry.count('CanarySeen', 1);
      if (hour === 4) telemetry.count('AuditRuns', 1);
      telemetry.flush();
    }
    return inAlarm(alarms, readEmbedded(written), DAY);
  }

  const process = JSON.stringify({
    event: { category: ['process'], type: ['start'] },
    host: { os: { type: 'windows' } },
    process: { name: 'cmd.exe' },
  });
  const wmi = process.replace('cmd.exe', 'WmiPrvSE.exe');
  const days: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['registry events', registry, []],
    ['process events only', [process, process], [`RuleSilent-${RULE}`]],
    ['process events of the provider only', [wmi, wmi], [`RuleSilent-${RULE}`]],
    ['many process events of the provider', [...registry, ...Array(20).fill(wmi)], []],
    [
      'registry.path renamed',
      registry.map(line =>
        line.replaceAll('"path":', '"path_raw":').replaceAll('registry.path', 'registry.raw'),
      ),
      [`FieldsAbsent-${RULE}`],
    ],
  ];
  it.each(days)('with %s fires %#', async (_, lines, fired) => {
    expect(await alarmsAfter(lines)).toEqual(fired);
  });
});
