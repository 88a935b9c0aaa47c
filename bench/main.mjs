import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mapping, writeMembers } from './data.mjs';
import { workplace } from './measure.mjs';
import { check } from './rows/check.mjs';
import { compare } from './rows/compare.mjs';
import { excel } from './rows/excel.mjs';
import { atLatency } from './rows/latency.mjs';
import { ledger } from './rows/ledger.mjs';
import { loopback } from './rows/loopback.mjs';
import { memory } from './rows/memory.mjs';
import { onlyChanged } from './rows/only-changed.mjs';
import { rate } from './rows/rate.mjs';
import { startUp } from './rows/start-up.mjs';

/** Every row of the table, by the name to type behind `npm run bench --`. */
const benchmarks = {
  check,
  excel,
  run: loopback,
  latency: atLatency,
  rate,
  'only-changed': onlyChanged,
  compare,
  'start-up': startUp,
  ledger,
  memory,
};

const words = process.argv.slice(2);
const isJson = words.includes('--json');
const names = words.filter((word) => !word.startsWith('-'));
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

writeFileSync(path.join(workplace, 'mapping.json'), JSON.stringify(mapping));
/** A member list with this many rows, made once. */
const members = async (rows) => {
  const file = path.join(workplace, `members-${rows}.csv`);
  if (!existsSync(file)) await writeMembers(file, rows);
  return file;
};

const all = [];
for (const [name, bench] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.error(`${name} ...`);
  for (const line of await bench({ members })) {
    all.push({ name, ...line, isMet: isMet(line) });
    if (!isJson) console.log(textOf(all.at(-1)));
  }
}
if (isJson) console.log(JSON.stringify({ node: process.version, lines: all }, undefined, 2));
process.exitCode = all.some(({ isMet: met }) => met === false) ? 1 : 0;

/** Whether a figure reaches its target; undefined where it has none. */
function isMet({ median, least, most }) {
  if (least === undefined && most === undefined) return undefined;
  return median >= (least ?? -Infinity) && median <= (most ?? Infinity);
}

function textOf({ what, unit, median, low, high, least, most, isMet: met }) {
  if (median === undefined) return what;
  const shown = (value) => `${Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3))}`; // prettier-ignore
  const spread = low === undefined ? '' : ` (${shown(low)} to ${shown(high)})`;
  const bounds = [least === undefined ? '' : `at least ${least}`, most === undefined ? '' : `at most ${most}`];
  const target = met === undefined ? '' : `   ${met ? 'ok' : 'MISSED'}: ${bounds.filter(Boolean).join(', ')}`;
  return `${what.padEnd(76)} ${`${shown(median)} ${unit}`.trimEnd()}${spread}${target}`;
}
