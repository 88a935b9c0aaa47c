import type { Mapping } from '../core/mapping/schema.ts';
import type { CsvSettings } from './csv-file.ts';

/** The mapping's CSV settings. */
export function csvSettings({ csv }: Mapping): CsvSettings {
  const { encoding, quote, escape, leastCells, unnamed, headerRow, comment, footer, delimiter } = csv ?? {};
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(escape === undefined ? {} : { escape }),
    ...(leastCells === undefined ? {} : { leastCells }),
    ...(unnamed === undefined ? {} : { unnamed }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(comment === undefined ? {} : { comment }),
    ...(footer === undefined ? {} : { footer }),
  };
}
