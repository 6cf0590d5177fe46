import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderNoticeReport, renderReport } from '../../functions/alert/notification/index.ts';
import { CASES } from '../notification/cases.ts';
import { alertOf, OPTIONS, writeEvent } from '../notification/fixture.ts';
import { NOTICES } from '../notification/notices.ts';

const CHROMIUM = '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
if (!isThere) {
  process.stderr.write(`there is no ${CHROMIUM} (apt-get install chromium): tests of the page are SKIPPED\n`);
}

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const SIZES = [
  ['a phone', PHONE],
  ['a desk', DESK],
] as const;
const LOCALES = ['en', 'zh-CN'] as const;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What a browser would run or fetch, were it not text, in every field that an attacker can choose. */
const ACTIVE: readonly [string, string, string, string, string] = [
  '<script>document.title="run"</script>',
  '<img src=http://192.0.2.1/a onerror=document.title="run">',
  '</code></pre><svg onload=document.title="run"><style>@import "http://192.0.2.1/b"</style>',
  '"><iframe src="http://192.0.2.1/c"></iframe><form action=http://192.0.2.1><a href=javascript:alert(1)>x</a>',
  "{}*{background:url('http://192.0.2.1/d')}",
];
const hostile = () =>
  alertOf(
    writeEvent(
      {
        key: `S-1-5-21-1-2-3-1107\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\${ACTIVE[0]}`,
        value: ACTIVE[1]!,
        type: ACTIVE[2]!,
        strings: ACTIVE,
      },
      {
        host: { id: ACTIVE[2], name: ACTIVE[1], os: { type: 'windows', full: ACTIVE[3] } },
        user: { id: 'S-1-5-21-1-2-3-1107', name: ACTIVE[3], domain: ACTIVE[4] },
        Effective_process: { entity_id: ACTIVE[0], executable: ACTIVE[1], name: ACTIVE[2], pid: ACTIVE[3] },
      },
    ),
    { history: { otherHosts: [...ACTIVE], otherHostsMore: true, hostAlerts: 1 } },
  );

describe.skipIf(!isThere)('the page, in Chromium', () => {
  let browser: Browser;
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  });
  afterAll(() => browser?.close());

  /** The page as a browser shows it that would follow every request. */
  async function opened(html: string, options: Parameters<Browser['newPage']>[0]): Promise<Page> {
    const page = await browser.newPage(options);
    requests.length = 0;
    await page.route('**/*', route => {
      const { url } = { url: route.request().url() };
      if (url === 'http://page.test/') return route.fulfill({ body: html, contentType: 'text/html' });
      requests.push(url);
      return route.abort();
    });
    await page.goto('http://page.test/');
    return page;
  }

  const rows = Object.entries(CASES).flatMap(([name, make]) =>
    LOCALES.flatMap(locale => SIZES.map(([device, viewport]) => ({ name, make, locale, device, viewport }))),
  );
  it.each(rows)('begins with all of the first screen: $name, $locale, on $device', async row => {
    const { make, locale, viewport } = row;
    const html = renderReport(make(), { ...OPTIONS, locale, timeZone: 'Asia/Shanghai' });
    const page = await opened(html, { viewport });
    const seen = await page.evaluate<{ screen: number; width: number }>(`({
      screen: document.querySelector('header').getBoundingClientRect().bottom,
      width: document.documentElement.scrollWidth,
      isFolded: !document.querySelector('details').open,
      afterScreen: document.querySelector('header').nextElementSibling.nodeName,
    })`);
    expect(seen.screen).toBeLessThanOrEqual(viewport.height);
    expect(seen.width).toBeLessThanOrEqual(viewport.width);
    expect(seen).toMatchObject({ isFolded: true, afterScreen: 'NAV' });
    expect(requests.filter(url => !url.endsWith('/favicon.ico'))).toEqual([]);
    await page.close();
  });

  it.each(LOCALES)('gives all of a query for one click: %s', async locale => {
    const html = renderReport(CASES['rundll32-by-wmi']!(), { ...OPTIONS, locale });
    const page = await opened(html, { viewport: PHONE });
    const queries = page.locator('code.copy');
    for (const at of [0, 3, (await queries.count()) - 1]) {
      const query = queries.nth(at);
      await query.click({ position: { x: 5, y: 5 } });
      expect(await page.evaluate('getSelection().toString()')).toBe(await query.textContent());
    }
    await page.close();
  });

  it('unfolds its contents, whose links lead to its sections', async () => {
    const page = await opened(renderReport(CASES['user-run-key']!(), OPTIONS), { viewport: PHONE });
    await page.locator('summary').click();
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))`,
    );
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(await page.locator(`[id="${link.slice(1)}"]`).count()).toBe(1);
    await page.locator('nav a').last().click();
    expect(await page.evaluate('scrollY')).toBeGreaterThan(1_000);
    await page.close();
  });

  it.each(LOCALES)('asks for nothing and runs nothing of an attacker: %s', async locale => {
    const page = await opened(renderReport(hostile(), { ...OPTIONS, locale }), { viewport: DESK });
    await page.waitForTimeout(100);
    expect(requests.filter(url => !url.endsWith('/favicon.ico'))).toEqual([]);
    const seen = await page.evaluate<{ title: string; targets: string[]; text: string }>(`({
      title: document.title,
      active: document.querySelectorAll('script, img, svg, iframe, form, object, embed, link, base').length,
      handlers: [...document.querySelectorAll('*')].flatMap(one =>
        one.getAttributeNames().filter(name => name.startsWith('on'))),
      targets: [...document.querySelectorAll('[href], [src]')].map(one => one.getAttribute('href') ?? 'src'),
      text: document.body.innerText,
    })`);
    expect(seen).toMatchObject({ active: 0, handlers: [] });
    expect(seen.title).toMatch(/^\[high\] /);
    expect(
      seen.targets.filter(href => !/^#|^https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\//.test(href)),
    ).toEqual([]);
    // Nothing is lost of it either: it is there as text.
    expect(seen.text).toContain('onerror');
    await page.close();
  });

  it('is under the policy that is written, which stops what would get in', async () => {
    // One that has been broken into, to see the policy itself at work.
    const html = renderReport(CASES['user-run-key']!(), OPTIONS);
    const broken = html.replace('</article>', `${ACTIVE.join('')}</article>`);
    expect(broken).not.toBe(html);
    const violated = await opened(broken, { viewport: DESK });
    await violated.waitForTimeout(300);
    expect(await violated.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content')).toBe(POLICY);
    expect(await violated.title()).not.toBe('run');
    expect(requests.filter(url => url.includes('192.0.2.1'))).toEqual([]);
    const blocked = await violated.evaluate(`new Promise(resolve => {
      document.addEventListener('securitypolicyviolation', event =>
        resolve(event.effectiveDirective + ' by ' + event.originalPolicy));
      const script = document.createElement('script');
      script.src = 'http://192.0.2.1/e';
      document.body.append(script);
    })`);
    expect(blocked).toBe(`script-src-elem by ${POLICY}`);
    await violated.close();
  });

  it.each(LOCALES)('can be read in the dark and on paper: %s', async locale => {
    const html = renderReport(CASES['encoded-powershell']!(), { ...OPTIONS, locale });
    const page = await opened(html, { viewport: PHONE, colorScheme: 'dark' });
    expect(await contrasts(page)).toBeGreaterThanOrEqual(4.5);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    expect(await contrasts(page)).toBeGreaterThanOrEqual(4.5);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('code.copy').last().isVisible()).toBe(true);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });

  it('fits a phone for every notice', async () => {
    for (const { notice } of NOTICES) {
      const page = await opened(renderNoticeReport(notice, OPTIONS), { viewport: PHONE });
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([notice.kind, width <= PHONE.width]).toEqual([notice.kind, true]);
      await page.close();
    }
  });
});

/** The least contrast of any text with what is behind it, as WCAG counts it. */
const contrasts = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const light = color => {
      const [r, g, b] = color.match(/[\\d.]+/g).map(part => {
        const of = Number(part) / 255;
        return of <= 0.03928 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
      const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
      return /, 0\\)$/.test(color) ? behind(element.parentElement) : color;
    };
    return Math.min(...[...document.querySelectorAll('body *')]
      .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== ''))
      .map(one => [light(getComputedStyle(one).color), light(behind(one))].toSorted((a, b) => b - a))
      .map(([more, less]) => (more + 0.05) / (less + 0.05)));
  })()`);
