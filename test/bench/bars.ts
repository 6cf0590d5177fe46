import { join } from 'node:path';
import { LOGS, logFile, OUT } from './logs.ts';
import { EVENTS_PER_GB, elasticRules, log, rules, smallObjects } from './materials.ts';
import { comparePairs, measure, type Pair, type Program } from './measure.ts';

/** One figure and the bar that it must not pass. */
export type Figure = {
  readonly name: string;
  readonly bar: number;
  readonly value: number;
  readonly spread: string;
  readonly note: string;
};

const CLI = 'dist/cli.mjs';

const scanOf = (paths: readonly string[], directory?: string): Program => ({
  name: `scan ${paths[0]}`,
  args: [CLI, 'scan', '--format', 'json', ...(directory ? ['--rules', directory] : []), ...paths],
});
const drainOf = (paths: readonly string[]): Program => ({
  name: 'drain',
  args: ['test/bench/drain.mjs', ...paths],
});
const naiveOf = (paths: readonly string[]): Program => ({
  name: 'naive',
  args: ['test/bench/naive.ts', ...paths],
});

/** Measures every bar; `scale` 1 is a log of a gigabyte, `pairs` the number of alternating pairs. */
export async function measureBars(scale: number, pairs: number): Promise<Figure[]> {
  const events = Math.round(EVENTS_PER_GB * scale);
  const gz = await log(`log-${events}.ndjson.gz`, events);
  const small = await smallObjects(1000);
  const of = (name: string, bar: number, pair: Pair, kind: 'cpu' | 'wall'): Figure => {
    const { median, least, most } = pair[kind];
    const note = `${pair.ours[`${kind}Ms`].toFixed(0)} ms against ${pair.base[`${kind}Ms`].toFixed(0)} ms`;
    return { name, bar, value: median, spread: `${least.toFixed(2)} to ${most.toFixed(2)}`, note };
  };
  const drained = await comparePairs(scanOf([gz]), drainOf([gz]), pairs);
  const naive = await comparePairs(scanOf([gz]), naiveOf([gz]), Math.min(pairs, 3));
  const twenty = await comparePairs(scanOf([gz], rules(20)), scanOf([gz], rules(1)), pairs);
  const bare = await comparePairs(scanOf([gz], rules('without-literal')), naiveOf([gz]), Math.min(pairs, 3));
  const start = await comparePairs(scanOf([await log('one.ndjson', 1, 0)]), BARE_NODE, Math.max(pairs, 9));
  const many = await comparePairs(scanOf(small), drainOf(small), pairs);
  const figures = [
    ...(await worstLog('gzip', 1.0, 1000 * scale, pairs, start)),
    ...(await worstLog('gzip', 1.3, 100 * scale, pairs, start)),
    ...(await worstLog('zstd', 1.15, 1000 * scale, pairs, start)),
    ...(await manyRules(scale, pairs)),
    of('scan ÷ drain, wall', 1.05, drained, 'wall'),
    ...(await duckdb(gz, pairs)),
    of('scan ÷ naive, CPU', 0.45, naive, 'cpu'),
    of('20 rules ÷ 1 rule, CPU', 1.6, twenty, 'cpu'),
    of('a rule without literal ÷ naive, CPU', 1.0, bare, 'cpu'),
    of('1,000 objects of 50 KB: scan ÷ drain, CPU', 1.5, many, 'cpu'),
    await memory(drained),
    await coldStart(Math.max(pairs, 9)),
    await firstAlert(Math.max(pairs, 9)),
    commandLine(start),
    await oneEvent(),
  ];
  return figures;
}

/**
 * Each log once, and the highest ratio of them is the figure: of whole processes, and without what the command line and
 * bare Node take for one event.
 */
async function worstLog(
  format: 'gzip' | 'zstd',
  bar: number,
  megabytes: number,
  pairs: number,
  start: Pair,
): Promise<Figure[]> {
  const rows: { readonly log: string; readonly pair: Pair; readonly rest: number }[] = [];
  for (const log of Object.keys(LOGS)) {
    const path = await logFile(log, Math.max(1, Math.round(megabytes)), format === 'gzip' ? 'gz' : 'zst');
    const pair = await comparePairs(scanOf([path]), drainOf([path]), pairs);
    const rest = (pair.ours.cpuMs - start.ours.cpuMs) / (pair.base.cpuMs - start.base.cpuMs);
    rows.push({ log, pair, rest });
  }
  const name = `scan ÷ drain, CPU, ${format}, worst of five logs of ${Math.round(megabytes)} MB`;
  const worst = rows.reduce((one, other) => (other.pair.cpu.median > one.pair.cpu.median ? other : one)).pair
    .cpu;
  const note = (of: (row: (typeof rows)[number]) => number) =>
    rows.map(row => `${row.log} ${of(row).toFixed(2)}`).join(', ');
  return [
    {
      name,
      bar,
      value: worst.median,
      spread: `${worst.least.toFixed(2)} to ${worst.most.toFixed(2)}`,
      note: note(({ pair }) => pair.cpu.median),
    },
    {
      name: `${name}, without start-up`,
      bar,
      value: Math.max(...rows.map(({ rest }) => rest)),
      spread: '',
      note: note(({ rest }) => rest),
    },
  ];
}

/** Elastic's rules on a log of which every record is decoded, with the loading of the rules. */
async function manyRules(scale: number, pairs: number): Promise<Figure[]> {
  const path = await logFile('mixture', Math.max(1, Math.round(100 * scale)));
  const audit = (directory: string): Program => {
    const { name, args } = scanOf([path], directory);
    return { name, args: [...args, '--audit'] };
  };
  const figures: Figure[] = [];
  for (const [count, bar] of [
    [107, 1.5],
    [639, 3.0],
  ] as const) {
    const directory = elasticRules(count);
    if (directory === null) {
      process.stderr.write(`SKIPPED: ${count} rules ÷ 1 rule: Elastic's queries are not at hand\n`);
      continue;
    }
    const pair = await comparePairs(audit(directory), audit(rules(1)), pairs);
    const { median, least, most } = pair.cpu;
    const spread = `${least.toFixed(2)} to ${most.toFixed(2)}`;
    const note = `${pair.ours.cpuMs.toFixed(0)} ms against ${pair.base.cpuMs.toFixed(0)} ms`;
    figures.push({ name: `${count} rules ÷ 1 rule, all decoded, CPU`, bar, value: median, spread, note });
  }
  return figures;
}

const BARE_NODE: Program = { name: 'bare Node', args: ['-e', '0'] };

function commandLine({ ours, base }: Pair): Figure {
  const value = ours.cpuMs - base.cpuMs;
  const note = `${ours.cpuMs.toFixed(0)} ms, bare Node ${base.cpuMs.toFixed(0)} ms`;
  return { name: 'command line, one event, CPU ms above bare Node', bar: 60, value, spread: '', note };
}

async function memory(drained: Pair): Promise<Figure> {
  const bare = await measure(BARE_NODE);
  const value = drained.ours.rssMb - bare.rssMb;
  return {
    name: 'peak RSS above bare Node, MB',
    bar: 60,
    value,
    spread: '',
    note: `${drained.ours.rssMb.toFixed(0)} MB, bare ${bare.rssMb.toFixed(0)} MB, drain ${drained.base.rssMb.toFixed(0)} MB`,
  };
}

/** Imports the bundle as the runtime does: with the template's settings and no compile cache. More pairs, since each is short. */
async function coldStart(pairs: number): Promise<Figure> {
  const env = {
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:alerts',
    OPERATIONS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:operations',
    ARCHIVE_BUCKET: 'archive',
    SOURCE_BUCKETS: 'logs',
    AWS_REGION: 'eu-central-1',
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  const of = (path: string): Program => ({ name: path, args: ['test/bench/import.mjs', path], env });
  const clients = await import('./sdk-clients.ts').then(module =>
    module.bundleClients(join(OUT, 'sdk-clients.mjs')),
  );
  const pair = await comparePairs(of('dist/handler.mjs'), of(clients), 5 * pairs);
  const { median, least, most } = pair.cpu;
  return {
    name: 'import of the bundle ÷ of the two SDK clients alone, CPU',
    bar: 1.15,
    value: median,
    spread: `${least.toFixed(2)} to ${most.toFixed(2)}`,
    note: `${pair.ours.cpuMs.toFixed(0)} ms against ${pair.base.cpuMs.toFixed(0)} ms, whole processes`,
  };
}

/** Of the version that was measured first: 219 ms. */
async function firstAlert(pairs: number): Promise<Figure> {
  const { firstAlerts } = await import('./first-alert.ts');
  const rows = await firstAlerts('dist/handler.mjs', pairs);
  const sorted = (values: number[]): number[] => values.toSorted((one, other) => one - other);
  const above = sorted(rows.map(({ ours, base }) => ours - base));
  const [ours, base] = (['ours', 'base'] as const).map(
    key => sorted(rows.map(row => row[key]))[rows.length >> 1]!,
  );
  return {
    name: 'cold start under the runtime interface client to the first Publish, CPU ms above the two clients',
    bar: 110,
    value: above[rows.length >> 1]!,
    spread: `${above[0]!.toFixed(0)} to ${above.at(-1)!.toFixed(0)}`,
    note: `${ours!.toFixed(0)} ms against ${base!.toFixed(0)} ms`,
  };
}

async function oneEvent(): Promise<Figure> {
  const { evaluateOnce } = await import('./one-event.ts');
  const value = await evaluateOnce();
  return {
    name: 'one event evaluated by the rule, 32 KB path, ms',
    bar: 2,
    value,
    spread: '',
    note: 'worst of the hostile paths, median of 50',
  };
}

async function duckdb(path: string, pairs: number): Promise<Figure[]> {
  const program: Program = { name: 'DuckDB', args: ['test/bench/duckdb.ts', path] };
  try {
    await measure({ name: 'DuckDB', args: ['-e', "import('@duckdb/node-api')"] });
  } catch {
    process.stderr.write(
      'SKIPPED: scan ÷ DuckDB: the package @duckdb/node-api is not installed here (npm install --no-save @duckdb/node-api)\n',
    );
    return [];
  }
  const pair = await comparePairs(scanOf([path]), program, Math.min(pairs, 3));
  const { median, least, most } = pair.cpu;
  return [
    {
      name: 'scan ÷ DuckDB one thread, CPU',
      bar: 0.75,
      value: median,
      spread: `${least.toFixed(2)} to ${most.toFixed(2)}`,
      note: `${pair.base.cpuMs.toFixed(0)} ms`,
    },
  ];
}
