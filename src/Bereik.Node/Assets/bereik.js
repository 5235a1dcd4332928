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

// A passkey: the form asks the node what to answer, the browser answers, the node checks. Nothing is sent that the authenticator did not make.
async function post(path, form, body) {
  const token = form.querySelector("input[name^='_']").value;
  return fetch(path, { method: "POST", credentials: "same-origin", headers: { RequestVerificationToken: token, "Content-Type": "text/plain", Accept: "application/json" }, body });
}
for (const form of document.querySelectorAll("form.bereik-passkey")) {
  const fault = document.getElementById("sleutel-fout");
  const tell = (text) => { fault.textContent = ""; fault.textContent = text; };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const isNew = form.id === "sleutel-nieuw";
      const asked = await post(isNew ? "/sleutel/nieuw/vraag" : "/sleutel/vraag", form, isNew ? form.elements.code.value : "");
      if (!asked.ok) return tell(isNew ? fault.dataset.code : fault.dataset.refused);
      const question = await asked.json();
      const key = isNew
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
      const answered = await post(form.getAttribute("action"), form, JSON.stringify(key.toJSON()));
      if (!answered.ok) return tell(fault.dataset.refused);
      location.assign(form.elements.terug.value);
    } catch {
      tell(fault.dataset.absent);
    } finally {
      button.disabled = false;
    }
  });
}

// An offered value goes into its field when the person says so.
for (const button of document.querySelectorAll("[data-bereik-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.bereikCopy);
    field.value = button.dataset.bereikValue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

// A draft of a form that asks for one: kept in this tab, for this person, at most a working day, so that a session that ends or a connection that is lost
// costs nothing. It is gone once the form was sent or somebody signs out, in every tab.
const drafts = "bereik-draft:";
const longest = 8 * 60 * 60 * 1000;
const keysOfDrafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(drafts));
const clearDrafts = () => keysOfDrafts().forEach((key) => sessionStorage.removeItem(key));
const readDraft = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
};
for (const key of keysOfDrafts()) if (!(readDraft(key)?.at > Date.now() - longest)) sessionStorage.removeItem(key);
const signedOut = new BroadcastChannel("bereik-signed-out");
signedOut.addEventListener("message", () => {
  clearDrafts();
  if (document.querySelector("form[data-bereik-draft]")) location.replace("/afgemeld");
});
if (document.querySelector("[data-bereik-draft-clear]")) clearDrafts();
for (const form of document.querySelectorAll("form[action='/afmelden'], form[action='/account/overal-afmelden']")) {
  form.addEventListener("submit", () => {
    clearDrafts();
    signedOut.postMessage("");
  });
}
for (const form of document.querySelectorAll("form[data-bereik-draft]")) {
  const owner = form.dataset.bereikDraft;
  const name = drafts + form.getAttribute("action");
  for (const key of keysOfDrafts()) if (readDraft(key)?.owner !== owner) sessionStorage.removeItem(key);
  const keep = () => {
    const fields = [...new FormData(form)].filter(([field, value]) => !field.startsWith("_") && typeof value === "string");
    sessionStorage.setItem(name, JSON.stringify({ owner, at: Date.now(), fields }));
  };
  const kept = "bereikFresh" in form.dataset ? readDraft(name) : null;
  if (kept) {
    const values = new Map();
    for (const [field, value] of kept.fields) values.set(field, [...(values.get(field) ?? []), value]);
    for (const element of form.elements) {
      if (!element.name || element.name.startsWith("_") || element.type === "file") continue;
      if (element.type === "radio" || element.type === "checkbox") element.checked = values.get(element.name)?.includes(element.value) ?? false;
      else if (values.has(element.name)) element.value = values.get(element.name)[0];
    }
    const note = document.querySelector("[data-bereik-draft-note]");
    if (note) note.hidden = false;
  } else if (!("bereikFresh" in form.dataset)) keep();
  form.addEventListener("input", keep);
  document.querySelector("[data-bereik-draft-drop]")?.addEventListener("click", () => {
    clearDrafts();
    location.replace(location.href);
  });
}
