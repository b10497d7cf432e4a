// Before the session runs out for want of use: a warning with one button. After it: the page is covered, what was typed
// stays on it, and signing in again in another window brings it back. Who types or clicks is there, and says so.
(function () {
  "use strict";
  var meta = document.querySelector('meta[name="idle"]');
  if (!meta || !window.HTMLDialogElement) { return; }
  // The server writes down at most once a minute that the session is used: it may end that much earlier.
  var LIMIT = (Number(meta.content) - 60) * 1000;
  var WARN = Math.min(Number(meta.getAttribute("data-warn")) * 1000, LIMIT / 2);
  var SAY_SO = 60000; // a session is told at most once a minute that it is used
  var person = document.querySelector('meta[name="person"]').content;
  var KEY = "phien:" + person; // all windows of this person share it
  var own = Date.now();
  var box = null, over = false, busy = false;

  function used() {
    own = Date.now();
    try { localStorage.setItem(KEY, String(own)); } catch (error) { /* this window alone, then */ }
  }
  function last() {
    try { return Math.max(own, Number(localStorage.getItem(KEY)) || 0); } catch (error) { return own; }
  }
  used(); // this very page was just asked for

  function token() {
    var name = document.querySelector('meta[name="csrf-cookie"]').content + "=";
    var found = document.cookie.split("; ").find(function (part) { return part.indexOf(name) === 0; });
    return found ? decodeURIComponent(found.slice(name.length)) : "";
  }

  function extend() {
    if (busy) { return; }
    busy = true;
    fetch(meta.getAttribute("data-extend"), { method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json" } })
      .then(function (answer) {
        if (answer.status === 401 || answer.status === 403) { over = true; show(); return null; }
        return answer.ok ? answer.json() : null;
      })
      .then(function (who) {
        busy = false;
        if (!who) { return; }
        if (String(who.person) !== person) { location.reload(); return; } // somebody else signed in meanwhile
        over = false;
        used();
        hide();
      })
      .catch(function () { busy = false; }); // no network: the next key tries again
  }

  function hide() {
    if (box) { box.close(); box.remove(); box = null; }
  }

  function make(tag, words, className) {
    var made = document.createElement(tag);
    made.textContent = words;
    if (className) { made.className = className; }
    return made;
  }

  function show() {
    var state = over ? "over" : "soon";
    if (box && box.getAttribute("data-state") === state) { return; }
    hide();
    box = document.createElement("dialog");
    box.className = "idle";
    box.setAttribute("data-state", state);
    var title = make("h2", over ? "Phiên làm việc đã hết" : "Phiên làm việc sắp hết", "card-title");
    title.id = "idle-title";
    box.setAttribute("aria-labelledby", title.id);
    box.appendChild(title);
    var minutes = Math.round(Number(meta.content) / 60);
    var row = make("div", "", "form-actions");
    if (over) {
      box.appendChild(make("p", "Đã " + minutes + " phút không thao tác nên cổng tạm che trang này. Nội dung bạn nhập vẫn còn nguyên trên trang. Đăng nhập lại ở cửa sổ mới, rồi quay về đây bấm “Tiếp tục”."));
      var link = make("a", "Đăng nhập lại", "btn btn-primary");
      link.href = meta.getAttribute("data-login");
      link.target = "_blank";
      link.rel = "noopener";
      row.appendChild(link);
    } else {
      box.appendChild(make("p", "Quá " + minutes + " phút không thao tác thì phiên tự kết thúc. Nội dung đang nhập không mất. Bạn còn ở đó không?"));
    }
    var go = make("button", over ? "Tiếp tục" : "Tiếp tục làm việc", over ? "btn" : "btn btn-primary");
    go.type = "button";
    go.addEventListener("click", extend);
    row.appendChild(go);
    box.appendChild(row);
    box.addEventListener("cancel", function (event) { // Escape: still there, while the session lives
      event.preventDefault();
      if (!over) { extend(); }
    });
    document.body.appendChild(box);
    box.showModal();
  }

  function look() {
    var left = LIMIT - (Date.now() - last());
    if (left <= 0) { over = true; }
    if (over || left <= WARN) { show(); } else if (box) { hide(); } // another window said that its person is there
  }
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } });
  window.addEventListener("focus", look);

  function there() {
    if (!box && !over && Date.now() - last() > SAY_SO) { extend(); }
  }
  ["keydown", "pointerdown", "input"].forEach(function (name) { document.addEventListener(name, there, { passive: true }); });
  document.addEventListener("htmx:afterRequest", function (event) { if (event.detail.successful) { used(); } });
})();
