import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type Axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyTimeline, addAnswer } from '../../src/flow/timeline.ts';
import { reportPage } from '../../src/report/html/page.ts';
import type { ReportData } from '../../src/report/html/report-data.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const hostile = [
  '<script>document.title = "taken"</script>',
  '"><img src=x onerror="document.title=1">',
  '\u202Eevil\u202C',
  '\u001B[31mred\u001B[0m',
  'long '.repeat(2000),
  'javascript:alert(1)',
  '</style><style>body{display:none}',
];

function timeline() {
  const line = emptyTimeline();
  for (let at = 0; at < 300_000; at += 100) addAnswer(line, at, at % 700 === 0 ? '429' : '200', 40 + (at % 90));
  return line;
}

/** A run in which everything that comes from outside is hostile. */
const data: ReportData = {
  title: `members.csv ${hostile[0]}`,
  sentence: `Finished: 990 succeeded, 9 failed, 1 unknown ${hostile[1]}`,
  exitCode: 1,
  exitMeaning: 'finished; some rows failed or are unknown',
  simulator: true,
  details: hostile.map((text, index) => [`fact ${index}`, text]),
  read: 1000,
  counts: { succeeded: 980, failed: 9, unknown: 1, skipped: 10, pending: 0 },
  next: [{ why: 'Correct the rows.', command: `gleantap-import run ${hostile[2]}` }],
  problems: hostile.map((text, index) => ({
    code: `code_${index}`,
    rows: 10 - index,
    sentence: text,
    hint: text,
    examples: [
      { row: 2, value: text },
      { row: 3, value: undefined },
    ],
  })),
  warnings: [{ code: 'bad_email', rows: 3, sentence: 'not an address', hint: 'Correct it.', examples: [] }],
  notes: hostile,
  fields: [
    { name: 'email', rows: 900, share: 0.9 },
    { name: hostile[0] ?? '', rows: 3, share: 0.003 },
  ],
  changes: [{ what: `tag "${hostile[0]}" put on`, rows: 5 }],
  timeline: timeline(),
  traffic: [['requests', '1,012']],
  settings: [['--rate', '10 (flag)']],
  files: [['failure.csv', 9]],
};

describe('report.html', () => {
  it('loads nothing from outside, and shows text from outside as text', () => {
    const page = reportPage(data);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|<iframe|<link|https?:|<[^>]*\son\w+=|href/i);
    for (const character of ['\u001B', '\u202E', '\u202C']) expect(page).not.toContain(character);
    expect(page.length).toBeLessThan(100_000);
  });

  it('has the same size for a hundred rows and for a million', () => {
    const many = { ...data, read: 1_000_000, counts: { ...data.counts, failed: 100_000, succeeded: 900_000 } };
    expect(Math.abs(reportPage(many).length - reportPage(data).length)).toBeLessThan(200);
  });
});

describe.skipIf(browserPath === undefined)('report.html in a browser', () => {
  let browser: Browser;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gleantap report '));
    const file = path.join(folder, 'report.html');
    await writeFile(file, reportPage(data));
    url = pathToFileURL(file).href;
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['light', 1100],
    ['dark', 1100],
    ['light', 360],
  ] as const)(
    '%s at %i pixels: nothing loads, nothing runs, nothing is cut off, and axe finds nothing serious',
    async (colorScheme, width) => {
      // axe must be allowed; everything else is as a reader sees it, without scripts.
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      const requests: string[] = [];
      const said: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      await page.goto(url);
      expect(requests).toEqual([url]);
      expect(await page.title()).toContain('<script>');
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
      const serious = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: Pick<typeof Axe, 'run'> };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(serious).toEqual([]);
      expect(said).toEqual([]);
      await context.close();
    },
  );

  it('follows its own policy, and works without scripts, on paper and by keyboard', async () => {
    const context = await browser.newContext({ javaScriptEnabled: true });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(url);
    // The style is applied although the policy forbids everything that it does not name.
    expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px');
    expect(said).toEqual([]);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(10_000);
    const reached = new Set<string>();
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate<string>('document.activeElement.tagName'));
    }
    expect([...reached]).toEqual(expect.arrayContaining(['PRE', 'DIV', 'SUMMARY']));
    await page.locator('summary').press('Enter');
    expect(await page.evaluate("document.querySelector('details').open")).toBe(true);
    await context.close();
  });
});
