import { describe, expect, it } from 'vitest';
import { DateEvidence } from '../../src/draft/evidence/date-evidence.ts';
import { createDecoder } from '../../src/csv/decoders.ts';
import { proveEncoding } from '../../src/draft/evidence/text-encoding.ts';
import { csvFile } from './folder.ts';

/** Bytes of a text in an encoding that Node can only decode, of one or two bytes a letter. */
function encoded(text: string, encoding: string): Buffer {
  const bytesOf = new Map<string, number[]>();
  const learn = (bytes: number[]): void => {
    const letter = createDecoder(encoding).decode(Uint8Array.from(bytes));
    if (letter !== '' && !letter.includes('\uFFFD') && !bytesOf.has(letter)) bytesOf.set(letter, bytes);
  };
  for (let byte = 0; byte < 256; byte += 1) learn([byte]);
  if (/[^\0-\u04ff]/.test(text.replaceAll(/\p{P}/gu, '')))
    for (let lead = 0x81; lead < 0xff; lead += 1) for (let trail = 0x40; trail < 0xff; trail += 1) learn([lead, trail]);
  return Buffer.from(Array.from(text).flatMap((character) => bytesOf.get(character) ?? [0x3f]));
}

describe('encoding', () => {
  const western = 'First,Last\nJosé,Núñez\nZoë,O’Brien\nRenée,Müller\n';
  const polish = 'Imię;Nazwisko;Miasto\nŁukasz;Wójcik;Łódź\nŻaneta;Śliwińska;Kraków\nJózef;Gołąb;Gdańsk\n';
  it.each([
    ['windows-1252', western],
    ['macintosh', western],
    ['windows-1250', polish],
    ['iso-8859-2', polish],
    ['windows-1251', 'Имя;Фамилия\nИван;Иванов\nОльга;Петрова\n'],
    ['cp850', western.replace('’', "'")],
    ['cp852', polish],
    ['gb18030', 'First,Last,City\n伟,王,北京\n芳,李,北京\n娜,张,上海\n敏,刘,广州\n'],
    ['shift_jis', '会員番号,姓,名\n1,山田,太郎\n2,佐藤,花子\n3,ヤマダ,ケン\n'],
    ['euc-kr', '이름,성,도시\n민수,김,서울\n지영,이,부산\n'],
    ['big5', '姓,名,城市\n陳,志明,臺北\n林,淑芬,高雄\n'],
  ])('%s, with words that prove it', async (encoding, text) => {
    const proof = await proveEncoding(await csvFile(encoded(text, encoding)));
    expect(proof).toMatchObject({ encoding, certainty: 'likely' });
    const [reading] = proof.readings;
    expect(reading?.words.length).toBeGreaterThan(3);
    for (const word of reading?.words ?? []) expect(text).toContain(word);
  });

  it.each([
    ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8'],
    ['UTF-8', Buffer.from(western), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${western}`), 'utf-8'],
    ['UTF-16LE', Buffer.from(`\uFEFF${western}`, 'utf16le'), 'utf-16le'],
    ['UTF-16LE without a mark', Buffer.from(western, 'utf16le'), 'utf-16le'],
  ])('%s is sure', async (_, bytes, encoding) => {
    expect(await proveEncoding(await csvFile(bytes))).toMatchObject({ encoding, certainty: 'sure' });
  });

  it('a letter of several bytes is not split between chunks', async () => {
    const text = `${'é'.repeat(400_001)}\n`.repeat(2);
    expect(await proveEncoding(await csvFile(text))).toMatchObject({ encoding: 'utf-8', certainty: 'sure' });
  });

  it('one bad byte in a UTF-8 file does not make it another encoding', async () => {
    const bytes = Buffer.concat([Buffer.from(western.repeat(3)), Buffer.from([0xe9, 0x0a])]);
    expect(await proveEncoding(await csvFile(bytes))).toMatchObject({ encoding: 'utf-8', certainty: 'likely' });
  });

  it('an encoding is a question, with words that differ, when several encodings give real words', async () => {
    const turkish = encoded('Ad;Soyad\nAyşe;Yıldız\nGökçe;Şahin\nİbrahim;Öztürk\n', 'windows-1254');
    const { encoding, readings } = await proveEncoding(await csvFile(turkish));
    expect(encoding).toBe('?');
    expect(readings.length).toBeGreaterThan(1);
    expect(readings[0]?.words).not.toEqual(readings[1]?.words);
  });

  it('a few East Asian names are a question, and the right encoding is among the answers', async () => {
    // EUC-JP: 太郎,山田 and four more; TextEncoder writes UTF-8 only.
    const japanese = Buffer.from(
      'Rmlyc3QsTGFzdArCwM+6LLuzxcQKsta70iy6tMajCrfysOwszuvM2grI/rrpLLnitrYK5sbCwCzFxMPmCg==',
      'base64',
    );
    const { encoding, readings } = await proveEncoding(await csvFile(japanese));
    expect(encoding).toBe('?');
    expect(readings.find((reading) => reading.encoding === 'euc-jp')?.words).toContain('太郎');
  });

  it('two files of different encodings in one are a question', async () => {
    const joined = Buffer.concat([Buffer.from(western), encoded(western, 'windows-1252')]);
    expect(await proveEncoding(await csvFile(joined))).toMatchObject({ encoding: '?' });
  });
});

describe('order of day and month', () => {
  const verdictOf = (...cells: string[]) => {
    const dates = new DateEvidence();
    cells.forEach((cell, index) => dates.add(cell, index + 2));
    return dates.verdict;
  };
  it.each([
    [['3/22/1983', '1/2/1990'], ['M/D/YYYY']],
    [['22.3.1983', '01.02.1990'], ['D.M.YYYY']],
    [['22-Mar-83', '1-Feb-90'], ['D-MMM-YY']],
    [['March 22, 1983'], ['MMM D, YYYY']],
    [['1983-03-22', '1990-02-01 10:00:00', '1990-02-01T10:00:00+01:00'], []],
    [['1983-03-22T00:00:00.000Z', '1990-02-01 10:00:00.123456+00:00', '1990-02-01 10:00:00 UTC'], []],
    [['19830322', '19900201'], ['YYYYMMDD']],
    [['20210303T140506', '20210303T140507'], ['YYYYMMDDTHHmmss']],
    [['Sunday, March 3, 1985', 'Mon, Jun 17, 1991'], ['ddd, MMM D, YYYY']],
    [['Mar 3rd, 2021', 'April 21st, 2020'], ['MMM Do, YYYY']],
    [['14. März 2019'], ['Do MMM YYYY']],
    [['5 de marzo de 1983', '5 de março de 1983'], ['D [de] MMM [de] YYYY']],
    [['1983/03/02'], ['YYYY/M/D']],
    [['1992-16-03', '1992-01-03'], ['YYYY-D-M']],
    [
      ['3/22/1983', '11/5/2020 9:15 PM'],
      ['M/D/YYYY', 'M/D/YYYY h:mm A'],
    ],
    [['22/03/1983 21:15'], ['D/M/YYYY H:mm']],
    [['3/22/1983', '00/00/0000', '99/99/9999'], ['M/D/YYYY']],
  ])('%j is proven', (cells, formats) => {
    expect(verdictOf(...cells)).toMatchObject({ kind: 'settled', formats });
  });

  it('numbers up to 12 prove nothing, so both readings are shown', () => {
    const verdict = verdictOf('5/5/1990', '3/4/1983');
    expect(verdict).toMatchObject({ kind: 'open', readings: [{ formats: ['M/D/YYYY'] }, { formats: ['D/M/YYYY'] }] });
    const examples = verdict?.kind === 'open' ? verdict.readings.map(({ example }) => example) : [];
    expect(new Set(examples).size).toBe(2);
  });

  it('one cell against a thousand is a question, and not decided by majority', () => {
    expect(verdictOf(...Array<string>(1000).fill('3/22/1983'), '22/3/1983')).toMatchObject({ kind: 'mixed' });
  });

  it('days as Excel day numbers', () => {
    expect(verdictOf('32874', '41000.5')).toMatchObject({ kind: 'settled', formats: [], serial: true });
    expect(verdictOf('Ana', '12')).toBeUndefined();
  });
});
