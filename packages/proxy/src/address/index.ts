/** Where a proxy is: reading, writing and hiding. */
export { parseProxyUrl } from './parse-proxy-url.ts';
export {
  formatAddress,
  formatWithCredentials,
  ProxyAddress,
  type ProxyAddressParts,
  type ProxyProtocol,
  proxyProtocols,
} from './proxy-address.ts';
export { redact } from './redact.ts';
