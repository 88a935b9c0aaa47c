import { plainName } from './header-words.ts';

/** Gym software that a set of columns reminds of. It only proposes: what each column means its cells decide. */
export interface Product {
  readonly name: string;
  /** Of its page in docs/products. */
  readonly slug: string;
  /** The columns by which it is recognised. */
  readonly columns: readonly string[];
  /** What is known of its exports and can't be seen in the file. */
  readonly hint: string | undefined;
}

interface Signature {
  readonly name: string;
  readonly slug: string;
  /** Any of these sets of columns, written as `plainName` writes them. */
  readonly sets: readonly (readonly string[])[];
  /** So many columns of a set are enough; all of them if not given. */
  readonly least?: number;
  readonly hint?: string;
}

const perMembership = 'it has one row for each membership, so a person may stand in several rows';

const signatures: readonly Signature[] = [
  {
    name: "TeamUp's membership report",
    slug: 'teamup',
    sets: [['customername', 'membershipname', 'otheractive']],
    hint: `${perMembership}; children carry their parent's email`,
  },
  {
    name: "Wodify's membership export",
    slug: 'wodify',
    sets: [['clientid', 'clientname', 'membershipid', 'membership', 'paymentplan']],
    least: 4,
    hint: `${perMembership}; addresses that Wodify made up itself may be among the emails`,
  },
  {
    name: 'Glofox',
    slug: 'glofox',
    sets: [
      ['barcodeid', 'clientname', 'membershiptier'],
      ['added', 'membershipexpirydate'],
    ],
    hint: "its dates follow the account's country",
  },
  {
    name: 'ClubReady',
    slug: 'clubready',
    sets: [
      ['userid', 'cellphone', 'daystoconvert'],
      ['associateduserid', 'responsibleuserid'],
    ],
  },
  {
    name: 'ABC DataTrak',
    slug: 'datatrak',
    sets: [
      ['agreementnumber', 'clubnbr'],
      ['agreementnumber', 'agtsalesperson'],
    ],
    hint: 'secondary members may share the agreement number',
  },
  {
    name: 'Virtuagym',
    slug: 'virtuagym',
    sets: [['clubmemberid'], ['cardnr', 'memberid'], ['unsubscribedate']],
    hint: 'unsubscribe_date is the end of a membership, no opt-out',
  },
  {
    name: 'Jackrabbit Class',
    slug: 'jackrabbit',
    sets: [['studentfirstname', 'family']],
    hint: 'students are children; emails and phones stand in the export of families',
  },
  {
    name: 'Mindbody',
    slug: 'mindbody',
    sets: [
      ['clientid', 'mobilephone', 'referredby'],
      ['clientid', 'mobilephone', 'clientsince'],
      ['clientid', 'pricingoption', 'clientsince'],
    ],
    hint: 'companies may be among the clients',
  },
  { name: 'FitnessGM', slug: 'fitnessgm', sets: [['membershiptitle', 'guardianemail']] },
  {
    name: "Club OS's opt-out report",
    slug: 'clubos',
    sets: [['optouttype', 'optoutdate']],
    hint: 'it lists who opted out of what, one row for each, and is no list of members',
  },
  { name: 'Fresha', slug: 'fresha', sets: [['clientid', 'mobilenumber', 'blocked', 'added']] },
  { name: 'Clubware', slug: 'clubware', sets: [['branch', 'memberid', 'memberfirstname', 'memberlastname']] },
  { name: 'Vagaro', slug: 'vagaro', sets: [['mobilephone', 'dayphone', 'nightphone']] },
  { name: 'WodGuru', slug: 'wodguru', sets: [['passname', 'passexpirationdate']], hint: perMembership },
];

export function recogniseProduct(header: readonly string[], statusWords: readonly string[]): Product | undefined {
  const byName = new Map(header.map((name) => [plainName(name), name] as const));
  for (const { name, slug, sets, least, hint } of signatures) {
    for (const set of sets) {
      const columns = set.flatMap((column) => byName.get(column) ?? []);
      if (columns.length >= (least ?? set.length)) return { name, slug, columns, hint };
    }
  }
  const zenPlanner = ['birthdate', 'address', 'status'].flatMap((column) => byName.get(column) ?? []);
  const zenWords = statusWords.filter((word) => /^(?:alumni|student|prospect)$/i.test(word));
  if (zenPlanner.length === 3 && zenWords.length > 0)
    return { name: 'Zen Planner', slug: 'zenplanner', columns: zenPlanner, hint: undefined };
  return undefined;
}
