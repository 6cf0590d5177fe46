import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { exception, planted } from '../ruleset/rule-folder.ts';
import { random, scale, seed } from '../scale.ts';
import { started } from './product.ts';
import { lineOf, serviceOf } from './writes.ts';

const RUNS = Math.max(4, scale(200));
const SIZES = [1, 2, 40, 100];
const RULE = 'persistence-via-wmi-stdregprov';
const EXCEPTION = exception(
  `registry.path == "HKLM\\\\SYSTEM\\\\ControlSet001\\\\Services\\\\accepted\\\\ImagePath" and
  Effective_process.executable == "C:\\\\Windows\\\\System32\\\\wbem\\\\WMIC.exe"`,
  { id: '"accepted"' },
);

const rules = join(temporaryFolder(), 'rules');
cpSync('rules', rules, { recursive: true });
appendFileSync(join(rules, RULE, 'exceptions.toml'), EXCEPTION);
const rule = join(rules, RULE, 'rule.toml');
writeFileSync(rule, planted(readFileSync(rule, 'utf8'), 'max_signals = 100', 'max_signals = 200'));
// Of two messages in an hour one is for notices: the first incident is sent, the other is held.
const settings = { REGISTRY_ALERT_ALERTS_PER_HOUR: '2' };
const product = await started({ rules, settings });
product.aws.sns.subscribe(product.env['ALERT_TOPIC_ARN']!, 'sqs', product.aws.createQueue('cases').arn, {
  attributes: { RawMessageDelivery: 'true' },
});

const START = Date.UTC(2026, 10, 24, 2, 46);

/** An incident of so many writes, one that an earlier object had, one that is accepted, and another incident of two. */
function logOf(host: string, size: number): { readonly lines: string; readonly owed: readonly string[] } {
  const names = Array.from({ length: size }, (_, at) => `s${at}`);
  const others = ['other-0', 'other-1'];
  const byService = { again: size < 100 ? 'p' : 'r', 'other-0': 'q', 'other-1': 'q' } as Record<
    string,
    string
  >;
  const lines = [...names, 'again', 'accepted', ...others].map((service, at) =>
    lineOf({ host, by: byService[service] ?? 'p', service, at: START + at * 1000 }),
  );
  return { lines: lines.join(''), owed: [...names, ...others].sort() };
}

/** What of one object was sent and what was held, by service; how often at most; and what belongs to it in the archive. */
async function upload(host: string, size: number, plan: () => NodeJS.Timeout | undefined) {
  const { aws } = product;
  const before = lineOf({ host, by: 'earlier', service: 'again', at: START - 1000 });
  const settle = async () => {
    for (const folder of ['slots', 'claims', 'hosts'])
      for (const key of aws.s3.keys('archive', 'told/').filter(key => key.split('/')[2] === folder))
        aws.s3.remove('archive', key);
    return product.settle();
  };
  await aws.s3.put('logs', `exports/${host.toLowerCase()}-before`, before);
  await settle();
  const known = new Set(aws.s3.keys('archive'));
  const deliveries = aws.deliveries.length;
  const { lines, owed } = logOf(host, size);
  const timer = plan();
  await aws.s3.put('logs', `exports/${host.toLowerCase()}`, lines);
  const { deadLetters } = await settle();
  clearTimeout(timer);
  aws.faults.clear();

  const isNew = (key: string): boolean => !known.has(key);
  const read = async (key: string) => JSON.parse(String(await aws.s3.read('archive', key)));
  const services = new Map<string, string>();
  for (const key of aws.s3.keys('archive', 'alerts/').filter(isNew)) {
    const { id, event } = await read(key);
    services.set(id, serviceOf(event));
  }
  const messages = aws.deliveries
    .slice(deliveries)
    .filter(({ protocol, outcome }) => protocol === 'sqs' && outcome === 'delivered')
    .map(({ body }) => JSON.parse(body))
    .map(({ id, alertIds = [id] }): readonly string[] => alertIds);
  const held: string[] = [];
  for (const key of aws.s3.keys('archive', 'told/').filter(key => key.includes('/held/') && isNew(key)))
    held.push(...(await read(key)).ids);
  const sent = messages.flat();
  const times = (id: string): number => sent.filter(one => one === id).length;
  return {
    owed,
    deadLetters,
    reached: [...new Set([...sent, ...held].flatMap(id => services.get(id) ?? []))].sort(),
    sent: sent.flatMap(id => services.get(id) ?? []),
    mostTimes: Math.max(...sent.map(times)),
    excepted: aws.s3.keys('archive', 'excepted/').filter(isNew).length,
    // The notice of the hour that something was held names no alert of ours.
    messages: messages.filter(ids => ids.some(id => services.has(id))).length,
  };
}

it(`loses nothing of incidents, sends none more than twice, killed ${RUNS} times at random`, {
  timeout: RUNS * 120_000,
}, async () => {
  const choose = random(seed());
  const journeys = new Map<number, { readonly calls: number; readonly ms: number }>();
  for (const size of SIZES) {
    let calls = 0;
    const from = { ms: 0 };
    const found = await upload(`HOST-whole-${size}`, size, () => {
      calls = product.aws.calls.all.length;
      from.ms = Date.now();
      return undefined;
    });
    journeys.set(size, { calls: product.aws.calls.all.length - calls, ms: Date.now() - from.ms });
    expect(found).toMatchObject({ reached: found.owed, excepted: 1, mostTimes: 1, messages: 1 });
    expect(found.sent).toHaveLength(size);
  }
  for (let run = 0; run < RUNS; run++) {
    const size = SIZES[run % SIZES.length]!;
    const { calls, ms } = journeys.get(size)!;
    const nth = 1 + Math.floor(choose() * calls);
    const [isDone, isTimed, after] = [choose() < 0.5, choose() < 0.3, Math.floor(choose() * ms)];
    const kill = () => product.function.kill();
    const found = await upload(`HOST-${run}`, size, () => {
      if (isTimed) return setTimeout(kill, after);
      const call = { op: '*', nth, where: { caller: 'function' } };
      if (isDone) product.aws.faults.add({ ...call, kind: 'run', after: kill });
      else product.aws.faults.add({ ...call, kind: 'run', before: kill }, { ...call, kind: 'failBefore' });
      return undefined;
    });
    const when = isTimed ? `after ${after} ms` : `${isDone ? 'after' : 'before'} call ${nth} of ${calls}`;
    expect(found, `run ${run}, ${size} alerts, killed ${when}`).toMatchObject({
      deadLetters: 0,
      reached: found.owed,
      excepted: 1,
    });
    expect(found.sent, `run ${run}: a repeat is quiet`).not.toContain('again');
    expect(found.mostTimes, `run ${run}, killed ${when}`).toBeLessThanOrEqual(2);
  }
});
