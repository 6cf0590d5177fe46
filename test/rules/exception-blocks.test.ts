import { expect, it } from 'vitest';
import type { makeDetector } from '../../functions/alert/detection/index.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { exceptionBlock } from '../../functions/alert/notification/guide/exception-block.ts';
import { checkFolder } from '../../functions/alert/ruleset/check/check-folder.ts';
import { formatProblem } from '../../functions/alert/ruleset/problem.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { deps, filesOf, ruleOf, WMI_RULE } from '../ruleset/rule-folder.ts';

it('the block that an alert carries, once filled in, passes check and accepts exactly its own event', () => {
  const rule = ruleOf(WMI_RULE);
  const detector = detectorOf([rule]);
  const files = filesOf(WMI_RULE);
  const lines = files.get('match.ndjson')!.trim().split('\n');
  const blocks = lines.map((line, index) =>
    exceptionBlock(alertOf(detector, line))
      .text!.replace('owner = ""', 'owner = "Endpoint engineering"')
      .replace('reason = ""', `reason = "planned"\naccepts = [${index + 1}]`),
  );
  const excepting = new Map(files).set('exceptions.toml', blocks.join('\n'));
  const { findings, rule: checked } = checkFolder('wmi', excepting, {
    ...deps,
    asOfMs: Date.parse('2026-11-25'),
    isStrict: true,
  });
  expect(findings.map(formatProblem)).toEqual([]);
  expect(checked?.exceptions).toHaveLength(lines.length);

  const unfilled = new Map(files).set('exceptions.toml', exceptionBlock(alertOf(detector, lines[0]!)).text!);
  const refused = checkFolder('wmi', unfilled, { ...deps, asOfMs: 0, isStrict: true }).findings;
  expect(refused.map(({ message }) => message)).toEqual(['owner is empty', 'reason is empty']);
});

function alertOf(detector: ReturnType<typeof makeDetector>, line: string) {
  const [verdict] = detector.evaluate(JSON.parse(line) as JsonObject, {
    evidence: () => ({
      bucket: null,
      key: 'match.ndjson',
      versionId: null,
      etag: null,
      lastModified: '2026-11-24T00:00:00.000Z',
      record: 1,
      offset: 0,
      sha256: '',
    }),
    origin: () => 'fits',
    raw: null,
    source: () => ({ product: 'elastic-defend', index: null, inferred: [] }),
    isEndgame: false,
    asOfMs: null,
  });
  if (verdict?.kind !== 'match') throw new Error('the event does not match');
  return { ...verdict.match, neighbours: null, occurrences: 1, history: null };
}
