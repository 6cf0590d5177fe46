import { type Draft, type Exception, type JsonObject, type JsonValue, toJson } from '../detection/index.ts';
import type { Notice, NoticeGroup, NoticeObject } from '../notification/index.ts';
import { type Archive, hostHashOf } from './archive.ts';
import { hashOf, keys, noticeIdOf, type Sha256 } from './keys.ts';
import { type NdjsonUpload, ndjsonUpload } from './ndjson-upload.ts';
import { type Selected, type Selection, select } from './selection.ts';

/** Takes what a scan finds and keeps no more of it than is told: the rest streams into the archive. */
export type Collector = {
  readonly match: (draft: Draft) => Promise<void>;
  readonly excepted: (draft: Draft, exception: Exception) => Promise<void>;
  /** The object was read to its end, or to damage that a second reading would find again. */
  readonly finish: () => Promise<Collected>;
  /** The object was not read to its end: nothing of the rest is kept, since the next attempt writes it whole. */
  readonly abandon: () => Promise<Collected>;
};

export type Collected = {
  /** What is told one by one, in the order of the object. */
  readonly told: readonly Draft[];
  readonly digests: readonly Notice[];
  /** Matches beyond those told one by one. */
  readonly overflow: number;
};

export type CollectOptions = {
  /** `null`: publish-only mode, the digest names the records instead. */
  readonly archive: Archive | null;
  readonly object: NoticeObject;
  readonly objectId: string;
  readonly basis: string;
  readonly sha256: Sha256;
};

type OfRule = { readonly rule: Draft['rule']; readonly selection: Selection<Draft, Brief> };

type Brief = Omit<NoticeGroup, 'count'>;

/** Collects the matches of one object, each rule up to its own `max_signals`. */
export function collect({ archive, object, objectId, basis, sha256 }: CollectOptions): Collector {
  const rules = new Map<string, OfRule>();
  let rest: NdjsonUpload | null = null;
  let accepted: NdjsonUpload | null = null;

  const keepRest = async (draft: Draft): Promise<void> => {
    if (archive === null) return;
    rest ??= ndjsonUpload(archive, keys.overflow(objectId, basis));
    await rest.write(lineOf(draft));
  };
  const collected = (isWhole: boolean): Collected => {
    const selected = [...rules.values()].map(({ rule, selection }) => ({ rule, ...selection.result() }));
    const over = selected.filter(({ told, total }) => total > told.length);
    const place = archive && { bucket: archive.bucket, key: keys.overflow(objectId, basis) };
    return {
      told: selected.flatMap(({ told }) => told),
      digests: isWhole
        ? over.map(of => ({
            id: noticeIdOf(sha256, 'digest', objectId, of.rule.id),
            ...digestOf(of, object, place),
          }))
        : [],
      overflow: over.reduce((sum, { told, total }) => sum + total - told.length, 0),
    };
  };

  return {
    match: async draft => {
      const { rule, evidence } = draft;
      const of = rules.get(rule.id) ?? { rule, selection: select(rule.maxSignals, briefOf) };
      rules.set(rule.id, of);
      if (!of.selection.add(draft, groupOf(sha256, draft), evidence.record)) await keepRest(draft);
    },
    excepted: async (draft, exception) => {
      if (archive === null) return;
      accepted ??= ndjsonUpload(archive, keys.excepted(objectId, basis));
      await accepted.write(lineOf(draft, exception));
    },
    finish: async () => {
      for (const { selection } of rules.values())
        for (const draft of selection.result().waited) await keepRest(draft);
      await rest?.finish();
      await accepted?.finish();
      return collected(true);
    },
    abandon: async () => {
      await rest?.abandon();
      await accepted?.abandon();
      return collected(false);
    },
  };
}

type DigestBody = Omit<Extract<Notice, { readonly kind: 'digest' }>, 'id'>;

function digestOf(
  of: Selected<Draft, Brief> & { readonly rule: Draft['rule'] },
  object: NoticeObject,
  place: { readonly bucket: string; readonly key: string } | null,
): DigestBody {
  const groups = of.groups.map(({ brief, count }): NoticeGroup => ({ ...brief, count }));
  return {
    kind: 'digest',
    object,
    rule: of.rule,
    total: of.total,
    told: of.told.length,
    groups,
    moreGroups: of.groupCount - groups.length,
    firstRecord: of.firstRecord,
    lastRecord: of.lastRecord,
    rest: place,
    records: place ? [] : of.restRecords,
  };
}

/** Thousands of these are held, so an event's long text is not. */
const BRIEF_TEXT = 256;

function briefOf({ facts, location }: Draft): Brief {
  const cut = (text: string | null): string | null => text?.slice(0, BRIEF_TEXT).toWellFormed() ?? null;
  return { host: cut(facts.hostName), location, requester: cut(facts.requester.name) };
}

/** Host, location and requester. */
function groupOf(sha256: Sha256, { facts, location }: Draft): string {
  return hashOf(sha256, [
    hostHashOf(sha256, facts),
    String(location?.number ?? ''),
    facts.requester.executable ?? facts.requester.name ?? '',
  ]);
}

/** What the alert would be made of again: the event as it was, and where it lies. */
function lineOf({ id, rule, event, evidence, eventCut }: Draft, exception?: Exception): string {
  const line: { [key: string]: JsonValue } = {
    id,
    rule: { id: rule.id, folder: rule.folder, version: rule.version },
    evidence: { ...evidence } satisfies JsonObject,
    ...(eventCut ? { eventCut } : {}),
    ...(exception ? { exception: exception.id } : {}),
    event,
  };
  return toJson(line);
}
