import { describe, expect, it } from 'vitest';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { alertOf, OPTIONS, runKeyEvent } from './fixture.ts';

const threadOf = (more: Parameters<typeof runKeyEvent>[0]): string => {
  const { https } = renderAlert(alertOf(runKeyEvent(more)), OPTIONS);
  return (JSON.parse(https) as { metadata: { threadId: string } }).metadata.threadId;
};
const at = (time: string) => ({ '@timestamp': time });
const asker = (entityId: string | undefined) => ({
  Effective_process: {
    name: 'wmic.exe',
    executable: 'C:\\wmic.exe',
    ...(entityId ? { entity_id: entityId } : {}),
  },
});

describe('a thread', () => {
  it('holds what one recorded process had written on a day', () => {
    const [morning, evening] = [at('2026-11-24T02:00:00Z'), at('2026-11-24T20:00:00Z')];
    expect(threadOf({ ...morning, ...asker('p') })).toBe(threadOf({ ...evening, ...asker('p') }));
    expect(threadOf({ ...morning, ...asker('p') })).not.toBe(threadOf({ ...morning, ...asker('q') }));
    expect(threadOf({ ...morning, ...asker('p') })).not.toBe(
      threadOf({ ...at('2027-01-24T02:00:00Z'), ...asker('p') }),
    );
  });

  it('is an alert of its own where no process is recorded', () => {
    expect(threadOf({ ...at('2026-11-24T02:00:00Z'), ...asker(undefined) })).not.toBe(
      threadOf({ ...at('2027-01-24T02:00:00Z'), ...asker(undefined) }),
    );
  });
});
