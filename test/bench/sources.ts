import { measureInHost } from './inHost';
import type { Row } from './rows';

/** Whatever source is opened, the editor goes on (see host/sources.ts). */
export function measureSources(): Promise<Row[]> {
  return measureInHost('sources', 10);
}
