// What the pages gain with JavaScript; each of them works without it.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  function cookie(name) {
    var found = document.cookie.split("; ").find(function (part) {
      return part.indexOf(name + "=") === 0;
    });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  // Signing in again in another window changes the token; what was typed here must still be saved.
  function freshToken() {
    var meta = document.querySelector('meta[name="csrf-cookie"]');
    return meta ? cookie(meta.content) : "";
  }

  document.addEventListener("htmx:configRequest", function (event) {
    var token = freshToken();
    if (!token || event.detail.verb === "get") {
      return;
    }
    event.detail.headers["X-CSRFToken"] = token;
    if (event.detail.parameters.csrfmiddlewaretoken) {
      event.detail.parameters.csrfmiddlewaretoken = token;
    }
  });

  document.addEventListener("submit", function (event) {
    var field = event.target.querySelector('input[name="csrfmiddlewaretoken"]');
    var token = freshToken();
    if (field && token) {
      field.value = token;
    }
  });

  // +A | -A without leaving the page: a half-written form keeps its text.
  var sizes = ["text-s", "", "text-1", "text-2", "text-3"];
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form.sizes") || !event.submitter) {
      return;
    }
    event.preventDefault();
    var data = new FormData(form);
    data.append("step", event.submitter.value);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" }).then(function () {
      var root = document.documentElement;
      var now = sizes.findIndex(function (name) { return name && root.classList.contains(name); });
      var next = Math.max(0, Math.min(sizes.length - 1, (now < 0 ? 1 : now) + (data.get("step") === "up" ? 1 : -1)));
      sizes.forEach(function (name, index) {
        if (name) { root.classList.toggle(name, index === next); }
      });
    });
  });

  function tell(words) {
    var notices = document.getElementById("notices");
    if (!notices) {
      return;
    }
    var box = document.createElement("div");
    box.className = "alert alert-error";
    box.textContent = words;
    notices.replaceChildren(box);
  }

  // The rules while one types (data-live) are silent when they cannot be asked: nothing of it was to be saved.
  document.addEventListener("htmx:sendError", function (event) {
    if (event.target.matches("[data-live]")) { return; }
    tell("Không gửi được vì mất kết nối. Nội dung bạn nhập vẫn còn trên trang này; hãy kiểm tra mạng rồi lưu lại.");
  });

  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (event.target.matches("[data-live]")) { return; }
    if (status === 413) {
      tell("Chưa lưu được vì nội dung hoặc tệp quá lớn. Nội dung bạn nhập vẫn còn trên trang này; hãy bớt đi rồi lưu lại.");
    } else if (status >= 500) {
      tell("Máy chủ gặp lỗi nên chưa lưu được. Nội dung bạn nhập vẫn còn trên trang này; hãy thử lưu lại sau ít phút.");
    }
  });

  // A notice that answers an action must be seen, also by somebody far down a long page.
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target && event.detail.target.id === "notices") {
      event.detail.target.scrollIntoView({ block: "nearest" });
    }
  });

  // A form marked data-keep: leaving the page asks first while something typed in it has not been sent. One that saves
  // by itself need not ask: what it could not send is kept in the browser (keep.js).
  var unsent = new Set();
  document.querySelectorAll("form[data-keep][data-unsent]:not([data-autosave])").forEach(function (form) { unsent.add(form); });
  document.querySelectorAll("form[data-keep]:not([data-autosave]) .field-wrong").forEach(function (field) { unsent.add(field.closest("form")); });
  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.form.matches("[data-keep]:not([data-autosave])")) { unsent.add(event.target.form); }
  });
  document.addEventListener("submit", function (event) { unsent.delete(event.target); });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (!event.detail.successful && event.target.matches("form[data-keep]:not([data-autosave])")) { unsent.add(event.target); }
  });
  window.addEventListener("beforeunload", function (event) {
    if (Array.from(unsent).some(function (form) { return form.isConnected; })) { event.preventDefault(); }
  });

  // A button pressed twice sends once. It is disabled after its own value went along; a page come back to is fresh.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || event.defaultPrevented || event.target.method !== "post") { return; }
    setTimeout(function () { button.disabled = true; button.dataset.sent = ""; });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-sent]").forEach(function (button) { button.disabled = false; });
  });

  // What scrolls sideways and holds nothing to tab to is reached by keyboard itself, as long as it scrolls.
  var scrollers = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      var box = entry.target;
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "Bảng rộng hơn màn hình: dùng phím mũi tên để xem hết");
      } else if (box.tabIndex === 0) {
        ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
      }
    });
  });
  function watchScrollers() {
    document.querySelectorAll("main .table-wrap").forEach(function (box) { scrollers.observe(box); });
  }
  watchScrollers();
  document.addEventListener("htmx:afterSettle", watchScrollers);

  // An open menu closes when one clicks elsewhere or presses Escape.
  function closeMenus(except) {
    document.querySelectorAll("details.person[open]").forEach(function (menu) {
      if (menu !== except) {
        menu.open = false;
      }
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.person"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    // The keyboard goes back to what opened it; the words typed in a reason stay there.
    var open = event.target.closest("details.person[open], details.reason[open]");
    closeMenus(null);
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
})();
