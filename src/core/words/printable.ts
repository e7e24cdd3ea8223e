/** Names and values of foreign servers must command neither a terminal nor a reader's eye. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '␣');
}
