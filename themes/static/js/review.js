// The review workbench: number keys rate the marked criterion, "e" attaches selected words, drafts save themselves.
const form = document.querySelector("[data-review]");
const SETTLED = 600;

if (form) {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const isRated = (criterion) => criterion.querySelector("input[type=radio]:checked") !== null;
  let current = null;

  function mark(criterion, { scroll = true } = {}) {
    if (!criterion) return;
    current?.removeAttribute("data-current");
    current = criterion;
    current.setAttribute("data-current", "");
    if (scroll) current.scrollIntoView({ block: "nearest" });
  }
  const step = (by) => mark(criteria[Math.min(criteria.length - 1, Math.max(0, criteria.indexOf(current) + by))]);

  function rate(key) {
    const choice = current.querySelector(`input[type=radio][value="${key === "0" ? "na" : key}"]`);
    if (!choice) return;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    if (choice.hasAttribute("data-low")) current.querySelector("select").focus();
    else step(1);
  }

  // The words selected in one message, and that message.
  function selected() {
    const selection = getSelection();
    const text = selection.toString().trim();
    const body = selection.anchorNode?.parentElement?.closest("[data-transcript] .message__body");
    if (!text || !body || !body.contains(selection.focusNode)) return null;
    return { text: text.slice(0, 1000), message: body.closest(".message") };
  }

  function attach() {
    const found = selected();
    if (!found) return;
    const list = current.querySelector("[data-quotes]");
    const box = document.getElementById("quote-template").content.firstElementChild.cloneNode(true);
    const input = box.querySelector("input");
    input.name = list.dataset.name;
    input.value = JSON.stringify({ message_id: found.message.id.slice(2), text: found.text });
    box.querySelector("q").textContent = found.text;
    list.append(box);
    list.closest("details").open = true;
    getSelection().removeAllRanges();
    mark(current);
    saveSoon();
  }

  // Saving: one request at a time; what changes meanwhile goes with the next.
  let timer, saving = false, again = false, left = false;
  function saveSoon() {
    document.getElementById("standing").classList.add("is-unsaved");
    clearTimeout(timer);
    timer = setTimeout(save, SETTLED);
  }
  async function save() {
    if (left) return;
    if (saving) { again = true; return; }
    saving = true;
    try {
      const answer = await fetch(form.dataset.review, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
      if (left) return;
      if (answer.ok) document.getElementById("standing").outerHTML = await answer.text();
      else say("Not saved: something here does not fit. Save the draft to see what.");
    } catch {
      say("Not saved: the connection was lost. It is tried again with your next change.");
    } finally {
      saving = false;
      if (again) { again = false; saveSoon(); }
    }
  }
  const say = (words) => { document.querySelector("#standing .muted").textContent = words; };

  form.addEventListener("change", saveSoon);
  form.addEventListener("input", saveSoon);
  form.addEventListener("submit", () => { left = true; clearTimeout(timer); });
  form.addEventListener("focusin", (event) => mark(event.target.closest("[data-criterion]"), { scroll: false }));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || localStorage.getItem("keys") === "off") return;
    if (event.target.closest?.("input:not([type=checkbox],[type=radio]), textarea, select") || document.querySelector("dialog[open]")) return;
    const act = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      e: attach,
      c: () => { const more = current.querySelector("details"); more.open = true; more.querySelector("textarea").focus(); },
    }[event.key] ?? (/^[0-5]$/.test(event.key) ? () => rate(event.key) : null);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Where a quote stands: pointing at it marks its message.
  for (const [name, on] of [["pointerover", true], ["pointerout", false]]) {
    form.addEventListener(name, (event) => {
      const input = event.target.closest?.(".quote-box")?.querySelector("input");
      if (input) document.getElementById(`m-${JSON.parse(input.value).message_id}`)?.classList.toggle("is-quoted", on);
    });
  }

  // On a phone the transcript comes first, so only what was refused is scrolled to.
  const refused = form.querySelector(".criterion:has([aria-invalid=true])");
  mark(refused ?? criteria.find((each) => !isRated(each)) ?? criteria[0], { scroll: refused !== null || matchMedia("(width >= 900px)").matches });
}
