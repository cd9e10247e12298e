import type { ProxyRotator } from '../../rotator/index.ts';
import type { PolicyJson } from '../schema/policy.ts';
import { toMoment } from './number.ts';

/** The policy in force, as the API shows it. */
export function policyJson({ retryPolicy, policyUpdatedAt }: ProxyRotator): PolicyJson {
  const { retry_status_codes: statuses, ...fields } = retryPolicy.toJson();
  return { ...fields, retry_status_codes: [...statuses], updated_at: toMoment(policyUpdatedAt) };
}
