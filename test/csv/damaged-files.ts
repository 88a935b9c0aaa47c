import type { Dialect } from '../../src/csv/dialect.ts';

/** How a good file is written. */
export interface Style extends Dialect {
  readonly lineEnd: string;
  /** Whether cells that need no quotes have them too. */
  readonly quotesAll: boolean;
}

/** One way to damage records of a good file, and the resulting file. */
export interface Variant {
  readonly name: string;
  readonly bytes: Buffer;
  /** Records, from 0, that were touched. */
  readonly touched: readonly number[];
}

export const header = ['ID', 'First Name', 'Last Name', 'Email', 'Note', 'City', 'Tags', 'Balance'];

/** 84 people. Every cell of a row contains its number, so that no cell can be mistaken for another row's. */
export const goodRows: readonly (readonly string[])[] = Array.from({ length: 84 }, (_, index) => {
  const id = `r${String(index).padStart(3, '0')}`;
  const notes = [
    `${id} quiet`,
    '',
    `${id} asked, twice; for a | tour\there`,
    `${id} first line\nsecond, line`,
    `${id} said "maybe"`,
    `, ${id} began with a comma`,
    `\n${id} began with a line`,
  ];
  const tags = ['', `${id};yoga`, id, `${id}, spin, vip`];
  return [
    id,
    `Ana ${id}`,
    index % 9 === 4 ? `${id} Diaz, Jr.` : `Diaz ${id}`,
    `${id}@example.com`,
    notes[index % notes.length] ?? '',
    `Town ${id}`,
    tags[index % tags.length] ?? '',
    index % 5 === 2 ? '' : index % 5 === 3 ? `${id} 1,50\nlate` : `${id} 10`,
  ];
});

export function writeCell(cell: string, { delimiter, quote, quotesAll }: Style): string {
  const needsQuotes = quotesAll || cell.includes(delimiter) || cell.includes(quote) || /[\r\n]/.test(cell);
  return needsQuotes ? quote + cell.replaceAll(quote, quote + quote) + quote : cell;
}

export function writeRecord(cells: readonly string[], style: Style): string {
  return cells.map((cell) => writeCell(cell, style)).join(style.delimiter);
}

/** Records of the good file: the first and the last, and some of each kind in between. */
const targets = [0, 1, 2, 3, 4, 5, 6, 13, 23, 40, 82, 83];

/** Damages the good file in every known way, at every byte of some records or at each `stride`th. */
export function* damagedFiles(style: Style, stride: number): Generator<Variant> {
  const { delimiter: d, quote: q, lineEnd } = style;
  const records = goodRows.map((row) => writeRecord(row, style));
  const head = writeRecord(header, style);
  const variant = (name: string, changed: ReadonlyMap<number, string>, ends = new Map<number, string>()): Variant => ({
    name,
    bytes: Buffer.from(
      [head, ...records]
        .map((text, line) => (changed.get(line - 1) ?? text) + (ends.get(line - 1) ?? lineEnd))
        .join(''),
      'latin1',
    ),
    touched: [...new Set([...changed.keys(), ...ends.keys()])],
  });
  let nth = 0;
  for (const index of targets) {
    const record = records[index] ?? '';
    const one = (name: string, text: string): Variant =>
      variant(`${name} in record ${index}`, new Map([[index, text]]));
    const isQuotedAt = quotedPlaces(record, style);
    const lastDelimiter = record.split('').findLastIndex((character, at) => character === d && isQuotedAt[at] !== true);
    for (let at = 0; at <= record.length; at += 1) {
      nth += 1;
      if (nth % stride !== 0) continue;
      const [before, after] = [record.slice(0, at), record.slice(at)];
      const put = (text: string): string => before + text + after;
      yield one(`quote at ${at}`, put(q));
      yield one(`NUL at ${at}`, put('\0'));
      yield one(`invalid byte at ${at}`, put('\xff'));
      // Within a bare last cell a cut leaves a whole row with a shorter cell, which nothing can detect.
      if (at > 0 && (at <= lastDelimiter || (isQuotedAt[at] ?? false))) yield one(`cut at ${at}`, before);
      // Between quotes these are text like any other.
      if (isQuotedAt[at] !== true) {
        yield one(`delimiter at ${at}`, put(d));
        for (const end of ['\n', '\r', '\r\n']) yield one(`line end ${JSON.stringify(end)} at ${at}`, put(end));
      }
      if (record[at] === q || (record[at] === d && isQuotedAt[at] !== true))
        yield one(`no ${JSON.stringify(record[at])} at ${at}`, before + after.slice(1));
    }
    if (index % 40 === 3) yield one('over 1 MiB', `${record.slice(0, 4)}${'x'.repeat(1024 * 1024)}${record.slice(4)}`);
    yield one('twice the cells', record + d + record);
    yield one('header repeated in front', head + record);
    for (const end of ['', '\n', '\r', '\r\n', '\n\r', '\n\n', ' \n', '\0\n'])
      yield variant(`${JSON.stringify(end)} after record ${index}`, new Map(), new Map([[index, end]]));
    const next = records[index + 1];
    // There are many pairs, so two styles must do.
    if (next === undefined || stride > 10) continue;
    const ways: ((text: string) => string)[] = [
      (text) => q + text,
      (text) => text + q,
      (text) => text.replace(d, d + q),
      (text) => text.slice(0, text.lastIndexOf(d) + 1) + q + text.slice(text.lastIndexOf(d) + 1),
      (text) => text.replace(q, ''),
      (text) => text.slice(0, text.lastIndexOf(q)) + text.slice(text.lastIndexOf(q) + 1),
      (text) => text.replace(d, ''),
      (text) => text.replace(d, d + d),
      (text) => text.slice(0, text.length / 2),
      ...(style.quotesAll
        ? [(text: string) => text.replace(d, `\n${d}`), (text: string) => text.replace(d, `${d}\n`)]
        : [
            (text: string) => `${text.slice(0, 2)}\n${text.slice(2)}`,
            (text: string) => (text.endsWith(q) ? `${text}\nx` : `${text.slice(0, -1)}\n${text.slice(-1)}`),
          ]),
    ];
    for (const [a, first] of ways.entries()) {
      for (const [b, second] of ways.entries()) {
        const changed = new Map([
          [index, first(record)],
          [index + 1, second(next)],
        ]);
        yield variant(`ways ${a} and ${b} in records ${index} and ${index + 1}`, changed);
      }
    }
  }
}

/** By position: whether it is inside quotes. */
function quotedPlaces(record: string, { quote }: Style): readonly boolean[] {
  let isInside = false;
  return record.split('').map((character) => {
    const was = isInside;
    if (character === quote) isInside = !isInside;
    return was;
  });
}
