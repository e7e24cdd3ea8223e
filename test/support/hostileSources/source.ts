/** A source that a static reader may never come back from, and what is to be found in it nevertheless. */
export interface HostileSource {
  /** With the extension that tells the language. */
  readonly name: string;
  /** Made when it is asked for: some have megabytes. */
  text(): string;
  /** At least so many statements; 1 where it is not given. */
  readonly statements?: number;
  /** Not all of it need be read, if that is said. */
  readonly mayBePartial?: boolean;
  /** Its last statement has a value that is too large to be written out, and says so. */
  readonly cut?: boolean;
}

export const JS =
  "import { MongoClient } from 'mongodb';\nconst c = new MongoClient('x').db('shop').collection('orders');\n";
export const PY = "from pymongo import MongoClient\nc = MongoClient()['shop']['orders']\n";
export const times = (count: number, line: (i: number, before: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => line(i + 1, i)).join(between) + between;
export const list = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');
export const same = (count: number, item: string): string => Array<string>(count).fill(item).join(', ');
