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
}

/** A page without any data: that arrives by message, so nothing of it can become markup. Only our own script runs. */
export function webviewHtml({
  script,
  style,
  cspSource,
  nonce,
  language,
  title,
  drawsInWorker = false,
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
<script nonce="${nonce}" src="${escapeAttribute(script)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
