/** An IPv4 or IPv6 address as one number of 128 bits, IPv4 mapped into IPv6; `null`: the text is not one. */
export function readAddress(text: string): bigint | null {
  if (text.length > 45 || text.length < 2) return null;
  if (!text.includes(':')) {
    const low = readIpv4(text);
    return low === null ? null : (0xffffn << 32n) | low;
  }
  return readIpv6(text);
}

/**
 * A block such as `10.0.0.0/8`, whose bits beyond the prefix are ignored, or one address. `null`: the text is neither.
 */
export type Block = { readonly start: bigint; readonly end: bigint };

export function readBlock(text: string): Block | null {
  const [, address = '', digits] = /^([0-9A-Fa-f:.]{2,45})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const point = readAddress(address);
  const width = address.includes(':') ? 128 : 32;
  const prefix = Number(digits ?? width);
  if (point === null || prefix > width) return null;
  const free = BigInt(width - prefix);
  const start = (point >> free) << free;
  return { start, end: start + (1n << free) - 1n };
}

export function isWithin(address: bigint, { start, end }: Block): boolean {
  return address >= start && address <= end;
}

function readIpv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function readIpv6(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return null;
  const left = readGroups(head, tail === undefined);
  const right = tail === undefined ? [] : readGroups(tail, true);
  if (!left || !right) return null;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...left, ...new Array<bigint>(missing).fill(0n), ...right].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  );
}

function readGroups(text: string, mayEndInIpv4: boolean): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const ipv4 = isLast && mayEndInIpv4 && part.includes('.') ? readIpv4(part) : null;
    if (ipv4 !== null) groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
