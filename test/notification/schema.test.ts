import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { renderAlert, renderDocument } from '../../functions/alert/notification/index.ts';
import { chatProblems } from '../local-aws/sns/chat.ts';
import { CASES } from './cases.ts';
import { alertOf, OPTIONS, runKeyEvent } from './fixture.ts';

const SCHEMA = JSON.parse(readFileSync('functions/alert/notification/alert.schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(SCHEMA);

function check(document: string): void {
  const isValid = validate(JSON.parse(document));
  expect(validate.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
}

it.each(Object.keys(CASES))('describes the document of %s', name => {
  for (const locale of ['en', 'zh-CN', 'both'] as const) {
    check(renderAlert(CASES[name]!(), { ...OPTIONS, locale }).default);
    check(renderDocument(CASES[name]!(), { ...OPTIONS, locale }));
  }
});

it('describes a document that was cut', () => {
  const alert = alertOf(runKeyEvent({ other: 'x'.repeat(3_000_000) }));
  const message = renderAlert(alert, OPTIONS);
  expect(message.cut).toContain('event');
  check(message.default);
});

it.each(['en', 'zh-CN'] as const)('describes a repeat, whose message is one screen: %s', locale => {
  for (const [name, made] of Object.entries(CASES)) {
    const repeated = { sinceMs: Date.parse('2026-11-24T02:48:10.000Z'), count: 3, others: 2 };
    const {
      email,
      subject,
      https: chat,
      default: document,
    } = renderAlert({ ...made(), repeated }, { ...OPTIONS, locale, timeZone: 'Asia/Shanghai' });
    expect([name, email.split('\n').length <= 36]).toEqual([name, true]);
    expect(email.split('\n').slice(0, 6).join('\n')).toMatch(/2026-11-24 02:48:10\s+UTC[\s\S]*3[\s\S]*2/);
    expect(subject).toMatch(/^\[\w+\] [\w?]+, again: /);
    const { title, description } = JSON.parse(chat).content;
    expect(title).toMatch(/, again$|（再次写入）$/);
    expect(description.split('\n')[1]).toMatch(/^\*(Again|再次写入)\* .*\b10:48:10 Asia\/Shanghai/);
    check(document);
  }
});

it('says in the first mail what is quiet', () => {
  const emails = [undefined, 90].map(
    repeatMinutes => renderAlert(CASES['user-run-key']!(), { ...OPTIONS, repeatMinutes }).email,
  );
  expect(emails.map(email => /For 90 minutes\s+after each message/.test(email))).toEqual([false, true]);
});

it('refuses a member that it does not know', () => {
  expect(validate({ ...JSON.parse(renderDocument(CASES['user-run-key']!(), OPTIONS)), more: 1 })).toBe(false);
});

it('has the members that the contract names', () => {
  const alert = alertOf(runKeyEvent());
  const document = JSON.parse(renderDocument(alert, OPTIONS));
  expect(document).toMatchObject({
    id: alert.id,
    kind: 'alert',
    event: runKeyEvent(),
    evidence: {
      bucket: 'acme-endpoint-logs',
      key: '2026/11/24/registry-0248.ndjson.gz',
      versionId: '3HL4kqtJlcpXroDTDmJ',
      record: 18_204,
    },
  });
});

it.each(Object.keys(CASES))('is a notification that chat shows: %s', name => {
  for (const locale of ['en', 'zh-CN', 'both'] as const) {
    for (const kibanaUrl of [undefined, 'https://kibana.acme.example/s/soc']) {
      const { https } = renderAlert(CASES[name]!(), { ...OPTIONS, locale, kibanaUrl });
      expect(chatProblems(https)).toEqual([]);
      const { title, description, nextSteps } = JSON.parse(https).content;
      expect([title, description, ...nextSteps].join('').length).toBeLessThanOrEqual(3_000);
      const link = kibanaUrl !== undefined && /app\/discover/.test(nextSteps.join(' '));
      const hasQuery = /did-it-run","question":"[^"]*","variants":\[\{[^}]*"text":"/.test(
        renderAlert(CASES[name]!(), OPTIONS).default,
      );
      if (kibanaUrl !== undefined && hasQuery && name !== 'multi-sz-unc') expect(link).toBe(true);
    }
  }
});
