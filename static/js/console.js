/* The little that a page does by itself. Every page works without it. */
"use strict";

// The error summary takes the focus, so that a screen reader begins there.
document.getElementById("error-summary")?.focus();

// One open menu at a time, and Escape closes it.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu[open]")) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== event.target) menu.open = false;
    });
  }
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form is sent once, however often its button is pressed; the server refuses a second send too.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "get") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
