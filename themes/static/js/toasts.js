// Toasts stay 6 seconds, longer under the pointer or focus; those that report trouble stay until dismissed.
const SHOWN = 6000;
const region = document.getElementById("toasts");

function leave(element) {
  let timer;
  const start = () => { timer = setTimeout(() => element.remove(), SHOWN); };
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerenter", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", stop);
  element.addEventListener("focusout", start);
  start();
}

export function toast(text, tone = "message") {
  const template = document.getElementById("toast-template");
  if (!region || !template) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("span").textContent = text;
  element.classList.toggle("toast--danger", tone === "danger");
  region.append(element);
  if (tone !== "danger") leave(element);
}

region?.addEventListener("click", (event) => {
  if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
});
region?.querySelectorAll("[data-toast]:not(.toast--danger)").forEach(leave);
