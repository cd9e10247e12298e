import { expectTypeOf } from 'vitest';
import type { Policy } from '../kernel/index.ts';
import { stamina } from './index.ts';

expectTypeOf(stamina.retry({ on: TypeError, attempts: null, timeout: null })).toEqualTypeOf<Policy>();
// @ts-expect-error -- on must be given
stamina.retry({ attempts: 3 });
// @ts-expect-error -- on must be given
stamina.retryContext({});
// @ts-expect-error -- on must be given
stamina.retry();
