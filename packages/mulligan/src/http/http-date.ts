const day = '(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = String.raw`\d\d:\d\d:\d\d`;

/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the older `Sunday, 06-Nov-94 08:49:37 GMT`. */
const withZone = new RegExp(String.raw`^${day}, \d\d[ -]${month}[ -](?:\d{4}|\d\d) ${time} GMT$`);
/** `Sun Nov  6 08:49:37 1994`, which means UTC without saying so. */
const asctime = new RegExp(String.raw`^${day} ${month} [ \d]\d ${time} \d{4}$`);

/**
 * Reads an HTTP-date in any of its three forms, as milliseconds since 1970-01-01 UTC.
 * `Date.parse` alone would read a date out of nearly anything.
 */
export function parseHttpDate(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (withZone.test(trimmed)) return valid(Date.parse(trimmed));
  return asctime.test(trimmed) ? valid(Date.parse(`${trimmed} GMT`)) : undefined;
}

function valid(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
