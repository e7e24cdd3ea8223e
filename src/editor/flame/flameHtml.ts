export interface FlameAssets {
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
}

/**
 * The page without any data: profiles arrive by message, so nothing of a profile can become markup. Only our own script runs;
 * its worker is made of that script's text as a blob, because a webview may not start workers from another origin.
 */
export function flameHtml({ script, style, cspSource, nonce, language, title }: FlameAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    'worker-src blob:',
    `connect-src ${cspSource}`,
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
