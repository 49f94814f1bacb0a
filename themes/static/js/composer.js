// The composer: remembers what was typed per conversation, shows note and reply apart, gives each send an id.
const form = document.querySelector("[data-composer]");

if (form) {
  const text = form.querySelector("textarea");
  const status = form.querySelector("[data-draft-status]");
  const key = form.dataset.draft && `draft:${form.dataset.draft}`;

  form.querySelector("[data-client-id]").value = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  let timer;
  text.addEventListener("input", () => {
    form.querySelector(".composer__error")?.remove();
    text.removeAttribute("aria-invalid");
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!key) return;
      if (text.value.trim()) localStorage.setItem(key, text.value);
      else localStorage.removeItem(key);
      status.textContent = text.value.trim() ? "Draft kept in this browser" : "";
    }, 400);
  });
  // A draft is dropped only when its words stand in the conversation: a failed send must not lose them.
  const same = (words) => words.replace(/\s+/g, " ").trim();
  const said = [...document.querySelectorAll(".message")].map((message) => same(message.textContent));
  const sent = key && localStorage.getItem(`${key}:sent`);
  if (sent && said.some((words) => words.includes(same(sent).slice(0, 80)))) {
    localStorage.removeItem(`${key}:sent`);
    if (localStorage.getItem(key) === sent) localStorage.removeItem(key);
  }
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (!key || !text.value.trim()) return;
    localStorage.setItem(key, text.value);
    localStorage.setItem(`${key}:sent`, text.value);
  });

  if (key && !text.value && localStorage.getItem(key)) {
    text.value = localStorage.getItem(key);
    status.textContent = "Draft restored";
  }

  const showMode = () => {
    form.dataset.mode = form.querySelector("[name=mode]:checked")?.value ?? "reply";
    form.querySelectorAll("[data-for-mode]").forEach((element) => { element.hidden = element.dataset.forMode !== form.dataset.mode; });
    text.placeholder = form.dataset.mode === "note" ? "Write a note for your team" : "Write to the shopper";
  };
  form.addEventListener("change", (event) => { if (event.target.name === "mode") { showMode(); text.focus(); } });
  showMode();

  // A macro writes into the text where the cursor is: <button data-insert="…"> or an event "insert" with the text.
  document.addEventListener("click", (event) => {
    const source = event.target.closest?.("[data-insert]");
    if (!source) return;
    text.setRangeText(source.dataset.insert, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
    source.closest("[popover]")?.hidePopover();
    source.closest("dialog")?.close();
  });
}
