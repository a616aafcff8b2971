// Opens pages in Chromium as people have it, uses them, and holds them against the rules of axe-core.
//
//   node browser.mjs PAGES FOLDER
//
// PAGES is a JSON array of { name, url, feed, count, slow }; `feed` is the public address that the first button copies, `count` how many
// feeds can be searched, and a `slow` page is held against axe-core once. Pictures of all go into FOLDER.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.SYNDICATED_BROWSER}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [pages, folder] = [JSON.parse(process.argv[2]), process.argv[3]];

const LOOKS = {
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  narrow: { viewport: { width: 280, height: 600 } },
  plain: { javaScriptEnabled: false },
};
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

const browser = await chromium.launch({ executablePath: process.env.SYNDICATED_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A page in a look; whatever it says, and all that it asks others for, is an error, but for pictures. */
async function open({ url }, look, more = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 1100 }, ...LOOKS[look], ...more });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => (said.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  await page.route((to) => to.origin !== new URL(url).origin, (route) => {
    if (route.request().resourceType() !== "image") said.push(`asks for ${route.request().url()}`);
    return route.request().url().includes("/gone") ? route.fulfill({ status: 404 }) : route.fulfill({ body: PICTURE, contentType: "image/png" });
  });
  await page.goto(url);
  return { page, said, close: () => context.close() };
}

/** What a person sees who only looks. */
async function looked(it, look) {
  const { page, said, close } = await open(it, look);
  await page.screenshot({ path: `${folder}/${it.name}-${look}.png`, fullPage: !it.slow });
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]).catch(() => [0, 0]);
  assert(wide <= room, `${it.name} ${look}: ${wide} pixels wide in ${room}`);
  assert.equal(await page.evaluate(() => window.ran), undefined, "something of a post ran");
  assert.equal(await page.locator("button").count() > 0, look !== "plain");
  assert.equal(await page.locator("search").isVisible().catch(() => false), look !== "plain" && it.count > 1);
  if (look !== "plain" && look !== "narrow" && (!it.slow || look === "light")) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}\n${nodes[0].failureSummary}`);
    assert.deepEqual(told, [], `${it.name} ${look}`);
  }
  assert.deepEqual(said.filter((text) => !text.includes("404")), [], `${it.name} ${look}`);
  await close();
}

/** Subscribe, copy, find. */
async function used(it) {
  const { page, said, close } = await open(it, "light", { permissions: ["clipboard-read", "clipboard-write"] });
  const button = page.locator("button").first();
  const label = await button.textContent();
  await button.click();
  await page.waitForFunction((label) => document.querySelector("button").textContent !== label, label);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), it.feed);
  assert((await page.locator("[role=status]").textContent()).includes(it.feed));
  // Without a clipboard, as on hosts without HTTPS.
  await page.evaluate(() => navigator.clipboard.writeText("nothing"));
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.waitForFunction((label) => document.querySelector("button").textContent === label, label);
  await button.click();
  await page.waitForFunction((label) => document.querySelector("button").textContent !== label, label);
  assert.equal(await page.locator("textarea").count(), 0);
  // With the keyboard alone.
  await page.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert(await page.locator("details ol").isVisible());
  await page.screenshot({ path: `${folder}/${it.name}-open.png` });
  if (it.count > 1) {
    const rows = page.locator("tbody tr:visible");
    const name = await rows.nth(Math.floor(it.count / 3)).locator("th").innerText();
    const began = Date.now();
    await page.locator("input").fill(name.toUpperCase());
    assert((await rows.count()) >= 1 && (await rows.count()) < it.count, `${name}: ${await rows.count()} rows`);
    console.log(`${it.name}: ${await rows.count()} of ${it.count} found in ${Date.now() - began} ms`);
    await page.screenshot({ path: `${folder}/${it.name}-found.png` });
    await page.locator("input").fill("no such feed anywhere");
    assert.equal(await rows.count(), 0);
    assert.match(await page.locator("[role=status]").textContent(), /0/);
    await page.locator("input").fill("");
    assert.equal(await rows.count(), it.count);
  }
  assert.deepEqual(said.filter((text) => !text.includes("404")), [], it.name);
  await close();
}

/** What gets onto a page in spite of all can do nothing. */
async function attacked(it) {
  const { page, said, close } = await open(it, "light");
  await page.evaluate(() => {
    for (const [name, set] of [
      ["script", (element) => (element.textContent = "window.ran = 1")],
      ["script", (element) => (element.src = "https://evil.example/x.js")],
      ["iframe", (element) => (element.src = "https://evil.example/")],
      ["link", (element) => ((element.rel = "stylesheet"), (element.href = "https://evil.example/x.css"))],
      ["base", (element) => (element.href = "https://evil.example/")],
    ]) {
      const element = document.createElement(name);
      set(element);
      document.body.append(element);
    }
    const holder = document.createElement("p");
    holder.innerHTML = "<b onclick='window.ran = 1' style='color:red'>x</b><form action='https://evil.example/'><button id=go>";
    document.body.append(holder);
    holder.querySelector("b").click();
    holder.querySelector("form").submit();
  });
  await page.waitForLoadState("networkidle");
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert(!said.some((text) => text.startsWith("asks for")), said.join("\n"));
  assert(said.filter((text) => text.includes("Content Security Policy")).length >= 6, said.join("\n"));
  await close();
}

for (const it of pages) {
  for (const look of Object.keys(LOOKS)) await looked(it, look);
  await used(it);
  if (!it.slow) await attacked(it);
  console.log(`${it.name}: as it should be`);
}
await browser.close();
console.log("all of it holds");
