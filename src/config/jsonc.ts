import { createScanner, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { RunError } from '../core/outcome/run-error.ts';

/** Far deeper than any mapping; deeper text would exhaust the stack of a recursive parser. */
const deepest = 50;

/**
 * Parses JSON that a person wrote: comments, trailing commas and a byte order mark are forgiven.
 *
 * @param name The file's name, for messages.
 * @throws RunError `mapping` naming line and cause: a syntax error, a key written twice, or absurd nesting.
 */
export function parseJsonc(text: string, name: string): unknown {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const fail = (offset: number, cause: string): never => {
    const before = source.slice(0, offset).split('\n');
    throw new RunError(
      'mapping',
      `${name}, line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${cause}`,
      {
        hint: 'Correct this place in the file. An editor with JSON support marks it.',
      },
    );
  };
  refuseDeepNesting(source, fail);
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) fail(first.offset, causes[printParseErrorCode(first.error)] ?? 'this is not JSON');
  return tree === undefined ? fail(0, 'the file is empty') : valueOf(tree, fail);
}

type Fail = (offset: number, cause: string) => never;

const causes: Record<string, string> = {
  CommaExpected: 'a comma is missing',
  ColonExpected: 'a colon is missing',
  ValueExpected: 'a value is missing',
  PropertyNameExpected: 'a key in double quotes is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'something follows the end of the JSON',
  InvalidSymbol: 'text must be in double quotes',
  UnexpectedEndOfString: 'a double quote is missing at the end of a text',
  InvalidEscapeCharacter: 'a backslash must be written twice',
  InvalidCharacter: 'a character that does not belong here',
};

function refuseDeepNesting(source: string, fail: Fail): void {
  const scanner = createScanner(source, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== tokens.end; kind = scanner.scan()) {
    if (kind === tokens.openBrace || kind === tokens.openBracket) depth += 1;
    if (kind === tokens.closeBrace || kind === tokens.closeBracket) depth -= 1;
    if (depth > deepest) fail(scanner.getTokenOffset(), 'nested too deep');
  }
}

/** jsonc-parser's SyntaxKind is a const enum, which isolated modules can't import. */
const tokens = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

/** The tree as plain values. Keys like `__proto__` become own properties like any other. */
function valueOf(node: Node, fail: Fail): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => valueOf(child, fail));
  if (node.type !== 'object') return node.value;
  const object: Record<string, unknown> = {};
  for (const { children = [] } of node.children ?? []) {
    const [key, value] = children;
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    if (Object.hasOwn(object, name)) fail(key.offset, `the key "${name}" appears twice`);
    Object.defineProperty(object, name, {
      value: valueOf(value, fail),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}
