import { hostOf, hostRow, isWmi } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { Row } from '../alert/section.ts';
import { rowLines, wrap } from '../format/columns.ts';
import { filled } from '../guide/fill-guide.ts';
import { isDeletion } from '../queries/event-act.ts';
import type { Text } from '../text/text.ts';
import { assessmentRow, beforeRow, firstRow, reportRow } from './decision-rows.ts';
import { type Effect, effectOf } from './effect.ts';
import { decodedRow, initiatorRow, runsRow, valueRow, whenRow } from './event-rows.ts';
import { ROOMS, type Room } from './room.ts';

export type RowName =
  | 'runs'
  | 'value'
  | 'initiator'
  | 'assessment'
  | 'decoded'
  | 'host'
  | 'when'
  | 'before'
  | 'first'
  | 'report';

/** What is needed to decide: fits one screen of a phone, and is complete in itself. Empty parts are omitted. */
export type FirstScreen = {
  readonly headline: Text;
  /** What decides comes first: a phone shows half of them at once. */
  readonly rows: readonly (Row & { readonly name: RowName })[];
  readonly effect: Effect;
  /** The same as plain text, of at most 78 columns. */
  readonly text: string;
};

/** Most lines of an e-mail's first screen. */
const MOST_LINES = 25;

/** The first screen of one alert. `withQuestions`: it may name the five questions, since the message includes them. */
export function firstScreen(context: RenderContext, withQuestions = true): FirstScreen {
  const screens = ROOMS.map(room => () => screenOf(context, room, withQuestions));
  for (const screen of screens.slice(0, -1)) {
    const made = screen();
    if (made.text.split('\n').length <= MOST_LINES) return made;
  }
  return screens.at(-1)!();
}

function screenOf(context: RenderContext, room: Room, withQuestions: boolean): FirstScreen {
  const effect = effectOf(context);
  const before = beforeRow(context, room);
  const isAgain = context.alert.repeated !== undefined;
  const rows: readonly (readonly [RowName, Row | null])[] = [
    ['before', isAgain ? before : null],
    ['runs', runsRow(context, effect, room)],
    ['initiator', initiatorRow(context, room)],
    ['assessment', assessmentRow(context, room)],
    ['decoded', decodedRow(context, room)],
    ['value', valueRow(context, room)],
    ['host', hostRow(context, room.hasExtras ? 64 : 48)],
    ['when', whenRow(context)],
    ['before', isAgain ? null : before],
    ['first', firstRow(context, effect, withQuestions)],
    ['report', reportRow(context)],
  ];
  const written = headlineOf(context);
  const others = context.incident?.others.length ?? 0;
  const headline =
    others === 0
      ? written
      : context.words.say('headline.incident', {
          headline: [...written, context.words.gap],
          count: others + 1,
        });
  const shown = rows.flatMap(([name, row]) => (row === null ? [] : [{ name, ...row }]));
  return { headline, effect, rows: shown, text: `${wrap(headline, '', '  ')}\n${rowLines(shown, '')}` };
}

/** Which host, and what was written there. */
export function headlineOf(context: RenderContext): Text {
  const { alert, words } = context;
  const host = hostOf(context);
  if (alert.location === null)
    return words.say('headline.other', { host, rule: alert.rule.name[words.locale] });
  const what = filled(alert.location.text[words.locale].what, context);
  const verb = isDeletion(alert) ? 'headline.deleted' : 'headline';
  return words.say(isWmi(context) ? verb : verb === 'headline' ? 'headline.process' : `${verb}-process`, {
    host,
    what,
  });
}
