"use strict";
(() => {
  const texts = document.body.dataset;
  const base = document.querySelector("link[rel=canonical]").href;
  const status = document.querySelector("[role=status]");

  // A picture that is gone leaves no hole.
  for (const picture of document.images) {
    if (picture.complete && !picture.naturalWidth) picture.remove();
    else picture.addEventListener("error", () => picture.remove());
  }

  // Without HTTPS there is no clipboard, and at times there is no right to it.
  const copy = async (address) => {
    try {
      await navigator.clipboard.writeText(address);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = address;
      field.readOnly = true;
      field.className = "unseen";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };

  for (const link of document.querySelectorAll(".copies :not(th) > a")) {
    const button = document.createElement("button");
    const name = link.closest("tr")?.cells[0] ?? link;
    button.type = "button";
    button.textContent = texts.copy;
    button.ariaLabel = `${texts.copy}: ${name.textContent}`;
    button.value = new URL(link.getAttribute("href"), base).href;
    link.parentElement.append(button);
  }
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (!(await copy(button.value))) return void prompt(texts.copy, button.value);
    button.textContent = texts.copied;
    status.textContent = `${texts.copied}: ${button.value}`;
    button.focus();
    setTimeout(() => (button.textContent = texts.copy), 2000);
  });

  const field = document.querySelector("input[type=search]");
  if (!field) return;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = Array.from(document.querySelectorAll("tbody tr"), (row) => [row, plain(row.cells[0].textContent)]);
  const find = () => {
    const words = plain(field.value).split(/\s+/);
    let hits = 0;
    for (const [row, title] of rows) {
      row.hidden = !words.every((word) => title.includes(word));
      hits += !row.hidden;
    }
    for (const list of document.querySelectorAll("section")) list.hidden = !list.querySelector("tbody tr:not([hidden])");
    status.textContent = field.value.trim() && texts.found.replace("{}", hits);
  };
  field.closest("search").hidden = false;
  field.addEventListener("input", find);
  find();
})();
