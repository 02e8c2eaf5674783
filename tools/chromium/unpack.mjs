// Unpack the Chromium that the npm package @sparticuz/chromium carries (compressed with
// Brotli) into a folder: chromium, lib/, fonts/ and fonts.conf.
//
// usage: node unpack.mjs FOLDER      beside the node_modules that npm ci has made
import { execFileSync } from 'node:child_process'
import { chmodSync, createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

const folder = process.argv[2]
const packed = join(import.meta.dirname, 'node_modules', '@sparticuz', 'chromium', 'bin')

async function decompress(name, target) {
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(target))
}

mkdirSync(folder, { recursive: true })
await decompress('chromium.br', join(folder, 'chromium'))
chmodSync(join(folder, 'chromium'), 0o755)
// Its libraries (for systems without NSS and the like), its fonts, its software renderer.
for (const name of ['al2023', 'fonts', 'swiftshader']) {
  const archive = join(folder, `${name}.tar`)
  await decompress(`${name}.tar.br`, archive)
  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder])
  rmSync(archive)
}

// The archive's own fonts.conf knows other folders only.
writeFileSync(
  join(folder, 'fonts.conf'),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`,
)
