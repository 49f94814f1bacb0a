// Opening a client: the preview follows what is typed, and the address follows the name.
const frame = document.querySelector("[data-preview-frame]");
const form = document.querySelector("form[data-preview]");
const TYPED = ["name", "slug", "signature", "primary", "secondary", "radius", "fonts"];

if (frame && form) {
  const address = new URL(frame.getAttribute("src"), location.href);
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const typed = new FormData(form);
      for (const name of TYPED) if (typed.has(name)) address.searchParams.set(name, typed.get(name));
      frame.contentWindow.location.replace(address);
    }, 200);
  });
}

const name = document.querySelector("[data-slug-source]");
const slug = document.querySelector("[data-slug]");
if (name && slug && !slug.value) {
  let own = false;
  slug.addEventListener("input", () => { own = true; });
  name.addEventListener("input", () => { if (!own) slug.value = slugOf(name.value); });
}

function slugOf(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "");
}
