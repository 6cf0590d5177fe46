export type MailParts = {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: number;
  readonly id: string;
};

/** A message of RFC 5322 in UTF-8 (RFC 6532), so that it can be read in an editor as well. */
export function writeMail({ from, to, subject, text, at, id }: MailParts): string {
  return [
    `From: "${from.name.replace(/["\\]/g, '\\$&')}" <${from.address}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@sns.local>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text.replaceAll(/\r?\n/g, '\r\n'),
  ].join('\r\n');
}
