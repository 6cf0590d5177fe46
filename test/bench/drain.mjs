// The limit: decompresses each file with Node's own decoder in 256 KB pieces and looks at nothing.
import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';

let bytes = 0;
for (const path of process.argv.slice(2)) {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const chunkSize = 256 * 1024;
  const stream = path.endsWith('.gz')
    ? file.pipe(createGunzip({ chunkSize }))
    : path.endsWith('.zst')
      ? file.pipe(createZstdDecompress({ chunkSize }))
      : file;
  for await (const chunk of stream) bytes += chunk.length;
}
process.stdout.write(`${bytes}\n`);
