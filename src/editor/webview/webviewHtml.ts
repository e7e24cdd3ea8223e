import { PAGE_DATA_ID, type PageData } from '../../core/protocol/page';

export interface WebviewAssets {
  /** As URIs of the webview. */
  readonly script: string;
  readonly style: string;
  /** Origin of those URIs, as `webview.cspSource`. */
  readonly cspSource: string;
  /** Unguessable, new for each page. */
  readonly nonce: string;
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  /**
   * For a page that draws pictures and works in a worker: that is made of the script's text as a blob, because a webview may
   * not start workers from another origin.
   */
  readonly drawsInWorker?: boolean;
  readonly data?: PageData;
}

/**
 * A page without what it shows: that arrives by message, so nothing of it can become markup. Only our own script runs; the
 * page's data are JSON, which nothing runs.
 */
export function webviewHtml({
  script,
  style,
  cspSource,
  nonce,
  language,
  title,
  drawsInWorker = false,
  data = {},
}: WebviewAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    ...(drawsInWorker ? [`img-src ${cspSource} data: blob:`, 'worker-src blob:', `connect-src ${cspSource}`] : []),
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(title)}</title>
<link rel="stylesheet" href="${escapeAttribute(style)}">
</head>
<body>
${dataBlock(data)}<script nonce="${nonce}" src="${escapeAttribute(script)}"></script>
</body>
</html>
`;
}

/** Without `<` it cannot end its element. */
function dataBlock(data: PageData): string {
  const json = JSON.stringify(data);
  if (json === '{}') return '';
  return `<script type="application/json" id="${PAGE_DATA_ID}">${json.replaceAll('<', '\\u003c')}</script>\n`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
