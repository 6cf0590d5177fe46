import { registerHooks } from 'node:module';

/** Preloaded before the runtime interface client: where it asks for its native part it gets the one beside this file. */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node'
      ? { url: new URL('rapid-client.mjs', import.meta.url).href, shortCircuit: true }
      : nextResolve(specifier, context),
});
