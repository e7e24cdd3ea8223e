import { compareValues, valueKey } from '../values/compare';
import { regexParts } from '../values/types';
import { KINDS, leaf, logical } from './match';
import type { Match } from './match';

/** The form the planner works on: nested lists flattened, single children lifted, equal conditions in one order. */
export function normalise(match: Match): Match {
  const children = match.children.map(normalise);
  switch (match.kind) {
    case 'and':
      return normaliseAnd(children);
    case 'or':
      return normaliseOr(children);
    case 'nor':
      return children.length === 1 ? { kind: 'not', path: children[0].path, children } : sorted({ ...match, children });
    case 'not':
      if (children[0].kind === 'false') return logical('and', []);
      if (children[0].kind === 'not' && children[0].path === match.path) return children[0].children[0];
      return { ...match, children };
    case 'in':
      return normaliseIn(match);
    default:
      return children.length > 0 ? sorted({ ...match, children }) : match;
  }
}

function normaliseAnd(children: readonly Match[]): Match {
  const flat = children.flatMap((child) => (child.kind === 'and' ? child.children : [child]));
  if (flat.some((child) => child.kind === 'false')) return leaf('false', '', 1);
  return flat.length === 1 ? flat[0] : sorted(logical('and', flat));
}

function normaliseOr(children: readonly Match[]): Match {
  const flat = children
    .flatMap((child) => (child.kind === 'or' ? child.children : [child]))
    .filter((child) => child.kind !== 'false');
  if (flat.length === 0) return leaf('false', '', 1);
  if (flat.length === 1) return flat[0];
  const path = flat[0].path;
  // Equalities of one field are one `$in`.
  if (path !== '' && flat.every((child) => child.path === path && (child.kind === 'eq' || child.kind === 'in'))) {
    return normaliseIn(
      leaf(
        'in',
        path,
        flat.flatMap((child) => (child.kind === 'in' ? (child.value as unknown[]) : [child.value])),
      ),
    );
  }
  return sorted(logical('or', flat));
}

function normaliseIn(match: Match): Match {
  const unique = [...new Map((match.value as unknown[]).map((value) => [valueKey(value), value])).values()];
  if (unique.length === 1) return leaf(regexParts(unique[0]) ? 'regex' : 'eq', match.path, unique[0]);
  return leaf(
    'in',
    match.path,
    unique.sort((a, b) => compareValues(a, b)),
  );
}

function sorted(match: Match): Match {
  return { ...match, children: [...match.children].sort(compareMatches) };
}

function compareMatches(a: Match, b: Match): number {
  const order = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (order) return order;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  for (let i = 0; i < Math.min(a.children.length, b.children.length); i++) {
    const inner = compareMatches(a.children[i], b.children[i]);
    if (inner) return inner;
  }
  return a.children.length - b.children.length;
}
