import type { ToFlamePage } from '../../../src/core/protocol/flame';
import type { FlameHost } from './connectHost';

/** A report has its profile in the document. */
export function embeddedProfile(): HTMLElement | null {
  return document.getElementById('heatlens-columns');
}

/** Offline, in any browser: nobody is around the page, which has everything that it shows. */
export function reportChannel(embedded: HTMLElement): FlameHost {
  let receive: (message: ToFlamePage) => void = () => undefined;
  const tell = async (): Promise<void> => {
    try {
      const data = await embeddedBytes(embedded);
      const comparison = document.getElementById('heatlens-comparison');
      const before = comparison ? await embeddedBytes(comparison) : undefined;
      receive({ type: 'profile', data, live: false, titles: [document.title], active: 0 });
      if (before) receive({ type: 'comparison', data: before });
    } catch (error) {
      receive({
        type: 'failure',
        message: `The report cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        nextStep: 'It may have been cut off when it was saved or sent. Export it again.',
      });
    }
  };
  return {
    kind: 'report',
    texts: {},
    post: (message) => {
      if (message.type === 'ready') void tell();
    },
    listen: (listener) => {
      receive = listener;
    },
    savedState: () => undefined,
    saveState: () => undefined,
  };
}

/** Base64 of columns, gzipped or not. */
async function embeddedBytes(element: HTMLElement): Promise<ArrayBuffer> {
  const letters = atob((element.textContent ?? '').replace(/\s+/g, ''));
  // It may be many megabytes, and is needed once.
  element.textContent = '';
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.buffer;
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(unzipped).arrayBuffer();
}

/** Hands a file to the browser. */
export function download(data: ArrayBuffer | string, name: string): void {
  const type = name.endsWith('.svg') ? 'image/svg+xml' : 'image/png';
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
