// What needs a passkey is shown where the browser knows them; what goes wrong with one is said in the page.
const knows = Boolean(window.PublicKeyCredential);
const show = (id, is_shown) => document.getElementById(id)?.toggleAttribute("hidden", !is_shown);
show("passkey_box", knows);
show("passkey_unknown", !knows);
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("passkey_trouble", true);
});
