import { appendFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type OnResolveResult, type Plugin } from 'esbuild';

/**
 * Modules of which a start needs nothing are comments at the end of the bundle, read and compiled by the first call into
 * one: V8 parses all functions of a file before it runs the first, and that is a third of an import's cost. As strings
 * they would cost 2 ms of it: V8 copies and hashes a string, and skips a comment.
 *
 * A module becomes text with everything that it imports, except the other modules of `paths`, which are texts of their own,
 * and the modules of `shared`, whose classes are the same on both sides. Its own classes, unlike its functions, compile it when they are imported: a module that has some is for a
 * dynamic import. What is neither a function nor JSON is not exported.
 *
 * @param paths Absolute paths of the modules; one that the bundle does not import is an error.
 * @param shared Absolute paths as well.
 * @param options How the text is bundled.
 */
export const deferred = (
  paths: readonly string[],
  shared: readonly string[],
  options: BuildOptions,
): Plugin => ({
  name: 'deferred',
  setup: build => {
    const missing = new Set(paths);
    const comments: string[] = [];
    redirect(build, paths, path => ({ path, namespace: 'deferred' }));
    build.onResolve({ filter: /.*/, namespace: 'deferred' }, ({ path }) =>
      paths.includes(path) ? { path, namespace: 'deferred' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'deferred' }, async ({ path }) => {
      missing.delete(path);
      const name = relative(options.absWorkingDir ?? '.', path);
      const exported = Object.entries((await import(pathToFileURL(path).href)) as Record<string, unknown>);
      const others = [...shared, ...paths.filter(other => other !== path)];
      const text = await textOf(path, others, options);
      comments.push(commentOf(name, text));
      const used = [...others.keys()].filter(at => text.includes(`"shared${at}"`));
      const contents = [
        ...used.map(at => `import * as shared${at} from ${JSON.stringify(others[at])};`),
        `const SHARED = { ${used.map(at => `shared${at}`).join(', ')} };`,
        `const NAME = ${JSON.stringify(name)};`,
        LOAD,
        ...exported.flatMap(([name, value]) => standIn(name, value)),
      ];
      return { contents: contents.join('\n'), resolveDir: '.' };
    });
    build.onEnd(({ errors }) => {
      const { absWorkingDir = '.', outfile } = build.initialOptions;
      if (errors.length === 0 && outfile)
        appendFileSync(resolve(absWorkingDir, outfile), comments.toSorted().join(''));
      return { errors: [...missing].map(path => ({ text: `${path} is to be deferred, but not imported` })) };
    });
  },
});

const LOAD = `let loaded;
function load() {
  const module = { exports: {} };
  const require = name => SHARED[name] ?? process.getBuiltinModule(name);
  const file = process.getBuiltinModule('node:fs').readFileSync(import.meta.filename, 'latin1');
  const at = file.indexOf('\\n//# ' + NAME + ' ');
  if (at < 0) throw new Error(NAME + ' is missing in ' + import.meta.filename + '; was it replaced while it ran?');
  const text = JSON.parse(file.slice(at + NAME.length + 6, file.indexOf('\\n', at + 1)));
  process.getBuiltinModule('node:vm').compileFunction(text, ['module', 'require'], { filename: NAME })(module, require);
  return module.exports;
}`;

/** A text as one line of ASCII, which nothing in it ends. */
function commentOf(name: string, text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `\n//# ${name} ${JSON.stringify(text).replaceAll(/[^ -~]/g, escaped)}\n`;
}

function standIn(name: string, value: unknown): readonly string[] {
  if (typeof value === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    const call = isClass
      ? `(loaded ??= load()).${name}`
      : `(...given) => (loaded ??= load()).${name}(...given)`;
    return [`export const ${name} = ${call};`];
  }
  const isJson = typeof value !== 'object' || Array.isArray(value);
  return isJson ? [`export const ${name} = ${JSON.stringify(value)};`] : [];
}

async function textOf(path: string, shared: readonly string[], options: BuildOptions): Promise<string> {
  const others: Plugin = {
    name: 'shared',
    setup: build =>
      redirect(build, shared, path => ({ path: `shared${shared.indexOf(path)}`, external: true })),
  };
  const { outputFiles } = await build({
    ...options,
    plugins: [others, ...(options.plugins ?? [])],
    entryPoints: [path],
    format: 'cjs',
    supported: { 'dynamic-import': false },
    write: false,
  });
  return outputFiles![0]!.text;
}

/** Where a module of these is imported, by whatever path. */
function redirect(
  { onResolve, resolve }: Parameters<Plugin['setup']>[0],
  files: readonly string[],
  to: (path: string) => OnResolveResult,
): void {
  const names = files.map(file => basename(file).replaceAll('.', '\\.'));
  // Only of those names: esbuild waits for this process at each import that the filter lets through.
  onResolve(
    { filter: new RegExp(`^\\.\\.?/(?:.*/)?(?:${names.join('|')})$`) },
    async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'asked') return;
      const found = await resolve(path, { resolveDir, kind, pluginData: 'asked' });
      return files.includes(found.path) ? to(found.path) : undefined;
    },
  );
}
