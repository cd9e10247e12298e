// HTTP clients that retry, each as its documentation says: gets a text, at most three attempts.
import { Agent as HttpAgent } from 'node:http';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import { got } from 'got';
import ky from 'ky';
import makeFetchHappen from 'make-fetch-happen';
import { constant } from 'mulligan';
import { createFetch } from 'mulligan/http';
import { retryInterceptor } from 'mulligan/http/undici';
import { Agent, request, RetryAgent } from 'undici';

/** @typedef {() => Promise<string>} Get */

const retry = { attempts: 3, backoff: constant(10) };
const limits = { timeout: '30s', attemptTimeout: '10s' };
const text = async (/** @type {Promise<{ text(): Promise<string> }>} */ response) => (await response).text();

/** @param {string} url @param {number} attempts */
async function fetchByHand(url, attempts) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url);
      if (response.status < 500 || attempt === attempts) return response;
      await response.body?.cancel();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
}

/** What is measured against `fetch`. @type {Record<string, (url: string) => Get>} */
export const overFetch = {
  'mulligan: createFetch': (url) => {
    const resilient = createFetch({ retry });
    return () => text(resilient(url));
  },
  'mulligan: createFetch with both time limits': (url) => {
    const resilient = createFetch({ retry, ...limits });
    return () => text(resilient(url));
  },
  'fetch with a loop by hand': (url) => () => text(fetchByHand(url, 3)),
  'fetch with AbortSignal.timeout': (url) => () => text(fetch(url, { signal: AbortSignal.timeout(10_000) })),
  ky: (url) => {
    const client = ky.create({ retry: 2, timeout: false });
    return () => client(url).text();
  },
  'ky with its time limit': (url) => {
    const client = ky.create({ retry: 2, timeout: 10_000 });
    return () => client(url).text();
  },
};

/** What has a way to the network of its own. @type {Record<string, (url: string) => Get>} */
export const onTheirOwn = {
  'undici.request': (url) => {
    const dispatcher = new Agent();
    return async () => (await request(url, { dispatcher })).body.text();
  },
  'undici.request with RetryAgent': (url) => {
    const dispatcher = new RetryAgent(new Agent(), { maxRetries: 2 });
    return async () => (await request(url, { dispatcher })).body.text();
  },
  'mulligan: undici.request with retryInterceptor': (url) => {
    const dispatcher = new Agent().compose(retryInterceptor({ retry }));
    return async () => (await request(url, { dispatcher })).body.text();
  },
  'mulligan: undici.request with retryInterceptor and both time limits': (url) => {
    const dispatcher = new Agent().compose(retryInterceptor({ retry, ...limits }));
    return async () => (await request(url, { dispatcher })).body.text();
  },
  got: (url) => {
    const client = got.extend({ retry: { limit: 2 }, agent: { http: new HttpAgent({ keepAlive: true }) } });
    return () => client(url).text();
  },
  'axios with axios-retry': (url) => {
    const client = axios.create({ httpAgent: new HttpAgent({ keepAlive: true }), responseType: 'text' });
    axiosRetry(client, { retries: 2 });
    return async () => (await client.get(url, { transformResponse: (data) => data })).data;
  },
  'make-fetch-happen': (url) => {
    const client = makeFetchHappen.defaults({ retry: { retries: 2 }, maxSockets: 64 });
    return () => text(client(url));
  },
};
