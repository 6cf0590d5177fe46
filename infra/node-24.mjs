// Runs on any Node, so that another platform's first command says what it lacks instead of a syntax error.
const major = Number.parseInt(process.versions.node, 10);
if (major !== 24) {
  console.error(`Node 24 is needed; this is ${process.version}. On Linux x64 and arm64 npm ci brings it; elsewhere install Node 24 and run again.`);
  process.exit(1);
}
