// Compiles the stylesheet and copies the GOV.UK Frontend script into static/govuk/.
//
// Run by `npm run build` or `node lisapp/design/build.mjs`. It reads only this folder and node_modules, and it
// writes a file only when its content has changed, so that a running development server is not disturbed.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const target = path.join(root, "static", "govuk");
const modules = path.join(root, "node_modules");

async function writeIfChanged(name, content) {
  const file = path.join(target, name);
  const before = await readFile(file).catch(() => null);
  if (before === null || !before.equals(content)) {
    await writeFile(file, content);
  }
  console.log(`static/govuk/${name} ${(content.length / 1024).toFixed(1)} kB`);
}

await mkdir(target, { recursive: true });

const { css } = sass.compile(path.join(root, "lisapp/design/scss/lis.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
});
await writeIfChanged("lis.css", Buffer.from(css));

const script = "govuk-frontend.min.js";
const source = await readFile(path.join(modules, "govuk-frontend/dist/govuk", script));
// The script is copied without its source map, so the comment that points at one must go.
await writeIfChanged(script, Buffer.from(source.toString().replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n")));
