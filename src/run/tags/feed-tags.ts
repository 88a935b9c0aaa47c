import { listTagSources } from '../../core/mapping/fields.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readRunFile } from '../files/run-folder.ts';
import type { RunFile } from '../model.ts';
import type { FeedTag } from '../plan.ts';

/** Runs of each feed that are examined: a run with few changes names few tags. */
const runsOfFeed = 20;
/** A tag with the day, like `import-2026-11-27`, changes every day. */
const runTag = /^import-\d{4}-\d\d-\d\d$/;

/**
 * The tags of an account's feeds, as far as the remaining run folders show: the constant ones of the newest mapping,
 * and those that the newest runs added or removed.
 */
export async function feedTags(ledger: Ledger, account: string): Promise<FeedTag[]> {
  const seen = new Map<string, number>();
  const found = new Map<string, FeedTag>();
  for (const { feed, kind, out, id } of ledger.listRuns({ account })) {
    const before = seen.get(feed) ?? 0;
    if (kind !== 'full' || before >= runsOfFeed) continue;
    const file = await readRunFile(out).catch(() => undefined);
    if (file === undefined || file.run !== id) continue;
    seen.set(feed, before + 1);
    for (const { tag, action } of tagsOf(file, before === 0)) {
      if (!runTag.test(tag)) found.set(JSON.stringify([feed, action, tag]), { feed, tag, action });
    }
  }
  return [...found.values()];
}

function tagsOf({ mapping, check }: RunFile, isNewest: boolean): Pick<FeedTag, 'tag' | 'action'>[] {
  const constants = isNewest
    ? listTagSources(mapping).flatMap(({ action, value }) => (value === undefined ? [] : [{ action, tag: value }]))
    : [];
  return [...constants, ...(check?.tags ?? [])];
}
