import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { repositoryRoot } from '../support/nodeVersions';
import { screenshot, setSharedPage, setWindowOpener, type OtherWindow } from './workbench';

interface Server {
  stop(): Promise<void>;
}

interface ServerModule {
  startServer(options: { userSettings: object; restricted?: boolean }): Promise<Server>;
}

interface WorkbenchModule {
  launchBrowser(): Promise<Browser>;
  openWorkbench(
    browser: Browser,
    server: Server,
    place: {
      width: number;
      height: number;
      folder: string;
      extensionDevelopmentPath: string;
      openFile: string;
      language?: string;
    },
  ): Promise<{ page: Page }>;
}

/** Plain scripts, shared with the demo; they are not compiled. */
async function hostScript<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(repositoryRoot, 'scripts/hosts', name)).href)) as T;
}

const workspace = join(repositoryRoot, 'test/fixtures/workspaces/shop');

let service: ChildProcess | undefined;
let server: Server | undefined;
let browser: Browser | undefined;

function startService(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['lib/service.js'], { cwd: workspace, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the service of the tests ended with code ${code}`)));
    child.stdout?.once('data', () => resolve(child));
  });
}

async function open(): Promise<void> {
  service = await startService();
  const { startServer } = await hostScript<ServerModule>('server.mjs');
  const settings = {
    'editor.fontSize': 14,
    'workbench.editorAssociations': { '*.cpuprofile': 'heatlens.flameProfile' },
  };
  const { launchBrowser, openWorkbench } = await hostScript<WorkbenchModule>('workbench.mjs');
  const started = await startServer({
    userSettings: { ...settings, 'heatlens.attachOnStartup': { pid: service.pid } },
  });
  server = started;
  const launched = await launchBrowser();
  browser = launched;
  const openPage = async (on: Server, { language, folder = workspace, file }: OtherWindow): Promise<Page> => {
    const place = {
      width: 1280,
      height: 1100,
      folder,
      extensionDevelopmentPath: repositoryRoot,
      openFile: file ?? join(workspace, 'src/pricing.ts'),
      language,
    };
    return (await openWorkbench(launched, on, place)).page;
  };
  setSharedPage(await openPage(started, {}));
  setWindowOpener(async (place) => {
    const { own } = place;
    if (!own) {
      const page = await openPage(started, place);
      return { page, close: () => page.context().close() };
    }
    // Nothing is attached there.
    const other = await startServer({ userSettings: settings, restricted: own === 'restricted' });
    const close = async (): Promise<void> => other.stop();
    const page = await openPage(other, place).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { page, close: () => page.context().close().finally(close) };
  });
}

async function close(): Promise<void> {
  setSharedPage(undefined);
  setWindowOpener(undefined);
  await browser?.close();
  await server?.stop();
  service?.removeAllListeners('exit');
  service?.kill('SIGKILL');
}

/** One service, one server and one page for all UI suites. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    await open();
  },
  async afterEach(this: Mocha.Context): Promise<void> {
    if (this.currentTest?.state === 'failed') await screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(30_000);
    await close();
  },
};
