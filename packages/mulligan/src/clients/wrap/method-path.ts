import type { AsyncFunction } from '../../kernel/index.ts';

/** What one step of a path leads to: a part of the client, or with `()` what one of its methods gives. */
type Step<C, Name extends string> = Name extends `${infer Method}()`
  ? Method extends keyof C
    ? Exclude<Awaited<ResultOf<C[Method]>>, void>
    : never
  : Name extends keyof C
    ? C[Name]
    : never;

/** What a method gives, by up to three of its overloads: `connect` of `pg` takes a callback, too, and then gives nothing. */
type ResultOf<F> = F extends {
  (...args: never[]): infer A;
  (...args: never[]): infer B;
  (...args: never[]): infer D;
}
  ? Known<A> | Known<B> | Known<D>
  : never;

type Known<T> = unknown extends T ? never : T;

/** Whether a path leads to a method that can be retried: one that returns a promise. */
type Leads<C, Path extends string> = [C] extends [never]
  ? false
  : Path extends `${infer Head}.${infer Rest}`
    ? Leads<Step<C, Head>, Rest>
    : Path extends '*'
      ? true
      : Path extends keyof C
        ? C[Path] extends AsyncFunction
          ? true
          : false
        : false;

/** The paths themselves, but `never` in the place of one that does not lead to a method which returns a promise. */
export type CheckedPaths<C, Paths extends readonly string[]> = {
  readonly [I in keyof Paths]: Leads<C, Paths[I]> extends true ? Paths[I] : never;
};

/** Which methods of one object are retried, and where to go on from it. */
export class Branch {
  readonly methods: Set<string> = new Set<string>();
  /** Parts of the client, such as `chat` of `chat.completions.create`. */
  readonly parts: Map<string, Branch> = new Map<string, Branch>();
  /** Methods whose results are wrapped, such as `search()` of `search().toArray`. */
  readonly results: Map<string, Branch> = new Map<string, Branch>();

  has(method: string): boolean {
    return this.methods.has(method) || this.methods.has('*');
  }
}

const name = /^[\w$]+$/;
const step = /^[\w$]+(?:\(\))?$/;

/** Whether a text is a path: names with dots between them, the last one a method or `*`, which never stands alone. */
export function isPath(path: string): boolean {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const isEnd = name.test(last) || (last === '*' && steps.length > 0);
  return isEnd && steps.every((part) => step.test(part));
}

/** Makes one tree of all the paths. */
export function branchOf(paths: readonly string[]): Branch {
  const root = new Branch();
  for (const path of paths) {
    const steps = path.split('.');
    const method = steps.pop() ?? '';
    let branch = root;
    for (const part of steps) branch = follow(branch, part);
    branch.methods.add(method);
  }
  return root;
}

function follow(branch: Branch, part: string): Branch {
  const isResult = part.endsWith('()');
  const branches = isResult ? branch.results : branch.parts;
  const key = isResult ? part.slice(0, -2) : part;
  const known = branches.get(key) ?? new Branch();
  branches.set(key, known);
  return known;
}
