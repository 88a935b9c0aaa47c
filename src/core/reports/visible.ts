/**
 * A text for a screen, a log or a page: characters that control a terminal, change the direction of text or can't be seen are
 * shown as `\u001b`. Line feeds stay. JSON stays the same data.
 */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n'
      ? character
      : // Two for a character beyond the first 65,536, as in JSON.
        Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  );
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0');
}
