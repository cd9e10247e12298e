import type { ProxyRow } from '@mulligan/proxy';
import type { NewProxy } from '../api/client.ts';
import { formatDuration } from '../format/duration.ts';
import type { Session } from './session.ts';
import type { Notice, ProxyDeed } from './state.ts';

const failures: Record<ProxyDeed, string> = {
  check: 'Not checked',
  pause: 'Not paused',
  resume: 'Not resumed',
  reset: 'Not reset',
  remove: 'Not removed',
};

/** Does something with a proxy, and tells what became of it. */
export async function doWithProxy(session: Session, id: string, deed: ProxyDeed): Promise<void> {
  const { store } = session;
  store.dispatch({ type: 'deed', id, deed });
  try {
    session.tell(await deeds[deed](session, id));
  } catch (error) {
    session.tellFailure(failures[deed], error);
  } finally {
    store.dispatch({ type: 'deed', id, deed: undefined });
  }
}

type Deed = (session: Session, id: string) => Promise<Notice>;

const deeds: Record<ProxyDeed, Deed> = {
  async check(session, id) {
    const { working, latency, failure } = await session.api.checkProxy(id);
    session.receive(await session.api.proxy(id));
    if (working) return { kind: 'done', text: `${id} works: it answered in ${formatDuration(latency)}.` };
    return { kind: 'failed', text: `${id} does not work: ${failure?.message ?? 'nobody said why'}.` };
  },

  async pause(session, id) {
    session.receive(await session.api.pauseProxy(id, true));
    return {
      kind: 'done',
      text: `${id} is paused: it gets no more requests.`,
      undo: () => void doWithProxy(session, id, 'resume'),
    };
  },

  async resume(session, id) {
    session.receive(await session.api.pauseProxy(id, false));
    return { kind: 'done', text: `${id} is in use again.` };
  },

  async reset(session, id) {
    await session.api.resetBreaker(id);
    session.receive(await session.api.proxy(id));
    return { kind: 'done', text: `The breaker of ${id} is closed again.` };
  },

  async remove(session, id) {
    const row = session.store.state.proxies.get(id)?.row;
    await session.api.removeProxy(id);
    session.store.dispatch({ type: 'proxy.removed', id });
    const text = `${id} was removed.`;
    if (row === undefined || row.has_credentials) return { kind: 'done', text };
    return { kind: 'done', text, undo: () => void addBack(session, row) };
  },
};

/** Adds a proxy. @throws {ApiFailure} with a sentence for each field that is wrong */
export async function addProxy(session: Session, proxy: NewProxy): Promise<void> {
  const row = await session.api.addProxy(proxy);
  session.receive(row);
  session.tell({ kind: 'done', text: `${row.id} was added; the next request may use it.` });
}

/** Its figures are gone; what was said of it is not. */
async function addBack(session: Session, row: ProxyRow): Promise<void> {
  const { id, url, region, tags, weight, cost, max_concurrent, rate_per_second, paused } = row;
  try {
    await addProxy(session, { id, url, region, tags, weight, cost, max_concurrent, rate_per_second, paused });
  } catch (error) {
    session.tellFailure('Not added', error);
  }
}
