export type MailParts = {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: number;
  readonly id: string;
};

/** A message by RFC 5322 and MIME, as a mail program opens it. */
export function writeMail({ from, to, subject, text, at, id }: MailParts): string {
  const bytes = Buffer.from(text);
  const isMostlyAscii = bytes.filter(byte => byte > 127).length * 5 < bytes.length;
  return [
    `From: ${phrase(from.name)} <${from.address}>`,
    `To: <${to}>`,
    header('Subject', subject),
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@sns.local>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Transfer-Encoding: ${isMostlyAscii ? 'quoted-printable' : 'base64'}`,
    '',
    isMostlyAscii ? quotedPrintable(text) : base64Lines(bytes),
  ].join('\r\n');
}

function phrase(name: string): string {
  return /^[\x20-\x7e]*$/.test(name)
    ? `"${name.replace(/["\\]/g, '\\$&')}"`
    : encodedWords(name, 6).join('\r\n ');
}

function header(name: string, value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) && !value.includes('=?')) return `${name}: ${value}`;
  return `${name}: ${encodedWords(value, name.length + 2).join('\r\n ')}`;
}

/** RFC 2047: words of at most 75 characters, none ending within a character. */
function encodedWords(text: string, indent: number): string[] {
  const words: string[] = [];
  let current = '';
  for (const character of text) {
    const room = words.length === 0 ? 75 - indent : 75;
    const length = 12 + 4 * Math.ceil(Buffer.byteLength(current + character) / 3);
    if (length > room && current !== '') {
      words.push(current);
      current = '';
    }
    current += character;
  }
  return [...words, current].map(word => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`);
}

function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
}

/** RFC 2045, 6.7: lines of at most 76 characters; a soft break is a `=` at the end. */
function quotedPrintable(text: string): string {
  return text
    .split(/\r?\n/)
    .map(line => {
      const bytes = Buffer.from(line);
      let out = '';
      let width = 0;
      for (const [at, byte] of bytes.entries()) {
        const isLast = at === bytes.length - 1;
        const isPlain =
          (byte >= 33 && byte <= 126 && byte !== 61) || ((byte === 32 || byte === 9) && !isLast);
        const token = isPlain
          ? String.fromCharCode(byte)
          : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
        if (width + token.length > (isLast ? 76 : 75)) {
          out += '=\r\n';
          width = 0;
        }
        out += token;
        width += token.length;
      }
      return out;
    })
    .join('\r\n');
}
