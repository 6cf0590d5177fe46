import { afterEach, expect, it, vi } from 'vitest';
import { MATCH } from '../ruleset/rule-folder.ts';
import { jsonDocument, matchWith } from './events.ts';
import { preparedAws, startFunction } from './invoke.ts';

const TEST_EVENT = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'alert-archive' };
const at = (time: string) => vi.setSystemTime(`2026-11-24T${time}Z`);

afterEach(() => void vi.useRealTimers());

/** Another write of one host. */
function write(number: number, line: string, data?: string): string {
  const { registry } = jsonDocument(line);
  return matchWith(
    {
      ...jsonDocument(MATCH[0]!),
      event: { ...jsonDocument(MATCH[0]!).event, id: `e${number}` },
      registry: data === undefined ? registry : { ...registry, data: { strings: [data], type: 'REG_SZ' } },
    },
    line,
  );
}

it('after decoys of one host its next write is held, and sent with the digest of the hour', {
  timeout: 300_000,
}, async () => {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
  at('02:10:00');
  const serviceDll = MATCH.find(line => line.includes('ServiceDLL'))!;
  const decoy = MATCH.find(line => line.includes('CurrentVersion\\\\Run\\\\'))!;
  const aws = await preparedAws();
  const fn = startFunction(aws, { REGISTRY_ALERT_ALERTS_PER_HOUR: '10', REGISTRY_ALERT_GROUPING: 'off' });
  const decoys = Array.from({ length: 12 }, (_, of) => write(of, decoy, `C:\\Windows\\decoy${of}.exe`));
  await fn.send('decoys', decoys.join('\n'));
  await fn.send('real', write(99, serviceDll));
  expect(fn.published('alerts').filter(kind => kind !== 'alert')).toEqual(['held']);
  expect(fn.sum('AlertsPublished')).toBe(7);
  at('02:59:00');
  await fn.invoke(TEST_EVENT);
  expect(fn.published('alerts')).not.toContain('held-digest');
  at('03:06:00');
  expect(await fn.invoke(TEST_EVENT)).toEqual([]);
  await startFunction(aws, {}).invoke(TEST_EVENT);
  expect(fn.published('alerts').filter(kind => kind === 'held-digest')).toHaveLength(1);
  const groups = /groups {3}(.*?)held in/s.exec(fn.mails('alerts').at(-1)!)![1]!.split('\n');
  const [first, firstAt, second] = groups.map(line => line.trim());
  expect(first).toBe('1 alert, suspicious: FIN-WS-042, the DLL of a service, WMIC.exe,');
  expect(second).toBe('5 alerts, unusual: FIN-WS-042, a Run key of one user, WMIC.exe,');
  expect(fn.archived('alerts')).toContain(firstAt!.replace('s3://alert-archive/', ''));
});
