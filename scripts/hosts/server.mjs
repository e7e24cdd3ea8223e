// The VS Code Server: real extension hosts and the real workbench, offline and without a display.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeBinary, serverMain } from './paths.mjs';
import { removeTemporaryFolder, startGroup, temporaryFolder } from './processGroups.mjs';

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** What a first start would otherwise show or ask. */
export const quietSettings = {
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
  'heatlens.offerCalibration': false,
};

/** A folder that is opened is not trusted, and nobody is asked. */
const restrictedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
};

/** Names of this server's version; others have had others. */
const themes = {
  'workbench.colorTheme': 'Dark Modern',
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
};

/**
 * Starts a server with a fresh profile. `extensions`: VSIX files to install first. `env` is inherited by extension
 * hosts. Windows of a `restricted` one are in Restricted Mode. Ends with `stop()`, which also removes its data.
 */
export async function startServer({ userSettings = {}, extensions = [], env = {}, port, restricted = false } = {}) {
  const dataFolder = temporaryFolder('server');
  const userFolder = join(dataFolder, 'data/User');
  mkdirSync(userFolder, { recursive: true });
  writeFileSync(
    join(userFolder, 'settings.json'),
    JSON.stringify(
      { ...quietSettings, ...(restricted ? restrictedSettings : {}), ...themes, ...userSettings },
      null,
      2,
    ),
  );
  const node = nodeBinary(24);
  const dataArguments = ['--server-data-dir', dataFolder, '--accept-server-license-terms', '--telemetry-level', 'off'];
  // VS Code's own terminals would tell an inherited extension host that it is nested.
  const cleanEnv = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VSCODE_|ELECTRON_)/.test(key)));
  const serverEnv = { ...cleanEnv, ...env };

  for (const vsix of extensions) {
    const install = startGroup(node, [serverMain, ...dataArguments, '--install-extension', vsix, '--force'], {
      env: serverEnv,
    });
    const { code } = await install.exited;
    await install.stop();
    if (code !== 0 || !/successfully installed/.test(install.output)) {
      removeTemporaryFolder(dataFolder);
      throw new Error(`The VS Code Server could not install ${vsix}:\n${install.output}`);
    }
  }

  const chosenPort = port ?? (await freePort());
  const group = startGroup(
    node,
    [
      serverMain,
      ...['--host', '127.0.0.1', '--port', String(chosenPort), '--without-connection-token'],
      ...['--enable-smoke-test-driver', ...(restricted ? [] : ['--disable-workspace-trust']), ...dataArguments],
    ],
    { env: serverEnv },
  );
  const stop = async () => {
    await group.stop();
    removeTemporaryFolder(dataFolder);
  };
  let exit;
  void group.exited.then((result) => (exit = result));
  const url = `http://127.0.0.1:${chosenPort}/`;
  for (let waited = 0; ; waited += 200) {
    if (exit || waited > 30_000) {
      await stop();
      throw new Error(`The VS Code Server did not start:\n${group.output}`);
    }
    const answered = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (reply) => reply.ok,
      () => false,
    );
    if (answered) break;
    await sleep(200);
  }
  return { url, port: chosenPort, dataFolder, node, dataArguments, env: serverEnv, stop };
}

/** Identifiers with versions of the extensions that are installed in this server (`publisher.name@1.2.3`). */
export async function listExtensions(server) {
  const group = startGroup(server.node, [serverMain, ...server.dataArguments, '--list-extensions', '--show-versions'], {
    env: server.env,
  });
  await group.exited;
  await group.stop();
  return group.output.split('\n').filter((line) => /^[\w-]+\.[\w-]+@/.test(line));
}
