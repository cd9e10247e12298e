/** Active checks of proxies. */
export { HealthMonitor, type HealthOptions } from './health-monitor.ts';
