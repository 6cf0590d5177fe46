// Imports one module and ends: what a cold start pays before its first event. Plain JavaScript: to strip types Node loads a module of its own, which would be most of what is measured.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

await import(pathToFileURL(resolve(process.argv[2])).href);
process.exit(0);
