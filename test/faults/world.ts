import { hash } from 'node:crypto';
import type { Archive, Put } from '../../functions/alert/archive/store.ts';
import type { Message } from '../../functions/alert/notification/index.ts';
import { DeliveryError } from '../../functions/alert/observability/outcome-codes.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { makePace, makePublish, type Pace, type SendPublish } from '../../functions/alert/publish/topic.ts';
import { sha256 } from './journey.ts';

/** What S3 and SNS keep, whoever calls: it outlives every process. */
export type World = {
  readonly objects: Map<string, { body: string; etag: string; modifiedMs: number }>;
  readonly published: {
    readonly topicArn: string;
    readonly id: string;
    /** Ids of the alerts in it; of a notice, its own. */
    readonly carries: readonly string[];
    readonly kind: string;
    readonly at: number;
  }[];
  readonly clock: Clock;
  readonly forget?: RegExp;
};

export type Clock = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };

/** A clock that jumps: nobody waits, time passes all the same. */
export function jumpingClock(startMs: number): Clock {
  let now = startMs;
  return {
    now: () => now,
    sleep: async ms => {
      now += ms;
    },
  };
}

/** `forget`: keys that are written and never kept, where memory counts. */
export function makeWorld(clock: Clock, forget?: RegExp): World {
  return { objects: new Map(), published: [], clock, ...(forget ? { forget } : {}) };
}

/** The connection between a process and the world; it may refuse, lose the answer, or kill the process. */
export type Line = <Result>(call: Call, effect: (fault?: string) => Result) => Promise<Result>;

export type Call = {
  readonly operation: 'read' | 'put' | 'replace' | 'has' | 'get' | 'list' | 'publish';
  readonly key: string;
};

/** A process died here; nothing it does afterwards reaches the world. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export const TOPICS = { alerts: 'arn:aws:sns:r:1:alerts', operations: 'arn:aws:sns:r:1:operations' } as const;
export const RECORDS = 'arn:aws:sns:r:1:records';

/** One process with its own pace and ports, on a line of its own. */
export function makePorts(
  world: World,
  line: Line,
  options: Partial<DeliverPorts> = {},
  pace: Pace = makePace(4, world.clock.now, world.clock.sleep),
): DeliverPorts {
  const { now, sleep } = world.clock;
  const send: SendPublish = request =>
    line({ operation: 'publish', key: request.topicArn }, () => {
      const { id, kind, carries } = JSON.parse(JSON.parse(request.message).default) as {
        id: string;
        kind: string;
        carries: string[];
      };
      world.published.push({ topicArn: request.topicArn, id, kind, carries, at: now() });
      return `message ${world.published.length}`;
    });
  return {
    archive: makeArchive(world, line),
    publish: makePublish({ send, pace, sleep, random: () => 0.5, count: () => {} }),
    topics: { ...TOPICS, records: null },
    renderRecord: alert => messageOf(alert.id, 'alert'),
    renderIncident: ({ alerts }) =>
      messageOf(
        alerts[0].id,
        'alert',
        alerts.map(({ id }) => id),
      ),
    renderIncidentReport: ({ id }) => `<p>${id}`,
    renderNotice: notice => messageOf(notice.id, notice.kind),
    renderReport: alert => `<p>${alert.id}`,
    renderDocument: alert => JSON.stringify({ id: alert.id }),
    perHour: 0,
    repeats: 'quiet',
    repeatMinutes: 60,
    grouping: 'off',
    sha256,
    now,
    sleep,
    remainingMs: () => 300_000,
    count: () => {},
    warn: () => {},
    ...options,
  };
}

export function messageOf(id: string, kind: string, carries: readonly string[] = [id]): Message {
  return {
    subject: `registry-alert ${kind}`,
    email: id,
    https: '{}',
    default: JSON.stringify({ id, kind, carries }),
    attributes: { kind: { type: 'String', value: kind } },
    brief: { title: kind, description: id, document: { id, kind } },
    cut: [],
  };
}

function makeArchive({ objects, clock, forget }: World, line: Line): Archive {
  const write = (key: string, body: string): void => {
    objects.set(key, { body, etag: hash('md5', body), modifiedMs: clock.now() });
  };
  return {
    bucket: 'archive',
    put: (key, body) =>
      line({ operation: 'put', key }, (): Put => {
        if (objects.has(key)) return 'exists';
        if (!forget?.test(key))
          write(key, typeof body === 'string' ? body : Buffer.from(body).toString('latin1'));
        return 'created';
      }),
    replace: (key, body, etag) =>
      line({ operation: 'replace', key }, () => {
        if (objects.get(key)?.etag !== etag) return false;
        write(key, body);
        return true;
      }),
    has: key => line({ operation: 'has', key }, () => objects.has(key)),
    get: key =>
      line({ operation: 'get', key }, () => {
        const found = objects.get(key);
        return found ? { text: found.body, etag: found.etag } : null;
      }),
    list: (prefix, atMost, after = '') =>
      line({ operation: 'list', key: prefix }, () => {
        const all = [...objects.entries()]
          .filter(([key]) => key.startsWith(prefix) && key > after)
          .sort(([a], [b]) => (a < b ? -1 : 1));
        return {
          entries: all.slice(0, atMost).map(([key, { modifiedMs }]) => ({ key, modifiedMs })),
          isCut: all.length > atMost,
        };
      }),
    upload: () => Promise.reject(new Error('no upload in this world')),
  };
}

/** An error that may heal, as the adapters give it. */
export function transient({ operation, key }: Call): DeliveryError {
  const codes = { publish: 'SnsUnavailable', read: 'S3Unavailable' } as const;
  const code = operation === 'publish' || operation === 'read' ? codes[operation] : 'ArchiveUnavailable';
  return new DeliveryError(code, `${operation} ${key}`);
}
