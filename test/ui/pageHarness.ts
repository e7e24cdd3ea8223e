import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { PageData } from '../../src/core/protocol/page';
import { webviewHtml } from '../../src/editor/webview/webviewHtml';
import { repositoryRoot } from '../support/nodeVersions';

export type HarnessTheme = 'dark' | 'light' | 'contrast' | 'contrast-light' | 'none';

/** What the editor's own themes set, as far as the page uses it. */
const themes: Record<
  Exclude<HarnessTheme, 'none'>,
  { readonly bodyClass: string; readonly variables: Record<string, string> }
> = {
  dark: {
    bodyClass: 'vscode-dark',
    variables: {
      'editor-background': '#1f1f1f',
      'editor-foreground': '#cccccc',
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      'panel-border': '#2b2b2b',
      focusBorder: '#0078d4',
      'editorWidget-background': '#202020',
      'editorWidget-border': '#313131',
      'input-background': '#313131',
      'dropdown-background': '#313131',
      'dropdown-border': '#3c3c3c',
      'button-background': '#0078d4',
      'button-foreground': '#ffffff',
      'list-activeSelectionBackground': '#04395e',
      'list-activeSelectionForeground': '#ffffff',
      'textLink-foreground': '#4daafc',
      'list-inactiveSelectionBackground': '#37373d',
      'tree-indentGuidesStroke': '#585858',
      'badge-background': '#616161',
      'badge-foreground': '#f8f8f8',
      'editorError-foreground': '#f14c4c',
      'editorWarning-foreground': '#cca700',
      'editorInfo-foreground': '#3794ff',
      'debugTokenExpression-name': '#c586c0',
      'debugTokenExpression-string': '#ce9178',
      'debugTokenExpression-number': '#b5cea8',
      'symbolIcon-methodForeground': '#b180d7',
      'testing-iconPassed': '#73c991',
      'button-secondaryBackground': '#313131',
      'button-secondaryForeground': '#cccccc',
      'inputOption-activeBackground': '#2489db82',
      'inputOption-activeBorder': '#2488db',
      'font-family': "system-ui, 'Ubuntu', 'Droid Sans', sans-serif",
      'editor-font-family': "'Droid Sans Mono', 'DejaVu Sans Mono', monospace",
      'font-size': '13px',
    },
  },
  light: {
    bodyClass: 'vscode-light',
    variables: {
      'editor-background': '#ffffff',
      'editor-foreground': '#3b3b3b',
      foreground: '#3b3b3b',
      descriptionForeground: '#5c5c5c',
      'panel-border': '#e5e5e5',
      focusBorder: '#005fb8',
      'editorWidget-background': '#f8f8f8',
      'editorWidget-border': '#c8c8c8',
      'input-background': '#ffffff',
      'input-border': '#cecece',
      'dropdown-background': '#ffffff',
      'dropdown-border': '#cecece',
      'button-background': '#005fb8',
      'button-foreground': '#ffffff',
      'list-activeSelectionBackground': '#e8e8e8',
      'list-activeSelectionForeground': '#000000',
      'textLink-foreground': '#005fb8',
      'list-inactiveSelectionBackground': '#e4e6f1',
      'tree-indentGuidesStroke': '#a9a9a9',
      'badge-background': '#cccccc',
      'badge-foreground': '#3b3b3b',
      'editorError-foreground': '#e51400',
      'editorWarning-foreground': '#bf8803',
      'editorInfo-foreground': '#1a85ff',
      'debugTokenExpression-name': '#9b46b0',
      'debugTokenExpression-string': '#a31515',
      'debugTokenExpression-number': '#098658',
      'symbolIcon-methodForeground': '#652d90',
      'testing-iconPassed': '#73c991',
      'button-secondaryBackground': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b',
      'font-family': "system-ui, 'Ubuntu', 'Droid Sans', sans-serif",
      'editor-font-family': "'Droid Sans Mono', 'DejaVu Sans Mono', monospace",
      'font-size': '13px',
    },
  },
  contrast: {
    bodyClass: 'vscode-high-contrast',
    variables: {
      'editor-background': '#000000',
      'editor-foreground': '#ffffff',
      foreground: '#ffffff',
      descriptionForeground: '#ffffff',
      'panel-border': '#6fc3df',
      contrastBorder: '#6fc3df',
      contrastActiveBorder: '#f38518',
      focusBorder: '#f38518',
      'editorWidget-background': '#0c141f',
      'editorWidget-border': '#6fc3df',
      'input-background': '#000000',
      'input-border': '#6fc3df',
      'dropdown-background': '#000000',
      'textLink-foreground': '#21a6ff',
      'font-family': 'system-ui, sans-serif',
      'editor-font-family': 'monospace',
      'font-size': '13px',
    },
  },
  'contrast-light': {
    bodyClass: 'vscode-high-contrast vscode-high-contrast-light',
    variables: {
      'editor-background': '#ffffff',
      'editor-foreground': '#292929',
      foreground: '#292929',
      descriptionForeground: '#292929',
      'panel-border': '#0f4a85',
      contrastBorder: '#0f4a85',
      contrastActiveBorder: '#006bbd',
      focusBorder: '#006bbd',
      'editorWidget-background': '#ffffff',
      'input-background': '#ffffff',
      'textLink-foreground': '#0f4a85',
      'font-family': 'system-ui, sans-serif',
      'editor-font-family': 'monospace',
      'font-size': '13px',
    },
  },
};

export interface HarnessOptions {
  readonly theme?: HarnessTheme;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  /** Of the page's document: translated texts, a key. */
  readonly data?: PageData;
  /** What an earlier page kept. */
  readonly state?: object;
}

/** What runs in the page; its types are not those of this file. */
interface PageWindow {
  acquireVsCodeApi?: unknown;
  harnessSent: unknown[];
  harnessState: unknown;
  postMessage(message: unknown, origin: string): void;
  fetch(url: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>;
  document: {
    documentElement: { style: { setProperty(name: string, value: string): void }; removeAttribute(name: string): void };
    body: { className: string };
    addEventListener(type: string, listener: () => void): void;
  };
}

interface Reply {
  readonly type: string;
  readonly id: number;
  readonly error?: string;
  readonly result?: unknown;
}

/** A page with the editor's side played by the caller. */
export interface PageHarness<To, From extends { readonly type: string }> {
  readonly page: Page;
  /** Errors of the page: exceptions, and what its policy refused. */
  readonly errors: string[];
  sent(): Promise<From[]>;
  /** The last message of a type, as soon as there is one that is new. */
  next<T extends From['type']>(type: T, act: () => Promise<void>): Promise<Extract<From, { type: T }>>;
  send(message: To): Promise<void>;
  /** Asks the page as the editor does; rejects with what it says instead of an answer. */
  ask(name: string, params: object): Promise<unknown>;
  /** What the page keeps in the editor. */
  kept(): Promise<unknown>;
  /** `data` crosses as a file would: it is fetched, then posted. */
  post(data: Buffer, fields: object): Promise<void>;
  setTheme(theme: HarnessTheme): Promise<void>;
  close(): Promise<void>;
}

/**
 * The built page in a browser under the policy that the editor's webview has, served from disk. The editor's side is
 * played by the caller.
 */
export async function openBuiltPage<To, From extends { readonly type: string }>(
  browser: Browser,
  built: 'flame' | 'explain',
  options: HarnessOptions = {},
): Promise<PageHarness<To, From>> {
  const { theme = 'dark', width = 1400, height = 900, scale = 1 } = options;
  const origin = `https://${built}.test`;
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const buffers = new Map<string, Buffer>();
  const nonce = 'aGVhdGxlbnM=';
  const assets = {
    script: `${origin}/${built}.js`,
    style: `${origin}/${built}.css`,
    cspSource: origin,
    nonce,
    language: 'en',
    title: built,
    data: options.data,
  };
  const html = webviewHtml({ ...assets, drawsInWorker: built === 'flame' });
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') await route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' });
    else if (buffers.has(name))
      await route.fulfill({ body: buffers.get(name), contentType: 'application/octet-stream' });
    else if (name === 'favicon.ico') await route.fulfill({ status: 204 });
    else {
      const contentType = name.endsWith('.css') ? 'text/css' : 'text/javascript';
      await route.fulfill({ body: readFileSync(join(repositoryRoot, 'dist/webview', name)), contentType });
    }
  });

  const applyTheme = (wanted: HarnessTheme): { bodyClass: string; variables: Record<string, string> } =>
    wanted === 'none' ? { bodyClass: '', variables: {} } : themes[wanted];
  await page.addInitScript(
    ({ bodyClass, variables, state }) => {
      const scope = globalThis as unknown as PageWindow;
      scope.harnessSent = [];
      scope.harnessState = state;
      scope.acquireVsCodeApi = () => ({
        postMessage: (message: unknown) => scope.harnessSent.push(message),
        getState: () => scope.harnessState,
        setState: (next: unknown) => (scope.harnessState = next),
      });
      for (const [name, value] of Object.entries(variables))
        scope.document.documentElement?.style.setProperty(`--vscode-${name}`, value);
      scope.document.addEventListener('DOMContentLoaded', () => {
        for (const [name, value] of Object.entries(variables))
          scope.document.documentElement.style.setProperty(`--vscode-${name}`, value);
        scope.document.body.className = bodyClass;
      });
    },
    { ...applyTheme(theme), state: options.state },
  );
  await page.goto(`${origin}/`);

  let lastRequest = 0;
  const sent = (): Promise<From[]> => page.evaluate(() => (globalThis as unknown as PageWindow).harnessSent as never);
  return {
    page,
    errors,
    sent,
    next: async (type, act) => {
      const before = (await sent()).length;
      await act();
      for (let tries = 0; tries < 100; tries++) {
        const found = (await sent())
          .slice(before)
          .filter((message) => message.type === type)
          .at(-1);
        if (found) return found as never;
        await page.waitForTimeout(50);
      }
      throw new Error(`the page sent no ${type}`);
    },
    send: (message) =>
      page.evaluate((data) => (globalThis as unknown as PageWindow).postMessage(data, '*'), message as unknown),
    ask: async (name, params) => {
      const id = ++lastRequest;
      await page.evaluate((data) => (globalThis as unknown as PageWindow).postMessage(data, '*'), {
        type: 'request',
        id,
        name,
        params,
      });
      const reply = await page.waitForFunction(
        (wanted) =>
          (globalThis as unknown as PageWindow).harnessSent.find(
            (message) => (message as Reply).type === 'reply' && (message as Reply).id === wanted,
          ),
        id,
      );
      const { error, result } = await reply.evaluate((found) => {
        const { error: reason, result: value } = found as Reply;
        // Bytes do not cross to the test: how many there are tells enough.
        return { error: reason, result: value instanceof ArrayBuffer ? value.byteLength : value };
      });
      if (error !== undefined) throw new Error(error);
      return result;
    },
    kept: () => page.evaluate(() => (globalThis as unknown as PageWindow).harnessState),
    post: async (data, fields) => {
      const name = `data-${buffers.size}`;
      buffers.set(name, data);
      await page.evaluate(
        async ({ url, message }) => {
          const scope = globalThis as unknown as PageWindow;
          const bytes = await (await scope.fetch(url)).arrayBuffer();
          scope.postMessage({ ...message, data: bytes }, '*');
        },
        { url: `${origin}/${name}`, message: fields },
      );
      buffers.delete(name);
    },
    setTheme: (next) =>
      page.evaluate(({ bodyClass, variables }) => {
        const scope = globalThis as unknown as PageWindow;
        scope.document.documentElement.removeAttribute('style');
        for (const [name, value] of Object.entries(variables))
          scope.document.documentElement.style.setProperty(`--vscode-${name}`, value);
        scope.document.body.className = bodyClass;
      }, applyTheme(next)),
    close: () => context.close(),
  };
}
