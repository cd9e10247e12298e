const everywhere: Readonly<Record<string, string>> = {
  403: "The name or the page that the request came by is not this server's own",
  500: 'Something went wrong inside; nothing is told of it',
};

const guarded: Readonly<Record<string, string>> = {
  ...everywhere,
  401: 'The token is missing or wrong; reads need it only on an address that other machines can reach',
  429: 'Too many wrong tokens came from this address: it is not heard for a minute',
};

/** Whether every route but those of health can answer so. */
export function isCommonError(status: string): boolean {
  return status in guarded;
}

/** Describes the errors that a route has because all have them. */
export function addCommonErrors(path: string, responses: Record<string, object>): void {
  const schema = { $ref: '#/components/schemas/Error' };
  const errors = /\/(?:health|ready)$/u.test(path) ? everywhere : guarded;
  for (const [status, description] of Object.entries(errors)) {
    responses[status] ??= { description, content: { 'application/json': { schema } } };
  }
}
