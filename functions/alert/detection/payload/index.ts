/** What Windows will run because of a value, read from its data. */

export { type Address, isTopLevelDomain } from './addresses.ts';
export { type CommandFacts, commandFacts } from './command-facts.ts';
export type { PayloadCommand } from './commands.ts';
export type { DecodedLayer, Inflate } from './decode.ts';
export { type Folder, folderOf } from './folder.ts';
export { interpretedFiles } from './interpreted-files.ts';
export { type Payload, type PayloadSource, readPayload } from './payload.ts';
export { isOwnShell, type SeenRunning, seenRunning } from './seen-running.ts';
