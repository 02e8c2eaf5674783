// Copies what browsers need from node_modules into static/vendor/ (not committed).
//
// A browser does not know what `import … from "libsodium-sumo"` means, and an import map would have
// to be an inline script, which our content security policy forbids: the copy names the file instead.
// Usage: npm run vendor

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const vendor = join(root, "static", "vendor");

/** Files taken as they are: [from node_modules, to static/vendor]. */
const COPIES = [
  ["libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs", "libsodium/libsodium-sumo.mjs"],
  [
    "libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.d.mts",
    "libsodium/libsodium-wrappers.d.mts",
  ],
  ["libsodium-wrappers-sumo/LICENSE", "libsodium/LICENSE"],
  ["@picocss/pico/css/pico.min.css", "pico/pico.min.css"],
  ["@picocss/pico/css/pico.classless.min.css", "pico/pico.classless.min.css"],
  ["@picocss/pico/LICENSE.md", "pico/LICENSE.md"],
];

/** Files whose bare import is replaced by a path: [from, to, import, path]. */
const REWRITES = [
  [
    "libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs",
    "libsodium/libsodium-wrappers.mjs",
    'from"libsodium-sumo"',
    'from"./libsodium-sumo.mjs"',
  ],
];

await rm(vendor, { recursive: true, force: true });
for (const [from, to] of COPIES) {
  const target = join(vendor, to);
  await mkdir(dirname(target), { recursive: true });
  await cp(join(modules, from), target);
}
for (const [from, to, bare, path] of REWRITES) {
  const source = await readFile(join(modules, from), "utf8");
  if (source.split(bare).length !== 2) {
    throw new Error(
      `${from}: expected exactly one ${bare}; look at the new version of the package`,
    );
  }
  await writeFile(join(vendor, to), source.replace(bare, path));
}
