import { reportIdOf } from '../alert/incident-texts.ts';
import { hostOf } from '../alert/persons.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { levelWord } from '../alert/subject-line.ts';
import { threadIdOf } from '../incident/thread-id.ts';
import { CHAT_CUTS, type ChatCut } from './chat-cuts.ts';
import { chatSteps, chatStory } from './chat-parts.ts';
import { chatText } from './markdown.ts';

/** An Amazon Q custom notification. */
export type ChatNotification = {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly enableCustomActions: boolean;
  };
};

type Content = Pick<ChatNotification['content'], 'title' | 'description' | 'nextSteps'>;

/** Longest message that chat programs display well, in total. */
const MOST = 3_000;
const MOST_TITLE = 250;

/**
 * The whole notification, one message in every language. All messages about one recorded process on one day share a
 * thread. Its metadata and keywords contain nothing from an event.
 */
export function chatNotification(contexts: readonly RenderContext[]): ChatNotification {
  const { alert, incident, options } = contexts[0]!;
  const { rule } = alert;
  return {
    version: '1.0',
    source: 'custom',
    id: reportIdOf(contexts[0]!),
    content: { textType: 'client-markdown', ...fittedContent(contexts), keywords: keywordsOf(contexts[0]!) },
    metadata: {
      threadId: threadIdOf(alert, incident, options.sha256),
      summary: `[${rule.severity}] ${levelWord(alert.assessment.level)}: ${constantOf(alert)}`,
      eventType: 'registry-alert',
      enableCustomActions: false,
    },
  };
}

function fittedContent(contexts: readonly RenderContext[]): Content {
  for (let count = 0; ; count++) {
    const content = contentOf(contexts, new Set(CHAT_CUTS.slice(0, count)));
    const { title, description, nextSteps } = content;
    const length = [title, description, ...nextSteps].reduce((sum, text) => sum + text.length, 0);
    if (length <= MOST || count === CHAT_CUTS.length) return content;
  }
}

/** In two languages, language-independent parts appear once, and the second language has only the first lines. */
function contentOf(contexts: readonly RenderContext[], cuts: ReadonlySet<ChatCut>): Content {
  const titles = contexts.map(titleOf);
  const both = titles.join(' / ');
  const [first, ...others] = contexts;
  const stories = [
    chatStory(first!, cuts),
    ...others.map(context =>
      chatStory(context, new Set<ChatCut>([...cuts, 'value', 'host', 'when', 'before', 'decoded'])),
    ),
  ];
  const steps = contexts.map(context => chatSteps(context, cuts));
  const nextSteps = steps[0]!.map((step, at) =>
    step.isLink || cuts.has('details')
      ? step.text
      : [step.text, ...steps.slice(1).map(other => other[at]!.text)].join(' / '),
  );
  return {
    title: both.length <= MOST_TITLE ? both : titles[0]!,
    description: stories.join('\n\n'),
    nextSteps,
  };
}

/** Severity, what was written, and the host in any script. */
function titleOf(context: RenderContext): string {
  const { alert, words } = context;
  const { location, rule } = alert;
  const values = {
    severity: words.label(`severity.${rule.severity}`),
    level: words.label(`level.${alert.assessment.level}`),
    host: hostOf(context, 48),
  };
  const title =
    location === null
      ? words.say('chat.title-other', { ...values, rule: rule.name[words.locale] })
      : words.say('chat.title', { ...values, what: location.text[words.locale].subject });
  const count = context.incident?.others.length ?? 0;
  const counted = count === 0 ? title : words.say('chat.title-incident', { title, count });
  return chatText(alert.repeated === undefined ? counted : words.say('chat.title-again', { title: counted }));
}

/** What was written, only from constants of the rule. */
const constantOf = ({ location, rule }: RenderContext['alert']): string =>
  location === null ? rule.name.en.replace(/[^\x20-\x7e]+/g, '?').slice(0, 60) : location.text.en.subject;

/** Technique ids of the indicators, of the location and of the rule. */
function keywordsOf({ alert: { assessment, location, rule } }: RenderContext): readonly string[] {
  const ofRule = rule.threats.flatMap(({ techniques }) =>
    techniques.flatMap(({ id, subtechniques }) =>
      subtechniques.length > 0 ? subtechniques.map(sub => sub.id) : [id],
    ),
  );
  const tactics = rule.threats.map(({ tactic }) => tactic.name.toLowerCase());
  const fired = assessment.indicators.flatMap(({ technique }) => technique ?? []);
  const ids = [...fired, ...(location === null ? [] : [location.technique.id]), ...ofRule];
  return [...new Set([...ids, ...tactics])].slice(0, 10);
}
