export type { ContactFields, SeedContact, StoredContact } from './contact.ts';
export { FAULTS, parseFaults } from './faults.ts';
export type { FaultKind, FaultRule, FaultShares } from './faults.ts';
export type { SimulatorCredentials, SimulatorOptions } from './options.ts';
export { createSimulator } from './simulator.ts';
export type { Simulator } from './simulator.ts';
export type { Endpoint, SimulatorStats } from './traffic.ts';
