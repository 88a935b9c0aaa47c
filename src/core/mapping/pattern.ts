/** Whether a text is a regular expression that asks for something. */
export function isPattern(text: string): boolean {
  try {
    return !new RegExp(text, 'iu').test('');
  } catch {
    return false;
  }
}
