/**
 * Splits a stream of text into lines. Only new text is searched, so a profile of many megabytes that comes in small
 * chunks costs no more than its length.
 */
export function lineReader(
  onLine: (line: string) => void,
  onTooLong?: { limit: number; report: () => void },
): (chunk: string) => void {
  let parts: string[] = [];
  let held = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      parts.push(chunk.slice(start, end));
      const isTooLong = onTooLong !== undefined && held + end - start > onTooLong.limit;
      const line = isTooLong ? '' : parts.join('');
      parts = [];
      held = 0;
      start = end + 1;
      if (isTooLong) onTooLong.report();
      else onLine(line);
    }
    if (start === chunk.length) return;
    parts.push(chunk.slice(start));
    held += chunk.length - start;
    if (onTooLong && held > onTooLong.limit) {
      parts = [];
      held = 0;
      onTooLong.report();
    }
  };
}
