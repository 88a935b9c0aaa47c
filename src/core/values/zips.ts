import { type NoteCode, ofCell, valueOf, type CellParser } from './parsed.ts';

/**
 * Makes a reader of postal codes. A spreadsheet's 94612.0 loses its decimals: no country has codes with any. With
 * `restoreZeros` a US code of four digits, or of four and four, gets back the zero that a spreadsheet took for nothing: 4101
 * can only have been 04101. Anything else goes out as it is, since other countries have codes of any kind.
 */
export function createZipParser({ restoreZeros }: { readonly restoreZeros: boolean }): CellParser<string> {
  return ofCell((text) => {
    const notes: NoteCode[] = [];
    let zip = text;
    if (/^\d{3,9}[.,]00?$/.test(zip)) {
      zip = zip.replace(/[.,]0+$/, '');
      notes.push('zip_decimals_dropped');
    }
    if (restoreZeros && /^[1-9]\d{3}(?:-\d{4})?$/.test(zip)) {
      zip = `0${zip}`;
      notes.push('zip_zero_restored');
    }
    return valueOf(zip, notes);
  });
}
