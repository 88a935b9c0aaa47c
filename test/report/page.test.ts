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
import { nightPage } from '../../src/report/html/night-page.ts';
import { nightOf } from '../../src/report/night.ts';
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
  kind: 'run',
  subject: `members.csv ${hostile[0]}`,
  headline: `Finished, and 10 rows need your attention ${hostile[1]}`,
  lead: `980 of 1,000 rows are in Gleantap. ${hostile[2]}`,
  severity: 'warn',
  exitCode: 1,
  exitMeaning: 'finished, but some rows failed or are unknown',
  simulator: true,
  meta: ['started 27 Nov 2026, 09:15 UTC', 'took 2 min'],
  read: 1000,
  outcomes: [
    { outcome: 'succeeded', label: 'rows in Gleantap', rows: 980, file: 'success.csv' },
    { outcome: 'failed', label: 'rows failed', rows: 9, file: 'failure.csv' },
    { outcome: 'unknown', label: 'row may be in: send again', rows: 1, file: 'unknown.csv' },
    { outcome: 'skipped', label: 'rows left out on purpose', rows: 10, file: undefined },
  ],
  next: [
    { why: 'Correct the rows.', command: `gleantap-import run ${hostile[2]}` },
    { why: 'Import them.', command: `gleantap-import run "${'a folder/'.repeat(60)}failure.csv"` },
  ],
  problems: hostile.map((text, index) => ({
    code: `code_${index}`,
    rows: 10 - index,
    sentence: text,
    hint: text,
    where: `Column "${text}"`,
    examples: [text, 'rows 2 and 3'],
    firstRows: ['2', `3 (${text})`],
  })),
  warnings: ['Correct it.', 'No action needed.'].map((hint, index) => ({
    code: `warning_${index}`,
    rows: 3,
    sentence: `The cell is not an email address ${hostile[0]}`,
    hint,
    where: undefined,
    examples: [],
    firstRows: ['2'],
  })),
  notes: hostile,
  account: [],
  consent: [
    {
      channel: 'Text messages',
      bars: [
        { name: 'In the file', parts: [{ label: `agreed ${hostile[0]}`, people: 300, tone: 'succeeded' }] },
        {
          name: 'Sent',
          parts: [
            { label: 'agreed', people: 290, tone: 'succeeded' },
            { label: 'nothing is sent: Gleantap keeps what it has', people: 690, tone: 'rest' },
          ],
        },
      ],
    },
  ],
  consentNotes: hostile,
  tags: [
    ...hostile.map((tag) => ({ tag, action: 'add' as const, rows: 5 })),
    { tag: 'Trial', action: 'remove', rows: 1 },
  ],
  moreTags: true,
  words: [
    {
      field: 'status',
      column: `"Status ${hostile[1]}"`,
      words: hostile.map((word) => ({ word, rows: 3, becomes: word })),
      more: true,
    },
  ],
  fields: [
    { name: 'email', source: '"Email"', rows: 900, share: 0.9, examples: hostile },
    { name: hostile[0] ?? '', source: hostile[1] ?? '', rows: 3, share: 0.003, examples: [] },
  ],
  unsent: hostile,
  timeline: timeline(),
  traffic: [['Requests', '1,012']],
  files: [
    { name: 'success.csv', about: '980 rows that are in Gleantap' },
    { name: 'failure.csv', about: '9 rows that failed' },
    { name: 'unknown.csv', about: '1 row that may be in' },
  ],
  details: hostile.map((text, index) => [`fact ${index}`, text]),
  settings: [['--rate', '10 (flag)']],
  showsValues: false,
};

/** A batch with the same texts: each of its locations is hostile. */
const night = nightPage(
  nightOf({
    version: 1,
    kind: 'batch',
    flags: ['--yes'],
    exitCode: 2,
    sentence: '',
    next: `gleantap-import batch ${hostile[2]}`,
    simulator: true,
    out: '/batch',
    input: `jobs.json ${hostile[0]}`,
    started: '2026-11-27T04:30:00.000Z',
    durationMs: 60_000,
    jobs: [2, 3, 5, 75, 1, 0, 0].map((exitCode, nth) => ({
      version: 1,
      kind: 'run',
      name: `location ${hostile[nth]}`,
      exitCode,
      sentence: hostile.join('\n'),
      next: `gleantap-import run ${hostile[nth]}`,
      simulator: true,
      run: 1,
      out: `/batch/location ${hostile[nth]}`,
      input: hostile[0] ?? '',
      account: { host: '', appId: '' },
      started: '2026-11-27T04:30:00.000Z',
      counts: { read: 9, blank: 0, succeeded: 5, failed: 1, unknown: 1, skipped: 1, pending: 1 },
      files: { '/batch/x/failure.csv': 1 },
      problems: { bad_email: 1 },
      ...(exitCode > 1 ? { error: { code: 'usage', message: hostile.join('\n'), hint: hostile[1] } } : {}),
    })),
  }),
);

/** The same as a check shows it, without a timeline. */
const check: ReportData = { ...data, kind: 'check', simulator: false, timeline: undefined, traffic: [] };

describe('report.html', () => {
  it('loads nothing from outside, and shows text from outside as text', () => {
    const page = reportPage(data);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<img|<iframe|<link|https?:|<[^>]*\son\w+=/i);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !/^(?:#[a-z]+|[a-z]+\.csv)$/.test(link))).toEqual([]);
    for (const character of ['\u001B', '\u202E', '\u202C']) expect(page).not.toContain(character);
    expect(page.length).toBeLessThan(100_000);
  });

  it('and so does night.html, whose links stay below its folder', () => {
    expect(night).not.toMatch(/<script|<img|<iframe|<link|https?:|<[^>]*\son\w+=/i);
    for (const character of ['\u001B', '\u202E', '\u202C']) expect(night).not.toContain(character);
    const links = [...night.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(7);
    expect(links.filter((link) => !/^location%20[^:]*\/(?:report\.html|failure\.csv)$/.test(link))).toEqual([]);
  });

  it('has the same size for a hundred rows and for a million', () => {
    const many = {
      ...data,
      read: 1_000_000,
      outcomes: data.outcomes.map((line) => ({ ...line, rows: line.rows * 1000 })),
    };
    expect(Math.abs(reportPage(many).length - reportPage(data).length)).toBeLessThan(200);
  });
});

it('shows a command whole', () => {
  const text = reportPage(data).replaceAll(/<[^>]+>/g, '');
  expect(text).toContain(`${'a folder/'.repeat(60)}failure.csv`);
});

it('shows all row numbers that it has, and how many more there are', () => {
  const firstRows = Array.from({ length: 20 }, (_, index) => `${1000 + index} (Maximiliana van der Berg)`);
  const problems = data.problems.slice(0, 1).map((line) => ({ ...line, rows: 25, firstRows }));
  const text = reportPage({ ...data, problems }).replaceAll(/<[^>]+>/g, '');
  expect(text).toContain('1019 (Maximiliana van der Berg) and 5 more');
});

it('shows traffic only of a run that was long enough to have a shape', () => {
  const line = emptyTimeline();
  for (let at = 0; at < 20_000; at += 100) addAnswer(line, at, '200', 40);
  expect(reportPage({ ...data, timeline: line })).not.toContain('id="traffic"');
  expect(reportPage(data)).toContain('id="traffic"');
});

it('leaves out the sections that have nothing to show, and links to the others', () => {
  const bare = { ...data, problems: [], warnings: [], notes: [], consent: [], consentNotes: [], tags: [], words: [] };
  const page = reportPage(bare);
  const ids = [...page.matchAll(/<section\s+id="(\w+)"/g)].map(([, id]) => `#${id}`);
  expect(ids).toEqual(['#next', '#fields', '#traffic', '#files', '#details']);
  expect([...page.matchAll(/href="(#\w+)"/g)].map(([, link]) => link)).toEqual(ids);
});

// Without Chromium these tests are skipped. On Debian: apt-get install chromium
describe.skipIf(browserPath === undefined)('report.html in a browser', () => {
  let browser: Browser;
  let folder: string;
  const urls = { run: '', check: '', night: '' };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gleantap report '));
    for (const [name, page] of Object.entries({ run: reportPage(data), check: reportPage(check), night })) {
      const file = path.join(folder, `${name}.html`);
      await writeFile(file, page);
      urls[name as keyof typeof urls] = pathToFileURL(file).href;
    }
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(
    (['run', 'check', 'night'] as const).flatMap((kind) =>
      (['light', 'dark'] as const).flatMap((colorScheme) => [1280, 400].map((width) => ({ kind, colorScheme, width }))),
    ),
  )(
    'a $kind page, $colorScheme at $width pixels: nothing loads, runs or is cut off, no word is broken, and axe finds nothing',
    async ({ kind, colorScheme, width }) => {
      // axe has to be let in; everything else is as a reader has it, but for scripts, of which there are none.
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      const requests: string[] = [];
      const said: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      await page.goto(urls[kind]);
      expect(requests).toEqual([urls[kind]]);
      expect(await page.title()).toContain('<script>');
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate(brokenWords)).toEqual([]);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: Pick<typeof Axe, 'run'> };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found).toEqual([]);
      expect(said).toEqual([]);
      await context.close();
    },
  );

  it('a night shows all of its locations and commands on paper, folded or not', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(urls.night);
    const shown = async (): Promise<string[]> =>
      page.evaluate<string[]>(
        "[...document.querySelectorAll('details')].map((each) => getComputedStyle(each, '::details-content').contentVisibility)",
      );
    expect(new Set(await shown())).toEqual(new Set(['hidden']));
    await page.emulateMedia({ media: 'print' });
    expect(new Set(await shown())).toEqual(new Set(['visible']));
    await context.close();
  });

  it('follows its own policy, and works without scripts, on paper and by keyboard', async () => {
    const context = await browser.newContext({ javaScriptEnabled: true });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(urls.run);
    // The style is applied although the policy forbids all that it does not name.
    expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px');
    expect(said).toEqual([]);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(10_000);
    const reached = new Set<string>();
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate<string>('document.activeElement.tagName'));
    }
    expect([...reached]).toEqual(expect.arrayContaining(['A', 'PRE', 'SUMMARY']));
    await page.locator('summary').first().press('Enter');
    expect(await page.evaluate("document.querySelector('details').open")).toBe(true);
    await context.close();
  });
});

/** Runs in the page: the words that are on two lines. Texts without a space for longer than a line may be broken. */
const brokenWords = `(() => {
  const longest = 30;
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (const { 0: text, index } of node.data.matchAll(/\\S+/g)) {
      if (text.length > longest || /[<>={}]/.test(text)) continue;
      for (const { 0: word, index: from } of text.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index + from);
        range.setEnd(node, index + from + word.length);
        const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
        if (new Set(boxes.map(({ top }) => Math.round(top))).size > 1) broken.push(text);
      }
    }
  }
  return broken;
})()`;
