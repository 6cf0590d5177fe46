// Imports one module and ends: what a cold start pays before its first event.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

await import(pathToFileURL(resolve(process.argv[2]!)).href);
process.exit(0);
