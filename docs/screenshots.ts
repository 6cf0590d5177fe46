import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** node docs/screenshots.ts: pictures of a recorded report at the width of a desk and of a phone, where Chromium is. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const SHOTS = [
  { locale: 'en', name: 'report-desk', width: 1200, height: 1500 },
  { locale: 'en', name: 'report-phone', width: 500, height: 1100 },
  { locale: 'zh-CN', name: 'report-phone-zh-CN', width: 500, height: 1100 },
];

if (CHROMIUM === undefined) {
  process.stderr.write('SKIPPED: there is no Chromium here\n');
} else {
  for (const { locale, name, width, height } of SHOTS) {
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    const page = pathToFileURL(resolve('test/golden', `report.${locale}.html`)).href;
    const { status, stderr } = spawnSync(
      CHROMIUM,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--hide-scrollbars',
        `--user-data-dir=${profile}`,
        `--window-size=${width},${height}`,
        `--screenshot=docs/${name}.png`,
        page,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    rmSync(profile, { recursive: true, force: true });
    if (status !== 0) throw new Error(`Chromium ended with ${status}: ${stderr.slice(-500)}`);
    process.stdout.write(`docs/${name}.png\n`);
  }
}
