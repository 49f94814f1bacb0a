// One stream for all tabs of a browser: the tab that holds the lock listens and tells the others.
// Every change arrives as the event "changed" on document.body; what shows changing things asks again.
// Changes that come together are told once, and a tab that nobody looks at is told when it is looked at.
const tabs = new BroadcastChannel("live");
const TOGETHER_MS = 700;
const untold = new Set();
let timer;

function tell(name) {
  untold.add(name);
  timer ??= setTimeout(tellAll, TOGETHER_MS);
}

function tellAll() {
  timer = undefined;
  if (document.hidden) return;
  for (const name of untold) document.body.dispatchEvent(new CustomEvent(name));
  untold.clear();
}

document.addEventListener("visibilitychange", tellAll);

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
