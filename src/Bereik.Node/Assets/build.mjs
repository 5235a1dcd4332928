// Makes Assets/dist: one style sheet (library themed by theme.scss, then bereik.css), the small script, the icon, the font and its licence.
// Runs `npm ci` itself, under a lock, so that two builds at the same time install and build once.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const assets = dirname(fileURLToPath(import.meta.url));
const project = dirname(assets);
const dist = join(assets, "dist");
const stamp = join(dist, "build.stamp");
const lock = join(assets, ".build.lock");
const inputs = [
  join(project, "package.json"), join(project, "package-lock.json"),
  ...readdirSync(assets).filter(name => /\.(mjs|scss|css|js|svg)$/.test(name)).map(name => join(assets, name)),
];

const changed = path => existsSync(path) ? statSync(path).mtimeMs : 0;
const upToDate = () => existsSync(stamp) && inputs.every(input => changed(input) <= changed(stamp));
const sleep = milliseconds => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function takeLock() {
  for (let waited = 0; ; waited += 200) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (ownerIsGone()) rmSync(lock, { force: true });
    else if (waited > 300_000) throw new Error(`Another build has held ${lock} for five minutes.`);
    else sleep(200);
  }
}

function ownerIsGone() {
  let owner;
  try {
    owner = Number(readFileSync(lock, "utf8"));
  } catch {
    return false; // released meanwhile
  }
  if (!owner) return false; // just created, not yet written
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function install() {
  const installed = join(project, "node_modules", ".package-lock.json");
  if (changed(installed) >= changed(join(project, "package-lock.json"))) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: project, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
}

function fontFaces(font, target) {
  // wght.css holds one block per script (latin, greek, ...); the browser fetches only the scripts a page uses.
  const css = readFileSync(join(font, "wght.css"), "utf8");
  return css.replaceAll(/url\(\.\/files\/([a-z0-9-]+\.woff2)\)/g, (_, name) => {
    copyFileSync(join(font, "files", name), join(target, name));
    return `url(${name})`;
  });
}

async function build() {
  const sass = await import("sass");
  const target = `${dist}.${process.pid}`;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const font = join(project, "node_modules", "@fontsource-variable", "source-sans-3");
  const library = sass.compile(join(assets, "theme.scss"), { style: "compressed", quietDeps: true }).css;
  const own = sass.compileString(readFileSync(join(assets, "bereik.css"), "utf8"), { syntax: "css", style: "compressed" }).css;
  const faces = sass.compileString(fontFaces(font, target), { syntax: "css", style: "compressed" }).css;
  writeFileSync(join(target, "bereik.css"),
    [faces, library, own].map(part => part.replace(/^\uFEFF|^@charset "UTF-8";/, "")).join("\n"));
  copyFileSync(join(assets, "bereik.js"), join(target, "bereik.js"));
  copyFileSync(join(assets, "icon.svg"), join(target, "icon.svg"));
  copyFileSync(join(font, "LICENSE"), join(target, "source-sans-3-OFL.txt"));
  copyFileSync(join(assets, "govuk-frontend-MIT.txt"), join(target, "govuk-frontend-MIT.txt"));
  writeFileSync(join(target, "build.stamp"), "");
  rmSync(dist, { recursive: true, force: true });
  renameSync(target, dist);
}

if (!upToDate()) {
  takeLock();
  try {
    if (!upToDate()) {
      install();
      await build();
    }
  } finally {
    rmSync(lock, { force: true });
  }
}
