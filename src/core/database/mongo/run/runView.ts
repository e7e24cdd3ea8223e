import { t } from '@vscode/l10n';
import type { PlanLabels, RunView } from '../../../protocol/explain';
import type { ExplainRun } from '../../explainRun';
import type { Plan } from '../../plan';
import type { RejectedReasons } from '../../rejectedReasons';
import { lensText } from '../../runText';
import { pathTo, placedStages } from '../../stages';
import type { PlanEngine } from '../plan/engines';
import { FIELDS_TOLD } from '../plan/stageFacts';
import { whyItWon } from '../plan/whyItWon';

/** A run in finished texts, as its page shows them. */
export function runView(run: ExplainRun): RunView {
  const { server, engine } = run.plan;
  return {
    summary: lensText(run),
    ...(server?.version === undefined ? {} : { server: t('MongoDB {0}', server.version) }),
    engine: t('{0} engine', engineName(engine as PlanEngine)),
    labels: labels(),
    rejected: rejectedReasons(run.plan),
    fieldsTold: FIELDS_TOLD,
  };
}

function labels(): PlanLabels {
  return {
    target: t('Collection'),
    rows: t('Documents'),
    rowsHint: t('Documents that the stage examined'),
    entries: t('Keys'),
    entriesHint: t('Index keys that the stage examined'),
    returnedHint: t('Documents that the stage passed on'),
    rowsRead: t('Documents examined'),
    entriesRead: t('Keys examined'),
    workPerReturned: t('Keys and documents examined per document returned'),
  };
}

function engineName(engine: PlanEngine): string {
  switch (engine) {
    case 'legacy':
      return t('legacy');
    case 'classic':
      return t('classic');
    case 'sbe':
      return t('slot-based');
    case 'mixed':
      return t('mixed');
    case 'express':
      return t('express');
    case 'documentdb':
      return 'DocumentDB';
    case 'cosmos':
      return 'Cosmos DB';
    case 'ferretdb':
      return 'FerretDB';
    case 'unknown':
      return t('unknown');
  }
}

/** Why each plan was not taken; the one that was is named by its place, so that its stages are not sent again. */
function rejectedReasons(plan: Plan): RejectedReasons[] {
  if (!plan.rejected.length) return [];
  const paths = new Map(placedStages(plan.root, null).map((placed) => [placed.stage, placed]));
  return whyItWon(plan).map(({ winner, trial, reasons }) => {
    const placed = paths.get(winner);
    return { winner: placed ? pathTo(placed) : [], ...(trial ? { trial } : {}), reasons };
  });
}
