const maxTokens = /"(?:max_tokens|max_completion_tokens|max_output_tokens|max_new_tokens)"\s*:\s*(?<count>\d+)/;
const model = /"model"\s*:\s*"(?<name>[^"\\]{1,200})"/;

/**
 * How many tokens a request is counted with, roughly: providers count what is asked, about a token for each 4
 * characters, and what may be answered at most. The body is not parsed: quotes within its texts are escaped.
 */
export function estimateTokens(body: string): number {
  const answered = Number(maxTokens.exec(body)?.groups?.['count'] ?? 0);
  return Math.ceil(body.length / 4) + answered;
}

/** The model that a request is for, where its body says so. */
export function modelOf(body: string): string | undefined {
  return model.exec(body)?.groups?.['name'];
}
