import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Node's modules are loaded with `process.getBuiltinModule`, each name separately: importing one as an ES module reads
 * all its properties, and those of `node:fs` alone load all of its streams and promises (10 ms of a start), those of
 * `node:http`, which the SDK imports for the first request, all of fetch (20 ms).
 */
export const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path: name, kind }) => {
      if (!isBuiltin(name)) return undefined;
      const path = `node:${name.replace('node:', '')}`;
      if (kind === 'dynamic-import') return { path, namespace: 'builtin-later' };
      const isImport = kind === 'import-statement' && name !== 'node:module';
      return isImport ? { path, namespace: 'builtin', sideEffects: false } : undefined;
    });
    // What is CommonJS for esbuild is copied by getters, none of which is called.
    onLoad({ filter: /.*/, namespace: 'builtin-later' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) as object).filter(name => name !== 'default');
      const lines = names.map(name => `export const ${name} = /* @__PURE__ */ ${got(name)};`);
      const module = `const $module = process.getBuiltinModule('${path}');\nconst $get = name => $module[name];`;
      return { contents: [module, 'export default $module;', ...lines].join('\n') };
    });
  },
};

/** The class ReadStream loads all of Node's streams of files; the SDK asks only whether a body is one. */
function got(name: string): string {
  return name === 'ReadStream'
    ? `({ [Symbol.hasInstance]: value => value instanceof $get('ReadStream') })`
    : `$get('${name}')`;
}

/** Modules of the SDK for which Node would load some of its own. */
export const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(?:createChecksumStream\.browser|readFile)$/ }, () => ({
      path: join(import.meta.dirname, 'unused-by-the-function.ts'),
    })),
};

/**
 * The SDK's descriptions of operations are arrays with computed keys, all of which esbuild keeps, since a key may call a
 * function: 60 kB for S3, of which a start reads all. As calls without effects those that nobody uses go.
 */
export const operationsInUse: Plugin = {
  name: 'operations-in-use',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@aws-sdk\/client-\w+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /^(export var \w+\$? = )(\[(?:.*\]|[\s\S]*?^\]));$/gm,
        '$1/* @__PURE__ */ (() => $2)();',
      ),
    })),
};
