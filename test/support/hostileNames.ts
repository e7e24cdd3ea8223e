/** Names of frames, files, processes and collections, and texts of errors, that act where they are not made to be text. */
export const hostileNames = {
  'a link to a command': '[Show the source](command:workbench.action.quickOpen?%22%3Echosen%22)',
  'a link with a title': '[a](https://example.org/x "b")',
  "a link with a title in '": "[a](file:///etc/passwd 'b')",
  'a link in capitals': '[A](COMMAND:x)',
  'nested brackets': '[[a](command:b)](command:c)',
  'a link over lines': '[a\nb](command:c)',
  'a link that appears once something is left out': '[a]\u200b(command:b)',
  'a picture': '![a](https://example.org/x.png)',
  'an icon': '$(zap) fast',
  'an icon that turns': '$(sync~spin)',
  'an icon in an icon': '$$(zap)$(z$(zap)ap)',
  'an escaped icon': '\\$(zap)',
  'a bare address': 'see https://example.org/x and www.example.org',
  'a mail address': 'someone@example.org',
  lines: 'a\nb\r\nc\u2028d\u0085e',
  'a terminal command': 'a\u001b[2J\u001b]52;c;aGk=\u0007\u009b31m\u0008',
  'a link for terminals': '\u001b]8;;http://example.org/\u001b\\click\u001b]8;;\u001b\\',
  'an override': 'a\u202egnp.js\u2066\u200f',
  'zero-width characters': 'ad\u200bmin\u2060\ufeff\u00ad\u{e0041}',
  'half a character': 'a\ud83d',
  'a million characters': 'A'.repeat(1e6),
  'a million brackets': '['.repeat(1e6),
} as const;

/** What no text that was made visible has: controls, marks of direction, what has no width, halves of characters. */
export const UNSEEN_CHARACTERS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}]|[\u{e0000}-\u{e0fff}]/u;
