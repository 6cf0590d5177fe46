import { relative } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/**
 * Modules of which a start needs nothing are text in the bundle, compiled by the first call into one: V8 parses all
 * functions of a file before it runs the first, and that is a third of an import's cost.
 *
 * A module becomes text with everything that it imports, so no class of its own may be known outside. Its classes, unlike
 * its functions, compile it when they are imported: a module that has some is for a dynamic import.
 *
 * @param paths Absolute paths of the modules; one that the bundle does not import is an error.
 * @param options How the text is bundled.
 */
export const deferred = (paths: readonly string[], options: BuildOptions): Plugin => ({
  name: 'deferred',
  setup: ({ onResolve, onLoad, onEnd, resolve: resolveImport }) => {
    const missing = new Set(paths);
    onResolve({ filter: /^\.\.?\// }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'asked') return;
      const found = await resolveImport(path, { resolveDir, kind, pluginData: 'asked' });
      return paths.includes(found.path) ? { path: found.path, namespace: 'deferred' } : undefined;
    });
    onEnd(() => ({
      errors: [...missing].map(path => ({ text: `${path} is to be deferred, but not imported` })),
    }));
    onLoad({ filter: /.*/, namespace: 'deferred' }, async ({ path }) => {
      missing.delete(path);
      const bundled = await build({
        ...options,
        entryPoints: [path],
        format: 'cjs',
        supported: { 'dynamic-import': false },
        write: false,
      });
      const exported = Object.entries((await import(path)) as Record<string, unknown>);
      const name = relative(options.absWorkingDir ?? '.', path);
      return {
        contents: [
          LOADED,
          `const NAME = ${JSON.stringify(name)}, TEXT = ${JSON.stringify(bundled.outputFiles![0]!.text)};`,
          ...exported.map(([name, value]) => `export const ${name} = ${standIn(name, value)};`),
        ].join('\n'),
        resolveDir: '.',
      };
    });
  },
});

const LOADED = `import { compileFunction } from 'node:vm';
let loaded;
function load() {
  const module = { exports: {} };
  compileFunction(TEXT, ['module', 'require'], { filename: NAME })(module, process.getBuiltinModule);
  return module.exports;
}`;

function standIn(name: string, value: unknown): string {
  if (typeof value !== 'function') return JSON.stringify(value);
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  return isClass ? `(loaded ??= load()).${name}` : `(...given) => (loaded ??= load()).${name}(...given)`;
}
