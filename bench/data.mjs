import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Seeded random numbers (mulberry32), so that every run of the benchmarks reads the same bytes. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const firstNames = 'Ana Sam Lee Maria José Kim Noah Emma Liam Zoë Omar Ivy Max Lena Paul Nia Tom Ruth Finn Ada'.split(
  ' ',
);
const lastNames = "Diaz O'Neil Park Smith Müller Garcia Nguyen Brown de_la_Cruz Kowalski Jones Silva Chen Adams".split(
  ' ',
);
const cities = 'Springfield,Riverton,Lakeside,"Portland, OR",Franklin,Greenville'.split(/,(?! )/);
const areas =
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 334 336 337 339 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520'.split(
    ' ',
  );
const notes = ['', '', '', '"asked for a tour, twice"', '"said ""maybe later"""', '"first line\nsecond line"'];

export const header = [
  'Member ID', 'First Name', 'Last Name', 'Email', 'Mobile Phone', 'Home Phone', 'Birth Date', 'Join Date', 'Gender',
  'Street', 'City', 'State', 'Zip', 'Status', 'Location', 'Membership', 'Balance', 'Groups', 'Text Opt-In', 'Notes',
]; // prettier-ignore

/** The mapping that goes with the data: 17 fields and attributes of 20 columns. */
export const mapping = {
  version: 1,
  name: 'bench-members',
  country: 'US',
  fields: {
    user_id: 'Member ID',
    first_name: 'First Name',
    last_name: 'Last Name',
    email: { column: 'Email', onInvalid: 'drop' },
    phone: { column: ['Mobile Phone', 'Home Phone'], onInvalid: 'drop' },
    dob: { column: 'Birth Date', format: 'M/D/YYYY' },
    created_date: { column: 'Join Date', format: 'M/D/YYYY h:mm A' },
    gender: 'Gender',
    address: 'Street',
    city: 'City',
    state: 'State',
    zip: 'Zip',
    type: { column: 'Status', values: { Active: 'member', Frozen: 'member', Cancelled: 'past' } },
    status: { column: 'Status', values: { Active: 'active', Frozen: 'frozen', Cancelled: 'inactive' } },
    location: 'Location',
    optin_sms: { column: 'Text Opt-In', yes: ['Yes'], no: ['No'] },
    tags: { add: [{ column: 'Groups', split: ';' }] },
  },
  attributes: { membership_type: 'Membership', balance: { column: 'Balance', type: 'number' } },
  ignore: ['Notes'],
};

/** Writes a member list with this many rows: 20 columns, some quotes, phones in several spellings, an occasional line break. */
export async function writeMembers(file, rows) {
  const random = seeded(20261124);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const digits = (count) => String(Math.floor(random() * 10 ** count)).padStart(count, '0');
  // Valid area codes, so that few people share a number and a first name.
  const phone = () => {
    const [area, last] = [pick(areas), `01${digits(2)}`];
    return pick([`(${area}) 555-${last}`, `${area}-555-${last}`, `+1${area}555${last}`, `${area}555${last}`, '']);
  };
  const out = createWriteStream(file);
  out.write(`${header.join(',')}\r\n`);
  let text = '';
  for (let row = 1; row <= rows; row += 1) {
    const [first, last] = [`${pick(firstNames)} ${pick(firstNames)}`, pick(lastNames).replaceAll('_', ' ')];
    text += [
      100_000 + row,
      first,
      last,
      `member.${row}@example.com`,
      phone(),
      phone(),
      `${1 + Math.floor(random() * 12)}/${1 + Math.floor(random() * 28)}/${1940 + Math.floor(random() * 65)}`,
      `${1 + Math.floor(random() * 12)}/${1 + Math.floor(random() * 28)}/${2010 + Math.floor(random() * 15)} ${1 + Math.floor(random() * 12)}:${pick(['05', '30', '45'])} ${pick(['AM', 'PM'])}`,
      pick(['F', 'M', '']),
      `${1 + Math.floor(random() * 999)} Main Street`,
      pick(cities),
      pick(['NY', 'CA', 'CO', 'MA']),
      digits(5),
      pick(['Active', 'Active', 'Frozen', 'Cancelled']),
      pick(['Downtown', 'Harbor']),
      pick(['Gold', 'Basic', 'Drop-in']),
      (random() * 200).toFixed(2),
      pick(['Yoga;VIP', 'Spin', '', '']),
      pick(['Yes', 'No', '']),
      pick(notes),
    ].join(',') + '\r\n'; // prettier-ignore
    if (text.length > 262_144) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await finished(out);
}
