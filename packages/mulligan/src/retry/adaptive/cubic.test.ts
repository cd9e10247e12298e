import { describe, expect, test } from 'vitest';
import { afterThrottle, type ThrottlePoint, whileWell } from './cubic.ts';
import { SendRate } from './send-rate.ts';

// The golden vectors of the AWS SDKs' retry specification.
describe('the cubic curve', () => {
  test('after a throttle at 10 per second, 5 s in, all is well', () => {
    const rates = [5, 6, 7, 8, 9, 10, 11].map((second) => whileWell({ rate: 10, atS: 5 }, second));
    const expected = [
      7, 9.64893600966, 10.000030849917364, 10.453284520772092, 13.408697022224185, 21.26626835427364,
      36.425998516920465,
    ];
    for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[index]!, 10);
  });

  test('and when the server throttles twice more on the way', () => {
    const steps: ['ok' | 'throttle', number, number][] = [
      ['ok', 5, 7],
      ['ok', 6, 9.64893600966],
      ['throttle', 7, 6.754255206761999],
      ['throttle', 8, 4.727978644733399],
      ['ok', 9, 6.606547753887045],
      ['ok', 10, 6.763279816944947],
      ['ok', 11, 7.598174833907107],
      ['ok', 12, 11.511232804773524],
    ];
    let point: ThrottlePoint = { rate: 10, atS: 5 };
    let rate = 0;
    for (const [end, second, expected] of steps) {
      if (end === 'throttle') point = { rate, atS: second };
      rate = end === 'throttle' ? afterThrottle(rate) : whileWell(point, second);
      expect(rate).toBeCloseTo(expected, 10);
    }
  });
});

test('the measured rate and the rate to send at, over 17 attempts', () => {
  const rate = new SendRate(0);
  const steps: [boolean, number, number, number][] = [
    [false, 0.2, 0, 0.5],
    [false, 0.4, 0, 0.5],
    [false, 0.6, 4.8, 0.5],
    [false, 0.8, 4.8, 0.5],
    [false, 1, 4.16, 0.5],
    [false, 1.2, 4.16, 0.6912],
    [false, 1.4, 4.16, 1.0976],
    [false, 1.6, 5.632, 1.6384],
    [false, 1.8, 5.632, 2.3328],
    [true, 2, 4.3264, 3.02848],
    [false, 2.2, 4.3264, 3.486639],
    [false, 2.4, 4.3264, 3.821874],
    [false, 2.6, 5.66528, 4.053386],
    [false, 2.8, 5.66528, 4.200373],
    [false, 3, 4.333056, 4.282037],
    [true, 3.2, 4.333056, 2.997426],
    [false, 3.4, 4.333056, 3.452226],
  ];
  let isLimited = false;
  for (const [isThrottle, second, measured, expected] of steps) {
    rate.record(second * 1000, isThrottle);
    isLimited ||= isThrottle;
    expect(rate.measuredPerSecond).toBeCloseTo(measured, 6);
    if (isLimited) expect(rate.perSecond).toBeCloseTo(expected, 6);
    else expect(rate.perSecond).toBe(Number.POSITIVE_INFINITY);
  }
});
