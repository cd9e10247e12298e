import { ProxyAgent, request } from 'undici';

/**
 * Asks undici for many URLs through a proxy, several at the same time. Gives status and length of each answer. A POST sends
 * its URL as its body.
 */
export async function undiciMany(
  proxy: { readonly url: string; readonly ca: string },
  urls: readonly string[],
  method: 'GET' | 'POST' = 'GET',
): Promise<string[]> {
  const dispatcher = new ProxyAgent({
    uri: proxy.url,
    proxyTunnel: false,
    connections: 10,
    requestTls: { ca: proxy.ca },
  });
  const ask = async (url: string): Promise<string> => {
    try {
      const { statusCode, body } = await request(url, { dispatcher, method, body: method === 'POST' ? url : null });
      return `${statusCode} ${(await body.text()).length}`;
    } catch (error) {
      return `0 ${String(error)}`;
    }
  };
  try {
    return await Promise.all(urls.map(ask));
  } finally {
    await dispatcher.destroy();
  }
}
