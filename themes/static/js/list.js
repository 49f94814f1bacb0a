// J and K (or arrows) move through rows with data-list-row; Enter opens; the chosen row stays in view.
const rows = () => [...document.querySelectorAll("[data-list-row]")].filter((row) => row.checkVisibility());

function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row === document.activeElement || row.getAttribute("aria-current") === "true");
  const focused = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max((focused >= 0 ? focused : at) + by, 0), all.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return next;
}

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]") || localStorage.getItem("keys") === "off") return;
  const by = { j: 1, k: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  step(by);
});

// Lists keep their scroll position when a conversation is opened from them and on the way back.
const list = document.querySelector("#list .pane__body");
if (list) {
  const key = `list:${location.pathname.split("/")[1]}`;
  list.scrollTop = Number(sessionStorage.getItem(key) ?? 0);
  list.addEventListener("scroll", () => sessionStorage.setItem(key, list.scrollTop), { passive: true });
  list.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
}
