/**
 * Reads the body of a response to its end, and gives a response that has it all: one that breaks off is an error of the
 * attempt, and can be retried.
 */
export async function buffered(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const { status, statusText, headers, url, redirected, type } = response;
  const whole = new Response(await response.arrayBuffer(), { status, statusText, headers });
  // What cannot be given to a new response is set on it.
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(whole, name, { value });
  return whole;
}
