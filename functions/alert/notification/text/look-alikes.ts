import { runsOf } from './runs.ts';

/**
 * Letters of Latin, Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu and Deseret that look like one ASCII letter:
 * Unicode Technical Standard 39, `confusables.txt`.
 */
const LETTERS = [
  String.raw`\u0131\u0184\u018d\u0196\u01a6\u01bd\u01c0\u0251\u0261\u0263\u0269\u026a\u026f\u028b\u028f\u037a`,
  String.raw`\u037f\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03b3`,
  String.raw`\u03b9\u03bd\u03bf\u03c1\u03c3\u03c5\u03d2\u03dc\u03f1-\u03f3\u03f9\u03fa\u0405\u0406\u0408\u0410`,
  String.raw`\u0412\u0415\u041a\u041c-\u041e\u0420-\u0423\u0425\u042c\u0430\u0433\u0435\u043e\u0440\u0441\u0443`,
  String.raw`\u0445\u0455\u0456\u0458\u0461\u0474\u0475\u04ae\u04af\u04bb\u04bd\u04c0\u04cf\u0501\u050c`,
  String.raw`\u051b-\u051d\u054d\u054f\u0555\u0561\u0563\u0566\u0570\u0578\u057c\u057d\u0581\u0584\u0585`,
  String.raw`\u13a0-\u13a2\u13a5\u13a9-\u13ac\u13b3\u13b7\u13bb\u13bd\u13c0\u13c2\u13c3\u13cf\u13d2\u13d4\u13d5`,
  String.raw`\u13d9\u13da\u13de\u13df\u13e2\u13e6\u13e7\u13f3\u13f4\u1d04\u1d0f\u1d11\u1d1c\u1d20-\u1d22\u1d26`,
  String.raw`\u1d83\u1d8c\u1e9d\u1eff\u1fbe\u2c85\u2c8e\u2c92\u2c94\u2c98\u2c9a\u2c9e\u2c9f\u2ca2-\u2ca6\u2ca8`,
  String.raw`\u2cac\u2cd0\ua4d0-\ua4d4\ua4d6\ua4d7\ua4d9\ua4da\ua4dc\ua4dd\ua4df-\ua4e3\ua4e6\ua4e7\ua4ea-\ua4ec`,
  String.raw`\ua4ee\ua4f0\ua4f2-\ua4f4\ua647\ua731\ua798\ua799\ua79f\ua7b2-\ua7b4\uab32\uab35\uab3d\uab47\uab48`,
  String.raw`\uab4e\uab52\uab5a\uab75\uab81\uab83\uab93\uaba9\uabaa\uabaf\u{10404}\u{10415}\u{1041b}\u{10420}`,
  String.raw`\u{1042c}\u{1043d}\u{10448}`,
].join('');

/**
 * Dots, slashes and backslashes of the same table, and the full-width forms. A full-width colon is Chinese punctuation.
 */
const SIGNS = String.raw`\u2024\u2041\u2044\u205a\u2215\u2216\u2236\u2571\u27cb\u27cd\u29f5\u29f8\u29f9\ua4f8\ua60e\ua789\ufe52\ufe68\uff0e\uff0f\uff3c\uff61`;

const LETTER = new RegExp(`[${LETTERS}]`, 'u');
const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu'].map(name => ({
  /** Looked for instead of a whole word of this script: of millions of letters the engine has no stack for that. */
  foreign: new RegExp(String.raw`[^\p{Script=${name}}\p{M}\p{N}]`, 'u'),
  /** A letter that looks like no ASCII letter: the text really is in this script. */
  ownLetter: new RegExp(String.raw`(?![${LETTERS}])\p{Script=${name}}`, 'u'),
}));
const FOREIGN =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const SIGN = new RegExp(`[${SIGNS}]|(?<=[A-Za-z0-9])\u3002(?=[A-Za-z0-9])`, 'gu');

/**
 * The offsets of characters that only look like ASCII: in a part of a name with ASCII letters every look-alike and
 * every letter of these scripts; a part whose letters are all look-alikes; signs of paths and hosts. A word of
 * look-alikes without a dot is ordinary in a text with other letters of its script, such as a folder in a path of
 * Russian names.
 */
export function* lookAlikesIn(text: string): Generator<number> {
  if (/^[\x20-\x7e]*$/.test(text)) return;
  for (const { index } of text.matchAll(SIGN)) yield index;
  const written = SCRIPTS.filter(({ ownLetter }) => ownLetter.test(text));
  for (const { run: word, index } of runsOf(text, /[\p{L}\p{M}\p{N}_.-]{1,4096}/gu)) {
    if (/^[\x20-\x7e]*$/.test(word)) continue;
    let at = index;
    for (const part of word.split(/([_.-])/)) {
      const letters = part.match(/\p{L}/gu) ?? [];
      const isMixed = /[A-Za-z]/.test(part);
      const isDressed = letters.every(letter => LETTER.test(letter));
      if (
        isMixed ||
        (isDressed && (word.includes('.') || !written.some(script => !script.foreign.test(part))))
      )
        yield* offsetsIn(part, at, isMixed);
      at += part.length;
    }
  }
}

function* offsetsIn(part: string, from: number, isMixed: boolean): Generator<number> {
  let at = from;
  for (const character of part) {
    if (LETTER.test(character) || (isMixed && FOREIGN.test(character))) yield at;
    at += character.length;
  }
}
