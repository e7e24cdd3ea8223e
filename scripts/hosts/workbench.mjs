// The window of a VS Code Server: Debian's Chromium driven by playwright-core.
import { findChromium } from './paths.mjs';

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export async function launchBrowser({ headless = true } = {}) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium was found. Install one, or name it in HEATLENS_CHROMIUM.');
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, headless, args: CHROMIUM_ARGUMENTS });
}

/** The address of a folder in the workbench; paths are absolute, `line` is 1-based. */
export function workbenchUrl(server, { folder, extensionDevelopmentPath, extensionTestsPath, openFile, line } = {}) {
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [];
  if (extensionDevelopmentPath) payload.push(['extensionDevelopmentPath', remote(extensionDevelopmentPath)]);
  if (extensionTestsPath) payload.push(['extensionTestsPath', remote(extensionTestsPath)]);
  if (openFile && line) payload.push(['openFile', `${remote(openFile)}:${line}`], ['gotoLineMode', 'true']);
  else if (openFile) payload.push(['openFile', remote(openFile)]);
  const url = new URL(server.url);
  if (folder) url.searchParams.set('folder', folder);
  if (payload.length) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/**
 * Opens a page on the workbench. With `extensionTestsPath`, `testsEnded` resolves to the exit code of the suite and
 * `onLog` gets what the extension host and the workbench print. In another `language` the workbench itself stays English, for want
 * of a language pack; extensions speak it.
 */
export async function openWorkbench(browser, server, { onLog, language, width = 1280, height = 800, ...place } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  if (language) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
  let end;
  const testsEnded = new Promise((resolve) => (end = resolve));
  await page.exposeFunction('codeAutomationLog', (type, args) => onLog?.(type, args));
  await page.exposeFunction('codeAutomationExit', (code) => end(code));
  page.once('crash', () => end(-1));
  await page.goto(workbenchUrl(server, place));
  await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
  return { page, testsEnded };
}
