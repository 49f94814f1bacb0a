// One stream for all tabs of a browser: the tab that holds the lock listens and tells the others.
// Every change arrives as the event "changed" on document.body; what shows changing things asks again.
const tabs = new BroadcastChannel("live");

function tell(name) {
  document.body.dispatchEvent(new CustomEvent(name));
}

tabs.addEventListener("message", (message) => tell(message.data));

function pass(name) {
  tabs.postMessage(name);
  tell(name);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function address() {
  const answer = await fetch("/live-address", {headers: {Accept: "application/json"}, cache: "no-store"});
  return answer.ok ? (await answer.json()).url : null;
}

function listen(url) {
  return new Promise((ended) => {
    const stream = new EventSource(url);
    let first = true;
    stream.addEventListener("open", () => {
      if (!first) return;
      first = false;
      pass("changed");
    });
    for (const name of ["changed", "missed"]) {
      stream.addEventListener(name, () => pass("changed"));
    }
    stream.addEventListener("error", () => {
      stream.close();
      ended();
    });
  });
}

async function lead() {
  for (;;) {
    const url = await address().catch(() => undefined);
    if (url === null) return;
    if (url) await listen(url);
    await wait(500 + Math.random() * 1500);
  }
}

if (navigator.locks) {
  navigator.locks.request("live", lead);
}
