// Progressive enhancement only: every page works without this file.
"use strict";

// The error summary takes focus, so that a screen reader starts there.
document.querySelector("[data-bereik-focus]")?.focus();

// Print button: shown only where it can work.
for (const button of document.querySelectorAll("[data-bereik-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Replaces one element of this page by the same element of a newly fetched one.
async function replace(id, request) {
  const response = await fetch(request, { credentials: "same-origin" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(id);
  const old = document.getElementById(id);
  if (!fresh || !old) return false;
  old.replaceWith(fresh);
  return true;
}

// Search as you type: sends the form after a pause and shows the new results; focus stays in the field.
for (const form of document.querySelectorAll("form[data-bereik-live]")) {
  let timer, latest = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = ++latest;
      const fields = new URLSearchParams(new FormData(form));
      const request = form.method === "post"
        ? new Request(form.action, { method: "POST", body: fields })
        : new Request(form.action.split("?")[0] + "?" + fields);
      const response = await fetch(request, { credentials: "same-origin" }).catch(() => null);
      if (!response?.ok || turn !== latest) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(form.dataset.bereikLive);
      const old = document.getElementById(form.dataset.bereikLive);
      if (fresh && old) old.replaceChildren(...fresh.childNodes);
    }, 300);
  });
}

// A progress panel renews itself until it says it is finished.
function renew(panel) {
  if (!panel?.dataset.bereikRenew) return;
  setTimeout(async () => {
    if (await replace(panel.id, location.href).catch(() => false)) renew(document.getElementById(panel.id));
    else renew(panel);
  }, Number(panel.dataset.bereikRenew) * 1000);
}
for (const panel of document.querySelectorAll("[data-bereik-renew]")) renew(panel);
