/** Statements at the top level; the head of a class there; members of such a class. */
export type UnitKind = 'code' | 'class' | 'member';

/** Where a unit stands in a file. */
export interface Slot {
  readonly kind: UnitKind;
  readonly from: number;
  readonly to: number;
}
