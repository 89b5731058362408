/* The little that a page does without the server. Every page works without it. */
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

// What only this file can do is shown by it, also in parts that come later.
const showLive = (part) => {
  part.querySelectorAll("[data-live]").forEach((each) => { each.hidden = false; });
  part.querySelectorAll("[data-still]").forEach((each) => { each.hidden = true; });
};
showLive(document);
document.addEventListener("htmx:load", (event) => showLive(event.target));

// A part that could not be renewed says since when; the next answer brings it back as it was.
const tellSignedOut = (isSo) => {
  const notice = document.getElementById("signed-out");
  if (notice) notice.hidden = !isSo;
};
const tellNotRenewed = ({ detail }) => {
  detail.elt.querySelectorAll("[data-renewed]").forEach((line) => { line.hidden = true; });
  detail.elt.querySelectorAll("[data-not-renewed]").forEach((line) => { line.hidden = false; });
  if (detail.xhr?.status === 401) tellSignedOut(true);
};
["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, tellNotRenewed);
});
// Somebody has signed in again in another tab.
document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
  if (detail.xhr.status < 400) tellSignedOut(false);
});

// A button that copies what stands before it. Without a safe connection browsers have no clipboard.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.nextElementSibling.textContent = button.dataset.copied;
    button.classList.add("copied");
    window.setTimeout(() => { button.classList.remove("copied"); button.nextElementSibling.textContent = ""; }, 4000);
  });
});

// A long list of checkboxes: find rows by a word, select a whole group, and see how many are selected.
document.querySelectorAll("[data-picker]").forEach((picker) => {
  const form = picker.closest("form");
  const filter = picker.querySelector("[data-filter]");
  const rows = [...picker.querySelectorAll("[data-words]")];
  // "cote" finds Côte d'Ivoire.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const boxes = (group, selected = "") => group.querySelectorAll(`[data-words] input${selected}`);
  const count = () => {
    form.querySelectorAll("[data-selected]").forEach((figure) => {
      figure.textContent = boxes(figure.closest("fieldset, form"), ":checked").length;
    });
    picker.querySelectorAll("[data-all]").forEach((all) => {
      const group = all.closest("fieldset");
      const selected = boxes(group, ":checked").length;
      all.checked = selected === boxes(group).length;
      all.indeterminate = selected > 0 && !all.checked;
    });
  };
  picker.addEventListener("change", ({ target }) => {
    if ("all" in target.dataset) {
      boxes(target.closest("fieldset")).forEach((box) => { box.checked = target.checked; });
    }
    count();
  });
  filter.addEventListener("input", () => {
    const wanted = plain(filter.value);
    rows.forEach((row) => { row.hidden = !plain(row.dataset.words).includes(wanted); });
    picker.querySelectorAll("fieldset").forEach((group) => {
      group.hidden = !group.querySelector("[data-words]:not([hidden])");
    });
    // Some of its links lead nowhere now.
    picker.querySelector("nav").hidden = wanted !== "";
    picker.querySelector("[data-shown]").textContent = rows.filter((row) => !row.hidden).length;
  });
  // Enter in the filter would save the form.
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  // Going back, the browser restores what was selected.
  window.addEventListener("pageshow", count);
});
