import { actOf, sha256Of } from '../queries/event-act.ts';
import { eventTexts } from '../text/event-texts.ts';
import type { Text } from '../text/text.ts';
import { hostDatum, joined, type Link } from '../text/text.ts';
import type { Sentence } from '../text/words.ts';
import { allShown, leftOutOf, QUESTION_NAMES, type QuestionName } from './alert-queries.ts';
import { initiatorOf, isWmi } from './persons.ts';
import type { RenderContext } from './render-context.ts';
import type { Block, ShownQuery } from './section.ts';

/** One of the five questions, answered as far as the event allows. */
export type Question = {
  readonly name: QuestionName;
  readonly sentence: Text;
  readonly query: ShownQuery | null;
  readonly link: string | null;
  /** Why there is no query. */
  readonly reason: string | null;
  /** Further queries of the question, and the same in further languages: for the report. */
  readonly others: readonly ShownQuery[];
};

/** The five questions in order; one that does not apply to this alert is omitted. */
export function questionsOf(context: RenderContext): readonly Question[] {
  const isRegistry = actOf(context.alert) === null;
  return QUESTION_NAMES.filter(name => isRegistry || (name !== 'RAN' && name !== 'THERE')).map(name =>
    questionOf(name, context),
  );
}

function questionOf(name: QuestionName, context: RenderContext): Question {
  const asked = context.queries.all.filter(({ asks }) => asks === name);
  const [query = null, ...others] = allShown(asked);
  return {
    name,
    sentence: sentenceOf(name, context),
    query,
    link: [query, ...others].find(shown => shown?.link)?.link ?? null,
    reason: query === null ? leftOutOf(asked) : null,
    others,
  };
}

function sentenceOf(name: QuestionName, context: RenderContext): Text {
  const { alert, words } = context;
  switch (name) {
    case 'WHO':
      return [
        ...words.say(isWmi(context) ? 'question.WHO' : 'question.WHO-other', {
          initiator: initiatorOf(context, true),
        }),
        ...writerHash(context),
      ];
    case 'SPREAD':
      return words.say('question.SPREAD', { hosts: otherHosts(context) });
    case 'FILE':
    case 'RAN': {
      const sha256 = name === 'FILE' ? (actOf(alert)?.sha256 ?? null) : null;
      if (sha256 !== null) return words.say('question.FILE-hash', { link: virusTotal(sha256) });
      const loads =
        alert.payload.commands.length > 0 && alert.payload.commands.every(({ kind }) => kind !== 'process');
      return words.say(loads ? (`question.${name}-library` as Sentence) : `question.${name}`);
    }
    case 'THERE':
      return words.say(alert.facts.registry.value === '' ? 'question.THERE-nameless' : 'question.THERE');
    default:
      return name satisfies never;
  }
}

/** Where a hash of the event is looked up; only hex, so nothing else of an event is in the link. */
export const virusTotal = (sha256: string): Link => ({
  link: `https://www.virustotal.com/gui/file/${sha256}`,
  label: 'VirusTotal',
});

/** For a registry event, the hash of the program that wrote; WMI's own is of no use. */
function writerHash(context: RenderContext): Text {
  const { alert, words } = context;
  const [text] = eventTexts(alert.event, 'process.hash.sha256');
  const sha256 = sha256Of(text ?? null);
  if (sha256 === null || actOf(alert) !== null || isWmi(context)) return [];
  return [words.gap, ...words.say('question.WHO-hash', { link: virusTotal(sha256) })];
}

/** Hosts with the same value, as far as the archive knows. */
function otherHosts({ alert, words }: RenderContext): Text {
  const hosts = alert.history?.otherHosts ?? null;
  if (hosts === null) return words.say('history.unknown');
  if (hosts.length === 0) return words.say('history.no-hosts');
  const names = joined(
    hosts.slice(0, 5).map(host => [hostDatum(host)]),
    words.comma,
  );
  const isMore = alert.history?.otherHostsMore === true || hosts.length > 5;
  return words.say(isMore ? 'history.hosts-more' : 'history.hosts', { hosts: names });
}

/** The questions as blocks, each with its query or why there is none. */
export function questionBlocks(context: RenderContext): readonly Block[] {
  return questionsOf(context).map(({ name, sentence, query, link, reason }) => ({
    kind: 'question',
    name,
    sentence:
      reason === null
        ? sentence
        : [...sentence, context.words.gap, ...context.words.say('question.no-query', { reason })],
    query: query && { ...query, link },
  }));
}
