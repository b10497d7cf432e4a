// The board by keyboard: one letter does what the row's own button does. Everything works without it.
(function () {
  "use strict";
  var form = document.querySelector("form[data-board]");
  if (!form) { return; }
  var links = Array.from(form.querySelectorAll("[data-row-link]"));
  var toggle = form.querySelector("[data-keys-toggle]");
  var help = form.querySelector("[data-keys]");
  var say = form.querySelector("[data-say]");
  var STORE = "board-keys";

  function isOn() {
    try { return localStorage.getItem(STORE) !== "off"; } catch (error) { return true; }
  }
  function draw() {
    toggle.setAttribute("aria-pressed", String(isOn()));
    toggle.textContent = isOn() ? "Phím tắt: bật" : "Phím tắt: tắt";
    help.hidden = !isOn();
  }
  toggle.addEventListener("click", function () {
    try { localStorage.setItem(STORE, isOn() ? "off" : "on"); } catch (error) { return; }
    draw();
  });
  draw();

  var all = form.querySelector("[data-tick-owing]");
  if (all) {
    all.addEventListener("click", function () {
      form.querySelectorAll("[data-owes]").forEach(function (box) { box.checked = true; });
    });
  }

  function current() {
    var row = document.activeElement && document.activeElement.closest("[data-row]");
    return row ? links.indexOf(row.querySelector("[data-row-link]")) : -1;
  }
  function go(index) {
    say.textContent = "";
    var link = links[Math.max(0, Math.min(links.length - 1, index))];
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }
  function press(row, key) {
    if (key === "a" && row.dataset.noAccept) {
      // In words, where one looks: the status line moves into the row.
      row.querySelector("th").appendChild(say);
      say.textContent = row.dataset.noAccept;
      return;
    }
    var target = row.querySelector('[data-key="' + key + '"]') || row.querySelector("[data-key-open]");
    if (target) { target.click(); }
  }

  document.addEventListener("keydown", function (event) {
    var typed = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !isOn()) { return; }
    if (typed.isContentEditable || /^(TEXTAREA|SELECT)$/.test(typed.tagName)) { return; }
    if (typed.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(typed.type)) { return; }
    var at = current();
    var row = at >= 0 ? links[at].closest("[data-row]") : null;
    var box = row && row.querySelector("input[type=checkbox]");
    // The place of the key: a Vietnamese typing program or Caps Lock may change the letter.
    var key = event.key === "?" ? "?" : event.code.replace("Key", "").toLowerCase();
    switch (key) {
      case "j": go(at + 1); break;
      case "k": go(at < 0 ? 0 : at - 1); break;
      case "x": if (!box) { return; } box.checked = !box.checked; break;
      case "a":
      case "r": if (!row) { return; } press(row, key); break;
      case "?": help.hidden = !help.hidden; break;
      default: return;
    }
    event.preventDefault();
  });
})();
