import type { Draw } from './draw.ts';

export type RandomRegex = {
  /** In Lucene's dialect. */
  readonly written: string;
  /** The same for the platform, with both cases of characters (not of ranges) written out where case is to be ignored. */
  readonly twin: (isInsensitive: boolean) => string;
  /** A text that is likely to match. */
  readonly sample: (draw: Draw) => string;
};

const CHARACTERS = [...'abcAB1 .-\\/"#&@~<>{}()[]|?*+^$', 'é', '😀', '\n'];
const CLASSES = { '\\d': '0-9', '\\w': '0-9A-Za-z_', '\\s': '\\t\\n\\r ' } as const;

export function drawRegex(draw: Draw, depth = 3): RandomRegex {
  switch (depth === 0 ? draw.below(4) : draw.below(9)) {
    case 0:
    case 1:
      return character(draw.one(draw.chance(0.6) ? ['a', 'b', 'A', 'B'] : CHARACTERS));
    case 2:
      return { written: '.', twin: () => '.', sample: from => from.one(CHARACTERS) };
    case 3:
      return set(draw);
    case 4: {
      const quoted = draw.text(['a', 'B', '*', '\\', '|'], 3);
      const parts = [...quoted].map(character);
      return {
        written: `"${quoted}"`,
        twin: isInsensitive => parts.map(part => part.twin(isInsensitive)).join(''),
        sample: () => quoted,
      };
    }
    case 5:
      return repeat(draw, drawRegex(draw, depth - 1));
    case 6:
      return join(draw, '|', depth);
    default:
      return join(draw, '', depth);
  }
}

function character(point: string): RandomRegex {
  const hex = `\\u{${point.codePointAt(0)!.toString(16)}}`;
  const other = point === point.toLowerCase() ? point.toUpperCase() : point.toLowerCase();
  return {
    written: /[a-zA-Z0-9é😀 \n]/u.test(point) ? point : `\\${point}`,
    twin: isInsensitive => (isInsensitive && /[a-z]/i.test(point) ? `[${point}${other}]` : hex),
    sample: from => (from.chance(0.1) ? other : point),
  };
}

function set(draw: Draw): RandomRegex {
  const isNegated = draw.chance(0.3);
  const members = Array.from({ length: 1 + draw.below(3) }, (): RandomRegex => {
    if (draw.chance(0.2)) {
      const name = draw.one(['\\d', '\\w', '\\s'] as const);
      return { written: name, twin: () => CLASSES[name], sample: from => from.one(['1', 'a', ' ']) };
    }
    if (draw.chance(0.3)) {
      const [first, last] = draw.one([
        ['a', 'c'],
        ['A', 'Z'],
        ['0', '9'],
        ['é', '😀'],
      ] as const);
      return {
        written: `${first}-${last}`,
        twin: () => `${first}-${last}`,
        sample: from => from.one([first, last]),
      };
    }
    const one = character(draw.one(CHARACTERS));
    return { ...one, twin: isInsensitive => one.twin(isInsensitive).replace(/^\[|\]$/g, '') };
  });
  const caret = isNegated ? '^' : '';
  return {
    written: `[${caret}${members.map(({ written }) => written).join('')}]`,
    twin: isInsensitive => `[${caret}${members.map(member => member.twin(isInsensitive)).join('')}]`,
    sample: from => (isNegated ? from.one(['x', 'é', 'a']) : from.one(members).sample(from)),
  };
}

function repeat(draw: Draw, inner: RandomRegex): RandomRegex {
  const [sign, least] = draw.one([
    ['?', 0],
    ['*', 0],
    ['+', 1],
    ['{2}', 2],
    ['{0,2}', 0],
    ['{1,}', 1],
    ['{1,3}', 1],
  ] as const);
  return {
    written: `(${inner.written})${sign}`,
    twin: isInsensitive => `(?:${inner.twin(isInsensitive)})${sign}`,
    sample: from => Array.from({ length: least + from.below(2) }, () => inner.sample(from)).join(''),
  };
}

function join(draw: Draw, separator: string, depth: number): RandomRegex {
  const parts = Array.from({ length: 2 + draw.below(2) }, () => drawRegex(draw, depth - 1));
  return {
    written: `(${parts.map(({ written }) => written).join(separator)})`,
    twin: isInsensitive => `(?:${parts.map(part => part.twin(isInsensitive)).join(separator)})`,
    sample: from =>
      separator === '' ? parts.map(part => part.sample(from)).join('') : from.one(parts).sample(from),
  };
}
