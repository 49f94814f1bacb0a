// A reply that is being written is kept on the server, so that it survives the tab, the crash and the next machine.
// Notes are not: a note must never come back as a reply.
const form = document.querySelector("[data-composer][data-draft-url]");

if (form) {
  const text = form.querySelector("textarea");
  const status = form.querySelector("[data-draft-status]");
  let timer;
  let sending = false;

  const save = async () => {
    if (sending || form.dataset.mode === "note") return;
    const body = new FormData();
    body.set("body", text.value);
    body.set("csrf_token", form.elements.csrf_token.value);
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, keepalive: text.value.length < 30_000 }).catch(() => null);
    status.textContent = answer?.ok ? (text.value.trim() ? "Draft saved" : "") : "Draft not saved; trying again as you type";
  };
  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 700); });
  form.addEventListener("change", (event) => { if (event.target.name === "mode") status.textContent = ""; });
  form.addEventListener("submit", () => { sending = true; clearTimeout(timer); });
  if (text.value.trim() && !form.querySelector("[aria-invalid=true]")) status.textContent = "Draft restored";
}

// The story is read from its end, and stays there while new lines come in; who reads further up is told.
const story = document.querySelector("[data-scroll-to-end]");
if (story) {
  const said = () => story.querySelectorAll(".message").length;
  let count = said();
  let atEnd = true;
  const toEnd = () => { story.scrollTop = story.scrollHeight; };
  if (!location.hash) toEnd();
  story.addEventListener("scroll", () => { atEnd = story.scrollHeight - story.scrollTop - story.clientHeight < 40; }, { passive: true });
  document.addEventListener("htmx:after:swap", async () => {
    const more = said() > count;
    count = said();
    if (!more) return;
    if (atEnd) return toEnd();
    const { toast } = await import("./toasts.js");
    toast("A new message is at the end of this conversation.");
  });
}
