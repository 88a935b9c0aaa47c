/** Columns that must not leave the file, whatever else is mapped: by name, and why. Words are looked for in the folded header. */
const kinds: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern:
      /\b(?:ssn|social ?sec\w*|national ?(?:insurance|id)\w*|nino|sin|passport\w*|reisepass\w*|pasaporte|passeport|paspoort|aadhaar|bsn|dni|nie|nif|curp|cpf|personalausweis\w*|ausweis\w*|identity (?:card|number|document))\b/,
    reason: 'an official identity number is never forwarded',
  },
  {
    pattern:
      /\b(?:drivers?'?s?|driving|dl) ?(?:license|licence|lic)\w*\b|\blicen[cs]e(?: (?:no|nr|number|plate|#))?\b|f(?:ü|ue)hrerschein\w*|permis de conduire|rijbewijs\w*/,
    reason: 'a driving licence is never forwarded',
  },
  {
    pattern:
      /\b(?:iban|bic|swift|bank\w*|routing|aba|sort code|ach|account holder|kontonummer|kontoinhaber|rib|cuenta bancaria|rekeningnummer|mandate\w*|mandat\w*|sepa\w*)\b/,
    reason: 'bank details are never forwarded',
  },
  {
    pattern:
      /\b(?:credit ?card\w*|debit ?card\w*|cc|card ?(?:no|nr|num|number|#|last|tail|type|exp\w*|holder)\w*|kreditkarte\w*|carte bancaire|tarjeta\w*|cvv|cvc|last ?(?:4|four)|payment (?:method|token)|stripe\w*)\b/,
    reason: 'card details are never forwarded',
  },
  {
    pattern: /\b(?:vat|tax|ust|ein|tin)(?: ?(?:id|no|nr|number|#))\w*\b|\bvatid\b|\bvat number\b|steuer\w*/,
    reason: 'a tax number is never forwarded',
  },
  {
    pattern:
      /\b(?:medical|medication\w*|health|allerg\w*|injur\w*|condition|conditions|disabilit\w*|special needs|diagnos\w*|par-?q|pregnan\w*|blood|doctor|physician|krank\w*|gesundheit\w*|medizin\w*|santé|médical\w*|salud|alergias?|médicos?|gezondheid\w*)\b/,
    reason: 'health data is never forwarded',
  },
  {
    pattern: /\b(?:emergency|notfall\w*|urgence|emergencia|nood\w*|next of kin)\b/,
    reason: 'an emergency contact is another person',
  },
  {
    pattern:
      /\b(?:guardian|parent|parents|mother|father|spouse|partner|responsible|contact ?person|payer|bill ?to|billing (?:name|email|phone|contact)|erziehungsberechtigte\w*|eltern\w*|tuteur|tutor)\b/,
    reason: 'belongs to another person (a guardian or who pays), never to the member',
  },
  {
    pattern:
      /\b(?:password|passwort|pass ?code|pin|pin ?code|security (?:question|answer)|wachtwoord|contrase(?:ñ|n)a|mot de passe)\b/,
    reason: 'a secret is never forwarded',
  },
  {
    pattern:
      /\b(?:notes?|note_\w+|comments?|remarks?|memo|bemerkung\w*|notiz\w*|kommentar\w*|remarques?|commentaires?|notas?|comentarios?|observaciones|opmerking\w*|notitie\w*)\b/,
    reason: 'free notes may say anything about a person',
  },
];

/** Why a column is not forwarded, by its header; undefined when nothing speaks against it. */
export function reasonByName(header: string): string | undefined {
  const name = spaced(header);
  return kinds.find(({ pattern }) => pattern.test(name))?.reason;
}

/** A header as lower-case words: `guardianEmail` and `guardian_email` alike are `guardian email`. */
export function spaced(header: string): string {
  return header
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/[_./\\:;()[\]{}-]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
