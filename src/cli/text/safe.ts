/** Escapes characters that are invisible, control a terminal, or change the direction of text. */
export function safeText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON that is safe to print on a terminal. */
export function safeJson(value: unknown): string {
  return safeText(JSON.stringify(value, undefined, 2));
}
