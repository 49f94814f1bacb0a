// Any element with data-key="e" is clicked (or focused, if it is a field) by that key; "?" lists them.
// Single keys are off while typing, and altogether with localStorage keys=off (WCAG 2.1.4).
// Layout-independent: the printed character counts, not the place on the keyboard.
const typing = (element) => element.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");

function label(element) {
  return (element.getAttribute("aria-label") || element.placeholder || element.title || element.innerText || "").trim().split("\n")[0];
}

function act(element) {
  if (element.matches("input:not([type=checkbox],[type=radio]), textarea, select")) element.focus();
  else element.click();
}

function showShortcuts() {
  document.getElementById("shortcuts")?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = "shortcuts";
  dialog.className = "dialog dialog--wide";
  dialog.setAttribute("aria-label", "Keyboard shortcuts");
  const list = document.createElement("div");
  list.className = "shortcuts dialog__body";
  const seen = new Map();
  document.querySelectorAll("[data-keys-also]").forEach((element) =>
    element.dataset.keysAlso.split(";").forEach((pair) => seen.set(...pair.split("=").map((part) => part.trim()))));
  document.querySelectorAll("[data-key]").forEach((element) => seen.set(element.dataset.key, label(element)));
  seen.set("?", "Show these shortcuts");
  for (const [key, words] of seen) {
    const line = document.createElement("div");
    line.append(Object.assign(document.createElement("span"), { textContent: words }), Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(line);
  }
  const head = document.createElement("div");
  head.className = "dialog__head";
  head.append(Object.assign(document.createElement("h2"), { textContent: "Keyboard shortcuts" }));
  dialog.append(head, list);
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const command = event.metaKey || event.ctrlKey;
  if (command && event.key === "Enter") {
    const form = event.target.form;
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(event.shiftKey ? "[data-send=close]" : "[data-send]") || form.querySelector("[type=submit]"));
    return;
  }
  if (command || event.altKey || typing(event.target) || document.querySelector("dialog[open]") || localStorage.getItem("keys") === "off") {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    return;
  }
  if (event.key === "?") { event.preventDefault(); showShortcuts(); return; }
  const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && one.checkVisibility());
  if (element) { event.preventDefault(); act(element); }
});

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-shortcuts]")) showShortcuts(); });
