// Forms: one submission at a time, focus on the first wrong field, colour fields, file drops, copy buttons.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
});
function release(scope) {
  scope.querySelectorAll?.("form[data-sent]").forEach((form) => delete form.dataset.sent);
  scope.querySelectorAll?.("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
}
document.addEventListener("htmx:finally:request", () => release(document));
window.addEventListener("pageshow", () => release(document));

document.querySelector("form [aria-invalid=true]")?.focus();

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-colour-field]");
  if (!field) return;
  const [swatch, text] = field.querySelectorAll("input");
  if (event.target === swatch) {
    text.value = swatch.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (/^#?[0-9a-f]{6}$/i.test(text.value.trim())) {
    swatch.value = `#${text.value.trim().replace("#", "").toLowerCase()}`;
  }
});

document.addEventListener("change", (event) => {
  const drop = event.target.closest?.("[data-file-drop]");
  const file = event.target.files?.[0];
  if (!drop || !file) return;
  drop.querySelector("[data-file-name]").textContent = file.name;
  const preview = drop.querySelector("[data-file-preview]");
  preview.hidden = !file.type.startsWith("image/");
  if (!preview.hidden) preview.src = URL.createObjectURL(file);
});
for (const [name, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => event.target.closest?.("[data-file-drop]")?.classList.toggle("is-over", over));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const { toast } = await import("./toasts.js");
  toast("Copied.");
});

// A form with data-submit-on-change sends itself: filters, switches.
document.addEventListener("change", (event) => {
  event.target.form?.matches?.("[data-submit-on-change]") && event.target.form.requestSubmit();
});
