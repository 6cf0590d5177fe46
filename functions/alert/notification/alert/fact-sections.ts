import { filled } from '../guide/fill-guide.ts';
import { code, data, duration, joined, moment, type Text } from '../text/text.ts';
import { withText } from './numbered-queries.ts';
import { isWmi, ownerOf } from './persons.ts';
import type { RenderContext } from './render-context.ts';
import type { Block, Section } from './story.ts';
import { textBlock } from './story.ts';
import type { Row } from './verdict.ts';

export function whenSection({ alert, words }: RenderContext): Section {
  const { label, locale, say } = words;
  const { facts, lag, evidence, rule } = alert;
  const at =
    facts.timestampMs === null
      ? say(facts.timestamp === null ? 'when.unknown' : 'when.unreadable', {
          text: data(facts.timestamp ?? '', 80),
        })
      : [moment(new Date(facts.timestampMs).toISOString())];
  const { uploadMs } = lag;
  const upload = evidence.lastModified === null ? null : moment(evidence.lastModified);
  const uploaded: Text =
    upload === null
      ? say('when.upload-unknown')
      : uploadMs === null
        ? [upload]
        : say(uploadMs < 0 ? 'when.before' : 'when.after', {
            moment: upload,
            duration: duration(uploadMs, locale),
          });
  const rows: Row[] = [
    { label: label('when.event'), text: at },
    { label: label('when.upload'), text: uploaded },
  ];
  const missed = say('when.missed', { lookBack: duration(rule.lookBackMs, locale) });
  return {
    name: 'when',
    heading: label('section.when'),
    blocks: [{ kind: 'rows', rows }, ...(lag.exceedsLookBack ? [textBlock(missed)] : [])],
  };
}

/** Longest string shown whole; `values` cuts it so that the message fits. */
const LONGEST_DATA = { whole: 1024, cut: 256 } as const;
const MOST_STRINGS = 20;

export function writtenSection(context: RenderContext): Section {
  const { alert, cuts, words } = context;
  const { label, say } = words;
  const { facts, location } = alert;
  const { registry, program } = facts;
  const most = LONGEST_DATA[cuts.has('values') ? 'cut' : 'whole'];
  const type = registry.type === null ? say('written.type-unknown') : [data(registry.type, 40)];
  const name =
    registry.value === '' ? say('written.default-value') : [data(registry.value, Math.min(most, 1024))];
  const key = registry.hive === '' ? registry.key : `${registry.hive}\\${registry.key}`;
  const rows: Row[] = [
    { label: label('written.key'), text: [data(key, Math.min(most, 1024))] },
    { label: label('written.value'), text: say('written.value-of-type', { name, type }) },
    ...dataRows(registry.data, most, context),
  ];
  if (program !== null && program !== registry.data[0]) {
    rows.push({ label: label('written.program'), text: [data(program)] });
  }
  if (facts.owner.kind !== 'machine') rows.push({ label: label('written.owner'), text: ownerOf(context) });
  if (facts.service !== null) rows.push({ label: label('written.service'), text: [data(facts.service)] });
  if (location !== null) {
    const { id, name: technique } = location.technique;
    rows.push({ label: label('written.attack'), text: [code(id), ` ${technique}`] });
  }
  return {
    name: 'written',
    heading: label('section.written'),
    blocks: [
      { kind: 'rows', rows },
      { kind: 'list', items: notesOf(context) },
    ],
  };
}

function dataRows(strings: readonly string[], most: number, { words, cuts }: RenderContext): Row[] {
  const { label, say } = words;
  if (strings.length === 0) return [{ label: label('written.data'), text: say('written.no-strings') }];
  const shown = strings.slice(0, cuts.has('values') ? 3 : MOST_STRINGS);
  const rows = shown.map((string, at): Row => {
    const text: Text = string === '' ? say('data.empty') : [data(string, most)];
    const isOne = strings.length === 1;
    return isOne
      ? { label: label('written.data'), text }
      : { label: `${label('written.data')} ${at + 1}`, text };
  });
  const left = strings.length - shown.length;
  return left === 0
    ? rows
    : [...rows, { label: label('written.data'), text: say('also.rest', { count: left }) }];
}

/** What the facts mean beyond the verdict. */
function notesOf(context: RenderContext): readonly Text[] {
  const { alert, queries, words } = context;
  const { facts, location } = alert;
  const { say } = words;
  return [
    ...(facts.isUserWritable ? [say('note.user-writable')] : []),
    ...(facts.isRemote ? [say('note.remote')] : []),
    ...(facts.registry.certain ? [] : [say('note.uncertain')]),
    ...(facts.owner.kind === 'mounted' && facts.owner.sid !== null
      ? [say('note.mounted'), say('note.default-profile')]
      : []),
    ...(location?.text[words.locale].notes ?? []).map(note => filled(note, context)),
    ...(facts.isCommand && isWmi(context) && location !== null
      ? [
          say(withText(queries.named('hash')) ? 'note.no-hash' : 'note.no-hash-left-out', {
            query: queries.refer('hash'),
          }),
        ]
      : []),
    ...(alert.eventCut ? [say('note.cut-event')] : []),
  ];
}

export function alsoSection(context: RenderContext): Section {
  const { alert, cuts, words } = context;
  const { label, say } = words;
  const { neighbours, occurrences, history } = alert;
  const blocks: Block[] = [];
  if (neighbours === null) blocks.push(textBlock(say('also.unknown')));
  else if (neighbours.count === 0) blocks.push(textBlock(say('also.none')));
  else {
    const sample = cuts.has('neighbours') ? [] : neighbours.sample.slice(0, 5);
    const left = neighbours.count - sample.length;
    const sentence = say(neighbours.count === 1 ? 'also.one' : 'also.some', { count: neighbours.count });
    blocks.push(textBlock(sentence), {
      kind: 'list',
      items: [
        ...sample.map(({ path }): Text => [data(path, 300)]),
        ...(left > 0 && sample.length > 0 ? [say('also.rest', { count: left })] : []),
      ],
    });
  }
  if (occurrences > 1) blocks.push(textBlock(say('also.repeats', { count: occurrences })));
  return { name: 'also', heading: label('section.also'), blocks: [...blocks, ...historyBlocks()] };

  function historyBlocks(): Block[] {
    const hosts = history?.otherHosts ?? null;
    const alerts = history?.hostAlerts ?? null;
    if (hosts === null && alerts === null) return [textBlock(say('also.history-unknown'))];
    const names = joined(
      (hosts ?? []).slice(0, 10).map(host => [data(host, 128)]),
      words.comma,
    );
    const isMore = history?.otherHostsMore === true || (hosts?.length ?? 0) > 10;
    return [
      textBlock(
        hosts === null
          ? say('also.hosts-unknown')
          : hosts.length === 0
            ? say('also.hosts-none')
            : say(isMore ? 'also.hosts-more' : 'also.hosts', { hosts: names }),
      ),
      textBlock(alerts === null ? say('also.alerts-unknown') : say('also.alerts', { count: alerts })),
    ];
  }
}
