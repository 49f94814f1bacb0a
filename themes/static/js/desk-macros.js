// Choosing a macro writes its filled-in text where the cursor is; without scripts the page does it with the next load.
const form = document.querySelector("[data-macro-form]");
const picker = document.querySelector("select[form=macro-form]");
const text = document.querySelector("[data-composer] textarea");

async function insert(option) {
  const answer = await fetch(option.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    const { toast } = await import("./toasts.js");
    toast("The macro could not be loaded. Your text is unchanged.", "danger");
    return;
  }
  const macro = await answer.json();
  text.setRangeText(macro.text, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("[data-macro-id]").value = option.value;
  const missing = document.querySelector("[data-macro-missing]");
  missing.hidden = !macro.missing.length;
  missing.querySelector("b").textContent = macro.missing.join(", ");
  text.focus();
}

if (form && picker && text) {
  document.querySelector("[data-macro-insert]").hidden = true;
  picker.addEventListener("change", async () => {
    const option = picker.selectedOptions[0];
    if (option.value) await insert(option);
    picker.value = "";
  });
}
