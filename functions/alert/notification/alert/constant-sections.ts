import { filled } from '../guide/fill-guide.ts';
import { shownException } from '../guide/shown-exception.ts';
import { alertLocation, evidenceLocation, reportLocation } from '../text/archive-locations.ts';
import { code, data, type Text } from '../text/text.ts';
import { queryBlocks } from './query-sections.ts';
import type { RenderContext } from './render-context.ts';
import { type Block, type Section, textBlock } from './story.ts';
import type { Row } from './verdict.ts';

/** The exception that accepts exactly this event, for whoever keeps the rules. */
export function plannedBlocks(context: RenderContext): readonly Block[] {
  const { alert, words } = context;
  const { text, leftOut } = shownException(context);
  return text === null
    ? [textBlock(words.say('planned.left-out', { reason: leftOut }))]
    : [
        textBlock(words.say('planned.add', { folder: code(alert.rule.folder) })),
        { kind: 'code', depth: 0, label: null, text },
      ];
}

/** How to undo the write at this location, the command for it, and what to look at beside it. */
export function undoBlocks(context: RenderContext, shown: Set<string>): readonly Block[] {
  const { alert, queries, words } = context;
  const text = alert.location?.text[words.locale];
  const list = (heading: string, items: readonly string[]): readonly Block[] =>
    items.length === 0
      ? []
      : [
          { kind: 'heading', text: heading },
          { kind: 'list', items: items.map(item => filled(item, context)) },
        ];
  return [
    ...list(words.label('undo.checks'), text?.checks ?? []),
    ...list(words.label('undo.restore'), text?.restore ?? []),
    ...queries
      .named('remove', 'previous-value')
      .filter(({ number }) => !shown.has(number))
      .flatMap(query => queryBlocks(context, query, 0, shown)),
  ];
}

export function evidenceSection(context: RenderContext, shown: Set<string>): Section {
  const { alert, options, queries, words } = context;
  const { label, say } = words;
  const { evidence } = alert;
  const { sha256, record, offset, versionId, etag } = evidence;
  const version: Row[] =
    versionId !== null
      ? [{ label: label('evidence.version'), text: [data(versionId, 1024)] }]
      : etag !== null
        ? [{ label: label('evidence.etag'), text: [data(etag.replaceAll('"', ''), 128)] }]
        : [];
  const archive: Row[] =
    options.archiveBucket === undefined
      ? []
      : [
          { label: label('evidence.alert'), text: [code(alertLocation(options.archiveBucket, alert.id))] },
          { label: label('evidence.report'), text: [code(reportLocation(options.archiveBucket, alert.id))] },
        ];
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
    ...archive,
    { label: label('label.alert'), text: [code(alert.id)] },
  ];
  return {
    name: 'evidence',
    heading: label('section.evidence'),
    blocks: [
      { kind: 'rows', rows },
      ...queries.named('evidence').flatMap(query => queryBlocks(context, query, 0, shown)),
    ],
  };
}

/** What is the same for every alert of the rule. */
export function ruleSections({ alert, words }: RenderContext): readonly Section[] {
  const { rule } = alert;
  const { comma, label, locale, say } = words;
  const list = (texts: readonly string[]): Text => [texts.join(comma)];
  const rows: Row[] = [
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
      text: say('rule.author-is', { authors: list(rule.authors), license: rule.license }),
    },
    { label: label('rule.type'), text: [rule.type] },
    {
      label: label('rule.schedule'),
      text: say('rule.schedule-is', {
        interval: code(rule.interval),
        from: code(rule.from),
        maxSignals: rule.maxSignals,
      }),
    },
    { label: label('rule.indices'), text: list(rule.indices) },
    { label: label('rule.tags'), text: list(rule.tags) },
    {
      label: label('rule.references'),
      text: rule.references.length === 0 ? say('rule.no-references') : list(rule.references),
    },
    ...attackRows(),
    { label: label('rule.digest'), text: say('rule.digest-is', { digest: code(rule.digest) }) },
  ];
  return [
    { name: 'rule', heading: label('section.rule'), blocks: [{ kind: 'rows', rows }] },
    {
      name: 'rule-query',
      heading: label('section.rule-query'),
      blocks: [{ kind: 'code', depth: 0, label: null, text: rule.queryText.trim() }],
      reportOnly: true,
    },
  ];

  function attackRows(): Row[] {
    return rule.threats.map(threat => ({
      label: label('rule.attack'),
      text: [`${threat.framework}: ${threat.tactic.id} ${threat.tactic.name} ${threat.tactic.reference}`],
      more: threat.techniques
        .flatMap(technique => [technique, ...technique.subtechniques])
        .map(({ id, name, reference }): Text => [`${id} ${name} ${reference}`]),
    }));
  }
}
