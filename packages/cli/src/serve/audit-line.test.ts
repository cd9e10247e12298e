import { expect, test } from 'vitest';
import { auditLine } from './audit-line.ts';

const entry = { at: 0, address: '192.0.2.1', method: 'PUT', path: '/api/v1/retry/policy', status: 200 };

test('a write is one line: when, who, what, how it was answered, and which fields', () => {
  expect(auditLine({ ...entry, fields: ['max_attempts', 'timeout'] })).toBe(
    '1970-01-01T00:00:00.000Z 192.0.2.1 PUT /api/v1/retry/policy 200 (max_attempts, timeout)',
  );
});

test('without fields and without an address it is one, too', () => {
  expect(auditLine({ ...entry, address: undefined, status: 401, fields: [] })).toBe(
    '1970-01-01T00:00:00.000Z unknown PUT /api/v1/retry/policy 401',
  );
});
