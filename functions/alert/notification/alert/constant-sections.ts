import { filled } from '../guide/fill-guide.ts';
import { shownException } from '../guide/shown-exception.ts';
import { alertLocation, evidenceLocation } from '../text/archive-locations.ts';
import { code, data, type Text } from '../text/text.ts';
import { leftOutOf, shownOf } from './alert-queries.ts';
import type { RenderContext } from './render-context.ts';
import { type Block, type Row, type Section, textBlock } from './section.ts';

/** The exception that accepts exactly this event, for those who maintain the rules. */
export function plannedBlocks(context: RenderContext): readonly Block[] {
  const { alert, words } = context;
  const { text, leftOut } = shownException(context);
  return text === null
    ? [textBlock(words.say('planned.left-out', { reason: leftOut }))]
    : [textBlock(words.say('planned.add', { folder: code(alert.rule.folder) })), { kind: 'code', text }];
}

/** How to undo the write at this location, and the command for it. */
export function undoBlocks(context: RenderContext, shown: Set<string>): readonly Block[] {
  const { alert, queries, words } = context;
  const text = alert.location?.text[words.locale];
  const items = (text?.restore ?? []).map(item => filled(item, context));
  const remove = queries.named('remove');
  const query = shownOf(remove);
  if (remove.length === 0) return [];
  return [
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
    ...(shown.has('remove')
      ? []
      : query === null
        ? [textBlock(words.say('undo.left-out', { reason: leftOutOf(remove) ?? '' }))]
        : [{ kind: 'query', id: null, title: words.say('undo.command'), query } as const]),
  ];
}

export function evidenceSection(context: RenderContext): Section {
  const { alert, options, words } = context;
  const { label, say } = words;
  const { evidence } = alert;
  const { archiveBucket } = options;
  const { sha256, record, offset, versionId, etag } = evidence;
  const version: Row[] =
    versionId !== null
      ? [{ label: label('evidence.version'), text: [data(versionId, 1024)] }]
      : etag !== null
        ? [{ label: label('evidence.etag'), text: [data(etag.replaceAll('"', ''), 128)] }]
        : [];
  const rows: Row[] = [
    {
      label: label(evidence.bucket === null ? 'evidence.file' : 'evidence.object'),
      text: evidenceLocation(evidence.bucket, evidence.key),
    },
    ...version,
    {
      label: label('evidence.record'),
      text: say('evidence.record-at', { record, offset, sha256: code(sha256) }),
    },
    {
      label: label('label.alert'),
      text: [code(archiveBucket === undefined ? alert.id : alertLocation(archiveBucket, alert.id))],
    },
  ];
  return {
    name: 'evidence',
    heading: label('section.evidence'),
    blocks: [
      { kind: 'rows', rows },
      ...commandBlocks(context),
      ...(options.repeatMinutes === undefined
        ? []
        : [textBlock(say('again.quiet', { minutes: options.repeatMinutes }))]),
    ],
  };
}

/** The command that fetches exactly this version of the object. */
function commandBlocks({ queries, words }: RenderContext): readonly Block[] {
  const fetch = queries.named('evidence');
  const query = shownOf(fetch);
  return query === null
    ? [textBlock(words.say('question.no-query', { reason: leftOutOf(fetch) ?? '' }))]
    : [{ kind: 'code', text: query.text }];
}

/** What is the same for every alert of the rule. */
export function ruleSection({ alert, words }: RenderContext): Section {
  const { rule } = alert;
  const { comma, label, locale, say } = words;
  const list = (texts: readonly string[]): Text => [texts.join(comma)];
  const references = rule.references.length === 0 ? say('rule.no-references') : list(rule.references);
  const rows: readonly Row[] = [
    {
      label: label('rule.name'),
      text: say('rule.version', { name: rule.name[locale], version: rule.version }),
    },
    { label: label('rule.finds'), text: [rule.description[locale]] },
    {
      label: label('rule.severity'),
      text: say('rule.severity-is', { severity: label(`severity.${rule.severity}`), risk: rule.riskScore }),
    },
    {
      label: label('rule.author'),
      text: say('rule.author-is', { authors: list(rule.authors), license: rule.license, references }),
    },
    {
      label: label('rule.type'),
      text: say('rule.type-on', { type: rule.type, indices: list(rule.indices) }),
    },
    {
      label: label('rule.schedule'),
      text: say('rule.schedule-is', {
        interval: code(rule.interval),
        from: code(rule.from),
        maxSignals: rule.maxSignals,
      }),
    },
    { label: label('rule.tags'), text: list(rule.tags) },
  ];
  return {
    name: 'rule',
    heading: label('section.rule'),
    blocks: [
      { kind: 'rows', rows },
      ...rule.threats.map(threat => textBlock(attackText(threat))),
      { kind: 'code', text: rule.queryText.trim(), isPacked: true },
    ],
  };
}

function attackText({
  framework,
  tactic,
  techniques,
}: RenderContext['alert']['rule']['threats'][number]): Text {
  const entries = techniques.flatMap(technique => [technique, ...technique.subtechniques]);
  return [
    `${framework}: ${[tactic, ...entries].map(({ id, name, reference }) => `${id} ${name} ${reference}`).join(' | ')}`,
  ];
}
