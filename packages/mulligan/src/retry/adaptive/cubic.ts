/** Share of the rate that is kept after a throttle. */
const beta = 0.7;

/** How steeply the rate grows away from its plateau, per second cubed. */
const scale = 0.4;

/** What was known when the server throttled last. Rates per second, times in seconds. */
export interface ThrottlePoint {
  /** The rate at that moment. */
  readonly rate: number;
  readonly atS: number;
}

/** The rate right after a throttle. */
export function afterThrottle(rate: number): number {
  return rate * beta;
}

/**
 * The rate while all goes well: it climbs back to where it was throttled, stays near for a while, and then probes
 * ever faster for more. Source: AWS's adaptive mode, after the CUBIC congestion control of TCP.
 */
export function whileWell({ rate, atS }: ThrottlePoint, nowS: number): number {
  const plateauS = ((rate * (1 - beta)) / scale) ** (1 / 3);
  return scale * (nowS - atS - plateauS) ** 3 + rate;
}
