import { isHeatlensError } from '../../../errors';
import { queryShape, type QueryShape } from './queryShape';
import { HOLE, HOLE_KEY, type ShapeNode } from './shapeNodes';
import type { Statement } from '../../statement';
import { conditionsOf } from '../calls/conditions';
import { fillHoles } from '../calls/fillHoles';

/** Forms of one statement that are looked at: with more conditions, each is varied by itself. */
const MOST_FORMS = 32;
const UNRESOLVED = '?';

/**
 * The shapes that a statement can have, one for each way in which its conditions can be decided, up to 32. Empty for what is no
 * single command (a bulk write).
 */
export function shapesOfStatement(statement: Statement): QueryShape[] {
  const values = new Map(
    statement.holes.map(({ name, type }) => [
      name,
      /^(document|array|unknown)$/.test(type) ? { [HOLE_KEY]: type } : HOLE + type,
    ]),
  );
  const shapes = new Map<string, QueryShape>();
  for (const choices of decisions(conditionsOf(statement))) {
    try {
      const found = queryShape(fillHoles(statement, values, choices, statement.collection ?? UNRESOLVED));
      if (found) shapes.set(`${found.kind} ${found.text}`, { ...found, collection: statement.collection });
    } catch (error) {
      if (!isHeatlensError(error)) throw error;
    }
  }
  return [...shapes.values()];
}

/** The conditions of a command, in the order of the text. */
function* decisions(conditions: readonly string[]): Generator<ReadonlyMap<string, boolean>> {
  const all = (holds: (at: number) => boolean): ReadonlyMap<string, boolean> =>
    new Map(conditions.map((condition, at) => [condition, holds(at)]));
  if (2 ** conditions.length <= MOST_FORMS) {
    for (let bits = 0; bits < 2 ** conditions.length; bits++) yield all((at) => (bits & (1 << at)) !== 0);
    return;
  }
  yield all(() => true);
  yield all(() => false);
  for (let one = 0; one < Math.min(conditions.length, (MOST_FORMS - 2) / 2); one++) {
    yield all((at) => at === one);
    yield all((at) => at !== one);
  }
}

/** Whether a statement can be what a command of this shape was sent by: equal, or equal where it gives its values. */
export function hasShape(statement: Statement, shape: QueryShape): boolean {
  if (statement.collection !== null && shape.collection !== null && statement.collection !== shape.collection)
    return false;
  return shapesOfStatement(statement).some((own) => matchesShape(own, shape));
}

/** Whether the holes of the first can be filled so that it is the second; without holes, whether they are equal. */
export function matchesShape(own: QueryShape, other: QueryShape): boolean {
  if (
    own.kind !== other.kind ||
    (own.collection !== null && other.collection !== null && own.collection !== other.collection)
  )
    return false;
  if (own.text === other.text) return true;
  if (!own.text.includes(HOLE) && !own.text.includes(HOLE_KEY) && !own.text.includes(UNNAMED)) return false;
  const names = new Set([...Object.keys(own.parts), ...Object.keys(other.parts)]);
  return [...names].every((name) => matches(own.parts[name] ?? {}, other.parts[name] ?? {}, name === 'sort'));
}

/** A field whose name is a document, written as text. */
const UNNAMED = '[object Object]';
/** Lists whose order means nothing. */
const SETS = new Set(['$and', '$or', '$nor']);

type NodeRecord = Readonly<Record<string, ShapeNode>>;

function matches(own: ShapeNode, other: ShapeNode, ordered: boolean, key = ''): boolean {
  if (typeof own === 'string') return matchesLeaf(own, other);
  if (Array.isArray(own))
    return (
      Array.isArray(other) && matchesList(own as readonly ShapeNode[], other as readonly ShapeNode[], SETS.has(key))
    );
  return (
    typeof other === 'object' && !Array.isArray(other) && matchesRecord(own as NodeRecord, other as NodeRecord, ordered)
  );
}

function matchesLeaf(own: string, other: ShapeNode): boolean {
  if (!own.startsWith(HOLE))
    return own === other || (isListWithHole(own) && typeof other === 'string' && other.startsWith('?array'));
  const isList = Array.isArray(other) || (typeof other === 'string' && other.startsWith('?array'));
  const isDocument = !isList && (typeof other === 'object' || other === '?object');
  switch (own.slice(HOLE.length)) {
    case 'unknown':
      return true;
    case 'document':
      return isDocument;
    case 'array':
      return isList;
    default:
      // Types of the source are often wider or other than what is sent: any single value will do.
      return !isList && !isDocument;
  }
}

function isListWithHole(node: string): boolean {
  return node.startsWith('?array<') && node.includes(HOLE);
}

function matchesList(own: readonly ShapeNode[], other: readonly ShapeNode[], isSet: boolean): boolean {
  if (isSet) {
    const all = own.every((one) => other.some((theirs) => matches(one, theirs, false)));
    return all && other.every((theirs) => own.some((one) => matches(one, theirs, false)));
  }
  // A hole may stand for any number of stages.
  const gap = own.findIndex((one) => one === `${HOLE}array` || one === `${HOLE}unknown`);
  if (gap < 0) return own.length === other.length && own.every((one, at) => matches(one, other[at], false));
  const tail = own.slice(gap + 1);
  if (other.length < gap + tail.length) return false;
  const head = own.slice(0, gap).every((one, at) => matches(one, other[at], false));
  return head && tail.every((one, at) => matches(one, other[other.length - tail.length + at], false));
}

function matchesRecord(own: NodeRecord, other: NodeRecord, ordered: boolean): boolean {
  const isOpen = HOLE_KEY in own;
  const named = Object.keys(own).filter((key) => key !== HOLE_KEY && key !== UNNAMED && !key.startsWith(HOLE));
  const unnamed = Object.keys(own).length - named.length - (isOpen ? 1 : 0);
  const extra = Object.keys(other).filter((key) => !Object.hasOwn(own, key));
  if (!named.every((key) => Object.hasOwn(other, key) && matches(own[key], other[key], false, key))) return false;
  if (isOpen ? extra.length < unnamed : extra.length !== unnamed) return false;
  return !ordered || isOpen || unnamed > 0 || Object.keys(own).join() === Object.keys(other).join();
}
