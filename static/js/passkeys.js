/* Passkeys: the browser makes one or shows one, and the form brings it to the server. */
"use strict";

document.querySelectorAll("[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential) return;
  const credential = form.querySelector("[name=credential]");
  const fault = document.querySelector("[data-passkey-fault]");
  form.hidden = false;
  document.querySelectorAll("[data-passkey-missing]").forEach((part) => { part.hidden = true; });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const made = form.dataset.passkey === "create" ? await create(form) : await get(form);
      credential.value = JSON.stringify(made);
      form.submit();
    } catch (error) {
      fault.hidden = false;
    }
  });
});

function create(form) {
  const options = optionsOfPage().creation_options;
  const alone = form.querySelector("[name=passwordless]").checked;
  const selection = options.publicKey.authenticatorSelection;
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return window.webauthnJSON.create(options);
}

// On the sign-in page nobody knows yet who it will be: the server is asked when the button is pressed.
async function get(form) {
  const { request_options: options } = optionsOfPage() || await (
    await fetch(form.action, { headers: { Accept: "application/json" } })
  ).json();
  return window.webauthnJSON.get(options);
}

function optionsOfPage() {
  const script = document.getElementById("passkey-options");
  return script && JSON.parse(script.textContent);
}
