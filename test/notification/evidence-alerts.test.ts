import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lastDocument } from '../../functions/alert/logs/index.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { loadRules, ruleFolders } from '../../functions/alert/pipeline/load-rules.ts';
import { LOCALES } from '../../functions/alert/ruleset/index.ts';
import { chatProblems } from '../local-aws/sns/chat.ts';
import { alertOf, OPTIONS } from './fixture.ts';
import { readPage } from './html-reader.ts';
import { MOST_BYTES, publishedBytes } from './published-bytes.ts';

describe.each(ruleFolders('rules'))('every line of the evidence of %s', folder => {
  const rule = loadRules('rules', [folder])[0]!;
  const lines = readFileSync(`rules/${folder}/match.ndjson`, 'utf8').trim().split('\n');

  it.each(LOCALES)('makes an alert with nothing left to fill in, in %s', locale => {
    for (const line of lines) {
      const record = JSON.parse(line);
      const alert = alertOf(lastDocument([record].flat().map(one => one._source ?? one)), {}, rule);
      const message = renderAlert(alert, { ...OPTIONS, locale });
      const report = readPage(renderReport(alert, { ...OPTIONS, locale })).text;
      for (const text of [message.subject, message.email, report]) {
        expect(text).not.toMatch(/\{\{[\w.-]+\}\}|\{[a-z]\w+\}(?! )|\bNaN\b|\[object /);
      }
      expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(chatProblems(message.https)).toEqual([]);
      expect(publishedBytes(message)).toBeLessThanOrEqual(MOST_BYTES);
      expect(message.cut).toEqual([]);
    }
  });
});
