export type Severity = 'error' | 'warning' | 'info';

/** One piece of advice. */
export interface Finding {
  /** `R01` … as in the documentation of the rules. */
  readonly rule: string;
  /** What the rule is about, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** Path of child indices from the plan's root to the stage that shows it; absent when it concerns the whole command. */
  readonly stage?: readonly number[];
  /** The numbers that show it: `48,211 documents read for 20 returned`. */
  readonly evidence: string;
  /** What was checked against a false alarm, and held. */
  readonly guard: string;
  readonly advice: string;
}

/** What the settings and the documentation say of a rule. */
export interface RuleInfo {
  readonly title: string;
  /** Of a clear case; a rule may give less or more by the numbers. */
  readonly severity: Severity;
  readonly documentation: string;
}
