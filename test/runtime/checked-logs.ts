import { globSync, readFileSync } from 'node:fs';

/** Part of the text of events that tests upload; no log may contain it. */
export const CANARY = 'CANARY-7f3a';

let texts: readonly string[] | undefined;

/** @throws when a line of the function is no JSON, or holds text of an event */
export function checkLogs(lines: readonly string[]): void {
  texts ??= [CANARY, 'HOST-', ...hostsOfEvidence()];
  for (const line of lines) {
    if (!isJson(line)) throw new Error(`a line of the log is no JSON: ${line}`);
    const found = texts.find(text => line.includes(text));
    if (found !== undefined) throw new Error(`a line of the log quotes an event (${found}): ${line}`);
  }
}

/** Names and ids of the hosts in the evidence of our rules, which most tests upload. */
function hostsOfEvidence(): readonly string[] {
  const events = globSync('rules/*/match.ndjson').flatMap(path =>
    readFileSync(path, 'utf8').trimEnd().split('\n'),
  );
  const hosts = events.flatMap(line => {
    const { host } = [JSON.parse(line)].flat().at(-1) as {
      readonly host?: { readonly name?: string; readonly id?: string };
    };
    return [host?.name, host?.id].filter(text => text !== undefined);
  });
  return [...new Set(hosts)];
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
