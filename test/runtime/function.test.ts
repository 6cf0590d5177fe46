import { afterAll, describe, expect, it } from 'vitest';
import { type LocalFunction, startFunction } from './function.ts';

const started: LocalFunction[] = [];
afterAll(() => Promise.all(started.map(one => one.stop())));

async function start(fixture: string, env: Record<string, string> = {}): Promise<LocalFunction> {
  const one = await startFunction({ bundle: `test/runtime/fixtures/${fixture}.mjs`, env, isFixture: true });
  started.push(one);
  return one;
}

describe('a function under the runtime interface client', () => {
  it('answers, stays warm, and keeps its log lines apart', async () => {
    const echo = await start('echo');
    const first = await echo.invoke({ say: 'a' }, { deadlineMs: 5000 });
    expect(first.result).toMatchObject({ said: 'a', count: 1 });
    expect((first.result as { left: number }).left).toBeGreaterThan(3000);
    const second = await echo.invoke({ say: 'b' });
    expect(second.result).toMatchObject({ said: 'b', count: 2 });
    expect(second.logs).toHaveLength(1);
    expect(JSON.parse(JSON.parse(second.logs[0]!).message)).toEqual({ seen: 'b', count: 2 });
    expect(echo.starts).toBe(1);
  });

  it('reports a thrown error by its type', async () => {
    const echo = await start('echo');
    const { error, logs } = await echo.invoke({ fail: 'on purpose' });
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'on purpose' });
    expect(logs.join('\n')).toContain('"errorType":"TypeError"');
    await expect(echo.call({ fail: 'again' })).rejects.toThrow('TypeError: again');
    expect(await echo.call({ say: 'c' })).toMatchObject({ count: 3 });
  });

  it('starts anew after a kill, an exit and a timeout', async () => {
    const echo = await start('echo');
    expect((await echo.invoke({ sleepMs: 10_000 }, { killAfterMs: 50 })).error).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('signal: killed'),
    });
    expect((await echo.invoke({ exit: true })).error?.errorMessage).toContain('exit status 3');
    const late = await echo.invoke({ sleepMs: 10_000 }, { deadlineMs: 100 });
    expect(late.error).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await echo.invoke({ say: 'd' })).result).toMatchObject({ count: 1 });
    expect(echo.starts).toBe(4);
  });

  it('gives the function no more of the environment than it was given', async () => {
    const echo = await start('echo', { ONLY: 'this' });
    expect((await echo.invoke({ say: 'e' })).result).toMatchObject({
      cwd: expect.stringContaining('fixtures'),
    });
  });

  it.each([
    ['broken', 'RangeError'],
    ['callback', 'Runtime.CallbackHandlerDeprecated'],
    ['absent', 'Runtime.ImportModuleError'],
  ])('says why %s cannot start: %s', async (fixture, errorType) => {
    const one = await start(fixture);
    expect(one.initError).toMatchObject({ errorType });
    expect((await one.invoke({})).error).toMatchObject({ errorType });
    expect(one.starts).toBe(2);
  });
});
