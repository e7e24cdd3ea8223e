import { resolve } from 'node:path';
import type { PathMapping } from '../node/recording/recordingTypes';
import { usageError } from './cliErrors';

export const USAGE = `heatlens: what each method of a running Node process costs

  heatlens processes [--json]
      Node processes that can be attached to.
  heatlens record (--pid N | --inspect HOST:PORT | -- node app.js ...) --duration SECONDS
                  [--cpu-interval US] [--heap-interval BYTES] [--memory both|live|allocated|off]
                  [--interrupt-budget PERCENT] [--calibrate | --exact] [--root DIR] [--map REMOTE=LOCAL] [--follow-children]
                  [--json] [--out FILE]
      Attach, measure, detach, print the hot methods. Of a command that it starts, and that ends by itself, it has the exit
      code, and 125 for a failure of its own.
      --interrupt-budget PERCENT
                         of the target's CPU that samples may take that tell inlined methods apart: 2 without it, 0 takes
                         none, 10 at most
      --calibrate        afterwards measure with inlining off for 4 to 10 seconds, in which the process is slower, to learn how the
                         bytes of a function divide among the methods that V8 inlined into it
      --exact            switch V8's inlining off meanwhile: every call is seen, in a program where calls cost a call each
                         and numbers are boxed; for what the process does otherwise, leave it off
      --map REMOTE=LOCAL where a folder of the target's machine or container is here: /usr/src/app=.
      --out X            also write X.cpuprofile and X.heapprofile (and X.allocated.heapprofile)
      --allow-remote     let --inspect reach an address other than loopback: the inspector gives full control
  heatlens heat FILE... [--root DIR] [--map REMOTE=LOCAL] [--json]
      The same from .cpuprofile and .heapprofile files.
  heatlens export FILE --to svg|html|speedscope|pprof|cpuprofile|heapprofile|folded --out OUT
                  [--measure cpu|allocated|live] [--profile N]
      The profile in another format. FILE is a .cpuprofile, .heapprofile, pprof or speedscope file, or folded stacks.
      --out -            write to the standard output
      --measure KIND     only this measure; speedscope, pprof and html hold all of them without it
      --profile N        of a file that holds several profiles (threads), the first without it
      pprof is packed by gzip unless OUT ends in .pprof, .pb or .prof
  heatlens diff BEFORE AFTER [--measure cpu|allocated|live] [--normalised] [--json]
      Per method: self and total before and after, and the change. --normalised compares shares of the total.
  heatlens statements FILE... [--json]
      MongoDB calls of JavaScript, TypeScript and Python files, as shell text with holes for what the text does not give.
  heatlens explain FILE:LINE[:COL] --uri URI [--db NAME] [--collection NAME] [--value NAME=VALUE]...
                   [--verbosity queryPlanner|executionStats|allPlansExecution] [--max-time MS] [--json]
                   [--allow-hosts HOST:PORT,...] [--allow-plain-login]
      The plan of the MongoDB call at that place, from a server, with findings and indexes. Nothing is ever written.
      --uri URI          connection string; without it HEATLENS_MONGODB_URI, which keeps a password out of the process list
      --value NAME=VALUE value of a hole, as JSON, EJSON or in the shell's notation: 'id=ObjectId("…")', 'from=ISODate("…")';
                         NAME=null leaves out what the source does only with a NAME
      --verbosity V      queryPlanner (the default) runs nothing; executionStats runs the statement, for --max-time at most
      --max-time MS      what the server may take, 5000 without it
      --allow-hosts H    members of the replica set that may be talked to besides the hosts that the URI names
      --allow-plain-login  let user and password go to another machine without TLS
  heatlens plan EXPLAIN.json [--json]
      The plan in a saved answer of MongoDB's explain or an entry of system.profile, findings and indexes; - reads the
      standard input.
  heatlens --version | --help

Times are ms, sizes bytes, sampling intervals µs and bytes.`;

/** A whole number of at least `least`, or a usage error that names the option. */
export function wholeNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw usageError(`${option} takes a whole number of at least ${least}, not "${value}"`);
  return number;
}

/** Of `--map`, or a usage error. The local folder becomes absolute. */
export function pathMappings(texts: readonly string[]): PathMapping[] {
  return texts.map((text) => {
    const [, remote, local] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (!remote || !local) throw usageError(`--map takes REMOTE=LOCAL, two folders, not "${text}"`);
    return { remote, local: resolve(local) };
  });
}

/** A percentage from 0 to `most`, or a usage error that names the option. */
export function percentage(option: string, value: string, most: number): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (!(number >= 0 && number <= most))
    throw usageError(`${option} takes a percentage from 0 to ${most}, not "${value}"`);
  return number;
}
