// Nothing typed is lost: what stands unsent in a form[data-keep] is kept in this browser, for the person who typed it,
// until it is saved, dropped, or that person signs out. A form that saves by itself (data-autosave) uses this too.
(function () {
  "use strict";
  var PREFIX = "nhap:";
  var DAYS = 30;
  var meta = document.querySelector('meta[name="person"]');
  var person = meta ? meta.content : "";
  var gone = false; // signing out: nothing is kept any more, not on leaving the page either

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function mine() { return PREFIX + person + ":"; }

  // Where a form belongs: its own address, so that the same form on another page finds what was typed.
  function keyOf(form) {
    return mine() + (form.getAttribute("data-keep") || form.getAttribute("action") || location.pathname + location.search);
  }

  function skipped(control) {
    return !control.name || control.name === "csrfmiddlewaretoken" || /^(submit|button|reset|image|file|password)$/.test(control.type) ||
      (control.type === "hidden" && control.name !== "version");
  }

  // name → values, in the order of the page. ``original``: as the server drew them.
  function read(form, original) {
    var values = {};
    each(form.elements, function (control) {
      if (skipped(control)) { return; }
      var list = values[control.name] || (values[control.name] = []);
      if (control.type === "checkbox" || control.type === "radio") {
        if (original ? control.defaultChecked : control.checked) { list.push(control.value); }
      } else if (control.options) {
        each(control.options, function (option) {
          if (original ? option.defaultSelected : option.selected) { list.push(option.value); }
        });
        // A select of which the server chose none shows its first.
        if (original && !list.length && control.type === "select-one" && control.options.length) { list.push(control.options[0].value); }
      } else {
        list.push((original ? control.defaultValue : control.value).replace(/\r\n?/g, "\n"));
      }
    });
    return values;
  }

  // Put values back; returns those that found no place, as {name: [text]}.
  function fill(form, values) {
    var left = {}, at = {};
    Object.keys(values).forEach(function (name) { left[name] = values[name].slice(); });
    each(form.elements, function (control) {
      var list = values[control.name];
      if (skipped(control) || !list) { return; }
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = list.indexOf(control.value) >= 0;
        delete left[control.name];
      } else if (control.options) {
        each(control.options, function (option) { option.selected = list.indexOf(option.value) >= 0; });
        delete left[control.name];
      } else {
        var index = at[control.name] || 0;
        at[control.name] = index + 1;
        if (index < list.length) {
          control.value = list[index];
          left[control.name].shift();
        }
      }
    });
    Object.keys(left).forEach(function (name) {
      left[name] = left[name].filter(function (text) { return text.trim(); });
      if (!left[name].length) { delete left[name]; }
    });
    return left;
  }

  function words(values) {
    var copy = Object.assign({}, values);
    delete copy.version;
    return JSON.stringify(copy);
  }
  function differs(one, other) { return words(one) !== words(other); }

  function stored(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
  }
  // Keeps what stands in the form and what it was typed over. False when the browser has no room or does not allow it.
  function write(form, base) {
    if (!person || gone) { return false; }
    var draft = { at: Date.now(), values: read(form), base: base || read(form, true) };
    try {
      localStorage.setItem(keyOf(form), JSON.stringify(draft));
      return true;
    } catch (error) { return false; }
  }
  function clear(form) {
    try { localStorage.removeItem(keyOf(form)); } catch (error) { /* nothing was kept */ }
  }

  function hour(at) {
    function told(wanted, when) { // the clock of the whole portal, whatever that of this machine says
      return new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: "Asia/Ho_Chi_Minh" }, wanted)).format(when);
    }
    var date = { day: "2-digit", month: "2-digit" }, full = Object.assign({ year: "numeric" }, date);
    var time = told({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
    return told(full, at) === told(full, Date.now()) ? time : time + " ngày " + told(date, at);
  }

  function button(label, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-small";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  // The server drew what was typed because it did not save it.
  function refused(form) { return form.matches("[data-unsent]") || form.querySelector(".alert-error, .field-wrong") !== null; }

  // What was typed and never saved stands in the form again, with a word and a way back.
  function offer(form) {
    var draft = person && stored(keyOf(form));
    if (!draft || form.querySelector(".keep-bar")) { return; }
    // Only what was typed comes back: what stands in the other boxes may have changed since. The version that it was
    // typed over comes along, so that the server sees what somebody else saved meanwhile.
    var before = read(form), typed = { version: draft.values.version || [] };
    var names = Object.keys(draft.values).filter(function (name) {
      return name !== "version" && JSON.stringify(draft.values[name]) !== JSON.stringify(draft.base[name]);
    });
    names.forEach(function (name) { typed[name] = draft.values[name]; });
    var lost = fill(form, typed);
    if (!differs(read(form), before) && !Object.keys(lost).length) {
      fill(form, before);
      if (!refused(form)) { clear(form); }
      return;
    }
    var bar = document.createElement("div");
    bar.className = "alert alert-info keep-bar";
    bar.setAttribute("role", "status");
    var box = document.createElement("div");
    var said = document.createElement("p");
    said.textContent = "Khôi phục nội dung chưa lưu lúc " + hour(draft.at) + ". ";
    box.appendChild(said);
    Object.keys(lost).forEach(function (name) {
      var text = document.createElement("p");
      text.className = "small";
      text.textContent = "Chưa có ô để đặt lại: " + lost[name].join("; ");
      box.appendChild(text);
    });
    said.appendChild(button("Giữ", function () {
      bar.remove();
      tellRestored(form);
    }));
    said.appendChild(document.createTextNode(" "));
    said.appendChild(button("Bỏ", function () {
      fill(form, before);
      clear(form);
      bar.remove();
      form.dispatchEvent(new CustomEvent("keep:dropped", { bubbles: true }));
      // The rules speak of what stands there now; no draft is written of what the server drew.
      dropped = form;
      form.dispatchEvent(new Event("change", { bubbles: true }));
      dropped = null;
    }));
    bar.appendChild(box);
    form.insertBefore(bar, form.firstChild);
    form.dispatchEvent(new CustomEvent("keep:restored", { bubbles: true, detail: { names: names, base: draft.base } }));
  }
  var dropped = null;
  function tellRestored(form) {
    form.dispatchEvent(new CustomEvent("keep:kept", { bubbles: true }));
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", noticed);
  document.addEventListener("change", noticed);
  function noticed(event) {
    var form = event.target.form || (event.target.matches && event.target.matches("form") ? event.target : null);
    if (!form || !form.matches("form[data-keep]:not([data-autosave])") || form === dropped) { return; }
    if (differs(read(form), read(form, true)) || refused(form)) { write(form); } else { clear(form); }
  }

  // A form that went on its way is let go once the next page says that it was saved.
  var SENT = "nhap-da-gui";
  function sentKeys() {
    try { return JSON.parse(sessionStorage.getItem(SENT)) || []; } catch (error) { return []; }
  }
  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-keep]") && person) {
      if (!event.target.hasAttribute("data-autosave")) { write(event.target); }
      var keys = sentKeys();
      keys.push(keyOf(event.target));
      try { sessionStorage.setItem(SENT, JSON.stringify(keys)); } catch (error) { /* asked about later instead */ }
    }
  }, true);
  if (person && document.querySelector("#notices .alert-success")) {
    sentKeys().forEach(function (key) {
      if (key.indexOf(mine()) === 0) { localStorage.removeItem(key); }
    });
  }
  // The page that offers to send again what an ended session had typed is still on that way.
  if (person && !document.querySelector("form[data-sends-again]")) {
    try { sessionStorage.removeItem(SENT); } catch (error) { /* none was kept */ }
  }

  // A form that htmx sent and that was taken.
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (event.detail.successful && form.matches("form[data-keep]:not([data-autosave])")) { clear(form); }
  });

  // Signing out takes the drafts of that person from this machine; if there are any, it asks.
  function drafts() {
    var keys = [];
    try {
      for (var index = 0; index < localStorage.length; index++) {
        if (localStorage.key(index).indexOf(mine()) === 0) { keys.push(localStorage.key(index)); }
      }
    } catch (error) { /* none */ }
    return keys;
  }
  document.addEventListener("submit", function (event) {
    if (!person || !event.target.matches("form[data-sign-out]")) { return; }
    var keys = drafts();
    if (keys.length && !window.confirm("Còn " + keys.length + " biểu có nội dung chưa lưu trên máy này. Đăng xuất sẽ xóa nội dung đó. Vẫn đăng xuất?")) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    keys.forEach(function (key) { localStorage.removeItem(key); });
    gone = true;
  }, true);

  // What nobody came back to for a month goes.
  try {
    Object.keys(localStorage).forEach(function (key) {
      if (key.indexOf(PREFIX) === 0) {
        var draft = stored(key);
        if (!draft || Date.now() - draft.at > DAYS * 86400000) { localStorage.removeItem(key); }
      }
    });
  } catch (error) { /* not allowed here */ }

  function begin(root) {
    each(root.matches && root.matches("form[data-keep]") ? [root] : root.querySelectorAll("form[data-keep]"), offer);
  }
  window.portalKeep = { read: read, fill: fill, write: write, clear: clear, differs: differs, person: person };
  document.addEventListener("DOMContentLoaded", function () { begin(document); });
  document.addEventListener("htmx:load", function (event) { begin(event.detail.elt); });
})();
