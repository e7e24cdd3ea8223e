import { isAbsolute, resolve } from 'node:path';
import { t } from '@vscode/l10n';
import { badConnectionString } from '../../../core/database/mongo/errors/connectErrors';
import { readForeignFile, type FileProblem } from '../../files/readForeignFile';

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
  const file = await readForeignFile(isAbsolute(path) ? path : resolve(path), { maxBytes: MOST_BYTES });
  if (!('problem' in file)) return file.bytes;
  throw badConnectionString(
    t('the file of {0} {1}', option, reason(file.problem)),
    t('Correct the path of the file, or take the option out.'),
  );
}

function reason(problem: FileProblem['problem']): string {
  switch (problem) {
    case 'missing':
      return t('does not exist');
    case 'not-here':
      return t('is not on this machine');
    case 'not-a-file':
      return t('is not a file');
    case 'too-large':
      return t('is larger than certificates are');
    case 'too-many':
    case 'unreadable':
      return t('cannot be read');
  }
}
