import { shownDatum, type Text } from '../text/text.ts';

/**
 * Slack's dialect, as Amazon Q passes it on: data and literals in code spans, in which the encoding leaves
 * nothing that could end the span; our own prose with its three active characters as entities.
 */
export function chatText(text: Text): string {
  return text
    .map(piece => {
      if (typeof piece === 'string') return escapeChat(piece);
      if ('data' in piece)
        return codeSpan(shownDatum({ ...piece, most: Math.min(piece.most, LONGEST_IN_CHAT) }));
      if ('query' in piece) return piece.query;
      if ('link' in piece) return piece.link;
      return codeSpan(escapeChat(piece.code).replaceAll('`', "'"));
    })
    .join('');
}

const LONGEST_IN_CHAT = 160;

const codeSpan = (text: string): string => (text === '' ? '' : `\`${text}\``);

const escapeChat = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A link of ours. `bare` is also understood by Teams, which takes bar, label and `&amp;` as parts of the address. */
export const chatLink = (address: string, label: string, form: 'labelled' | 'bare' = 'labelled'): string =>
  form === 'bare' ? `${escapeChat(label)} ${address}` : `<${escapeChat(address)}|${escapeChat(label)}>`;
