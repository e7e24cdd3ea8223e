import type { RuleInfo, Severity } from '../../finding';

function rule(title: string, severity: Severity, documentation: string): RuleInfo {
  return { title, severity, documentation };
}

/** All rules, by their ids. */
export const RULES = {
  R01: rule(
    'Collection scan',
    'warning',
    'The whole collection is read to test a filter. Small collections and filters that most documents pass are left out.',
  ),
  R02: rule(
    'Many documents read per result',
    'warning',
    'More than 10 documents are fetched for each that is returned: conditions are tested after the index has done its part.',
  ),
  R03: rule(
    'Many keys read per result',
    'warning',
    'More than 10 index keys are read for each document that is returned: the bounds are too wide.',
  ),
  R04: rule(
    'Whole index read',
    'warning',
    'The leading field of the index is not bounded, and the index gives no order either.',
  ),
  R05: rule(
    'Whole index walked for its order',
    'warning',
    'The index is read from end to end to avoid a sort, and the filter is tested on every document.',
  ),
  R06: rule('Sort in memory', 'warning', 'All results are collected and sorted before the first one is returned.'),
  R07: rule('Spilled to disk', 'error', 'A sort, group or join exceeded its memory limit and wrote to disk.'),
  R08: rule(
    'Close to the memory limit',
    'info',
    'More than half of the memory limit is used: with more data it will spill.',
  ),
  R09: rule('Sort that may not use the disk', 'warning', 'A sort in memory that fails when it exceeds its limit.'),
  R10: rule(
    'Regular expression without a prefix',
    'warning',
    'Only a case-sensitive pattern that starts with ^ and literal text bounds an index.',
  ),
  R11: rule('Only negations', 'warning', '$ne, $nin, $not and $exists: false match most keys of an index.'),
  R12: rule(
    'JavaScript on the server',
    'error',
    '$where, $function, $accumulator and mapReduce use no index and are deprecated.',
  ),
  R13: rule('$expr without an index', 'warning', 'Comparing fields with each other cannot use an index.'),
  R14: rule('Large skip', 'warning', 'Skipped documents are found first: later pages are slower.'),
  R15: rule(
    '$facet for a count',
    'warning',
    'Every document flows through every branch, also through the page that needs a few.',
  ),
  R16: rule('$lookup without an index', 'error', 'The other collection is scanned for every document that is joined.'),
  R17: rule('$lookup that reads much', 'warning', 'More than 100 documents are read for each that is joined.'),
  R18: rule(
    '$match too late',
    'warning',
    'A filter on fields of the collection stands behind a stage that the server does not move it over.',
  ),
  R19: rule('$unwind and group back', 'warning', 'Arrays are taken apart and put together again by _id.'),
  R20: rule('$sort and $limit apart', 'info', 'Next to each other they become a sort that keeps the best few only.'),
  R21: rule('Early $project', 'info', 'The server reads only the fields that are needed by itself.'),
  R22: rule('Whole documents', 'info', 'Large documents are returned with all their fields.'),
  R23: rule('Almost covered', 'info', 'One field more or less, and the index alone would answer.'),
  R24: rule(
    'Unlimited result',
    'warning',
    'More than 10,000 documents without a limit, or arrays that grow with the data.',
  ),
  R25: rule(
    'Many keys per document',
    'warning',
    'An index over an array has one key per element, and the bounds match several of each document.',
  ),
  R26: rule('Indexes intersected', 'info', 'Two indexes are read where one compound index would do.'),
  R27: rule(
    '$or with an unindexed branch',
    'warning',
    'One branch without an index makes the server scan the collection.',
  ),
  R28: rule(
    'Other collation',
    'warning',
    'An index serves string comparisons only with the collation that it was built with.',
  ),
  R29: rule('Other type', 'warning', 'Values of another type than the field has never match.'),
  R30: rule('null or $exists', 'info', 'An index cannot tell null from missing, so documents are fetched to test it.'),
  R31: rule('Redundant index', 'info', 'Another index starts with all fields of this one.'),
  R32: rule('Unused index', 'info', 'No operation has used the index for a week or longer.'),
  R33: rule('Many indexes', 'info', 'Every write updates every index.'),
  R34: rule('Index on few values', 'info', 'A single-field index that matches a large part of the collection.'),
  R35: rule(
    'Write by collection scan',
    'error',
    'An update or delete reads the whole collection to find its documents.',
  ),
  R36: rule('Result not used', 'info', 'The document that findOneAndUpdate or findOneAndDelete returns is not used.'),
  R37: rule('Whole document replaced', 'info', 'A replacement sends and logs every field.'),
  R38: rule('Questionable choice of plan', 'info', 'A plan that was not taken bounds more fields, or scored the same.'),
  R39: rule('Plan was replaced', 'warning', 'The server threw away a cached plan while the query ran.'),
  R40: rule('Planner stopped early', 'info', 'The planner did not look at all plans.'),
  R41: rule('All shards asked', 'warning', 'The filter does not tell the shard.'),
  R42: rule(
    'Query per item',
    'warning',
    'A query runs once for each item of a list, where one query could ask for all.',
  ),
  R43: rule('Reads one after another', 'info', 'A read waits for the one before it without needing its result.'),
  R44: rule('Hint that hurts', 'info', 'The hint forces an index that bounds little.'),
  R45: rule('Long $in', 'info', 'More than 200 values no longer keep an index in order.'),
  R46: rule(
    'Large joined arrays',
    'warning',
    'Joined arrays of more than 1,000 entries come close to the 16 MB of a document.',
  ),
  R47: rule('Exact count of everything', 'info', 'All documents are read to count them.'),
  R48: rule('Did not run to the end', 'warning', 'The execution failed or was stopped: the numbers are partial.'),
} as const satisfies Record<string, RuleInfo>;

export type RuleId = keyof typeof RULES;
