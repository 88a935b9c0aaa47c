import type { MappedRow } from '../../core/mapping/compile.ts';
import { listFields } from '../../core/mapping/fields.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';

/** What rows of one kind have in common: the fields that they fill, the listed words of these, and their tags. */
export interface RowKind {
  /** Every field, with its word where the mapping lists the words of the field. */
  readonly contact: Readonly<Record<string, string | undefined>>;
  readonly tags: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Whether a default would overwrite a stored name. */
  readonly usesDefault: boolean;
}

/**
 * Remembers of each valid row what it would change, so that counts and the pilot need no second look at the file once it is
 * decided which rows are sent. A file has few kinds of rows: a row costs four bytes, and a kind some hundred.
 */
export interface RowKinds {
  note(index: number, mapped: MappedRow): void;
  /**
   * Counts a row once it is decided about. Returns false for a row whose kind is not remembered: the file has too many.
   *
   * @param wasPiloted Whether an earlier pilot sent it: then other rows of its kind are better for a new one.
   */
  decide(index: number, row: number, isSent: boolean, wasPiloted: boolean): boolean;
  /**
   * What was counted, in the order of the first rows that are sent. Kinds that only earlier pilots' rows show come after the
   * others, and kinds of which no row is sent come last.
   */
  counted(): CountedKind[];
}

export interface CountedKind extends RowKind {
  readonly sent: number;
  readonly notSent: number;
  /** The first row that is sent, if possible one that no earlier pilot sent; Infinity without any. */
  readonly firstSent: number;
}

/** How many different words of a field are distinguished. `pilot.ts` covers no more. */
const mostWords = 20;
const mostKinds = 16_000;
/** Marks that can't occur in a cell: rows with NUL bytes are refused. */
const part = '\0';

export function createRowKinds(mapping: Mapping, most = mostKinds): RowKinds {
  /** Fields that send one of a few words. */
  const listed = listFields(mapping)
    .filter(({ kind, settings }) => kind === 'boolean' || settings.values !== undefined)
    .map(({ name }) => ({ name, words: new Map<string, string>() }));
  const fields = new Map<string, string>();
  const kinds: {
    readonly signature: string;
    sent: number;
    notSent: number;
    firstSent: number;
    firstPiloted: number;
  }[] = [];
  const numbers = new Map<string, number>();
  /** Numbers of kinds, from 1. */
  const ofRows = createRowNumbers();
  let isNew = false;

  /** One character for each of many texts. */
  const markOf = (marks: Map<string, string>, text: string): string => {
    let mark = marks.get(text);
    if (mark === undefined) {
      mark = String.fromCharCode(marks.size + 2);
      marks.set(text, mark);
      isNew = true;
    }
    return mark;
  };
  const signatureOf = ({ contact, tags, warnings }: MappedRow): string => {
    let signature = '';
    for (const name in contact) signature += markOf(fields, name);
    signature += part;
    for (const { name, words } of listed) {
      const value = contact[name];
      const word = value === undefined ? undefined : String(value);
      const isTold = word !== undefined && (words.size < mostWords || words.has(word));
      signature += isTold ? markOf(words, word) : '\u0001';
    }
    if (warnings.some(({ code }) => code === 'default_used')) signature += '!';
    for (const tag of tags.add) signature += `${part}+${tag}`;
    for (const tag of tags.remove) signature += `${part}-${tag}`;
    return signature;
  };
  const read = (signature: string): RowKind => {
    const [names = '', words = '', ...tags] = signature.split(part);
    const nameOf = new Map([...fields].map(([name, mark]) => [mark, name]));
    const contact: Record<string, string | undefined> = {};
    for (const mark of names) define(contact, nameOf.get(mark) ?? '', undefined);
    for (const [nth, { name, words: known }] of listed.entries()) {
      const word = [...known].find(([, mark]) => mark === words[nth])?.[0];
      if (word !== undefined) define(contact, name, word);
    }
    const tagsOf = (sign: string): string[] => tags.filter((tag) => tag[0] === sign).map((tag) => tag.slice(1));
    return { contact, tags: { add: tagsOf('+'), remove: tagsOf('-') }, usesDefault: words.length > listed.length };
  };
  return {
    note(index, mapped) {
      isNew = false;
      const signature = signatureOf(mapped);
      let kind = numbers.get(signature);
      if (kind === undefined) {
        // What shows a field or a word for the first time may be needed for the pilot.
        if (kinds.length >= most && !isNew) return;
        kind = kinds.push({ signature, sent: 0, notSent: 0, firstSent: Infinity, firstPiloted: Infinity });
        numbers.set(signature, kind);
      }
      ofRows.set(index, kind);
    },
    decide(index, row, isSent, wasPiloted) {
      const kind = kinds[ofRows.at(index) - 1];
      if (kind === undefined) return false;
      if (isSent) {
        kind.sent += 1;
        if (wasPiloted) kind.firstPiloted = Math.min(kind.firstPiloted, row);
        else kind.firstSent = Math.min(kind.firstSent, row);
      } else kind.notSent += 1;
      return true;
    },
    counted: () =>
      kinds
        .toSorted((a, b) => inOrder(a.firstSent, b.firstSent) || inOrder(a.firstPiloted, b.firstPiloted))
        .map(({ signature, sent, notSent, firstSent, firstPiloted }) => ({
          ...read(signature),
          sent,
          notSent,
          firstSent: firstSent === Infinity ? firstPiloted : firstSent,
        })),
  };
}

function inOrder(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The kind of one row alone. */
export function kindOfRow({ contact, tags, warnings }: MappedRow): RowKind {
  const words: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(contact))
    define(words, name, value === undefined ? undefined : String(value));
  return { contact: words, tags, usesDefault: warnings.some(({ code }) => code === 'default_used') };
}

/** An attribute may be called `__proto__`. */
function define(contact: Record<string, string | undefined>, name: string, value: string | undefined): void {
  Object.defineProperty(contact, name, { value, enumerable: true, writable: true, configurable: true });
}
