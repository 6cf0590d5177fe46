import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { deploy } from './deployment.ts';
import { writeLog } from './log-generator.ts';

/** A log with an attack in it becomes a mail and a chat message: `npm run demo`. */
const directory = 'out/demo';
const say = (text = ''): boolean => process.stdout.write(`${text}\n`);
const rule = (title: string): boolean => say(`\n──── ${title} ${'─'.repeat(Math.max(3, 72 - title.length))}`);

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const log = `${directory}/registry-0248.ndjson.gz`;
await writeLog(log, { events: 4000, seed: 42, attacks: 1, startMs: Date.now() - 200_000 });
say('1  A log of 4,000 registry events, one of them an attack, is made and compressed.');

const deployment = await deploy({ directory });
say("2  The bundled function starts under AWS's runtime client, against a local S3, SNS and SQS.");

const started = performance.now();
await deployment.upload('registry/2026/11/24/registry-0248.ndjson.gz', await readFile(log));
await deployment.settled();
say(
  `3  The log is uploaded; its notification travels through the queue; done in ${Math.round(performance.now() - started)} ms.`,
);

const mails = deployment.aws.delivered('email');
const chats = deployment.aws.delivered('https');
for (const { subject, body } of mails) {
  rule('the mail');
  say(`Subject: ${subject}\n\n${body}`);
}
for (const { body } of chats) {
  rule('the chat message');
  const { content, metadata } = JSON.parse(body) as {
    content: { title: string; description: string; nextSteps?: string[]; keywords?: string[] };
    metadata?: { threadId?: string };
  };
  say(
    `${content.title}\n\n${content.description}\n\n${(content.nextSteps ?? []).map(step => `• ${step}`).join('\n')}`,
  );
  say(`\n${(content.keywords ?? []).join(' · ')}   thread ${metadata?.threadId?.slice(0, 12)}…`);
}

rule('where everything is');
for (const { path } of [...mails, ...chats]) if (path) say(relative('.', path));
const archived = deployment.aws.s3.keys(deployment.archive);
say(
  `and ${archived.length} objects in the archive: ${[...new Set(archived.map(key => key.split('/')[0]))].join(', ')}`,
);
rule('try next');
say(`npx registry-alert scan ${log}
npx registry-alert scan --format html ${log} > out/alert.html
npx registry-alert explain --record 2001 ${log}
npx registry-alert check`);

await deployment.stop();
if (mails.length !== 1 || chats.length !== 1 || deployment.deadLetters() > 0) {
  process.stderr.write(
    `\nexpected one mail and one chat message; got ${mails.length} and ${chats.length}\n${deployment.function.logs.join('\n')}\n`,
  );
  process.exitCode = 1;
}
