import type { AuditEntry } from '@mulligan/proxy';

/** What is logged of a write, or of a wrong token: when, who, what, and how it was answered. */
export function auditLine({ at, address = 'unknown', method, path, status, fields }: AuditEntry): string {
  const named = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  return `${new Date(at).toISOString()} ${address} ${method} ${path} ${status}${named}`;
}
