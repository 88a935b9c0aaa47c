import type { Mapping } from '../core/mapping/schema.ts';
import type { CsvSettings } from './csv-file.ts';

/** The mapping's CSV settings, with an encoding from the command line in front. */
export function csvSettings({ csv }: Mapping, encoding: string | undefined): CsvSettings {
  const { quote, headerRow, comment, footer, delimiter } = csv ?? {};
  const chosen = encoding ?? csv?.encoding;
  return {
    ...(chosen === undefined ? {} : { encoding: chosen }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(comment === undefined ? {} : { comment }),
    ...(footer === undefined ? {} : { footer }),
  };
}
