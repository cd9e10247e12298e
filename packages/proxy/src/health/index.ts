/** Active checks of proxies. */
export { HealthMonitor } from './health-monitor.ts';
export type { HealthOptions, HealthSettings } from './plan.ts';
