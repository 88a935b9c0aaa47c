/** A regular expression of a user. */
export interface Pattern {
  test(text: string): boolean;
}

/** White space as JavaScript has it. The engine's own `\s` is ASCII. */
const space = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;
const notSpace = String.raw`\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`;

/**
 * Compiles a regular expression of JavaScript for an engine whose time is linear in the text, so that no expression can stop
 * the program. It is loaded here, because few mappings have one.
 *
 * @throws Error for what is not a regular expression, and for lookarounds, backreferences and more than 1,000 repetitions.
 */
export async function compilePattern(source: string, flags: 'iu' | 'su' = 'iu'): Promise<Pattern> {
  const { dotAll, ignoreCase } = new RegExp(source, flags);
  const { RE2JS } = await import('re2js');
  let inClass = false;
  const translated = source.replaceAll(/\\[^]|[[\].]/gu, (piece) => {
    if (piece === String.raw`\k`) throw new SyntaxError('backreferences are not supported');
    if (piece === String.raw`\s`) return inClass ? space : `[${space}]`;
    if (piece === String.raw`\S`) return inClass ? notSpace : `[${notSpace}]`;
    if (piece === '.' && !inClass && !dotAll) return String.raw`[^\n\r\x{2028}\x{2029}]`;
    if (piece === '[') inClass = true;
    if (piece === ']') inClass = false;
    return piece;
  });
  return RE2JS.compile(
    RE2JS.translateRegExp(translated),
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (dotAll ? RE2JS.DOTALL : 0),
  );
}

/** Whether a text is a regular expression that asks for something and can be compiled. */
export async function isPattern(text: string): Promise<boolean> {
  return compilePattern(text).then(
    (pattern) => !pattern.test(''),
    () => false,
  );
}
