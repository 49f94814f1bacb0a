// Keeps "3 min" true while a page stays open.
const MINUTE = 60_000, HOUR = 3_600_000, DAY = 86_400_000;

function words(age) {
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return age < 7 * DAY ? `${Math.floor(age / DAY)} d` : null;
}

setInterval(() => {
  document.querySelectorAll("time[data-ago]").forEach((element) => {
    const age = Date.now() - Date.parse(element.dateTime);
    const text = age > 0 && words(age);
    if (text && element.textContent !== text) element.textContent = text;
  });
}, 30_000);
