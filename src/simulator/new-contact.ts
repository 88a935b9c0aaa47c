import type { JsonObject } from './admission.ts';
import type { ContactStore } from './contact-store.ts';
import { readContactWrite } from './contact-write.ts';
import type { Delays } from './delays.ts';
import type { Exchange } from './exchange.ts';
import type { FaultPlan } from './fault-plan.ts';
import { failure, stageFault, success } from './fault-staging.ts';
import { FAULTS } from './faults.ts';
import { matchKeys } from './match-keys.ts';
import type { Traffic } from './traffic.ts';

/** What newContact works on. */
export interface Account {
  readonly store: ContactStore;
  readonly plan: FaultPlan;
  readonly traffic: Traffic;
  readonly delays: Delays;
  readonly hangMs: number;
}

/**
 * API page newContact: checks the body, creates or updates, and gives back how to answer. The row is taken here and now,
 * the answer may come later.
 */
export function newContact(account: Account, exchange: Exchange, body: JsonObject): () => void {
  const write = readContactWrite(body);
  if (typeof write === 'string') return () => exchange.json(400, failure(write));

  const { store, plan, traffic, delays, hangMs } = account;
  const keys = matchKeys(write.fields);
  traffic.personCame(keys);
  exchange.whenOver(() => traffic.personLeft(keys));

  const take = (): string => {
    traffic.writeAccepted();
    return store.write(write, keys).id;
  };
  const fault = plan.next(keys[0]);
  if (fault === undefined) {
    const id = take();
    return () => exchange.json(200, success(id));
  }
  traffic.faultStaged(fault);
  const id = FAULTS[fault].takesRow ? take() : '';
  return () => stageFault(fault, { exchange, id, delays, hangMs });
}
