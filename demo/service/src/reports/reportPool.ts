import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RevenueReport } from './revenue';

interface Waiting {
  readonly resolve: (report: RevenueReport) => void;
  readonly reject: (error: Error) => void;
}

/** Reports are computed in worker threads, so that they do not hold up requests. */
export class ReportPool {
  private readonly workers: Worker[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private nextJob = 1;

  constructor(size: number) {
    for (let index = 0; index < size; index += 1) {
      const worker = new Worker(join(__dirname, 'reportWorker.js'));
      worker.unref();
      worker.on('message', ({ job, report }: { job: number; report: RevenueReport }) => this.settle(job, report));
      worker.on('error', (error: Error) => this.failAll(error));
      this.workers.push(worker);
    }
  }

  dailyRevenue(totals: readonly number[]): Promise<RevenueReport> {
    const job = this.nextJob++;
    return new Promise((resolve, reject) => {
      this.waiting.set(job, { resolve, reject });
      this.workers[job % this.workers.length].postMessage({ job, totals });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private settle(job: number, report: RevenueReport): void {
    this.waiting.get(job)?.resolve(report);
    this.waiting.delete(job);
  }

  private failAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
