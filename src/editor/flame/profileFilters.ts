import * as vscode from 'vscode';
import { askFiles } from '../messages/questions';

/** For file dialogs: everything that opens as a flame graph. */
function profileFilters(): Record<string, string[]> {
  return {
    [vscode.l10n.t('Profiles')]: ['cpuprofile', 'heapprofile', 'pprof', 'pb.gz', 'gz', 'json', 'folded', 'txt'],
    [vscode.l10n.t('All files')]: ['*'],
  };
}

export async function chooseProfile(title: string): Promise<vscode.Uri | undefined> {
  return (await askFiles({ title, filters: profileFilters() }))?.[0];
}
