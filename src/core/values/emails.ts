import { z } from 'zod';
import { bad, type NoteCode, ofCell, type Parsed, valueOf, type CellParser } from './parsed.ts';
import { withoutZeroWidth } from './text.ts';

/** Longer text is no address, only work (RFC 5321: 254 characters; room for a few in one cell). */
const longestText = 2000;

const address = z.email();

/** An address without anything around it: the usual cell. Whether it is a good one is for the contact's schema to say. */
const bare = /^[\w.!#$%&*+\-=?^`{}~]+@[\w.-]*\w$/;

/**
 * Makes a reader of email cells. An address is taken out of `mailto:` and `Name <address>`, and of several in one cell the
 * first good one. Nothing inside an address is mended: `ana@example` and `ana@example,com` are bad. Letter case is kept, as
 * the mapping's `case` is what changes it. Fillers (`noemail@...`, `none`) say nothing.
 */
export function createEmailParser(): CellParser<string> {
  return ofCell((text) => {
    if (bare.test(text)) return isFiller(text) ? filler : valueOf(text);
    if (text.length > longestText) return bad('bad_email');
    if (fillerWord.test(text)) return filler;
    const notes: NoteCode[] = [];
    const visible = withoutZeroWidth(text);
    if (visible !== text) notes.push('invisible_dropped');
    const found = addressesIn(visible);
    const good = found.find((candidate) => address.safeParse(candidate).success && !isFiller(candidate));
    if (good === undefined) return found.some(isFiller) ? filler : bad('bad_email');
    if (found.length > 1) notes.push('email_others_dropped');
    else if (good !== visible) notes.push('email_unwrapped');
    return valueOf(good, notes);
  });
}

const filler: Parsed<never> = { kind: 'missing', dropped: 'email_filler' };

/**
 * Every address of a cell, in order, without `mailto:`, brackets and what separates them. None when something else stands
 * there too: `jo smith@example.com` may be jo.smith.
 */
function addressesIn(text: string): string[] {
  if (address.safeParse(text).success) return [text];
  const bracketed = [...text.matchAll(/<([^<>]*@[^<>]*)>/g)].map(([, inner = '']) => inner);
  const parts =
    bracketed.length > 0 ? bracketed : text.split(/\s*[;,|/\r\n]+\s*|\s+(?:or|and|oder|und|ou|o|y|e)\s+|\s+(?=\S+@)/i);
  const found: string[] = [];
  for (const part of parts) {
    const inner = part
      .trim()
      .replace(/^[("']?(?:mailto:)?/i, '')
      .replace(/(?:\?[^@]*)?(?:\s+\([^()@]*\))?[)"'.:]*$/, '');
    if (/^\S+@\S*$/.test(inner)) found.push(inner);
    else if (inner !== '' && !fillerWord.test(inner)) return [];
  }
  return found;
}

/** What a front desk types where an address is asked for. */
const no = String.raw`no[-_. ]?(?:e[-_. ]?)?mails?\d*|none|do[-_. ]?not[-_. ]?(?:e?-?mail|contact)|no[-_.]?one|nobody|null|unknown`;
const fillerWord = new RegExp(`^(?:${no}|n[/.]?a\\.?|no|x+|refused|declined|not (?:given|provided)|[-.?]+)$`, 'i');
const fillerAddress = new RegExp(
  `^(?:(?:${no})@.*|.*@(?:${no})\\..*|(test|na|no|x+|a+|abc|asdf|email|fake)@\\1(?:\\..*)?)$`,
  'i',
);

function isFiller(text: string): boolean {
  return fillerAddress.test(text);
}
