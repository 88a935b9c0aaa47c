import { RunError } from '../core/outcome/run-error.ts';
import type { CsvFile, CsvOptions, CsvSettings } from './csv-file.ts';
import { isPattern } from '../core/mapping/pattern.ts';
import { isStructural } from './dialect.ts';
import { isQuotePair } from './rewritten-text.ts';
import { openPlain } from './open-plain.ts';
import { openReport } from './open-report.ts';
import { openText, utf8Text } from './text-source.ts';

export type { CsvBatch, CsvFile, CsvOptions, CsvRow, CsvSettings, Damage, DamageCode } from './csv-file.ts';

const defaultChunkBytes = 64 * 1024;
const defaultRecordLimit = 1024 * 1024;

/**
 * Opens a CSV file: finds out what it is, reads its header, and refuses (`RunError`) what can't be read with certainty. What
 * is wrong with single records is not an error: it comes with the rows.
 */
export async function openCsv(path: string, settings: CsvSettings, options: CsvOptions = {}): Promise<CsvFile> {
  await checkSettings(settings);
  const { chunkBytes = defaultChunkBytes, recordLimit = defaultRecordLimit } = options;
  const file = JSON.stringify(options.name ?? path);
  const source = await openText(path, settings.encoding, chunkBytes, file);
  const isCertain = source.isMarked || source.encoding === 'utf-8';
  const report = await openReport(isCertain ? source : utf8Text(path, chunkBytes), recordLimit, file);
  return report ?? openPlain(source, settings, recordLimit, file);
}

async function checkSettings({ delimiter, quote, headerRow, comment, footer }: CsvSettings): Promise<void> {
  const refuse = (setting: string, rule: string): never => {
    throw new RunError('usage', `The setting csv.${setting} must be ${rule}.`);
  };
  if (delimiter !== undefined && !isStructural(delimiter)) refuse('delimiter', 'one ASCII character');
  if (quote !== undefined && !isStructural(quote) && !isQuotePair(quote))
    refuse('quote', 'one ASCII character or a pair like “”');
  if ((quote ?? '"') === delimiter) refuse('quote', 'different from csv.delimiter');
  if (headerRow !== undefined && !(Number.isInteger(headerRow) && headerRow > 0)) refuse('headerRow', 'a row number');
  if (comment !== undefined && !/^[^\r\n]+$/.test(comment)) refuse('comment', 'the text that comment lines begin with');
  if (typeof footer === 'number' && !(Number.isInteger(footer) && footer > 0)) refuse('footer', 'a number of rows');
  if (typeof footer === 'string' && !(await isPattern(footer)))
    refuse('footer', 'a regular expression without lookarounds and backreferences, or a number of rows');
}
