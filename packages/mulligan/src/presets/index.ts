/** The settings of five systems that people come from, as options of `retry`. */
export { client, type ClientPreset, type ClientRetryConfig } from './client.ts';
export { fromager, type FromagerOptions, type FromagerPreset } from './fromager.ts';
export { litestar, type LitestarPreset, type LitestarRetryConfig } from './litestar.ts';
export type { LineLog } from './log-lines.ts';
export { proxywhirl, type ProxywhirlPreset, type ProxywhirlRetryPolicy } from './proxywhirl.ts';
export { stamina, type StaminaOptions, type StaminaPreset } from './stamina.ts';
