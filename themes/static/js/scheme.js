// The reader's own choice of light or dark, kept in this browser; without one the page follows the device.
const KEY = "scheme";
const root = document.documentElement;
const stored = localStorage.getItem(KEY);
if (stored) root.dataset.scheme = stored;

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-scheme-switch]")) return;
  const device = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.scheme = (root.dataset.scheme || device) === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, root.dataset.scheme);
});
