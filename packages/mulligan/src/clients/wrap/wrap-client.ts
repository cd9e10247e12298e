import {
  type AttemptContext,
  checkKeys,
  InvalidOptionError,
  layerOfPolicy,
  type Policy,
  show,
} from '../../kernel/index.ts';
import { type Branch, branchOf, type CheckedPaths, isPath } from './method-path.ts';
import { withoutOwnRetries } from './own-retries.ts';
import { WrappedCall } from './wrapped-call.ts';

/** The options of {@link wrapClient}. */
export interface WrapClientOptions<C, M extends readonly string[]> {
  /**
   * The methods that the policy is put around, by their paths from the client: `'upsert'`,
   * `'chat.completions.create'`, `'points.*'` for all methods of one part, and `'search().toArray'` for a method of
   * what another method gives. Everything else is left as it is. See `safeMethods` for what may be repeated.
   */
  readonly methods: M & CheckedPaths<C, M>;
  /**
   * Changes the arguments for each attempt, for instance to hand on its signal.
   * @param path which method, as in `methods`
   */
  readonly passContext?: (context: AttemptContext, args: readonly unknown[], path: string) => readonly unknown[];
}

/**
 * Puts a policy around methods of somebody else's client. What comes back has the type of the client and stands in its
 * place; overloads, streams, getters and `.withResponse()` stay.
 *
 * `this` is always the client itself, so that private fields work and what it calls inside is not wrapped once more.
 * Where we know how, a copy of the client without retries of its own makes the calls of the listed methods, see
 * `noRetries`; all other methods are those of the client that was given.
 *
 * @example
 * const qdrant = wrapClient(new QdrantClient({ url }), retry({ on: clientErrors() }), { methods: safeMethods.qdrant });
 *
 * @throws {InvalidOptionError} for a path that leads to no method
 */
export function wrapClient<C extends object, const M extends readonly string[]>(
  client: C,
  policy: Policy,
  options: WrapClientOptions<C, M>,
): C {
  layerOfPolicy(policy);
  checkKeys('wrapClient', options, ['methods', 'passContext']);
  const { methods, passContext } = options;
  if (typeof client !== 'object' || client === null) {
    throw new InvalidOptionError('client', client, `wrapClient wraps an object, got ${show(client)}`);
  }
  for (const path of methods as readonly string[]) checkPath(path);
  const branch = branchOf(methods);
  checkBranch(client, branch, '');
  const use: Use = { policy, passContext, views: new WeakMap() };
  return viewOf(client, { calm: withoutOwnRetries(client), branch, path: '', use });
}

interface Use {
  readonly policy: Policy;
  readonly passContext: WrapClientOptions<object, []>['passContext'];
  /** One view for each part of the client, so that `client.chat === client.chat`. */
  readonly views: WeakMap<object, Map<Branch, object>>;
}

/** From where a view looks at a part of the client. */
interface Place {
  /** The same part of the client without retries of its own: it makes the calls that are listed. */
  readonly calm: object;
  readonly branch: Branch;
  /** The path until here, with a dot at its end. */
  readonly path: string;
  readonly use: Use;
}

function checkPath(path: unknown): void {
  if (typeof path === 'string' && isPath(path)) return;
  const advice = path === '*' ? 'name the methods: not all of them may be repeated' : "write it like 'part.method'";
  throw new InvalidOptionError('methods', path, `methods cannot hold ${show(path)}: ${advice}`);
}

/** What hangs on results cannot be looked at yet; everything else must be there. */
function checkBranch(part: object, { methods, parts, results }: Branch, path: string): void {
  for (const name of [...methods, ...results.keys()]) {
    if (name !== '*' && typeof Reflect.get(part, name) !== 'function') refusePath(`${path}${name}`);
  }
  for (const [name, branch] of parts) {
    const inner: unknown = Reflect.get(part, name);
    if (typeof inner !== 'object' || inner === null) refusePath(`${path}${name}`);
    else checkBranch(inner, branch, `${path}${name}.`);
  }
}

function refusePath(path: string): never {
  throw new InvalidOptionError('methods', path, `methods: the client has no '${path}'`);
}

function viewOf<T extends object>(target: T, place: Place): T {
  const { branch, use } = place;
  const views = use.views.get(target) ?? new Map<Branch, object>();
  use.views.set(target, views);
  const view = views.get(branch) ?? makeView(target, place);
  views.set(branch, view);
  return view as T;
}

function makeView(target: object, { calm, branch, path, use }: Place): object {
  const wrappers = new Map<PropertyKey, { readonly method: AnyFunction; readonly wrapper: AnyFunction }>();
  const wrapOnce = (method: AnyFunction, key: PropertyKey): AnyFunction => {
    const known = wrappers.get(key);
    if (known?.method === method) return known.wrapper;
    const wrapper = wrapMethod(method, key);
    wrappers.set(key, { method, wrapper });
    return wrapper;
  };
  const wrapMethod = (method: AnyFunction, key: PropertyKey): AnyFunction => {
    const name = typeof key === 'string' ? key : '';
    if (branch.has(name)) return guarded(name, calm, `${path}${name}`, use);
    const inner = branch.results.get(name);
    const callee = inner === undefined ? target : calm;
    return new Proxy(method, {
      apply: (_, receiver: unknown, args) => {
        const result: unknown = Reflect.apply(method, receiver === view ? callee : receiver, args);
        // What can be chained gives itself: the chain must not lead out of the view.
        if (result === callee) return view;
        return inner === undefined ? result : viewOfResult(result, { branch: inner, path: `${path}${name}().`, use });
      },
    });
  };
  const view: object = new Proxy(proxiable(target), {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value === 'function') return key === 'constructor' ? value : wrapOnce(value as AnyFunction, key);
      const inner = typeof key === 'string' ? branch.parts.get(key) : undefined;
      if (inner === undefined || typeof value !== 'object' || value === null) return value;
      const calmPart = Reflect.get(calm, key, calm) as object;
      return viewOf(value, { calm: calmPart, branch: inner, path: `${path}${String(key)}.`, use });
    },
    set: (_, key, value) =>
      Reflect.set(target, key, value, target) && (calm === target || Reflect.set(calm, key, value, calm)),
  });
  return view;
}

/** A proxy must show properties that cannot change as they are: where there are any, it stands before an heir. */
function proxiable(target: object): object {
  const properties = Object.values(Object.getOwnPropertyDescriptors(target));
  const hasFixed = properties.some(({ configurable, writable }) => configurable !== true && writable === false);
  return hasFixed ? (Object.create(target) as object) : target;
}

type AnyFunction = (...args: unknown[]) => unknown;

function guarded(name: string, part: object, path: string, { policy, passContext }: Use): AnyFunction {
  const method = Reflect.get(part, name, part) as AnyFunction;
  return new Proxy(method, {
    apply: (_, _receiver, args) => {
      const invoke = (context: AttemptContext): unknown =>
        Reflect.apply(method, part, passContext === undefined ? args : [...passContext(context, args, path)]);
      return new WrappedCall(invoke).start(policy, path);
    },
  });
}

function viewOfResult(result: unknown, place: Omit<Place, 'calm'>): unknown {
  if (result instanceof Promise) return result.then((value) => viewOfResult(value, place));
  return typeof result === 'object' && result !== null ? viewOf(result, { ...place, calm: result }) : result;
}
