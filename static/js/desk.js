/* The keys of the review desk, and where the focus goes after a step. Everything works without it. */
"use strict";

(() => {
  const OFF = "desk-keys-off";
  let isBusy = false;

  const isTyping = (element) =>
    element.matches?.("textarea, select, input:not([type=checkbox]):not([type=radio])");
  const areOn = () => !window.localStorage.getItem(OFF);

  // What takes a key says so itself (aria-keyshortcuts); what nobody sees takes none.
  const controlOf = (key) => [...document.querySelectorAll("[aria-keyshortcuts]")].find(
    (control) => control.getAttribute("aria-keyshortcuts") === key && control.checkVisibility());

  document.addEventListener("keydown", (event) => {
    if (isBusy || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    if (isTyping(event.target) || !areOn()) return;
    const control = controlOf(event.key.toLowerCase());
    if (!control) return;
    event.preventDefault();
    control.focus();
    if (control.tagName !== "SUMMARY") {
      control.click();
      return;
    }
    const details = control.parentElement;
    if (details.id === "desk-keys" && details.open) details.open = false;
    else details.open = true;
    details.querySelector("input[name=reasons], textarea")?.focus();
  });

  // A step has replaced the desk: readers begin at its heading, or at what is wrong.
  const showSwitch = () => {
    const keys = document.querySelector("[data-keys-on]");
    if (keys) keys.checked = areOn();
  };
  const begin = () => {
    showSwitch();
    (document.getElementById("error-summary") ?? document.querySelector("[data-focus]"))?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:beforeRequest", () => { isBusy = true; });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    isBusy = false;
    document.getElementById("desk-failed").hidden = detail.successful || detail.xhr?.status === 401;
  });
  document.addEventListener("htmx:afterSettle", begin);
  document.addEventListener("change", ({ target }) => {
    if (!("keysOn" in target.dataset)) return;
    if (target.checked) window.localStorage.removeItem(OFF);
    else window.localStorage.setItem(OFF, "yes");
  });
  showSwitch();
})();
