import { describe, expect, it } from 'vitest';
import { newContact, send, startSimulator } from './client.ts';

describe('how newContact identifies people', () => {
  it('creates a contact and answers with the documented shape', async () => {
    const simulator = await startSimulator();
    const { status, body } = await newContact(simulator, { user_id: '7', email: 'ana@example.com' });
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'success', _id: expect.stringMatching(/^[0-9a-f]{24}$/u) });
    expect(simulator.contacts()).toMatchObject([
      { id: body['_id'], user_id: '7', first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', writes: 1 },
    ]);
  });

  it('gives the same ids for the same seed and different ones for another', async () => {
    const ids = await Promise.all(
      [5, 5, 6].map(async (seed) => (await newContact(await startSimulator({ seed }), { user_id: '1' })).body['_id']),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it.each([
    ['user_id', { user_id: '7' }, { user_id: ' 7 ', first_name: 'Anna', email: 'new@example.com' }],
    ['email and first name', { email: 'Ana@Example.com' }, { email: 'ana@example.COM', first_name: ' ANA' }],
    ['phone and first name', { phone: '+12075550188' }, { phone: ' +12075550188', first_name: 'ana ' }],
    ['email when the user_id is new', { email: 'a@example.com' }, { email: 'a@example.com', user_id: '9' }],
    ['phone when the email is new', { phone: '1', email: 'a@example.com' }, { phone: '1', email: 'b@example.com' }],
  ])('finds a contact again by %s', async (_, first, second) => {
    const simulator = await startSimulator();
    const created = await newContact(simulator, first);
    const updated = await newContact(simulator, second);
    expect(updated.body).toEqual(created.body);
    expect(simulator.contacts()).toMatchObject([{ ...first, ...second, writes: 2 }]);
  });

  it.each([
    ['another first name on the same email', { email: 'a@example.com' }, { email: 'a@example.com', first_name: 'Bo' }],
    ['another first name on the same phone', { phone: '1' }, { phone: '1', first_name: 'Bo' }],
    ['another form of the same phone', { phone: '+12075550188' }, { phone: '(207) 555-0188' }],
    ['no match key at all', {}, {}],
    ['blank match keys', { user_id: ' ', phone: '' }, { user_id: ' ', phone: '' }],
  ])('creates a second contact for %s', async (_, first, second) => {
    const simulator = await startSimulator();
    await newContact(simulator, first);
    await newContact(simulator, second);
    expect(simulator.contacts()).toHaveLength(2);
  });

  it('prefers user_id to email, and email to phone', async () => {
    const simulator = await startSimulator({
      contacts: [
        { first_name: 'Ana', last_name: 'One', user_id: '1' },
        { first_name: 'Ana', last_name: 'Two', email: 'two@example.com' },
        { first_name: 'Ana', last_name: 'Three', phone: '3' },
      ],
    });
    await newContact(simulator, { email: 'two@example.com', phone: '3', city: 'Bath' });
    await newContact(simulator, { user_id: '1', email: 'two@example.com', phone: '3', city: 'Bath' });
    expect(simulator.contacts().map(({ writes }) => writes)).toEqual([1, 1, 0]);
  });

  it('forgets a key that was overwritten, and finds the other people who have it', async () => {
    const simulator = await startSimulator();
    await newContact(simulator, { user_id: '1', email: 'a@example.com' });
    await newContact(simulator, { user_id: '2', email: 'b@example.com' });
    await newContact(simulator, { user_id: '2', email: 'a@example.com', last_name: 'Second' });
    await newContact(simulator, { user_id: '1', email: 'c@example.com' });
    await newContact(simulator, { email: 'a@example.com', last_name: 'Found' });
    await newContact(simulator, { email: 'b@example.com', last_name: 'New' });
    expect(simulator.contacts().map(({ last_name }) => last_name)).toEqual(['Diaz', 'Found', 'New']);
  });
});

describe('the changes of a newContact request', () => {
  it('overwrite every sent field, always the names, and leave the others', async () => {
    const simulator = await startSimulator();
    await newContact(simulator, { user_id: '1', city: 'Bath', zip: '04530', gender: 'F' });
    await newContact(simulator, { user_id: '1', first_name: 'Anna', last_name: 'Dias', zip: '', gender: 'female' });
    expect(simulator.contacts()).toMatchObject([
      { first_name: 'Anna', last_name: 'Dias', city: 'Bath', zip: '', gender: 'female' },
    ]);
  });

  it('add and remove tags, each once and in order', async () => {
    const simulator = await startSimulator();
    const tagsAfter = async (fields: Record<string, unknown>) => {
      await newContact(simulator, { user_id: '1', ...fields });
      return simulator.contacts()[0]?.tags;
    };
    expect(await tagsAfter({ tags: 'yoga, spin,,yoga' })).toEqual(['yoga', 'spin']);
    expect(await tagsAfter({ tags: 'spin,VIP', tag_action: 'add' })).toEqual(['yoga', 'spin', 'VIP']);
    expect(await tagsAfter({ tags: 'yoga,vip,never', tag_action: 'remove' })).toEqual(['spin', 'VIP']);
    expect(await tagsAfter({ city: 'Bath' })).toEqual(['spin', 'VIP']);
  });

  it('make a custom attribute of any unknown key, __proto__ included', async () => {
    const simulator = await startSimulator();
    const names = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x"}') as Record<string, unknown>;
    await newContact(simulator, { user_id: '1', First_Name: 'typo', balance: 12.5 });
    await newContact(simulator, { user_id: '1', balance: null, ...names });
    expect(Object.entries(simulator.contacts()[0]?.attributes ?? {})).toEqual([
      ['First_Name', 'typo'],
      ['balance', null],
      ['__proto__', { polluted: true }],
      ['constructor', 'x'],
    ]);
    const seen = await send(simulator, '/_simulator/contacts', { method: 'GET' });
    expect(seen.text).toContain('"__proto__":{"polluted":true}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('what newContact refuses', () => {
  it.each([
    ['first_name', { first_name: undefined }],
    ['first_name', { first_name: ' ' }],
    ['last_name', { last_name: '' }],
    ['last_name', { last_name: 7 }],
    ['app_id', { app_id: '' }],
    ['email', { email: 'ana@example' }],
    ['email', { email: '' }],
    ['phone', { phone: 2_075_550_188 }],
    ['zip', { zip: null }],
    ['dob', { dob: '1990-02-30' }],
    ['dob', { dob: '2/3/1990' }],
    ['created_date', { created_date: '2024-01-02' }],
    ['created_date', { created_date: '2024-01-02T03:04:05' }],
    ['created_date', { created_date: '2024-13-02 03:04:05' }],
    ['created_date', { created_date: '2024-01-02 24:00:00' }],
    ['optin_sms', { optin_sms: 'true' }],
    ['optout_email', { optout_email: 1 }],
    ['tags', { tags: ['yoga'] }],
    ['tag_action', { tag_action: 'set' }],
  ])('answers 400 with a message for a wrong %s: %j', async (field, fields) => {
    const simulator = await startSimulator();
    const { status, body } = await newContact(simulator, { user_id: '1', ...fields });
    expect(status).toBe(400);
    expect(body).toEqual({ status: 'error', message: expect.stringContaining(field) });
    expect(simulator.contacts()).toEqual([]);
  });

  it('accepts every documented field in its documented form', async () => {
    const simulator = await startSimulator();
    const fields = {
      email: 'ana@example.com',
      phone: '+12075550188',
      address: '1 High St',
      city: 'Bath',
      state: 'ME',
      zip: '04530',
      source: 'import',
      user_id: '7',
      dob: '1992-02-29',
      created_date: '2024-01-02 23:59:59',
      gender: 'F',
      type: 'member',
      status: 'active',
      location: 'Downtown',
      optin_sms: true,
      optout_email: false,
    };
    expect((await newContact(simulator, { ...fields, tags: 'a' })).status).toBe(200);
    expect(simulator.contacts()).toMatchObject([{ ...fields, tags: ['a'], attributes: {} }]);
  });

  it('refuses attributes that are nested without end', async () => {
    const simulator = await startSimulator();
    const deep: unknown = JSON.parse('['.repeat(100) + ']'.repeat(100));
    expect((await newContact(simulator, { deep })).status).toBe(400);
  });
});
