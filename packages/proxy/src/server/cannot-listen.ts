import { MulliganError } from 'mulligan';

/** Where a server was to listen, and what it is called in a sentence. */
export interface ListenPlace {
  readonly what: string;
  readonly host: string;
  readonly port: number;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'that port needs more rights',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'that host is not known',
};

/** The error for a server that could not listen; `cause` is the platform's. */
export function cannotListen({ what, host, port }: ListenPlace, cause: unknown): MulliganError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new MulliganError(
    'MULLIGAN_CANNOT_LISTEN',
    `The ${what} cannot listen on ${place}: ${reasons[code] ?? message}`,
    {
      cause,
    },
  );
}
