import type { Alert } from '../../detection/index.ts';
import { dataLine } from '../alert/data-line.ts';
import { spanOf } from '../alert/incident-texts.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { type Row, type Section, textBlock } from '../alert/section.ts';
import { plain, WIDTH, widthOf } from '../format/columns.ts';
import { data, type Text } from '../text/text.ts';

/**
 * The other writes of the incident, most suspicious first, one line for each distinct write. Empty for a single alert.
 */
export function alsoWritten(context: RenderContext): readonly Section[] {
  const { incident, options, words } = context;
  if (incident === null || incident.others.length === 0) return [];
  return [
    {
      name: 'also',
      heading: plain(headingOf(context)),
      blocks: [
        { kind: 'rows', rows: rowsOf(distinctWrites(incident.others), context) },
        ...(options.archiveBucket === undefined
          ? [
              textBlock(
                words.say('also.records', { records: recordsOf(incident.others, plain([words.comma])) }),
              ),
            ]
          : []),
      ],
    },
  ];
}

/** The same lines, at most `most` of them, the heading first. */
export function writeLines(context: RenderContext, most: number): readonly Text[] {
  const { incident, words } = context;
  if (incident === null || incident.others.length === 0) return [];
  const writes = distinctWrites(incident.others);
  const left = writes.slice(most).reduce((sum, { count }) => sum + count, 0);
  return [
    headingOf(context),
    ...writes
      .slice(0, most)
      .map(
        (write): Text => [
          `${levelOf(write.alert, context)}${words.clause}`,
          ...targetOf(write, context),
          ' ',
          ...payloadOf(write, context, CHAT_PAYLOAD),
        ],
      ),
    ...(left > 0 ? [words.say('also.more', { count: left })] : []),
  ];
}

/** `Services\\Upd2 ImagePath C:\\ProgramData\\a.exe`: which write an alert of the incident is about. */
export function writeText(alert: Alert, context: RenderContext): Text {
  const [write] = distinctWrites([alert]);
  return [...targetOf(write!, context), ' ', ...payloadOf(write!, context, CHAT_PAYLOAD)];
}

const CHAT_PAYLOAD = 60;

const SID = /^S-1-\d/i;

/** Equal writes: the same location of the rule, or the same path if it has none, and the same data. */
type Write = {
  /** The most suspicious of them. */
  readonly alert: Alert;
  readonly count: number;
  /** The last two segments of the key, without a SID, and the value; `*` where the writes differ. */
  readonly key: string;
  readonly value: string;
};

function distinctWrites(alerts: readonly Alert[]): readonly Write[] {
  const writes = new Map<string, Write>();
  for (const alert of alerts) {
    const { location, facts, writtenHash } = alert;
    const { key, value, path, data: strings } = facts.registry;
    // Strings that were truncated may look the same.
    const same = location === null || alert.eventCut ? [path, writtenHash] : [location.number, ...strings];
    const group = JSON.stringify([alert.rule.id, ...same]);
    const own = key
      .split('\\')
      .slice(-2)
      .filter(segment => !SID.test(segment))
      .join('\\');
    const known = writes.get(group);
    writes.set(
      group,
      known === undefined
        ? { alert, count: 1, key: own, value }
        : {
            ...known,
            count: known.count + 1,
            key: commonOf(known.key, own),
            value: known.value === value ? value : '*',
          },
    );
  }
  return [...writes.values()];
}

/** `Services\\*`: segment by segment from the end. */
function commonOf(a: string, b: string): string {
  const others = b.split('\\').reverse();
  return a
    .split('\\')
    .reverse()
    .map((segment, at) => (segment === others[at] ? segment : '*'))
    .reverse()
    .join('\\');
}

/** Columns of the key with its value; the payload gets the rest of the line, and is truncated to fit. */
const TARGET = 26;
const PAYLOADS = [60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8];

function rowsOf(writes: readonly Write[], context: RenderContext): readonly Row[] {
  const labels = writes.map(({ alert }) => levelOf(alert, context));
  const room = WIDTH - 4 - Math.max(...labels.map(widthOf));
  return writes.map((write, at) => {
    const target = targetOf(write, context);
    const gap = ' '.repeat(Math.max(0, TARGET - widthOf(plain(target))) + 2);
    const texts = PAYLOADS.map((most): Text => [...target, gap, ...payloadOf(write, context, most)]);
    return { label: labels[at]!, text: texts.find(text => widthOf(plain(text)) <= room) ?? texts.at(-1)! };
  });
}

/** `19 x Services\\* ImagePath` */
function targetOf({ count, key, value }: Write, { words }: RenderContext): Text {
  return [
    ...(count > 1 ? words.say('also.times', { count }) : []),
    ...(key === '' ? [] : [data(key, 24), ' ']),
    ...(value === '' ? words.say('also.default-value') : [data(value, 16)]),
  ];
}

const payloadOf = ({ alert }: Write, context: RenderContext, most: number): Text =>
  dataLine({ ...context, alert }, most);

const levelOf = ({ assessment }: Alert, { words }: RenderContext): string =>
  words.label(`level.${assessment.level}`).toLowerCase();

/** `Also written (20 more, same initiator, 02:46:51 to 02:47:12 UTC)` */
function headingOf({ alert, incident, words }: RenderContext): Text {
  const { others } = incident!;
  const { requester, writer } = alert.facts;
  const same =
    requester.entityId !== null
      ? 'also.same-initiator'
      : writer.entityId !== null
        ? 'also.same-writer'
        : 'also.same-host';
  const span = spanOf([alert, ...others]);
  const values = { count: others.length, same: words.say(same) };
  if (span === null) return words.say('also.heading', values);
  const [first, last] = [span.firstMs, span.lastMs].map(ms =>
    new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' '),
  ) as [string, string];
  const isOneDay = first.slice(0, 10) === last.slice(0, 10);
  const [from, to] = isOneDay ? [first.slice(11), last.slice(11)] : [first, last];
  const sentence = first === last ? 'also.heading-time' : 'also.heading-times';
  return words.say(sentence, { ...values, from: from!, to: to! });
}

const MOST_RECORDS = 20;

/** Without an archive, only the log has them. */
function recordsOf(alerts: readonly Alert[], comma: string): string {
  const records = alerts.map(({ evidence }) => evidence.record).sort((a, b) => a - b);
  const shown = records.slice(0, MOST_RECORDS).join(comma);
  return records.length > MOST_RECORDS ? `${shown}${comma}… ${records.at(-1)}` : shown;
}
