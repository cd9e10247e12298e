/** What can follow in a chain: a function, or what has `invoke`. */
export type NextStep<In, Out> =
  | ((input: In, config?: unknown) => Out | Promise<Out>)
  | { invoke(input: In, config?: unknown): Out | Promise<Out> };

/**
 * A step of a chain, with what LangChain asks of one while it runs. It is known by `lc_runnable`, as all of LangChain's
 * own are, and nothing of LangChain is needed to make it.
 */
export class ChainStep<In, Out> {
  /** By this LangChain knows what can be run. */
  readonly lc_runnable = true;
  readonly lc_serializable = false;
  readonly lc_namespace: readonly string[] = ['mulligan', 'clients'];
  readonly #name: string;
  readonly #run: (input: In, config?: unknown) => Promise<Out>;

  constructor(name: string, run: (input: In, config?: unknown) => Promise<Out>) {
    this.#name = name;
    this.#run = run;
  }

  getName(): string {
    return this.#name;
  }

  invoke(input: In, config?: unknown): Promise<Out> {
    return this.#run(input, config);
  }

  batch(inputs: readonly In[], config?: unknown): Promise<Out[]> {
    return Promise.all(inputs.map((input) => this.#run(input, config)));
  }

  /** There is one piece: a search has nothing to tell before its end. */
  async stream(input: In, config?: unknown): Promise<AsyncGenerator<Out, void, undefined>> {
    return onePiece(await this.#run(input, config));
  }

  /** Waits for the whole input, of which texts come piece by piece. */
  async *transform(inputs: AsyncIterable<In>, config?: unknown): AsyncGenerator<Out, void, undefined> {
    let whole: unknown;
    for await (const input of inputs) whole = typeof whole === 'string' ? `${whole}${String(input)}` : input;
    yield this.#run(whole as In, config);
  }

  pipe<Next>(next: NextStep<Out, Next>): ChainStep<In, Next> {
    return new ChainStep(this.#name, async (input, config) => {
      const between = await this.#run(input, config);
      return typeof next === 'function' ? next(between, config) : next.invoke(between, config);
    });
  }
}

async function* onePiece<T>(piece: T): AsyncGenerator<T, void, undefined> {
  yield piece;
}
