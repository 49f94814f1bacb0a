// Every page: dialogs, toasts, busy buttons, colour fields, file drops, the light/dark choice, shortcuts.
// A page works without any of it; each module improves one thing.
import "./scheme.js";
import "./dialogs.js";
import "./forms.js";
import "./times.js";
import "./keyboard.js";
import { toast } from "./toasts.js";

document.addEventListener("htmx:error", () => toast("The connection was lost. Nothing you wrote is gone; please try again.", "danger"));
document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail?.ctx?.response?.raw?.status ?? 0;
  if (status >= 500) toast("Something went wrong on our side. Nothing you wrote is gone; please try again.", "danger");
});
// A server's answer may carry HX-Trigger: {"toast": {"text": "…", "tone": "message"}}.
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));
