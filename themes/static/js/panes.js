// Small screens: [data-toggle-pane="context"] slides a pane in; a click outside or Escape puts it away.
const open = () => document.querySelector(".pane.is-open");

document.addEventListener("click", (event) => {
  const toggle = event.target.closest?.("[data-toggle-pane]");
  const shown = open();
  if (toggle) {
    const pane = document.getElementById(toggle.dataset.togglePane);
    pane?.classList.toggle("is-open");
    if (pane?.classList.contains("is-open")) pane.querySelector("a, button, input")?.focus();
  }
  if (shown && !shown.contains(event.target)) shown.classList.remove("is-open");
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") open()?.classList.remove("is-open"); });
