import type { FaultKind } from './faults.ts';
import { SlidingWindow } from './sliding-window.ts';

/** The calls that the simulator answers as Gleantap does. */
export const ENDPOINTS = ['newContact', 'getCustomers', 'getOptoutCustomers', 'removeContact'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** What has happened so far, as `GET /_simulator/stats` shows it. Calls to `/_simulator/` are not counted. */
export interface SimulatorStats {
  readonly requests: number;
  readonly byEndpoint: Readonly<Record<Endpoint | 'other', number>>;
  /** Requests that were answered, at least by a status line. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests that ended without one: reset, hung up on, or left by the client. */
  readonly unanswered: number;
  /** newContact requests that created or updated a contact, whatever the client got as a response. */
  readonly writesAccepted: number;
  readonly contacts: number;
  readonly faultsStaged: Readonly<Partial<Record<FaultKind, number>>>;
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** How often a newContact request came while another one for the same person (sharing a match key) was in flight. */
  readonly perPersonOverlaps: number;
  /** The most requests that came within any one second. */
  readonly worstOneSecondWindow: number;
}

/** Keeps the figures of {@link SimulatorStats}, in memory that does not grow with the number of requests. */
export class Traffic {
  readonly #byEndpoint: Record<Endpoint | 'other', number> = {
    newContact: 0,
    getCustomers: 0,
    getOptoutCustomers: 0,
    removeContact: 0,
    other: 0,
  };
  readonly #byStatus = new Map<number, number>();
  readonly #faultsStaged: Partial<Record<FaultKind, number>> = {};
  readonly #lastSecond = new SlidingWindow();
  readonly #personsInFlight = new Map<string, number>();
  #requests = 0;
  #unanswered = 0;
  #writesAccepted = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  #perPersonOverlaps = 0;
  #worstOneSecondWindow = 0;

  requestCame(endpoint: Endpoint | 'other', now: number): void {
    this.#requests++;
    this.#byEndpoint[endpoint]++;
    this.#inFlight++;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    this.#lastSecond.add(now);
    this.#worstOneSecondWindow = Math.max(this.#worstOneSecondWindow, this.#lastSecond.sizeAt(now));
  }

  requestEnded(status: number | undefined): void {
    this.#inFlight--;
    if (status === undefined) this.#unanswered++;
    else this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
  }

  personCame(matchKeys: readonly string[]): void {
    if (matchKeys.some((key) => this.#personsInFlight.has(key))) this.#perPersonOverlaps++;
    for (const key of matchKeys) this.#personsInFlight.set(key, (this.#personsInFlight.get(key) ?? 0) + 1);
  }

  personLeft(matchKeys: readonly string[]): void {
    for (const key of matchKeys) {
      const left = (this.#personsInFlight.get(key) ?? 0) - 1;
      if (left > 0) this.#personsInFlight.set(key, left);
      else this.#personsInFlight.delete(key);
    }
  }

  writeAccepted(): void {
    this.#writesAccepted++;
  }

  faultStaged(kind: FaultKind): void {
    this.#faultsStaged[kind] = (this.#faultsStaged[kind] ?? 0) + 1;
  }

  stats(contacts: number): SimulatorStats {
    return {
      requests: this.#requests,
      byEndpoint: { ...this.#byEndpoint },
      byStatus: Object.fromEntries(this.#byStatus),
      unanswered: this.#unanswered,
      writesAccepted: this.#writesAccepted,
      contacts,
      faultsStaged: { ...this.#faultsStaged },
      inFlight: this.#inFlight,
      maxInFlight: this.#maxInFlight,
      perPersonOverlaps: this.#perPersonOverlaps,
      worstOneSecondWindow: this.#worstOneSecondWindow,
    };
  }
}
