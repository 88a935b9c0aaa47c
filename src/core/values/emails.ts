import leven from 'leven';
import { bad, type NoteCode, ofCell, type Parsed, valueOf, type CellParser } from './parsed.ts';
import { withoutZeroWidth } from './text.ts';

/** Longer text is not an address and only costs time (RFC 5321: 254 characters; room for a few in one cell). */
const longestText = 2000;

/**
 * One address: zod's pattern, with the letters of every alphabet before the @ (RFC 6531) and top-level domains in punycode. The
 * domain itself is in ASCII.
 */
export const emailPattern =
  /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}_'+.-]*[\p{L}\p{M}\p{N}_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]+)$/u;

/** An address without anything around it: the usual cell. Whether it is a good one is for the contact's schema to say. */
const bare = /^[\w.!#$%&*+\-=?^`{}~]+@[\w.-]*\w$/;

/**
 * Makes a reader of email cells. An address is taken out of `mailto:`, `Name <address>` and an HTML link, and of several in one
 * cell, also of a list in JSON, the first good one. A domain with other letters than ASCII is encoded (IDNA). Nothing inside an address is repaired:
 * `ana@example` and `ana@example,com` are bad. Fillers (`noemail@...`, `none`) say nothing. Near-misses of large providers
 * (`tom@gmial.com`) are noted.
 */
export function createEmailParser(): CellParser<string> {
  return ofCell((text) => {
    if (bare.test(text)) {
      if (isFiller(text)) return filler;
      return isNearMiss(text) ? valueOf(text, ['email_provider_misspelled']) : valueOf(text);
    }
    if (text.length > longestText) return bad('bad_email');
    if (fillerWord.test(text)) return filler;
    const notes: NoteCode[] = [];
    const visible = withoutZeroWidth(text);
    if (visible !== text) notes.push('invisible_dropped');
    const found = addressesIn(visible);
    const good = found.find((candidate) => emailPattern.test(candidate) && !isFiller(candidate));
    if (good !== undefined) {
      if (found.length > 1) notes.push('email_others_dropped');
      else if (good !== visible) notes.push('email_unwrapped');
      return valueOf(good, isNearMiss(good) ? [...notes, 'email_provider_misspelled'] : notes);
    }
    const encoded = found.map(withAsciiDomain).find((candidate) => emailPattern.test(candidate));
    if (encoded !== undefined) return valueOf(encoded, [...notes, 'email_domain_encoded']);
    return found.some(isFiller) ? filler : bad('bad_email');
  });
}

/** `ana@bücher.example` with its domain as DNS has it, and a full-width @ or dot as ASCII. The address itself when it has no other form. */
function withAsciiDomain(text: string): string {
  const at = text.search(/[@＠]/);
  const domain = text.slice(at + 1);
  // A URL takes more than domains: a port, a path, a number.
  if (at < 1 || !/^[\p{L}\p{M}\p{N}.。．-]+$/u.test(domain) || !/\p{L}/u.test(domain)) return text;
  const url = `http://${domain}`;
  return URL.canParse(url) ? `${text.slice(0, at)}@${new URL(url).hostname}` : text;
}

/** Providers whose names are misspelled often, and domains of one letter less or more that exist. */
const providers = ['gmail.com', 'googlemail.com', 'hotmail.com', 'yahoo.com', 'outlook.com', 'icloud.com'];
const neighbors = new Set(['mail.com', 'ymail.com', 'email.com']);
const mostDomains = 5000;
const nearMisses = new Map<string, boolean>();

/** Whether a domain differs from a large provider's by one letter, or by two that changed places. */
function isNearMiss(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const known = nearMisses.get(domain);
  if (known !== undefined) return known;
  const found =
    !neighbors.has(domain) && !providers.includes(domain) && providers.some((name) => isMisspelled(domain, name));
  if (nearMisses.size < mostDomains) nearMisses.set(domain, found);
  return found;
}

function isMisspelled(domain: string, name: string): boolean {
  const distance = leven(domain, name);
  if (distance === 1) return true;
  if (distance !== 2 || domain.length !== name.length) return false;
  const first = Array.from(name).findIndex((letter, index) => letter !== domain[index]);
  return domain[first] === name[first + 1] && domain[first + 1] === name[first];
}

const filler: Parsed<never> = { kind: 'missing', dropped: 'email_filler' };

/**
 * Every address of a cell, in order, without `mailto:`, brackets and what separates them. None when something else is
 * there too: `jo smith@example.com` may be jo.smith.
 */
function addressesIn(text: string): string[] {
  if (emailPattern.test(text)) return [text];
  const plain = text.replaceAll(htmlTag, ' ').trim();
  const bracketed = [...plain.matchAll(/<([^<>]*@[^<>]*)>/g)].map(([, inner = '']) => inner);
  const parts =
    bracketed.length > 0
      ? bracketed
      : plain.split(/\s*(?:[;,|/\r\n]+|:::)\s*|\s+(?:or|and|oder|und|ou|o|y|e)\s+|\s+(?=\S+@)/i);
  const found: string[] = [];
  for (const part of parts) {
    const inner = part
      .trim()
      .replace(/^[([{"']*(?:mailto:)?/i, '')
      .replace(/(?:\?[^@]*)?(?:\s+\([^()@]*\))?[)\]}"'.:]*$/, '');
    if (/^\S+[@＠]\S*$/.test(inner)) found.push(inner);
    else if (inner !== '' && !fillerWord.test(inner)) return [];
  }
  return found;
}

const htmlTag = /<\/?[a-z][a-z\d]*(?:\s[^<>]*)?\/?>/gi;

/** What a front desk types where an address is asked for. */
const no = String.raw`no[-_. ]?(?:e[-_. ]?)?mails?\d*|none|do[-_. ]?not[-_. ]?(?:e?-?mail|contact)|no(?:[-_.]?one|body)|null|unknown`;
const fillerWord = new RegExp(
  `^(?:${no}|n[/.]?a\\.?|no|x+|refused|declined|not (?:given|provided)|[-.?]+|\\[\\]|\\{\\})$`,
  'i',
);
const fillerAddress = new RegExp(
  `^(?:(?:${no})@.*|.*@(?:${no})\\..*|(test|na|no|x+|a+|abc|asdf|email|fake)@\\1(?:\\..*)?)$`,
  'i',
);

function isFiller(text: string): boolean {
  return fillerAddress.test(text);
}
