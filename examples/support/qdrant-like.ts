import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Served, serve } from './serve.ts';

/** A point as Qdrant keeps it. */
interface StoredPoint {
  readonly id: string | number;
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Collection {
  readonly size: number;
  readonly points: Map<string | number, StoredPoint>;
}

/** A request that goes to a collection. */
interface QdrantRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Answers a request in the place of the server, and says so; or leaves it to the server. */
export type QdrantTrouble = (reply: ServerResponse, request: QdrantRequest, n: number) => boolean;

/** A small server that follows the OpenAPI document of Qdrant, as far as vector stores need it. */
export interface QdrantLike extends Served {
  readonly requests: readonly QdrantRequest[];
  readonly points: (collection: string) => readonly StoredPoint[];
}

type Route = readonly [method: string, path: RegExp, answer: (server: State, name: string, body: Body) => unknown];

interface Body {
  readonly vectors?: { readonly size?: number };
  readonly points?: readonly StoredPoint[] | readonly (string | number)[];
  readonly query?: readonly number[];
  readonly limit?: number;
  readonly filter?: Filter;
  readonly with_vector?: boolean;
}

interface Filter {
  readonly must?: readonly { readonly key: string; readonly match: { readonly value: unknown } }[];
}

type State = Map<string, Collection>;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Starts it. `trouble` sees each request first, counted from 1. */
export async function serveQdrant(trouble: QdrantTrouble = () => false): Promise<QdrantLike> {
  const state: State = new Map();
  const requests: QdrantRequest[] = [];
  const server = await serve((request, reply) => {
    void read(request).then((body) => {
      const { method = '', url = '' } = request;
      const path = url.replace(/\?.*/, '');
      const n = requests.push({ method, path, body });
      if (trouble(reply, { method, path, body }, n)) return;
      answer(state, { method, path, body }, reply);
    });
  });
  return { ...server, requests, points: (name) => [...(state.get(name)?.points.values() ?? [])] };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answer(state: State, { method, path, body }: QdrantRequest, reply: ServerResponse): void {
  const send = (status: number, value: object): void => {
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ time: 0.001, ...value }));
  };
  try {
    for (const [verb, pattern, run] of routes) {
      const name = pattern.exec(path)?.[1];
      if (verb !== method || name === undefined) continue;
      send(200, { status: 'ok', result: run(state, name, (body === '' ? {} : JSON.parse(body)) as Body) });
      return;
    }
    throw new Refusal(404, `no route ${method} ${path}`);
  } catch (error) {
    send(error instanceof Refusal ? error.status : 500, { status: { error: (error as Error).message } });
  }
}

const routes: readonly Route[] = [
  ['GET', /^\/collections\/(\w+)\/exists$/, (state, name) => ({ exists: state.has(name) })],
  [
    'GET',
    /^\/collections\/(\w+)$/,
    (state, name) => ({ status: 'green', points_count: find(state, name).points.size }),
  ],
  ['PUT', /^\/collections\/(\w+)$/, create],
  ['DELETE', /^\/collections\/(\w+)$/, (state, name) => state.delete(name)],
  ['PUT', /^\/collections\/(\w+)\/points$/, upsert],
  ['POST', /^\/collections\/(\w+)\/points\/delete$/, remove],
  ['POST', /^\/collections\/(\w+)\/points\/query$/, query],
  ['POST', /^\/collections\/(\w+)\/points\/count$/, (state, name) => ({ count: find(state, name).points.size })],
];

function find(state: State, name: string): Collection {
  const collection = state.get(name);
  if (collection === undefined) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
  return collection;
}

function create(state: State, name: string, { vectors }: Body): boolean {
  if (state.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
  if (vectors?.size === undefined) throw new Refusal(400, 'Wrong input: vectors must have a size');
  state.set(name, { size: vectors.size, points: new Map() });
  return true;
}

function upsert(state: State, name: string, { points = [] }: Body): object {
  const collection = find(state, name);
  for (const point of points as readonly StoredPoint[]) {
    if (point.vector.length !== collection.size) {
      const sizes = `expected dim: ${collection.size}, got ${point.vector.length}`;
      throw new Refusal(400, `Wrong input: Vector dimension error: ${sizes}`);
    }
    collection.points.set(point.id, point);
  }
  return { operation_id: 1, status: 'completed' };
}

function remove(state: State, name: string, { points, filter }: Body): object {
  const stored = find(state, name).points;
  const ids = points ?? [...stored.values()].filter((point) => fits(point, filter)).map(({ id }) => id);
  for (const id of ids as readonly (string | number)[]) stored.delete(id);
  return { operation_id: 1, status: 'completed' };
}

function query(state: State, name: string, { query = [], limit = 10, filter, with_vector: withVector }: Body): object {
  const points = [...find(state, name).points.values()]
    .filter((point) => fits(point, filter))
    .map(({ id, vector, payload }) => ({ id, payload, version: 0, score: cosine(query, vector), vector }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ vector, ...point }) => (withVector === true ? { ...point, vector } : point));
  return { points };
}

function fits({ payload }: StoredPoint, { must = [] }: Filter = {}): boolean {
  return must.every(({ key, match }) => {
    const value = key.split('.').reduce<unknown>((inner, part) => (inner as Record<string, unknown>)?.[part], payload);
    return value === match.value;
  });
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
