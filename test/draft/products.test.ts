import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { draftOf } from './folder.ts';

/** Three people, in the ways in which products write them. */
const id = ['10482', '10517', '10533'];
const first = ['Ana', 'Sam', 'Lena'];
const last = ['Diaz', 'Berg', 'Okonkwo'];
const whole = ['Ana Diaz', 'Sam Berg', 'Lena Okonkwo'];
const email = ['ana@example.com', 'sam@example.com', 'lena@example.com'];
const phone = ['(212) 555-0147', '(212) 555-0148', '(718) 555-0149'];
const none = ['', '', ''];
const us = ['3/22/1983', '11/5/1990', '7/15/1979'];
const usLong = ['03/22/1983', '11/05/1990', '07/15/1979'];
const iso = ['1983-03-22', '1990-11-05', '1979-07-15'];
const dashed = ['22-03-1983', '05-11-1990', '15-07-1979'];
const yesNo = ['Yes', 'No', 'No'];
const plan = ['Gold', 'Silver', 'Gold'];

interface Export {
  readonly product: string;
  /** Cells by column. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Where columns go; the others are left out. */
  readonly goesTo: Readonly<Record<string, string>>;
  readonly asked?: readonly string[];
}

/** Columns as the products' documents and their readers name them: those that no fixture in `fixtures/gyms` has. */
const exports: readonly Export[] = [
  {
    product: "Wodify's template",
    columns: {
      'First Name': first,
      'Last Name': last,
      Email: email,
      Gender: ['Female', 'Male', 'Female'],
      'Date of Birth': usLong,
      'Client Status': ['Active', 'Inactive', 'Active'],
      'Default Program': plan,
      'Default Location': ['Main', 'Main', 'North'],
      State: ['NY', 'NY', 'NJ'],
      'Time Zone': ['EST', 'EST', 'EST'],
      'Is Coach': ['FALSE', 'TRUE', 'FALSE'],
      Group: none,
      Country: ['US', 'US', 'US'],
    },
    goesTo: {
      'First Name': 'first_name',
      'Last Name': 'last_name',
      Email: 'email',
      Gender: 'gender',
      'Date of Birth': 'dob',
      'Client Status': 'type status',
      'Default Location': 'location',
      State: 'state',
    },
  },
  {
    product: "ClubReady's associated members",
    columns: {
      'Location name': ['Lakeview', 'Lakeview', 'Riverside'],
      StoreId: ['11', '11', '12'],
      'Associated First Name': first,
      'Associated Last Name': last,
      'Associated User Id': id,
      'Associated Last Checkin': us,
      'Associated Member Since': ['1/22/2020', '2/3/2021', '4/5/2022'],
      'Associated Member Expiration': ['1/22/2027', '2/3/2027', '4/5/2027'],
      'Responsible First Name': ['Pat', 'Pat', 'Kim'],
      'Responsible Last Name': last,
      'Responsible User Id': ['9001', '9001', '9002'],
    },
    goesTo: {
      'Location name': 'location',
      'Associated First Name': 'first_name',
      'Associated Last Name': 'last_name',
      'Associated User Id': 'user_id',
      'Associated Member Since': 'created_date',
    },
  },
  {
    product: 'ClubReady bookings',
    columns: {
      'User ID': id,
      'First Name': first,
      'Last Name': last,
      Email: email,
      Phone: none,
      'Cell Phone': phone,
      'Work Phone': ['', '(212) 555-0111', ''],
      'Booking Location': ['Lakeview', 'Lakeview', 'Riverside'],
    },
    goesTo: {
      'User ID': 'user_id',
      'First Name': 'first_name',
      'Last Name': 'last_name',
      Email: 'email',
      'Cell Phone': 'phone',
      'Work Phone': 'phone',
    },
  },
  {
    product: 'Glofox, list of clients',
    columns: {
      'First Name': first,
      'Last Name': last,
      Email: email,
      Added: ['2024-01-22', '2025-03-04', '2026-05-06'],
      'Membership Name': plan,
      'Membership Expiry Date': ['01/05/2027', '02/06/2027', '03/07/2027'],
      'Marketing Opt-out': yesNo,
      'Last Contacted': iso,
    },
    goesTo: {
      'First Name': 'first_name',
      'Last Name': 'last_name',
      Email: 'email',
      Added: 'created_date',
      'Marketing Opt-out': 'optout_email',
    },
  },
  {
    product: 'Mindbody, other names',
    columns: {
      'Client ID': id,
      'First Name': first,
      'Last Name': last,
      'Client Email': email,
      'Mobile Phone': phone,
      DOB: us,
      'Client Since': ['1/22/2020', '2/3/2021', '4/5/2022'],
      'First Visit': ['1/23/2020', '2/3/2021', '4/5/2022'],
      'Last Visit': ['1/22/2026', '2/3/2026', '4/5/2026'],
      'Pricing Option': plan,
      'Account Balance': ['0.00', '-12.50', '40.00'],
      'Age Category': ['Adult', 'Adult', 'Senior'],
    },
    goesTo: {
      'Client ID': 'user_id',
      'First Name': 'first_name',
      'Last Name': 'last_name',
      'Client Email': 'email',
      'Mobile Phone': 'phone',
      DOB: 'dob',
      'Client Since': 'created_date',
    },
  },
  {
    product: 'Virtuagym in Spanish',
    columns: {
      member_id: id,
      nombre: first,
      apellidos: ['Díaz Peña', 'Gómez', 'Núñez'],
      correo: email,
      movil: ['+33 6 39 98 12 00', '+33 6 39 98 12 01', '+33 6 39 98 12 02'],
      fecha_nacimiento: ['22/03/1983', '05/11/1990', '15/07/1979'],
      sexo: ['Mujer', 'Hombre', 'Mujer'],
      codigo_postal: ['28001', '08001', '46001'],
      ciudad: ['Madrid', 'Barcelona', 'Valencia'],
      abono: plan,
      estado: ['activo', 'baja', 'activo'],
      unsubscribe_date: ['', '31/08/2025', ''],
      DNI: ['00000000T', '00000001R', '00000002W'],
    },
    goesTo: {
      member_id: 'user_id',
      nombre: 'first_name',
      apellidos: 'last_name',
      correo: 'email',
      movil: 'phone',
      fecha_nacimiento: 'dob',
      sexo: 'gender',
      codigo_postal: 'zip',
      ciudad: 'city',
      estado: 'type status',
    },
  },
  {
    product: 'Jackrabbit',
    columns: {
      'Student ID': id,
      'Student First Name': first,
      'Student Last Name': last,
      Status: ['Active', 'Inactive', 'Active'],
      Age: ['07 yrs, 08 mths', '09 yrs, 01 mths', '10 yrs, 02 mths'],
      Family: last,
      DOB: ['43174', '42674', '42274'],
      'Current Classes': ['Ballet, Tap', '', 'Ballet'],
      Notes: ['0', '1', '0'],
      'Special Needs': ['', 'asthma', ''],
    },
    goesTo: {
      'Student ID': 'user_id',
      'Student First Name': 'first_name',
      'Student Last Name': 'last_name',
      Status: 'type status',
      DOB: 'dob',
    },
  },
  {
    product: 'FitnessGM',
    columns: {
      firstName: first,
      lastName: last,
      email: [email[0] ?? '', '', email[2] ?? ''],
      phone,
      dateOfBirth: dashed,
      'Membership Title': ['Gold', 'no_membership', 'Gold'],
      'Initial subtotal': ['100.00', '0.00', '100.00'],
      guardianEmail: ['', 'ana@example.com', ''],
      'Member type': ['PRIMARY', 'SUBORDINATE', 'PRIMARY'],
      'Merge Strategy': ['skip', 'skip', 'skip'],
    },
    goesTo: { firstName: 'first_name', lastName: 'last_name', email: 'email', phone: 'phone', dateOfBirth: 'dob' },
  },
  {
    product: 'GymPoint',
    columns: {
      first_name: first,
      last_name: last,
      email,
      phone: ['207-555-0147', '2125550148', '718-555-0149'],
      membership_plan: plan,
      status: ['active', 'frozen', 'lead'],
      join_date: ['01/22/2020', '02/03/2021', '04/05/2022'],
      city: ['New York', 'New York', 'Brooklyn'],
      state: ['NY', 'NY', 'NY'],
      zip: ['10012', '10013', '11215'],
      date_of_birth: usLong,
      emergency_contact_name: whole,
      emergency_contact_phone: phone,
      notes: ['', 'Locker 14', ''],
      barcode: ['5500210', '5500217', '5500224'],
    },
    goesTo: {
      first_name: 'first_name',
      last_name: 'last_name',
      email: 'email',
      phone: 'phone',
      status: 'type status',
      join_date: 'created_date',
      city: 'city',
      state: 'state',
      zip: 'zip',
      date_of_birth: 'dob',
      barcode: 'user_id',
    },
  },
  {
    product: 'Gymdesk',
    columns: {
      Name: ['Diaz, Ana', 'Berg, Sam', 'van der Berg, Lena'],
      Email: email,
      Phone: phone,
      Age: ['34', '35', '36'],
      'Join Date': ['01/22/2020', '02/03/2021', '04/05/2022'],
      Membership: plan,
      Rank: ['White', 'Blue', ''],
    },
    goesTo: { Name: 'first_name last_name', Email: 'email', Phone: 'phone', 'Join Date': 'created_date' },
  },
  {
    product: 'PushPress',
    columns: {
      Email: email,
      Name: whole,
      Birthday: usLong,
      Plan: plan,
      Joined: ['01/22/2020', '02/03/2021', '04/05/2022'],
      Expires: ['01/05/2027', '', '03/07/2027'],
      Tags: ['vip, yoga', '', 'yoga'],
    },
    goesTo: { Email: 'email', Name: 'first_name last_name', Birthday: 'dob', Joined: 'created_date', Tags: 'tags' },
  },
  {
    product: 'WodGuru',
    columns: {
      last_first_name: ['Diaz Ana', 'Berg Sam', 'Okonkwo Lena'],
      email,
      phone: ['+12125550147', '+12125550148', '+17185550149'],
      gender: ['female', 'male', 'other'],
      pass_name: plan,
      pass_expiration_date: ['2026-12-01', '2026-12-02', '2026-12-03'],
      sessions_left: ['1', '2', '3'],
      city: ['Kraków', 'Łódź', 'Gdynia'],
      postal_code: ['30-001', '90-001', '81-001'],
      birthday: iso,
      country: ['PL', 'PL', 'PL'],
      note_medical: ['', 'asthma', ''],
      vatId: ['', 'PL0000000000', ''],
    },
    goesTo: {
      last_first_name: 'first_name last_name',
      email: 'email',
      phone: 'phone',
      gender: 'gender',
      city: 'city',
      postal_code: 'zip',
      birthday: 'dob',
    },
  },
  {
    product: 'Vagaro',
    columns: {
      'First Name': first,
      'Last Name': last,
      'Email Address': email,
      'Mobile Phone': [phone[0] ?? '', '', phone[2] ?? ''],
      'Day Phone': ['', '(212) 555-0148', ''],
      'Night Phone': none,
      'Birth Date': us,
      Gender: ['F', 'M', 'F'],
      'General Tags': ['VIP, Yoga', '', 'VIP'],
      'Customer Since': ['1/22/2020', '2/3/2021', '4/5/2022'],
      'Last Visit': ['1/22/2026', '2/3/2026', '4/5/2026'],
    },
    goesTo: {
      'First Name': 'first_name',
      'Last Name': 'last_name',
      'Email Address': 'email',
      'Mobile Phone': 'phone',
      'Day Phone': 'phone',
      'Birth Date': 'dob',
      Gender: 'gender',
      'General Tags': 'tags',
      'Customer Since': 'created_date',
    },
  },
  {
    product: 'Clubware',
    columns: {
      Branch: ['Leeds', 'Leeds', 'York'],
      'Member ID': id,
      'Member First name': first,
      'Member Last name': last,
      Gender: ['Female', 'Male', 'Female'],
      Email: email,
      'Mobile number': ['+44 20 7946 0101', '+44 20 7946 0102', '+44 20 7946 0103'],
      'Date of birth': ['22/03/1983', '05/11/1990', '15/07/1979'],
      'Last visit date': ['22/03/2026', '05/11/2026', '15/07/2026'],
    },
    goesTo: {
      Branch: 'location',
      'Member ID': 'user_id',
      'Member First name': 'first_name',
      'Member Last name': 'last_name',
      Gender: 'gender',
      Email: 'email',
      'Mobile number': 'phone',
      'Date of birth': 'dob',
    },
  },
  {
    product: 'Kumite',
    columns: {
      email,
      firstName: first,
      middleName: ['', 'J', ''],
      lastName: last,
      birthDay: iso,
      sex: ['f', 'm', 'f'],
      weight: ['44', '60', '51'],
      school: ['Dojo', 'Dojo', 'Dojo'],
      coach: ['Pat', 'Pat', 'Kim'],
      grade: ['5 kyu', '1 dan', ''],
      phoneNumber: ['+1 212 555 0147', '+1 212 555 0148', '+1 718 555 0149'],
      contactPerson: ['Pat Diaz', '', ''],
      contactPersonEmail: ['pat@example.com', '', ''],
    },
    goesTo: {
      email: 'email',
      firstName: 'first_name',
      lastName: 'last_name',
      birthDay: 'dob',
      sex: 'gender',
      phoneNumber: 'phone',
    },
  },
  {
    product: 'ClubSpark',
    columns: {
      'Contact ID': id,
      'Primary Contact ID': [id[0] ?? '', id[0] ?? '', id[2] ?? ''],
      'First Name': first,
      'Last Name': last,
      'Date of Birth': ['22/03/1983', '05/11/2012', '15/07/1979'],
      'Email Address': [email[0] ?? '', '', email[2] ?? ''],
      'Start Date': ['22/01/2020', '03/02/2021', '05/04/2022'],
      'Expiry Date': ['22/01/2027', '03/02/2027', '05/04/2027'],
      'Package Cost': ['100.00', '50.00', '100.00'],
      'Amount Paid': ['100.00', '50.00', '0.00'],
      Postcode: ['3065', '3066', '2042'],
    },
    goesTo: {
      'Contact ID': 'user_id',
      'First Name': 'first_name',
      'Last Name': 'last_name',
      'Date of Birth': 'dob',
      'Email Address': 'email',
      'Start Date': 'created_date',
      Postcode: 'zip',
    },
  },
  {
    product: 'Arketa',
    columns: {
      'First Name': first,
      'Last Name': last,
      Email: email,
      'Arketa Package Name': plan,
      'Expiration / Renewal Date': ['01/22/2027', '02/03/2027', '04/05/2027'],
      'Classes Remaining': ['1', '2', '3'],
      'Stripe Customer ID': ['cus_A1', 'cus_B2', 'cus_C3'],
    },
    goesTo: { 'First Name': 'first_name', 'Last Name': 'last_name', Email: 'email' },
  },
  {
    product: 'Classta',
    columns: { email, firstname: first, surname: last, phone },
    goesTo: { email: 'email', firstname: 'first_name', surname: 'last_name', phone: 'phone' },
  },
];

describe('columns of other products are mapped to the right fields', () => {
  it.each(exports)('$product', async ({ columns, goesTo, asked = [] }) => {
    const names = Object.keys(columns);
    const rows = first.map((_, index) => names.map((name) => columns[name]?.[index] ?? ''));
    const draft = await draftOf(stringify([names, ...rows]));
    const found = draft.columns.filter(({ fields }) => fields.length > 0);
    expect(Object.fromEntries(found.map(({ column, fields }) => [column, fields.join(' ')]))).toEqual(goesTo);
    expect(draft.questions.map((question) => question.id)).toEqual(asked);
  });
});
