import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import { repositoryRoot } from '../support/nodeVersions';
import type { Row } from './rows';
import { quantile } from './statistics';

const PEER = '.vscode-test/peers/d3-flame-graph/node_modules/d3-flame-graph/dist/d3-flamegraph.umd.min.js';
const scripts = ['node_modules/d3/dist/d3.min.js', PEER].map((path) => join(repositoryRoot, path));

interface Stack {
  readonly name: string;
  value: number;
  readonly children: Stack[];
}

/** What runs in the page; its types are not those of this file. */
interface PeerWindow {
  d3: { select(selector: string): { datum(data: Stack): { call(graph: unknown): void } } };
  flamegraph: { readonly default: () => PeerGraph };
  columns: { names: string[]; parents: number[]; values: number[] };
  performance: { now(): number };
  requestAnimationFrame(callback: (now: number) => void): number;
  document: { querySelectorAll(selector: string): ArrayLike<{ dispatchEvent(event: object): void }> };
  MouseEvent: new (type: string, init: object) => object;
}

interface PeerGraph {
  width(pixels: number): PeerGraph;
  cellHeight(pixels: number): PeerGraph;
  minFrameSize(pixels: number): PeerGraph;
  transitionDuration(ms: number): PeerGraph;
}

/** The same stacks in d3-flame-graph, in the same browser; for information, where it is installed. */
export async function measurePeer(
  browser: Browser,
  { frames, parents, nodeFrames, measures: [{ self }] }: ProfileColumns,
): Promise<Row[]> {
  if (!scripts.every(existsSync)) return [];
  const page = await browser.newPage({ viewport: { width: 1400, height: 1010 } });
  try {
    await page.setContent('<!doctype html><div id="chart"></div>');
    for (const script of scripts) await page.addScriptTag({ content: readFileSync(script, 'utf8') });
    const names = Array.from(nodeFrames, (frame) => frames[frame].functionName);
    const data = { names, parents: Array.from(parents), values: Array.from(self) };
    const measured = await page.evaluate(async ({ names: nodeNames, parents: nodeParents, values }) => {
      const scope = globalThis as unknown as PeerWindow;
      const nodes: Stack[] = nodeNames.map((name, node) => ({ name, value: values[node], children: [] }));
      for (let node = nodes.length - 1; node > 0; node--) {
        nodes[nodeParents[node]].value += nodes[node].value;
        nodes[nodeParents[node]].children.push(nodes[node]);
      }
      const frame = (): Promise<number> => new Promise((resolve) => scope.requestAnimationFrame(resolve));
      const graph = scope.flamegraph.default().width(1400).cellHeight(18).minFrameSize(1).transitionDuration(0);
      const start = scope.performance.now();
      scope.d3.select('#chart').datum(nodes[0]).call(graph);
      await frame();
      const paint = scope.performance.now() - start;
      const zooms: number[] = [];
      for (let step = 0; step < 12; step++) {
        const boxes = scope.document.querySelectorAll('#chart g.frame');
        const begun = scope.performance.now();
        boxes[Math.min(boxes.length - 1, step % 2 ? 0 : 5 + step)]?.dispatchEvent(
          new scope.MouseEvent('click', { bubbles: true }),
        );
        await frame();
        await frame();
        zooms.push(scope.performance.now() - begun);
      }
      return { paint, zooms };
    }, data);
    const note = `d3-flame-graph, ${parents.length.toLocaleString('en')} nodes, no panning`;
    return [
      { part: 'drawing', what: 'first paint, d3-flame-graph', value: measured.paint, unit: 'ms', note },
      { part: 'drawing', what: 'zoom p50, d3-flame-graph', value: quantile(measured.zooms, 0.5), unit: 'ms', note },
      { part: 'drawing', what: 'zoom p95, d3-flame-graph', value: quantile(measured.zooms, 0.95), unit: 'ms', note },
    ];
  } finally {
    await page.close();
  }
}
