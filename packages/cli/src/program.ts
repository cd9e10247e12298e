import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { isMulliganError } from 'mulligan';
import { CommandFailure } from './command-failure.ts';
import type { DownloadFlags } from './download/flags.ts';
import type { ServeFlags } from './serve/flags.ts';
import { UsageError } from './usage-error.ts';
import { readVersion } from './version.ts';

const description = 'Every call deserves a second chance. Runs a gateway that makes proxies reliable.';

const serveDescription = `Runs the gateway, its REST API and its dashboard until Ctrl-C.

The gateway is a forward proxy: whatever can use an HTTP or SOCKS5 proxy can use it. It sends each request through \
one of your proxies and, when that fails, through another.

Without --proxy, --proxies, --config or --direct it runs a demonstration: seven local proxies, most of them faulty, \
a local origin, and some traffic of its own.`;

const serveExamples = `
Examples:
  mulligan serve                                    the demonstration
  mulligan serve --proxy http://one:3128 --proxy socks5://user:secret@two:1080
  mulligan serve --proxies proxies.txt --attempts 5 --timeout 30s
  mulligan serve --config mulligan.json             the file's form is in the README
  mulligan serve --direct                           no proxies, but retries
  curl -x http://127.0.0.1:8080 https://example.com/

Environment:
  MULLIGAN_API_KEY    the token of the REST API; a random one is made where it is not set
  MULLIGAN_CHECK_URL  as --check-url

Exit codes: 0 after Ctrl-C, 1 for an unexpected error, 2 for something wrong in what was asked for.
`;

const downloadDescription = `Downloads a file over a network that may fail, and puts it under its name only when it is complete.

A connection that breaks is continued where it broke, also by the next run after this one was stopped or killed. \
Several addresses are mirrors of one file.`;

const downloadExamples = `
Examples:
  mulligan download https://example.com/big.iso
  mulligan download https://example.com/big.iso -o isos/ --sha256 9f86d081884c7d65…
  mulligan download https://one.example/big.iso https://two.example/big.iso --parallel 4
  path=$(mulligan download --quiet https://example.com/big.iso)

The path of the file goes to stdout, everything else to stderr.

Environment:
  GITHUB_TOKEN, NETRC and others: who to be at which host, sent to that host alone

Exit codes: 0 when the file is there, 1 when it could not be had, 2 for something wrong in what was asked for, \
130 after Ctrl-C.
`;

/** Builds the command. What it prints goes to `process`; what goes wrong is thrown. */
function createProgram(): Command {
  const program = new Command('mulligan')
    .description(description)
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // Printed by whoever catches the error.
    .configureOutput({ outputError() {} })
    .addHelpText('after', '\nExample:\n  mulligan serve     see it work, without any configuration\n');
  program
    .command('serve')
    .summary('run the gateway, its REST API and its dashboard')
    .description(serveDescription)
    .option('--port <port>', "the gateway's port, 0 for any free one (default: 8080)")
    .option('--api-port <port>', 'the port of the REST API and the dashboard (default: 8000)')
    .option('--host <host>', 'where both listen (default: 127.0.0.1)')
    .option('--proxy <url>', 'use this proxy; may be given many times', collect)
    .option('--proxies <list>', 'use the proxies of this file or URL, and follow its changes: lines, CSV or JSON')
    .option('--check-url <url>', 'check proxies that nobody uses by fetching this through them')
    .option(
      '--check-interval <duration>',
      'how often they are checked (default: 1m; without --check-url only a connection is made)',
    )
    .option('--config <file>', 'read settings from this JSON file; what is said here wins')
    .option(
      '--attempts <n>',
      'tries for each request, the first included, 1 to 10 (default: 3, in the demonstration 6)',
    )
    .option('--timeout <duration>', 'limit of each request in all, such as 30s or 500ms (default: none)')
    .option('--demo', 'run the demonstration, though there is a --config')
    .option('--direct', 'use no proxies: a gateway that retries')
    .option('--no-auth', 'ask for no token; only on a loopback host')
    .option('--json', 'print the addresses as one line of JSON')
    .option('--verbose', 'tell on stderr of what fails, and of circuit breakers')
    .addHelpText('after', serveExamples)
    .allowExcessArguments(false)
    .action(async (flags: ServeFlags) => {
      // Only now: help and version need nothing of it.
      const { serve } = await import('./serve/run.ts');
      await serve(flags, process.env);
    });
  addDownload(program);
  return program;
}

function addDownload(program: Command): void {
  program
    .command('download')
    .summary('download a file, and go on where it was cut')
    .description(downloadDescription)
    .argument('<url...>', 'the address of the file; further ones are its mirrors')
    .option('-o, --output <path>', 'where to put it: a file, or a folder, where the address names it (default: ./)')
    .option('--sha256 <hex>', 'the digest that it must have')
    .option('--integrity <digest>', 'the same in the form of Subresource Integrity, such as sha512-…')
    .option('--parallel <n>', 'download n ranges at once, 1 to 64 (default: 1)')
    .option('--attempts <n>', 'tries in a row that may bring nothing (default: 5)')
    .option('--timeout <duration>', 'limit in all, such as 10m (default: none)')
    .option('--idle-timeout <duration>', 'limit without a byte (default: 60s)')
    .option('--header <line>', "send this header, such as 'Accept: text/plain'; may be given many times", collect)
    .option('--mode <octal>', 'the permissions of the file, such as 644')
    .option('--overwrite', 'replace a file that is there already')
    .option('--server-name', 'in a folder, name the file as the server says (Content-Disposition)')
    .option('--no-resume', 'begin anew, and leave nothing behind')
    .option('--quiet', 'say nothing on stderr but what went wrong')
    .addHelpText('after', downloadExamples)
    .action(async (urls: string[], flags: DownloadFlags) => {
      const { runDownload } = await import('./download/run.ts');
      await runDownload(urls, flags, process.env);
    });
}

function collect(value: string, values: readonly string[] | undefined): readonly string[] {
  return [...(values ?? []), value];
}

/** Runs the command. Returns the exit code; what went wrong is one sentence on stderr. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return endOfCommander(error);
    if (error instanceof CommandFailure) {
      complain(error.message);
      return error.exitCode;
    }
    const isUsage = error instanceof UsageError || isMulliganError(error, 'MULLIGAN_INVALID_OPTION');
    complain(isUsage ? error.message : inspect(error));
    return isUsage ? 2 : 1;
  }
}

/** Help and version end by an error, too. */
function endOfCommander({ code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return 0;
  if (code !== 'commander.help') complain(message.replace(/^error: /u, '').replaceAll(/\s*\n\s*/gu, ' '));
  return 2;
}

function complain(sentence: string): void {
  process.stderr.write(`mulligan: ${sentence}\n`);
}
