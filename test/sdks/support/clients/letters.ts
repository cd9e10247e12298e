import { lettersOf } from '../../../../examples/support/letters.ts';

export { lettersOf };

/** Embeddings that count letters, and how often they are asked. */
export class LetterEmbeddings {
  calls = 0;

  async embedDocuments(texts: string[]): Promise<number[][]> {
    this.calls++;
    return texts.map((text) => lettersOf(text));
  }

  async embedQuery(text: string): Promise<number[]> {
    this.calls++;
    return lettersOf(text);
  }
}
