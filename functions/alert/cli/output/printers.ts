import type { Alert, Grouping, Incident, Match, ObjectIdentity } from '../../detection/index.ts';
import type { Message } from '../../notification/index.ts';
import { type Findings, type ScanReport, selectAlerts, sha256 } from '../../pipeline/index.ts';
import type { Io } from '../io.ts';
import type { ObjectReport } from './scan-report.ts';

export type Format = 'json' | 'email' | 'chat' | 'html' | 'summary';

type PrinterOptions = {
  readonly io: Io;
  readonly locale: 'en' | 'zh-CN' | 'both';
  readonly timeZone?: string | undefined;
  readonly grouping: Grouping;
};

/** Prints the results of scans: one session for each object, then what comes after all of them. */
export type Printer = {
  readonly begin: (object: ObjectIdentity) => Session;
  readonly end: (objects: readonly ObjectReport[]) => Promise<void>;
};

/** `end` returns the number of alerts that would be published individually. */
type Session = Findings & { readonly end: (result: ScanReport) => Promise<number> };

/** Loaded for the first alert or notice: most logs have none. */
const notification = () => import('../../notification/index.ts');

/** The results of a log in one format. */
export function printerFor(format: Format, options: PrinterOptions): Printer {
  if (format === 'json') return jsonPrinter(options);
  return format === 'summary' ? summaryPrinter(options) : messagePrinter(format, options);
}

/** Alerts held back so that they can state their number of neighbours; in a log with more, the rest is streamed. */
const HELD_ALERTS = 200;

/** One alert document a line, every distinct alert, without the limit. */
function jsonPrinter({ io, locale, timeZone }: PrinterOptions): Printer {
  const print = async (alert: Alert): Promise<void> => {
    const { renderDocument } = await notification();
    return io.out(`${renderDocument(alert, { locale, timeZone, sha256 })}\n`);
  };
  return {
    begin: () => {
      let held: Match[] | null = [];
      let printed = 0;
      const caps = new Map<string, number>();
      return {
        match: async match => {
          caps.set(match.rule.id, Math.min((caps.get(match.rule.id) ?? 0) + 1, match.rule.maxSignals));
          held?.push(match);
          if (held === null) await print({ ...match, neighbours: null, occurrences: 1, history: null });
          else if (held.length > HELD_ALERTS) {
            const early = held;
            held = null;
            for (const one of early) await print({ ...one, neighbours: null, occurrences: 1, history: null });
          }
          printed++;
        },
        end: async result => {
          for (const match of held ?? []) await print(result.complete(match, null));
          return printed === 0 ? 0 : [...caps.values()].reduce((sum, count) => sum + count, 0);
        },
      };
    },
    end: async () => {},
  };
}

const MAIL_RULE = `${'='.repeat(78)}\n`;

function messagePrinter(
  format: 'email' | 'chat' | 'html',
  { io, locale, timeZone, grouping }: PrinterOptions,
): Printer {
  const options = { locale, timeZone, sha256 };
  const pages: string[] = [];
  let mails = 0;
  const print = async (message: Message): Promise<void> => {
    if (format === 'chat') return io.out(`${message.https}\n`);
    await io.out(
      `${mails++ === 0 ? '' : MAIL_RULE}Subject: ${message.subject}\n\n${message.email}${message.email.endsWith('\n') ? '' : '\n'}`,
    );
  };
  return {
    begin: object => {
      const told = selectAlerts(object, '', null, grouping);
      return {
        ...told,
        end: async result => {
          const { alerts, incidents, notices } = await told.finish(result);
          if (alerts + notices.length === 0) return 0;
          const render = await notification();
          const { renderNotice, renderNoticeReport } = render;
          if (format === 'html') {
            const pageOf = (incident: Incident): string =>
              incident.alerts.length === 1
                ? render.renderReport(incident.alerts[0], options)
                : render.renderIncidentReport(incident, options);
            pages.push(...incidents.map(pageOf));
            pages.push(...notices.map(notice => renderNoticeReport(notice, options)));
          } else {
            for (const incident of incidents)
              await print(
                grouping === 'off'
                  ? render.renderAlert(incident.alerts[0], options)
                  : render.renderIncident(incident, null, options),
              );
            for (const notice of notices) await print(renderNotice(notice, options));
          }
          return alerts;
        },
      };
    },
    end: async () => {
      if (format === 'html') await io.out(onePage(pages));
    },
  };
}

/** One page with a section for each alert and notice: pages differ only in their titles and bodies. */
function onePage(pages: readonly string[]): string {
  const [first] = pages;
  if (first === undefined)
    return '<!doctype html>\n<meta charset="utf-8">\n<title>registry-alert</title>\n<p>No alert.</p>\n';
  const bodies = pages.map(page => page.slice(bodyStart(page), page.lastIndexOf('</body>')));
  return `${first.slice(0, bodyStart(first))}${bodies.join('\n<hr>\n')}</body>\n</html>\n`;
}

function bodyStart(page: string): number {
  return page.indexOf('>', page.indexOf('<body')) + 1;
}

/** A table for people: one line for each alert, then counts. */
function summaryPrinter({ io, locale }: PrinterOptions): Printer {
  const language = locale === 'zh-CN' ? 'zh-CN' : 'en';
  const cellBy = ({ encode, padTo, widthOf }: Awaited<ReturnType<typeof notification>>) => {
    return (text: string | null, width: number): string => {
      const shown = [...encode(text ?? '-', 200)];
      let isCut = false;
      while (widthOf(shown.join('')) > (isCut ? width - 3 : width)) isCut = shown.pop() !== undefined;
      return padTo(`${shown.join('')}${isCut ? '...' : ''}`, width);
    };
  };
  return {
    begin: object => {
      const told = selectAlerts(object, '', null, 'off');
      return {
        ...told,
        end: async result => {
          const { alerts, incidents, notices } = await told.finish(result);
          if (alerts + notices.length === 0) return 0;
          const messages = await notification();
          const cell = cellBy(messages);
          if (alerts > 0) await io.out(`${cell(object.key, 100).trimEnd()}\n`);
          for (const { assessment, facts, location, evidence, rule } of incidents.flatMap(
            ({ alerts }) => alerts,
          )) {
            const what = location?.text[language].what ?? rule.name[language];
            await io.out(
              `  ${cell(facts.timestamp?.replace(/\.\d+(?=Z$)/, '') ?? null, 20)} ${cell(assessment.level, 14)} ${cell(facts.hostName, 15)} ${cell(what, 34)} ${cell(facts.registry.data.join(' '), 44)} record ${evidence.record}\n`,
            );
          }
          for (const notice of notices)
            await io.out(`  ${messages.renderNotice(notice, { locale, sha256 }).subject}\n`);
          return alerts;
        },
      };
    },
    end: async objects => {
      const sum = (pick: (object: ObjectReport) => number): string =>
        objects.reduce((total, object) => total + pick(object), 0).toLocaleString('en');
      const excepted = sum(object => object.excepted);
      const accepted = excepted === '0' ? '' : `${excepted} accepted by exceptions, `;
      await io.out(
        `${objects.length} read, ${sum(object => object.records)} records, ${sum(object => object.matches)} matches, ${accepted}${sum(object => object.alerts)} alerts\n`,
      );
    },
  };
}
