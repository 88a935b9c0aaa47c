import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readTraffic, writeTraffic } from '../../../src/run/files/traffic-file.ts';
import { createTrafficRecorder } from '../../../src/run/requests/traffic-recorder.ts';
import { newFile } from '../../ledger/folder.ts';

it('counts requests, answers by status or fault, and response times', () => {
  const recorder = createTrafficRecorder(1000);
  for (const label of ['200', '200', '429', 'reset_fresh']) {
    recorder.sent();
    recorder.answered(label, 1000, 1020);
  }
  recorder.sent();
  expect(recorder.stats()).toMatchObject({
    requests: 5,
    answers: { '200': 2, '429': 1, reset_fresh: 1 },
    latency: { p50: 20, p99: 20 },
  });
});

it('a resumed run continues the timeline of the previous part, and counts only its own requests', async () => {
  const folder = path.dirname(await newFile());
  const before = createTrafficRecorder(0);
  before.answered('200', 0, 10);
  before.answered('200', 2490, 2500);
  await writeTraffic(folder, before.stats().timeline);
  const after = createTrafficRecorder(50_000, await readTraffic(folder));
  after.sent();
  after.answered('500', 50_000, 50_010);
  const { timeline, requests, answers } = after.stats();
  expect(timeline.slices.map((slice) => slice.answers)).toEqual([{ '200': 1 }, {}, { '200': 1 }, { '500': 1 }]);
  expect([requests, answers]).toEqual([1, { '500': 1 }]);
});

it('a file that is missing or damaged counts as no traffic', async () => {
  const folder = path.dirname(await newFile());
  expect(await readTraffic(folder)).toBeUndefined();
  for (const text of ['', '{', '{"sliceMs":0,"slices":[]}', '[]']) {
    await writeFile(path.join(folder, 'traffic.json'), text);
    expect(await readTraffic(folder)).toBeUndefined();
  }
});
