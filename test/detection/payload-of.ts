import { type PayloadSource, readPayload } from '../../functions/alert/detection/payload/index.ts';
import { inflateStart } from '../../functions/alert/pipeline/inflate-start.ts';
import type { PayloadForm } from '../../functions/alert/ruleset/index.ts';

/** A value of the Run key, but for what `more` says. */
export const payloadOf = (
  data: string | readonly string[],
  form: PayloadForm | null = null,
  more: Partial<PayloadSource> = {},
) =>
  readPayload({
    type: 'REG_SZ',
    key: 'Software\\Microsoft\\Windows\\CurrentVersion\\Run',
    value: 'x',
    data: typeof data === 'string' ? [data] : data,
    form,
    inflate: inflateStart,
    ...more,
  });

/** As PowerShell encodes a command. */
export const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');
