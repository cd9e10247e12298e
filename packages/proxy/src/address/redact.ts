const mask = '***';

/**
 * `scheme://user:password@`; greedy, because a password may hold an `@` of its own. The lengths are limited, or a long
 * text could take a time that grows with its square.
 */
const inUrl = /([a-z][a-z\d+.-]{0,30}:\/\/)[^\s"'`<>]{0,1000}@/gi;

/** `user:password@host:port` without a scheme. */
const bare = /(^|[\s"'`(=,])[^\s"'`(=,@:/]+:(?!\/\/)[^\s"'`]{0,1000}@(?=[^\s@]+:\d)/g;

/** `host:port:user:password`, as lists of proxies write it. */
const inColumns = /(^|[\s"'`(=,]|:\/\/)([\w.-]+:\d{1,5}):[^\s:"'`]+:[^\s"'`]+/g;

/** Takes every credential of a proxy out of a text. It rather hides too much than too little. */
export function redact(text: string): string {
  if (!text.includes('@') && !text.includes(':')) return text;
  return text.replace(inUrl, `$1${mask}@`).replace(bare, `$1${mask}@`).replace(inColumns, `$1$2:${mask}`);
}
