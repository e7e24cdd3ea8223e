import { parentPort } from 'node:worker_threads';
import { revenueReport } from './revenue';

parentPort?.on('message', ({ job, totals }: { job: number; totals: readonly number[] }) => {
  parentPort?.postMessage({ job, report: revenueReport(totals) });
});
