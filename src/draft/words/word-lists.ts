import { fold } from '../../core/values/text.ts';

/** What words of gym software mean, in the languages of their exports. All lists are compared folded. */

export interface Standing {
  readonly type: 'member' | 'past' | 'prospect';
  readonly status: 'active' | 'frozen' | 'inactive' | 'non-member';
}

const standingOf = new Map([
  ...meaning<Standing>(
    { type: 'member', status: 'active' },
    `active, ok, current, live, good standing, in good standing, member, active member, student, paid, past due
     aktiv, mitglied, actif, membre, activo, activa, socio, actief, lid, attivo, ativo`,
  ),
  ...meaning<Standing>(
    { type: 'member', status: 'frozen' },
    `frozen, freeze, freezed, hold, on hold, paused, pause, suspended, on freeze, vacation
     ruhend, pausiert, stillgelegt, en pause, suspendu, gelé, congelado, pausado, suspendido, gepauzeerd, bevroren, sospeso`,
  ),
  ...meaning<Standing>(
    { type: 'past', status: 'inactive' },
    `inactive, cancelled, canceled, expired, terminated, ended, alumni, ex-member, ex member, former, former member, past
     past member, lapsed, collections, completed, no_membership, not active, resigned, left
     inaktiv, gekündigt, abgelaufen, ausgetreten, ehemalig, beendet, inactif, résilié, expiré, ancien membre
     inactivo, inactiva, cancelado, baja, vencido, caducado, inactief, opgezegd, verlopen, beëindigd, inattivo, scaduto, inativo`,
  ),
  ...meaning<Standing>(
    { type: 'prospect', status: 'non-member' },
    `prospect, lead, guest, visitor, trial, trialing, trialling, pending, presale, non-member, non member, nonmember, contact
     invite, invited, website signup, drop-in, drop in, enquiry, inquiry
     interessent, probe, probetraining, gast, essai, invité, visiteur, prueba, invitado, interesado, visitante, proef, proefles
     prova, ospite`,
  ),
]);

/** What a word of a status column says of a person; undefined for words that are on no list. */
export function standingOfWord(word: string): Standing | undefined {
  return standingOf.get(fold(word));
}

const unwanted = listed(
  `deceased, dead, banned, barred, blocked, blacklisted, do not contact, dnc, deleted, staff, employee, company, test
   verstorben, hausverbot, gesperrt, gelöscht, mitarbeiter, firma, décédé, bloqué, supprimé, fallecido, bloqueado, eliminado
   overleden, geblokkeerd, verwijderd, deceduto, bloccato`,
);

/** Whether a word marks people and records that are not to be written to Gleantap at all. */
export function isUnwanted(word: string): boolean {
  return unwanted.has(fold(word));
}

/** Words that can be about nothing but money. */
const paymentOnly = listed(
  `paid, unpaid, overdue, declined, refunded, paid in full, in arrears, settled, bezahlt, überfällig, payé, impayé, pagado
   betaald, pagato`,
);
/** Words that may be about money beside those. */
const paymentToo = listed(
  `past due, due, failed, partial, current, ok, pending, late, arrears, open, collections, void, offen, pendiente, vencido
   openstaand`,
);

/**
 * Whether all words are about money, and at least one can be about nothing else: such a column says how somebody pays, not
 * whether they are a member.
 */
export function areAboutPayment(words: readonly string[]): boolean {
  const folded = words.map((word) => fold(word));
  return (
    folded.some((word) => paymentOnly.has(word)) &&
    folded.every((word) => paymentOnly.has(word) || paymentToo.has(word))
  );
}

const answerOf = new Map([
  ...meaning(
    true,
    'yes, y, true, t, 1, x, on, ✓, ✔, checked, ja, j, oui, o, vrai, si, sí, s, verdadero, waar, wahr, sim, vero, tak',
  ),
  ...meaning(false, 'no, n, false, f, 0, off, unchecked, nein, non, faux, falso, nee, onwaar, falsch, não, nie'),
]);

/** What a yes/no word says; undefined for others. */
export function answerOfWord(word: string): boolean | undefined {
  return answerOf.get(fold(word));
}

const consentOf = new Map([
  ...meaning(
    true,
    `subscribed, opt in, opted in, optin, optedin, in, accepted, agreed, granted, angemeldet, zugestimmt, inscrit, accepté
     aceptado, aangemeld`,
  ),
  ...meaning(
    false,
    `unsubscribed, un subscribed, opt out, opted out, optout, optedout, out, do not contact, do not email, do not text, do not mail
     declined, refused, denied, abgemeldet, widersprochen, désinscrit, refusé, rechazado, afgemeld`,
  ),
]);

/** What a word says of consent by itself, whatever its column is called: true for opted in. */
export function consentOfWord(word: string): boolean | undefined {
  return consentOf.get(fold(word).replaceAll(/[\s_-]+/g, ' '));
}

const genderOf = new Map([
  ...meaning(
    'male',
    'm, male, man, männlich, mann, homme, masculin, h, hombre, masculino, varón, heer, mannelijk, uomo, maschio, herr, boy',
  ),
  ...meaning(
    'female',
    'f, female, woman, weiblich, w, frau, femme, féminin, mujer, femenino, vrouw, vrouwelijk, v, donna, femmina, girl',
  ),
  ...meaning('other', 'other, non-binary, nonbinary, non binary, x, divers, d, autre, otro, anders'),
]);

export function genderOfWord(word: string): string | undefined {
  return genderOf.get(fold(word));
}

const nothingWords = `n/a, na, #n/a, none, null, (null), nil, -, --, ---, ., unknown, not provided, not given, not set, no email, tbd, undefined, nan
   k. a., k.a., keine, keine angabe, unbekannt, inconnu, aucun, néant, ninguno, desconocido, onbekend, geen, n.v.t.`;
const nothing = listed(nothingWords);

/** Whether programs and people write a word for "nothing here". */
export function saysNothing(word: string): boolean {
  return nothing.has(fold(word));
}

/** The same words, for the "missing" of a mapping. */
export const wordsForNothing: readonly string[] = [...nothing];

/** Words that commas and line ends separate. */
function listed(words: string): ReadonlySet<string> {
  return new Set(words.split(/,|\n/).map((word) => fold(word)));
}

function meaning<T>(value: T, words: string): (readonly [string, T])[] {
  return [...listed(words)].map((word) => [word, value]);
}
