import leven from 'leven';
import { consentMeaning } from './consent-headers.ts';

/** What a column may mean. Those that are no API field serve to find out something else. */
export type Meaning =
  | 'user_id'
  | 'first_name'
  | 'middle_name'
  | 'last_name'
  | 'full_name'
  | 'email'
  | 'phone'
  | 'address'
  | 'city'
  | 'state'
  | 'zip'
  | 'country'
  | 'source'
  | 'dob'
  | 'created_date'
  | 'gender'
  | 'status'
  | 'active'
  | 'location'
  | 'tags'
  | 'sms_in'
  | 'sms_out'
  | 'email_in'
  | 'email_out'
  | 'unwanted';

/** A header's candidate meaning. The lower the rank, the better the name fits when several columns want one field. */
export interface Candidate {
  readonly meaning: Meaning;
  readonly rank: number;
  /** `near` is a name one or two letters off a known one. */
  readonly match: 'known' | 'near';
}

/**
 * Names by meaning, best first, as `plainName` writes them, in English, German, French, Spanish, Dutch, Italian and Portuguese.
 * Words before a name that say whose it is (member, client, primary) need no entry of their own: see `ownerPrefix`.
 */
const names: Readonly<Record<Meaning, string>> = {
  user_id:
    'userid memberid clientid customerid personid contactid athleteid studentid patronid guestid participantid ' +
    'externaluserid externalid externalmemberid id uniqueid recordid profileid membernumber memberno membernr clientnumber customernumber ' +
    'customerno accountnumber accountno accountid mitgliedsnummer mitgliedsnr mitgliednr mitgliedernr kundennummer kundennr kundenid mitgliedid ' +
    'numeroadherent nadherent numadherent nclient nmembre numeroclient numerodesocio numerosocio nsocio idcliente idsocio idclient idmembre lidnummer klantnummer codicecliente ' +
    'barcodeid barcode keytag keytagnumber keytagid cardcode swipeid membershipnumber membershipno ' +
    'agreementnumber agreement agreementno agreementid contractnumber contractid membershipid externalcontractid vertragsnummer',
  first_name:
    'firstname fname first givenname forename christianname legalfirstname preferredfirstname prenom vorname rufname nombre nombres primernombre ' +
    'voornaam roepnaam primeironome',
  middle_name: 'middlename middleinitial mi zweitervorname tussenvoegsel segundonombre',
  last_name:
    'lastname lname last surname familyname legallastname secondname nom nomdefamille nachname familienname zuname apellido apellidos ' +
    'primerapellido achternaam cognome sobrenome apelido',
  full_name:
    'fullname name firstlastname lastfirstname firstandlastname displayname legalname nomcomplet nometprenom nomprenom prenometnom ' +
    'nombrecompleto nombreyapellidos apellidosynombre vollername vornameundnachname namevorname vornamename volledigenaam naam nomecompleto nome member client customer athlete student participant attendee mitglied kunde adherent socio cliente klant lid',
  email:
    'email emailaddress mail mailaddress emailid mailadresse emailadresse courriel adresseemail adressemail adresseelectronique correo correoelectronico ' +
    'emailprincipal emailadres mailadres indirizzoemail email1 email2 emailaddress2 secondaryemail secondemail alternateemail otheremail homeemail workemail',
  phone:
    'mobile mobilephone mobilenumber mobilephonenumber cell cellphone cellnumber cellphonenumber smsnumber textnumber handy handynummer mobil ' +
    'mobilnummer mobiltelefon mobieltelefoon mobielnummer mobiel portable telephoneportable telportable movil telefonomovil celular cellulare telemovel ' +
    'primaryphone primaryphonenumber phone phonenumber telephone telephonenumber tel telnumber telno phoneno contactnumber contactphone phone1 telefon telefonnummer rufnummer ' +
    'telefono telefoon telefoonnummer numerodetelephone homephone homephonenumber phonehome festnetz telefonprivat dayphone nightphone eveningphone ' +
    'otherphone alternatephone secondaryphone phone2 mobile2 workphone workphonenumber businessphone officephone telefongeschaftlich',
  address:
    'address street streetaddress address1 addressline1 addressline address2 addressline2 mailingaddress homeaddress residentialaddress postaladdress fulladdress street1 ' +
    'street2 suburbaddress strasse strassehausnummer strasseundhausnummer anschrift adresse adresse1 rue direccion domicilio calle adres straat indirizzo via endereco morada',
  city: 'city town suburb citytown locality ort stadt wohnort ville ciudad poblacion localidad stad plaats woonplaats citta comune cidade',
  state:
    'state province region stateprovince provincestate county stateregion statecode bundesland departement provincia estado provincie regione kanton',
  zip: 'zip zipcode postalcode postcode zippostalcode zippostcode postalzip zippostal pincode postal cp plz postleitzahl codepostal codigopostal cap cep postnummer',
  country: 'country countrycode countryname land pays pais paese nation',
  source:
    'source leadsource referralsource marketingsource contactsource howdidyouhear howdidyouhearaboutus heardaboutus referredby referrer referral origin quelle herkunft herkunftsquelle ' +
    'origine provenance fuente origen herkomst bron provenienza',
  dob:
    'dob birthdate dateofbirth birthday birthdaydate bday born geburtsdatum geburtstag gebdatum datedenaissance datenaissance naissance fechanacimiento fechadenacimiento ' +
    'nacimiento geboortedatum datadinascita datanascita datadenascimento',
  created_date:
    'joindate joined joinedon datejoined joiningdate joinedate dateofjoining membersince clientsince customersince since sincedate startedon registered registeredon registrationdate dateregistered ' +
    'signupdate signedup signedupon dateadded added addedon signdate signeddate created createdon createdat createddate creationdate datecreated activesince enrollmentdate enrolmentdate dateofentry entrydate ' +
    'eintritt eintrittsdatum mitgliedseit beitritt beitrittsdatum anmeldedatum inscritle datedinscription dateinscription dateadhesion membredepuis fechaalta fechadealta altafecha ' +
    'fechainscripcion sociodesde inschrijfdatum lidsinds aanmelddatum dataiscrizione datadeinscricao startdate begindate membershipstartdate contractstartdate vertragsbeginn',
  gender: 'gender sex geschlecht anrede sexe genre sexo genero geslacht sesso',
  status:
    'status memberstatus clientstatus customerstatus membershipstatus contactstatus accountstatus mitgliedsstatus mitgliederstatus mitgliedstatus statut etat stato situacao type contacttype persontype usertype role',
  active: 'active activeflag isactive activemember isactivemember aktiv actif activo actief attivo inactive isinactive',
  location:
    'location homelocation defaultlocation locationname homeclub club clubname branch branchname studio studioname site sitename homesite gym gymname facility centre center filiale standort lieu sede sucursal vestiging',
  tags: 'tags tag labels generaltags keywords groups gruppen etiquettes etiquetas etiketten',
  sms_in: '',
  sms_out: '',
  email_in: '',
  email_out: '',
  unwanted:
    'blocked isblocked banned isbanned deceased isdeceased iscompany company deleted isdeleted isstaff teststatus istest donotcontact',
};

interface Known {
  readonly meaning: Meaning;
  readonly rank: number;
}

const known = new Map<string, Known>();
for (const [meaning, list] of Object.entries(names) as [Meaning, string][]) {
  list.split(/\s+/).forEach((name, rank) => {
    if (name !== '' && !known.has(name)) known.set(name, { meaning, rank });
  });
}

/** A header without case, accents, blanks and punctuation: `Agreement #` is `agreementnumber`, `E-Mail` is `email`. */
export function plainName(header: string): string {
  return header
    .toLowerCase()
    .replaceAll('#', ' number ')
    .replaceAll(/n[°º]/g, 'n')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Words that say whose the value is, where it is the row's own person. */
const ownerPrefix =
  /^(?:the|your|my|members|member|clients|client|customer|contact|athlete|student|participant|attendee|associated|user|person|patron|guest|rider|primary|main|personal|preferred|current|kunden|kunde|mitglieds|mitglied|adherent|socio|cliente|klant|lid)/;

/** What a header may mean, by its name alone: values have to confirm it. Consent is looked at first, since it names channels. */
export function candidateOf(header: string): Candidate | undefined {
  const consent = consentMeaning(header);
  if (consent !== undefined) return { meaning: consent, rank: 0, match: 'known' };
  const plain = plainName(header);
  // "Date of Birth (MM/DD/YYYY)"
  const exact = lookUp(plain) ?? lookUp(plainName(header.replaceAll(/\([^)]*\)/g, '')));
  if (exact !== undefined) return { ...exact, match: 'known' };
  const near = nearest(plain);
  return near === undefined ? undefined : { ...near, match: 'near' };
}

function lookUp(plain: string): Known | undefined {
  const found = known.get(plain);
  if (found !== undefined) return found;
  const owned = plain.replace(ownerPrefix, '');
  if (owned !== plain && owned !== '') return known.get(owned);
  // "Phone Number 3", "JOIN_DT"
  const bare = plain.replace(/\d$/, '').replace(/dt$/, 'date');
  const again = bare === plain ? undefined : known.get(bare);
  return again === undefined ? undefined : { ...again, rank: again.rank + 50 };
}

/** Short names have too many neighbours; meanings that no value can confirm are never guessed from a near name. */
function nearest(plain: string): Known | undefined {
  if (plain.length < 5) return undefined;
  let best: Known | undefined;
  let bestDistance = plain.length >= 8 ? 2 : 1;
  for (const [name, entry] of known) {
    if (!confirmable.has(entry.meaning) || Math.abs(name.length - plain.length) > bestDistance || name.length < 5)
      continue;
    const distance = leven(name, plain);
    if (distance > bestDistance || (distance === bestDistance && best !== undefined)) continue;
    best = entry;
    bestDistance = distance;
  }
  return best;
}

const confirmable: ReadonlySet<Meaning> = new Set<Meaning>([
  'first_name',
  'last_name',
  'email',
  'phone',
  'zip',
  'dob',
  'created_date',
  'gender',
  'status',
]);
