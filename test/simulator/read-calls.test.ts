import { describe, expect, it } from 'vitest';
import type { SeedContact, Simulator } from '../../src/simulator/index.ts';
import { call, newContact, startSimulator } from './client.ts';

const ANA: SeedContact = {
  first_name: 'Ana',
  last_name: 'Diaz',
  user_id: '1',
  email: 'family@example.com',
  phone: '+12075550188',
  location: 'Downtown',
  created_date: '2024-01-02 03:04:05',
  dob: '1990-01-01',
  tags: ['vip'],
  attributes: { balance: 3 },
};
const BO: SeedContact = { first_name: 'Bo', last_name: 'Diaz', user_id: '2', email: 'Family@example.com' };
const CY: SeedContact = { first_name: 'Cy', last_name: 'Roe', phone: '5', optin_sms: false, optout_email: true };

async function members(simulator: Simulator, endpoint: string, body: Record<string, unknown>) {
  const answer = await call(simulator, endpoint, body);
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.body)).toEqual(['members']);
  return answer.body['members'] as Record<string, unknown>[];
}

async function firstNames(simulator: Simulator, endpoint: string, body: Record<string, unknown>) {
  return (await members(simulator, endpoint, body)).map(({ firstname }) => firstname);
}

describe('getCustomers', () => {
  it('shows the documented item and nothing more', async () => {
    const simulator = await startSimulator({ contacts: [ANA, BO] });
    const [ana, bo] = await members(simulator, 'getCustomers', {});
    expect(ana).toEqual({
      id: simulator.contacts()[0]?.id,
      firstname: 'Ana',
      lastname: 'Diaz',
      email: 'family@example.com',
      phone: '+12075550188',
      last_location: 'Downtown',
      email_optout: 0,
      sms_optout: 0,
      created_date: '2024-01-02T03:04:05.000Z',
    });
    expect(bo).toMatchObject({ phone: '', last_location: '', created_date: simulator.contacts()[1]?.created });
  });

  it.each([
    [{ user_id: ' 2 ' }, ['Bo']],
    [{ email: 'FAMILY@example.com' }, ['Ana', 'Bo']],
    [{ phone: '5' }, ['Cy']],
    [{ email: 'family@example.com', user_id: '1' }, ['Ana']],
    [{ phone: '5', user_id: '1' }, []],
    [{ phone: '55' }, []],
    [{ _id: 'unknown' }, []],
    [{ fulldata: false }, ['Ana', 'Bo', 'Cy']],
  ])('finds by %j', async (filter, expected) => {
    const simulator = await startSimulator({ contacts: [ANA, BO, CY] });
    expect(await firstNames(simulator, 'getCustomers', filter)).toEqual(expected);
  });

  it('finds by _id, and by what an update changed', async () => {
    const simulator = await startSimulator({ contacts: [ANA, BO] });
    const id = simulator.contacts()[1]?.id;
    await newContact(simulator, { user_id: '2', first_name: 'Bob', email: 'bob@example.com' });
    expect(await firstNames(simulator, 'getCustomers', { _id: id })).toEqual(['Bob']);
    expect(await firstNames(simulator, 'getCustomers', { email: 'bob@example.com' })).toEqual(['Bob']);
    expect(await firstNames(simulator, 'getCustomers', { email: 'family@example.com' })).toEqual(['Ana']);
  });

  it('pages by limit and offset', async () => {
    const contacts = Array.from({ length: 150 }, (_, index) => ({ first_name: `P${index}`, last_name: 'X' }));
    const simulator = await startSimulator({ contacts });
    expect(await members(simulator, 'getCustomers', {})).toHaveLength(100);
    expect(await members(simulator, 'getCustomers', { limit: 1000 })).toHaveLength(150);
    expect(await firstNames(simulator, 'getCustomers', { limit: 2, offset: 148 })).toEqual(['P148', 'P149']);
    expect(await members(simulator, 'getCustomers', { offset: 150 })).toEqual([]);
  });

  it('finds who changed since a moment, that moment included, or since a day', async () => {
    const simulator = await startSimulator({ contacts: [ANA, BO] });
    const since = simulator.contacts()[0]?.updated;
    expect(await firstNames(simulator, 'getCustomers', { updated_since: since })).toHaveLength(2);
    expect(await firstNames(simulator, 'getCustomers', { updated_since: '2999-01-01' })).toEqual([]);
    expect(await firstNames(simulator, 'getCustomers', { updated_since: '2024-01-01' })).toHaveLength(2);
    const id = simulator.contacts()[0]?.id;
    expect(await firstNames(simulator, 'getCustomers', { _id: id, updated_since: '2999-01-01' })).toEqual([]);
  });

  it('people come, change and go while it is read, if asked for', async () => {
    const contacts = Array.from({ length: 10 }, (_, nth) => ({
      first_name: `P${nth}`,
      last_name: 'X',
      email: `p${nth}@example.com`,
    }));
    const simulator = await startSimulator({ contacts, churn: 1 });
    expect(await firstNames(simulator, 'getCustomers', { limit: 4 })).toEqual(['P0', 'P1', 'P2', 'P3']);
    expect(await firstNames(simulator, 'getCustomers', { limit: 4, offset: 4 })).toEqual(['P5', 'P6', 'P7', 'P8']);
    expect(await members(simulator, 'getCustomers', { limit: 1 })).toHaveLength(1);
    expect(await members(simulator, 'getCustomers', { limit: 1 })).toHaveLength(1);
    expect(await firstNames(simulator, 'getCustomers', { limit: 1 })).toEqual(['P1']);
    expect(simulator.contacts().map((one) => one.first_name)).toEqual([
      'P2',
      'P3',
      'P4',
      'P5',
      'P6',
      'P7',
      'P8',
      'P9',
      'Churn',
      'Churn',
    ]);
    await members(simulator, 'getCustomers', { updated_since: '2024-01-01' });
    expect(simulator.contacts()).toHaveLength(10);
  });

  it.each([
    { limit: 1001 },
    { limit: 0 },
    { limit: '10' },
    { offset: -1 },
    { email: 7 },
    { phone: '' },
    { fulldata: true },
    { updated_since: 'yesterday' },
  ])('refuses %j', async (body) => {
    const answer = await call(await startSimulator(), 'getCustomers', body);
    expect(answer).toMatchObject({ status: 400, body: { status: 'error' } });
  });
});

describe('getOptoutCustomers', () => {
  it('shows the documented item and nothing more', async () => {
    const simulator = await startSimulator({ contacts: [ANA, CY] });
    expect(await members(simulator, 'getOptoutCustomers', { type: 'sms' })).toEqual([
      {
        id: simulator.contacts()[1]?.id,
        firstname: 'Cy',
        lastname: 'Roe',
        email: '',
        phone: '5',
        email_optout: 1,
        sms_optout: 1,
        optout_date: simulator.contacts()[1]?.created,
      },
    ]);
  });

  it('follows the consent in newContact requests', async () => {
    const simulator = await startSimulator({ contacts: [ANA, BO, CY] });
    await newContact(simulator, { user_id: '1', optin_sms: false });
    await newContact(simulator, { user_id: '2', first_name: 'Bo', optout_email: true });
    await newContact(simulator, { phone: '5', first_name: 'Cy', optin_sms: true });
    expect(await firstNames(simulator, 'getOptoutCustomers', { type: 'sms' })).toEqual(['Ana']);
    expect(await firstNames(simulator, 'getOptoutCustomers', { type: 'email' })).toEqual(['Cy', 'Bo']);
    expect(await firstNames(simulator, 'getOptoutCustomers', {})).toEqual(['Cy', 'Ana', 'Bo']);
    expect(await firstNames(simulator, 'getOptoutCustomers', { limit: 1, offset: 1 })).toEqual(['Ana']);
    expect(await members(simulator, 'getCustomers', {})).toMatchObject([
      { firstname: 'Ana', sms_optout: 1, email_optout: 0 },
      { firstname: 'Bo', sms_optout: 0, email_optout: 1 },
      { firstname: 'Cy', sms_optout: 0, email_optout: 1 },
    ]);
  });

  it.each([{ type: 'push' }, { limit: 1001 }, { offset: 'x' }])('refuses %j', async (body) => {
    expect((await call(await startSimulator(), 'getOptoutCustomers', body)).status).toBe(400);
  });
});

describe('removeContact', () => {
  it('removes one contact, which no key finds anymore, and never gives its id again', async () => {
    const simulator = await startSimulator({ contacts: [ANA, BO, CY] });
    const ids = simulator.contacts().map(({ id }) => id);
    expect(await call(simulator, 'removeContact', { id: ids[2] })).toMatchObject({
      status: 200,
      body: { result: 'success' },
    });
    expect(await firstNames(simulator, 'getCustomers', {})).toEqual(['Ana', 'Bo']);
    expect(await members(simulator, 'getCustomers', { phone: '5' })).toEqual([]);
    await newContact(simulator, { phone: '5', first_name: 'Cy' });
    expect(ids).not.toContain(simulator.contacts()[2]?.id);
    expect(await firstNames(simulator, 'getOptoutCustomers', {})).not.toContain('Cy');
  });

  it.each([{}, { id: '' }, { id: 7 }, { id: 'nobody' }])('refuses %j', async (body) => {
    expect((await call(await startSimulator({ contacts: [ANA] }), 'removeContact', body)).status).toBe(400);
  });
});
