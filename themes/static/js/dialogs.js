// `commandfor` + `command` open and close dialogs natively; this serves browsers that do not know them yet,
// closes on a click beside the dialog, and opens those the server wants shown (data-open).
const native = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target instanceof HTMLDialogElement && target.open) target.close();
  const button = target.closest?.("button[commandfor]");
  if (!button || native) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") dialog?.showModal();
  if (button.getAttribute("command") === "close") dialog?.close();
});

function openWanted() {
  document.querySelectorAll("dialog[data-open]:not([open])").forEach((dialog) => {
    dialog.removeAttribute("data-open");
    dialog.showModal();
  });
}
openWanted();
document.addEventListener("htmx:after:swap", openWanted);
