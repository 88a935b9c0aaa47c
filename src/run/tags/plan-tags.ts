import { decodeHTML } from 'entities';
import { fold } from '../../core/values/text.ts';
import { mapRow } from '../../core/mapping/compile.ts';
import type { RunContext } from '../model.ts';
import type { TagChange, TagPlan } from '../plan.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import { createCurrentTags } from './current-tags.ts';
import { feedTags } from './feed-tags.ts';

/** Reads a checked list once more, with the ledger's decisions. */
export async function planTags(context: RunContext): Promise<TagPlan> {
  const { csv, map, ledger, file } = context;
  const storedAt = createRowCursor(ledger, file.run);
  const currentOf = createCurrentTags(csv.header, file.tagList?.currentTags);
  const changes = new Map<string, TagChange>();
  const known = new Set<string>();
  const gains = new Map<string, Set<string>>();
  const losses = new Map<string, Set<string>>();
  const changeOf = (tag: string): TagChange => {
    const change = changes.get(tag) ?? { tag, gain: 0, lose: 0, alreadyOn: 0, alreadyOff: 0, notSent: 0 };
    changes.set(tag, change);
    return change;
  };
  for await (const { rows } of csv.batches()) {
    for (const row of rows) {
      const outcome = storedAt(row.row)?.outcome ?? 'pending';
      if (row.damage !== undefined || (outcome !== 'pending' && outcome !== 'failed')) continue;
      const { keys, tags } = mapRow(map, row);
      const { add, remove } = tags;
      if (outcome === 'failed') {
        for (const tag of new Set([...add, ...remove])) changeOf(tag).notSent += 1;
        continue;
      }
      const current = currentOf(row.cells);
      for (const tag of current ?? []) known.add(tag);
      for (const tag of add) {
        changeOf(tag).gain += 1;
        if (current?.has(tag) === true) changeOf(tag).alreadyOn += 1;
        noteIn(gains, keys.userId ?? '', tag);
      }
      for (const tag of remove) {
        changeOf(tag).lose += 1;
        if (current?.has(tag) === false) changeOf(tag).alreadyOff += 1;
        noteIn(losses, keys.userId ?? '', tag);
      }
    }
  }
  const feeds = await feedTags(ledger, ledger.findRun(file.run)?.account ?? '');
  const added = feeds.filter(({ action }) => action === 'add').map(({ tag }) => tag);
  return {
    changes: [...changes.values()],
    knowsCurrent: file.tagList?.currentTags !== undefined,
    // Twins that this list does not touch are none of its business.
    twins: nearTwins([...changes.keys(), ...known, ...added]).filter((twins) => twins.some((tag) => changes.has(tag))),
    undoneBy: feeds.filter(({ tag, action }) => {
      const change = changes.get(tag);
      return change !== undefined && (action === 'add' ? change.lose > 0 : change.gain > 0);
    }),
    split: [...gains].filter(([id, tags]) => [...tags].some((tag) => losses.get(id)?.has(tag))).length,
  };
}

function noteIn(tagsOf: Map<string, Set<string>>, id: string, tag: string): void {
  const tags = tagsOf.get(id) ?? new Set();
  tagsOf.set(id, tags.add(tag));
}

/** Tags that differ only by case, spacing, punctuation between words, or HTML entities: `June Promo`, `june-promo`. */
export function nearTwins(tags: Iterable<string>): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const tag of tags) {
    const key = fold(decodeHTML(tag)).replaceAll(/[\s\p{Cf}_-]+/gu, '');
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(tag));
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group]);
}
