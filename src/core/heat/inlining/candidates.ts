import type { Frame } from '../../profile/frame';
import type { LinePlaces, MethodResolver } from '../methodResolver';
import type { FunctionKey, FunctionKeys } from './functionKeys';
import type { MemberPlace } from './members';

/** Lines below its head that a function of Node's own is believed to have: its text is not at hand. */
const NODE_LINES = 150;

export interface Candidate {
  readonly key: FunctionKey;
  /** Where the line stands in the candidate's source. */
  readonly places: LinePlaces;
  /** It does not have the line, but was seen to run when the line was left: what it calls may be meant as well. */
  readonly isCaller?: boolean;
}

/**
 * Who of a physical function and its members has code on a generated line (0-based). V8 does not say of which script the
 * line is. `frame` is the physical function's.
 */
export function candidatesOf(
  physical: FunctionKey,
  frame: Frame,
  line: number,
  members: ReadonlyMap<FunctionKey, MemberPlace>,
  resolver: MethodResolver,
  keys: FunctionKeys,
): Candidate[] {
  const found = new Map<FunctionKey, Candidate>();
  if (physical >= 0) {
    const places = resolver.resolveLine(frame, line);
    if (places.isCrowded || places.methods.includes(physical)) found.set(physical, { key: physical, places });
  } else if (line >= frame.line && line < frame.line + NODE_LINES) {
    found.set(physical, { key: physical, places: { methods: [] } });
  }
  const asked = new Set<string>();
  for (const key of members.keys()) {
    if (key < 0) continue;
    const { file } = resolver.methods[key];
    if (asked.has(file)) continue;
    asked.add(file);
    for (const script of keys.scriptsOf(file).values()) {
      const places = resolver.resolveLine(script, line);
      if (places.isCrowded) {
        for (const other of members.keys())
          if (other >= 0 && resolver.methods[other].file === file && !found.has(other))
            found.set(other, { key: other, places });
      }
      for (const method of places.methods)
        if (members.has(method) && !found.has(method)) found.set(method, { key: method, places });
    }
  }
  return preferred([...found.values()], physical, members);
}

/** Functions that are merely called from there mostly have frames of their own: they count where nobody else has the line. */
function preferred(
  candidates: Candidate[],
  physical: FunctionKey,
  members: ReadonlyMap<FunctionKey, MemberPlace>,
): Candidate[] {
  const inlined = candidates.filter(({ key }) => key === physical || members.get(key)!.kind !== 'called');
  return inlined.length ? inlined : candidates;
}
