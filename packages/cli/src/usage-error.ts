/** What the user asked for cannot be done; the message is the one sentence that they read. Ends with exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
