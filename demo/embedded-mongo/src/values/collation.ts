import { badValue } from '../errors';
import type { StringOrder } from './compare';

/** A collation with all its settings, as explain prints it. */
export interface Collation {
  readonly locale: string;
  readonly strength: number;
  readonly [setting: string]: unknown;
}

const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant', 4: 'variant', 5: 'variant' } as const;

/** Reads a collation document; undefined for the simple comparison. */
export function parseCollation(spec: unknown): Collation | undefined {
  if (spec === undefined || spec === null) return undefined;
  const { locale, strength, ...rest } = spec as Record<string, unknown>;
  if (locale === undefined && Object.keys(spec).length === 0) return undefined;
  if (typeof locale !== 'string') throw badValue("BSON field 'collation.locale' is missing but a required field");
  if (locale === 'simple') return undefined;
  const level = strength === undefined ? 3 : Number(strength);
  if (!(level in SENSITIVITY))
    throw badValue(`Enumeration value '${String(strength)}' for field 'collation.strength' is not a valid value.`);
  try {
    new Intl.Collator(locale);
  } catch {
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  }
  const defaults = {
    caseLevel: false,
    caseFirst: 'off',
    strength: level,
    numericOrdering: false,
    alternate: 'non-ignorable',
    maxVariable: 'punct',
    normalization: false,
    backwards: false,
  };
  return { locale, ...defaults, ...rest, version: '57.1' };
}

export function stringOrder(collation: Collation | undefined): StringOrder {
  if (!collation) return undefined;
  const sensitivity = SENSITIVITY[collation.strength as 1 | 2 | 3 | 4 | 5];
  return new Intl.Collator(collation.locale, { sensitivity, numeric: collation.numericOrdering === true }).compare;
}

export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
