import { statSync, writeFileSync } from 'node:fs';
import { timeZone } from '../lambda/settings.ts';
import { DEFAULT_LIMITS, MAPPINGS } from '../logs/index.ts';
import { encode } from '../notification/index.ts';
import { checkoutRules, rulesReading, scan } from '../pipeline/index.ts';
import { readFlags } from './flags.ts';
import { asOfOf, fileFacts } from './input/as-of.ts';
import { InputError, openInput } from './input/input.ts';
import { loadDetector } from './input/load-detector.ts';
import { watched } from './input/progress.ts';
import { type Io, PipeClosed, UsageError } from './io.ts';
import { printerFor } from './output/printers.ts';
import {
  isSound,
  type ObjectReport,
  objectReport,
  unreadableReport,
  wholeReport,
} from './output/scan-report.ts';

export const usage = `registry-alert scan [--rules DIR] [--locale en|zh-CN|both] [--time-zone NAME] [--format json|email|chat|html|summary]
                    [--grouping incident|off] [--mapping extended|elastic] [--audit] [--as-of TIME] [--report FILE] PATH… | -
  reads each log exactly as the Lambda reads an object and prints the result:
    json     one alert document a line, each distinct alert of a log once (the default when not on a terminal)
    summary  a table for a person (the default on a terminal)
    email, chat, html  what would be published, one message for each incident, digest and notices included
  --rules takes a directory of rules, or the folder of one, which runs even if it is disabled;
  --grouping off gives each alert a message of its own, as the function's setting does;
  --mapping elastic reads other products' records exactly as Elastic maps them, without the additions that rules need;
  --audit decodes every record, so that every count is exact; --as-of is the time that exceptions are compared with and
  the upload lag is measured from, by default the file's modification time (standard input has none, and without
  --as-of no exception applies to it); --report writes all counts as JSON`;

const FLAGS = {
  rules: 'text',
  locale: ['en', 'zh-CN', 'both'],
  'time-zone': 'text',
  format: ['json', 'email', 'chat', 'html', 'summary'],
  grouping: ['incident', 'off'],
  mapping: MAPPINGS,
  audit: 'switch',
  'as-of': 'time',
  report: 'text',
} as const;

/**
 * Scans each input in turn. Status 1: something was damaged, unreadable or skipped, or a rule was refused; the rest was
 * read.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, FLAGS);
  if (operands.length === 0) throw new UsageError('scan needs a path, or - for standard input');
  if (flags.report !== undefined) startReport(flags.report, operands);
  const rules = flags.rules ?? checkoutRules();
  const { detector, isWhole } = loadDetector(rules, io, flags.mapping);
  const format = flags.format ?? (io.outIsTerminal ? 'summary' : 'json');
  const zone = flags['time-zone'];
  if (zone !== undefined && typeof timeZone(zone) !== 'string')
    throw new UsageError(
      `--time-zone takes an IANA time zone, such as Asia/Shanghai; got ${JSON.stringify(zone)}`,
    );
  const printer = printerFor(format, {
    io,
    locale: flags.locale ?? 'en',
    timeZone: zone,
    grouping: flags.grouping ?? 'incident',
  });
  const objects: ObjectReport[] = [];
  const report = (): void => {
    if (flags.report !== undefined)
      writeReport(flags.report, `${JSON.stringify(wholeReport(objects), null, 2)}\n`);
  };
  try {
    for (const path of operands) {
      const one = await scanOne(path);
      objects.push(one);
      io.err(complaint(one, rules));
    }
    await printer.end(objects);
  } catch (error) {
    if (!(error instanceof PipeClosed)) throw error;
    for (const path of operands.slice(objects.length)) objects.push(unreadableReport(path, 'OutputClosed'));
    report();
    throw error;
  }
  report();
  return isWhole && objects.every(isSound) ? 0 : 1;

  async function scanOne(path: string): Promise<ObjectReport> {
    try {
      const input = await openInput(path, io);
      const asOfMs = asOfOf(input, flags['as-of']);
      const object = fileFacts(input, asOfMs);
      const options = { detector, limits: DEFAULT_LIMITS, audit: flags.audit === true, asOfMs };
      const session = printer.begin(object);
      const result = await scan(watched(input, io), object, options, session);
      return objectReport(path, result, await session.end(result));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      io.err(`${error.message} [${error.code}]\n`);
      return unreadableReport(path, error.code);
    }
  }
}

/** Checked before hours of scanning: a report that cannot be written, or would replace a log, is a usage error. */
function startReport(path: string, logs: readonly string[]): void {
  const file = fileAt(path);
  if (file !== null && logs.some(log => fileAt(log) === file))
    throw new UsageError(`--report ${path} would replace a log that is to be read`);
  writeReport(path, '');
}

/** Which file a path leads to; `null`: none. */
function fileAt(path: string): string | null {
  try {
    const found = statSync(path);
    return found.isFile() ? `${found.dev} ${found.ino}` : null;
  } catch {
    return null;
  }
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new UsageError(`--report ${path} cannot be written (${(cause as NodeJS.ErrnoException).code})`);
  }
}

/** What was not read, one line each: codes and numbers, and keys of records of unknown shape through the encoder. */
function complaint(object: ObjectReport, rules: string): string {
  const { name, outcome, code, detail, skipped, positions, records, counted, unknownKeys, unreadSources } =
    object;
  if (outcome === 'unreadable') return '';
  const counts = Object.entries(skipped).filter(([, count]) => count > 0);
  const first = positions[0];
  return [
    code === null ? '' : `${name}: ${detail} [${code}]\n`,
    counts.length === 0
      ? ''
      : `${name}: skipped ${counts.map(([reason, count]) => `${count} ${reason}`).join(', ')}${first ? `, the first at record ${first.record}, byte ${first.offset}` : ''}\n`,
    counted.UnknownShape === 0
      ? ''
      : `${name}: ${counted.UnknownShape} of ${records} records have an unknown shape${unknownKeys.length === 0 ? '' : `, with the keys ${encode(unknownKeys.join(', '), 200)}`}; docs/exporters.md lists what is read [UnknownShape]\n`,
    object.otherIndex === 0
      ? ''
      : `${name}: ${object.otherIndex} of ${records} records would match, but their index is not one of the rule's: no alert [OtherIndex]\n`,
    counted.Undecidable === 0
      ? ''
      : `${name}: ${counted.Undecidable} could not be decided without the record of their process, which does not precede them in this log [Undecidable]\n`,
    ...Object.entries(unreadSources).map(([source, { index, count }]) => {
      const readers = rulesReading(rules, index).join(', ') || 'none';
      return `${name}: no rule in use covers ${count} records of ${source}; rules that would: ${readers} [UnreadSource]\n`;
    }),
  ].join('');
}
