import { existsSync } from 'node:fs';
import { openDatabase } from './database.ts';
import { findFeed } from './feed-memory.ts';
import type { FeedMemory, FeedName } from './feed-memory.ts';
import { openPseudonyms } from './pseudonyms.ts';
import { hasReadableFeeds } from './schema.ts';

/**
 * Opens the memory of a feed to look at it; nothing is written. Undefined when there is none, or when it was written by another
 * version of this program.
 *
 * @throws RunError `usage` when the ledger's key is lost.
 */
export function readFeed(
  ledgerFile: string,
  name: FeedName,
): { readonly memory: FeedMemory; close(): void } | undefined {
  if (!existsSync(ledgerFile)) return undefined;
  const database = openDatabase(ledgerFile);
  try {
    // A ledger without feeds may have no key yet, and none is made for looking.
    const hasFeeds = hasReadableFeeds(database) && database.prepare('SELECT 1 FROM feeds LIMIT 1').get() !== undefined;
    const memory = hasFeeds ? findFeed(database, openPseudonyms(ledgerFile, database), name) : undefined;
    if (memory !== undefined) return { memory, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}
