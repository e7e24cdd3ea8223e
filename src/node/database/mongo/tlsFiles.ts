import { constants, open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { badConnectionString } from '../../../core/database/mongo/errors/connectErrors';

/** All authorities that a system trusts are a quarter of it. */
const MOST_BYTES = 1024 * 1024;

/** The files that a connection string names, and what the driver makes of their contents. */
export interface TlsFiles {
  readonly tls?: boolean;
  readonly tlsCAFile?: string;
  readonly tlsCRLFile?: string;
  readonly tlsCertificateKeyFile?: string;
  ca?: unknown;
  crl?: unknown;
  key?: unknown;
  cert?: unknown;
}

/**
 * Reads the certificates and keys that a connection string names, before the driver does: files of this machine only, of a sensible
 * size. Throws a HeatlensError that names the option, and nothing of what a file holds.
 */
export async function readTlsFiles(given: object): Promise<void> {
  const options = given as TlsFiles;
  if (options.tls !== true) return;
  const { tlsCAFile, tlsCRLFile, tlsCertificateKeyFile } = options;
  if (tlsCAFile !== undefined) options.ca ??= await read('tlsCAFile', tlsCAFile);
  if (tlsCRLFile !== undefined) options.crl ??= await read('tlsCRLFile', tlsCRLFile);
  if (tlsCertificateKeyFile === undefined) return;
  const contents = await read('tlsCertificateKeyFile', tlsCertificateKeyFile);
  options.key ??= contents;
  options.cert ??= contents;
}

async function read(option: string, path: string): Promise<Buffer> {
  const unusable = (why: string) =>
    badConnectionString(
      t('the file of {0} {1}', option, why),
      t('Correct the path of the file, or take the option out.'),
    );
  // `\\host\share` and `//host/share` are reached through the network, with a login of the user's on Windows.
  if (/^[\\/]{2}/.test(path)) throw unusable(t('is not on this machine'));
  try {
    // Without waiting: a pipe that nobody writes to would hold us up.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw unusable(t('is not a file'));
      if (stats.size > MOST_BYTES) throw unusable(t('is larger than certificates are'));
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw unusable(t('cannot be read ({0})', code));
  }
}
