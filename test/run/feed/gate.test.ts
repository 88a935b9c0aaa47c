import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson, readReport } from '../../cli/harness.ts';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { feedOf, members } from './feed.ts';
import type { Feed, Night } from './feed.ts';

const people = 60;
const withPhone = (index: number) => ({ Phone: `202-555-01${String(index % 100).padStart(2, '0')}` });

/** A feed after its first, good night. */
async function fed(): Promise<Feed> {
  const feed = await feedOf();
  await feed.export(members(people, withPhone));
  expect((await feed.night(1, '--new-ledger')).code).toBe(0);
  return feed;
}

const movedIn = ({ summary }: Night) => summary.moved?.map(({ measure, name }) => name ?? measure);
const membersFile = (feed: Feed): string => path.join(feed.cwd, 'members.csv');

describe('the nightly gate', () => {
  it('holds a file of which half is missing, until you confirm that it is right', async () => {
    const feed = await fed();
    await feed.export(members(people, withPhone));
    expect((await feed.night(2)).code).toBe(0);
    await feed.export(members(people / 2, (index) => ({ ...withPhone(index), Plan: 'Silver' })));

    const held = await feed.night(4, '-o', 'held', '--summary', 'alert.json');
    expect(held).toMatchObject({ code: 5, requests: 0 });
    expect(held.summary.moved).toContainEqual(
      expect.objectContaining({ measure: 'rows', usual: people, tonight: people / 2, limit: 20 }),
    );
    expect(await readJson<Summary>(path.join(feed.cwd, 'alert.json'))).toMatchObject({
      exitCode: 5,
      error: { code: 'held' },
    });
    expect(held.summary.sentence).toMatch(/60/);

    // The same command is held again; pilots and check never send, but a pilot is not held.
    expect(await feed.night(4)).toMatchObject({ code: 5, requests: 0 });
    const ledger = path.join(feed.cwd, 'gleantap-import/ledger.db');
    const before = await readFile(ledger);
    const check = await feed.command(4, 'check', 'members.csv', '--base-url', feed.server.url, '--json');
    expect(check.code).toBe(5);
    expect(movedIn(check)).toContain('rows');
    expect((await readFile(ledger)).equals(before)).toBe(true);
    expect((await feed.night(4, '--limit', '2')).written).toHaveLength(2);

    const accepted = await feed.night(4, '--accept-changes');
    expect(accepted.code).toBe(0);
    expect(accepted.written).toHaveLength(people / 2);
    expect(movedIn(accepted)).toContain('rows');
    // What was accepted is normal from now on.
    expect(await feed.night(5)).toMatchObject({ code: 0, requests: 0 });
  });

  const broken: readonly [string, (feed: Feed) => Promise<void>, readonly string[]][] = [
    [
      'a field that is hardly filled any more',
      async (feed) => feed.export(members(people, (index) => (index < 10 ? withPhone(index) : {}))),
      ['phone'],
    ],
    [
      'a sudden crowd of new people, in place of others',
      async (feed) =>
        feed.export(
          members(people, (index) =>
            index < 40
              ? withPhone(index)
              : {
                  ...withPhone(index),
                  Id: `n${index}`,
                  First: `New${index}`,
                  Email: `new${index}@example.com`,
                  Phone: '',
                },
          ),
        ),
      ['newPeople'],
    ],
    [
      'everybody changed',
      async (feed) => feed.export(members(people, (index) => ({ ...withPhone(index), Plan: 'Iron' }))),
      ['changedPeople'],
    ],
    [
      'many more invalid rows, within --max-invalid',
      async (feed) =>
        feed.export(members(people, (index) => ({ ...withPhone(index), ...(index < 8 ? { Last: '' } : {}) }))),
      ['invalid'],
    ],
    [
      'a column that nobody mapped gone, and a new one',
      async (feed) => {
        const text = await readFile(membersFile(feed), 'utf8');
        await writeFile(
          membersFile(feed),
          text.replace('Id,First', 'Id,Given').replace(',Plan\n', ',Plan,Extra\n').replaceAll(/Gold$/gm, 'Gold,x'),
        );
        await feed.map({
          fields: { user_id: 'Id', first_name: 'Given', last_name: 'Last', email: 'Email', phone: 'Phone' },
        });
      },
      ['First', 'Given', 'Extra'],
    ],
    [
      'a column gone that nobody maps any more',
      async (feed) => {
        await feed.map({ attributes: {}, ignore: '*' });
        const text = await readFile(membersFile(feed), 'utf8');
        await writeFile(membersFile(feed), text.replaceAll(/,[^,\n]*$/gm, ''));
      },
      ['Plan'],
    ],
    [
      'a mapped column gone',
      async (feed) => {
        const text = await readFile(membersFile(feed), 'utf8');
        await writeFile(membersFile(feed), text.replace(',Phone,', ',,'));
      },
      [],
    ],
    ['a header alone', async (feed) => feed.export([]), ['rows']],
    [
      'a file that ends in the middle of its last record',
      async (feed) => {
        const text = await readFile(membersFile(feed), 'utf8');
        await writeFile(membersFile(feed), text.slice(0, -4));
      },
      ['lastRecordCut'],
    ],
  ];
  it('holds a file that is broken in any other way', async () => {
    const feed = await fed();
    for (const [what, change, moved] of broken) {
      await feed.map();
      await feed.export(members(people, withPhone));
      await change(feed);
      const held = await feed.night(2);
      expect(held, what).toMatchObject({ code: 5, requests: 0, summary: { error: { code: 'held' } } });
      if (moved.length > 0) expect(movedIn(held), what).toEqual(expect.arrayContaining([...moved]));
      else expect(held.summary.sentence, what).toContain('Phone');
    }
  });

  it('takes its limits from the config file, and compares with the median of earlier nights', async () => {
    const feed = await fed();
    await feed.configure({ gate: { rows: 60, roes: 1 } });
    expect((await feed.night(2)).code).toBe(2);
    await feed.configure({ gate: { rows: 60 } });
    await feed.export(members(people / 2, withPhone));
    expect(await feed.night(2)).toMatchObject({ code: 0, requests: 0 });
    await feed.export(members(people, withPhone));
    expect((await feed.night(3)).code).toBe(0);
    // Normal is still 60 rows, the median of 60, 30 and 60.
    await feed.configure({ gate: { rows: 40 } });
    await feed.export(members(people / 2, withPhone));
    expect(movedIn(await feed.night(4))).toEqual(['rows']);
  });

  it('says nothing on the first night, about reports, and about changes caused by a changed mapping', async () => {
    const feed = await feedOf();
    // A first file may end anywhere and contain nothing: that is only reported.
    await feed.export(members(people));
    await writeFile(membersFile(feed), (await readFile(membersFile(feed), 'utf8')).slice(0, -8));
    const cut = await feed.command(1, 'check', 'members.csv', '--json');
    expect(cut.code).toBe(1);
    expect(cut.stderr).toContain('middle of its last record');
    await feed.export([]);
    expect(await feed.night(1, '--new-ledger')).toMatchObject({ code: 0, requests: 0 });
    await feed.export(members(people, (index) => (index === 0 ? { Last: '' } : {})));
    const text = await readFile(membersFile(feed), 'utf8');
    await writeFile(membersFile(feed), text.slice(0, -1));
    const first = await feed.night(2, '--accept-changes', '-o', 'night2');
    expect(first.code).toBe(1);
    expect(first.stderr).not.toContain('middle of its last record');

    const report = path.join(feed.cwd, 'night2/failure.csv');
    await writeFile(report, (await readFile(report, 'utf8')).replace('First0,,', 'First0,Last0,'));
    const [row] = await readReport(report);
    expect(row?.['Last']).toBe('Last0');
    const corrected = await feed.command(
      2,
      'run',
      report,
      '--base-url',
      feed.server.url,
      '--yes',
      '--rate',
      '0',
      '--json',
    );
    expect(corrected.code).toBe(0);

    await feed.map({ attributes: { plan: { value: 'all the same' } } });
    const remapped = await feed.night(3);
    expect(remapped.code).toBe(1);
    expect(remapped.written).toHaveLength(people - 1);
  });
});

describe('the health of the export', () => {
  it('holds a file that is older than --max-age, also one that was already imported', async () => {
    const feed = await fed();
    const old = new Date(Date.now() - 30 * 3_600_000);
    await utimes(membersFile(feed), old, old);
    const held = await feed.night(2, '--max-age', '20h');
    expect(held).toMatchObject({ code: 5, requests: 0, summary: { error: { code: 'too_old' } } });
    expect((await feed.command(2, 'check', 'members.csv', '--max-age', '20h', '--json')).code).toBe(5);
    expect((await feed.night(2, '--max-age', '40h')).code).toBe(0);
  });

  it("reports that the file is last night's, and sends only the people who failed then", async () => {
    const feed = await feedOf({ faults: { http_500_before: 0.1 }, faultTimes: 2 });
    await feed.export(members(people));
    const first = await feed.night(1, '--new-ledger', '--attempts', '2');
    expect(first.code).toBe(1);
    const failures = (first.summary.counts?.failed ?? 0) + (first.summary.counts?.unknown ?? 0);
    expect(failures).toBeGreaterThan(0);
    const second = await feed.night(2);
    expect(second.stderr).toContain('byte for byte');
    expect(second.summary.sameAs).toBe(first.summary.run);
    expect(second.code).toBe(0);
    expect(second.written).toHaveLength(failures);
  });
});
