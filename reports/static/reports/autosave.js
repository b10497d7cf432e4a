// Forms that save by themselves (reports/views/autosave.py): a second after the last key, on leaving a box or the page.
// What cannot be saved now stays in the browser (keep.js) and is sent when it can be.
(function () {
  "use strict";
  var keep = window.portalKeep;
  var WAIT = 1000;
  var AWAY = 15000; // looked elsewhere this long: ask on return whether somebody else saved
  var states = new WeakMap();
  var left = 0;

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function forms() { return document.querySelectorAll("form[data-autosave]"); }

  function stateOf(form) {
    var state = states.get(form);
    if (!state) {
      // What the server has: as it drew the form, or nothing of it when it drew what it had refused.
      state = { known: form.hasAttribute("data-unsent") ? {} : keep.read(form, true), timer: 0, busy: false, again: false, wait: 3000, clash: null };
      states.set(form, state);
    }
    return state;
  }

  function token() {
    var meta = document.querySelector('meta[name="csrf-cookie"]');
    var found = meta && document.cookie.split("; ").find(function (part) { return part.indexOf(meta.content + "=") === 0; });
    return found ? decodeURIComponent(found.slice(meta.content.length + 1)) : "";
  }

  // --- what is said beside the form

  function say(form, words, kind, link) {
    var place = form.querySelector("[data-saved]");
    if (!place) { return; }
    place.className = "saved small" + (kind ? " saved-" + kind : "");
    place.removeAttribute("data-behind");
    // The same words again leave what stands there: a link must not go away under the finger that presses it.
    if (place.textContent === words + (link ? " " + link.textContent : "")) { return; }
    place.textContent = words;
    if (link) {
      place.appendChild(document.createTextNode(" "));
      place.appendChild(link);
    }
  }

  // "Đã lưu 10:32" stands beside words that are newer: seen, and not read out at every key.
  function behind(form) {
    var place = form.querySelector("[data-saved].saved-done");
    if (place) { place.setAttribute("data-behind", ""); }
  }

  function signInLink(url) {
    var link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Đăng nhập lại ở cửa sổ mới";
    return link;
  }

  // --- what is sent

  // Of a form of figures only the boxes count, not the ones that confirm a reading.
  function essence(form, values) {
    if (!form.hasAttribute("data-changed")) { return values; }
    var found = {};
    Object.keys(values).forEach(function (name) { if (/^[vrn]_[^-]*$/.test(name)) { found[name] = values[name]; } });
    return found;
  }
  function differs(form, values, from) { return keep.differs(essence(form, values), essence(form, from || stateOf(form).known)); }
  function dirty(form) { return differs(form, keep.read(form)); }
  // What came back is not sent before the person has said whether to keep it (keep.js), or typed on.
  function asked(form) { return form.querySelector(".keep-bar"); }
  function waits(form) { return dirty(form) && !asked(form); }
  function write(form) { return keep.write(form, stateOf(form).known); }

  function figureOf(name) { return name.replace(/^[vrn]_/, ""); }

  // Of figures only those that changed, with what they were: two people at two figures do not meet.
  function bodyOf(form, values) {
    var body = new URLSearchParams(), known = stateOf(form).known, changed = null;
    if (form.hasAttribute("data-changed")) {
      changed = {};
      Object.keys(essence(form, values)).forEach(function (name) {
        if (JSON.stringify(values[name]) !== JSON.stringify(known[name])) { changed[figureOf(name)] = true; }
      });
    }
    Object.keys(values).forEach(function (name) {
      if (changed && /^[vrn]_[^-]*$/.test(name)) {
        if (!changed[figureOf(name)]) { return; }
        body.append("goc-" + name, (known[name] || [""])[0]);
      }
      values[name].forEach(function (value) { body.append(name, value); });
    });
    if (changed) { each(form.querySelectorAll('input[type="hidden"]'), function (box) {
      if (/^r_/.test(box.name) && changed[figureOf(box.name)]) { body.append(box.name, box.value); body.append("goc-" + box.name, box.defaultValue); }
    }); }
    return body;
  }

  // Resolves when the answer is there, or at once when there is nothing to send.
  function send(form, leaving) {
    var state = stateOf(form), nothing = Promise.resolve();
    clearTimeout(state.timer);
    if (!form.isConnected || state.sent || (state.clash && !leaving)) { return nothing; }
    if (state.busy && !leaving) { state.again = true; return nothing; }
    var values = keep.read(form);
    if (!differs(form, values) && !state.ask) {
      keep.clear(form);
      return nothing;
    }
    state.ask = false;
    state.busy = true;
    state.again = false;
    var kept = write(form);
    return fetch(form.getAttribute("data-autosave"), {
      method: "POST",
      body: bodyOf(form, values),
      keepalive: Boolean(leaving),
      redirect: "manual",
      credentials: "same-origin",
      headers: { "Accept": "application/json", "X-CSRFToken": token(), "X-Person": keep.person }
    }).then(function (answer) {
      var json = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      if (json) { return answer.json(); }
      return { state: answer.status >= 500 || answer.status === 0 ? "down" : "unknown" };
    }, function () {
      return { state: navigator.onLine === false ? "offline" : "down" };
    }).then(function (answer) {
      state.busy = false;
      var pressed = state.pressed;
      state.pressed = null;
      if (pressed) { state.again = false; }
      if (form.isConnected) { heard(form, state, values, answer, kept); } else if (answer.state === "saved" && !answer.said && !differs(form, keep.read(form), values)) { keep.clear(form); }
      if (pressed && pressed.isConnected && !state.clash) { pressed.click(); }
    });
  }

  function later(form, state) {
    clearTimeout(state.timer);
    state.timer = setTimeout(function () { send(form); }, state.wait);
    state.wait = Math.min(30000, state.wait * 2);
  }

  // --- what came back

  function heard(form, state, values, answer, kept) {
    var here = kept ? "Nội dung vẫn giữ trên máy này." : "Đừng đóng trang này.";
    if (answer.state === "saved") {
      state.wait = 3000;
      saved(form, state, values, answer);
    } else if (answer.state === "clash") {
      clashed(form, state, answer);
    } else if (answer.state === "refused") {
      say(form, "Chưa lưu được: " + answer.said.join(" ") + " " + here, "wait");
    } else if (answer.state === "signed_out") {
      state.blocked = true;
      say(form, "Phiên làm việc đã hết, chưa lưu. " + here + " Đăng nhập xong, Cổng tự lưu.", "wait", signInLink(answer.login_url));
    } else if (answer.state === "stopped" || answer.state === "other_person") {
      say(form, answer.said.join(" ") + " " + here, "wait");
    } else if (answer.state === "offline" || answer.state === "down") {
      var why = answer.state === "offline" ? "Mất mạng" : "Chưa liên lạc được với Cổng";
      say(form, why + ", chưa lưu; Cổng tự lưu khi có mạng lại. " + here, "wait");
      later(form, state);
    } else {
      say(form, "Chưa lưu được. " + here + " Hãy tải lại trang rồi chọn Giữ.", "wait");
    }
    if (state.again && !state.clash && answer.state !== "offline" && answer.state !== "down") { schedule(form); }
  }

  function names(form, list) {
    return list.map(function (name) {
      var label = form.querySelector('label[for="id_' + name + '"]');
      var group = form.elements[name] && !form.elements[name].tagName ? form.querySelector("#id_" + name) : null;
      var legend = group && group.closest("fieldset") ? group.closest("fieldset").querySelector("legend") : null;
      return (label || legend || { textContent: name }).textContent.replace("*", "").trim();
    });
  }

  // Somebody else's value in a box that stands here as the server had it.
  function take(form, taken) {
    Object.keys(taken).forEach(function (name) {
      var given = {};
      given[name] = [taken[name]];
      keep.fill(form, given);
    });
  }

  function setVersion(form, version) {
    var box = form.elements.version;
    if (box) { box.value = String(version); }
  }

  function saved(form, state, values, answer) {
    var taken = answer.take || {}, now = keep.read(form), typedOver = [];
    var known = Object.assign({}, values);
    if (answer.kept) {
      known = Object.assign({}, state.known);
      answer.kept.forEach(function (name) { if (values[name]) { known[name] = values[name]; } });
    }
    Object.keys(taken).forEach(function (name) {
      // Typed into while the answer was under way: stays as typed, and is put together at the next save.
      if (JSON.stringify(now[name]) === JSON.stringify(values[name])) {
        var one = {};
        one[name] = taken[name];
        take(form, one);
        known[name] = keep.read(form)[name];
      } else { typedOver.push(name); }
    });
    // With a box typed over meanwhile the next save starts from where this one did, so that both are seen.
    if (!typedOver.length) { setVersion(form, answer.version); }
    state.known = known;
    each(form.querySelectorAll("input[type=hidden]"), function (box) { if (/^r_/.test(box.name)) { box.defaultValue = box.value; } });
    var words = "Đã lưu " + answer.at;
    if (Object.keys(taken).length) { words += ", gộp với phần người khác vừa ghi: " + names(form, Object.keys(taken)).join(", "); }
    if (answer.said && answer.said.length) { words += ". Chờ bổ sung: " + answer.said.join(" "); }
    var bar = form.querySelector(".keep-bar");
    if (bar) { bar.remove(); }
    if (dirty(form)) {
      write(form);
      if (!answer.kept) { schedule(form); }
    } else { keep.clear(form); }
    say(form, words + ".", answer.said ? "wait" : "done");
    if (dirty(form)) { behind(form); }
    form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: answer }));
  }

  // --- both wrote in the same box: both are shown, the person chooses

  function clashed(form, state, answer) {
    take(form, answer.take || {});
    Object.keys(answer.take || {}).forEach(function (name) { state.known[name] = keep.read(form)[name]; });
    state.clash = {};
    // The status with its percent and day is one choice, a figure with its reason and note too.
    var groups = {};
    Object.keys(answer.clash).forEach(function (name) {
      var group = form.hasAttribute("data-changed") ? figureOf(name) : answer.together.indexOf(name) >= 0 ? "status" : name;
      (groups[group] = groups[group] || []).push(name);
    });
    each(form.querySelectorAll(".clash"), function (old) { old.remove(); });
    Object.keys(groups).forEach(function (group) { ask(form, state, answer, groups[group]); });
    say(form, "Chưa lưu: " + answer.by + " vừa ghi cùng chỗ với bạn. Hãy chọn ở ô được đánh dấu; cả hai nội dung đều còn.", "wait");
  }

  function ask(form, state, answer, group) {
    var name = group[0];
    state.clash[name] = true;
    var place = form.querySelector("#loi-" + name.replace(/^[vrn]_/, "")) || form.querySelector('[name="' + name + '"]').parentNode;
    var box = document.createElement("div");
    box.className = "clash";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Chọn nội dung: " + group.map(function (one) { return answer.labels[one]; }).join(", "));
    var head = document.createElement("p");
    var who = document.createElement("b");
    who.textContent = answer.by + " vừa ghi:";
    head.appendChild(who);
    box.appendChild(head);
    group.forEach(function (one) {
      var text = document.createElement("blockquote");
      text.textContent = (group.length > 1 ? answer.labels[one] + ": " : "") + answer.words[one];
      box.appendChild(text);
    });
    function choose(act) {
      return function () {
        act();
        box.remove();
        delete state.clash[name];
        if (!Object.keys(state.clash).length) {
          state.clash = null;
          Object.keys(answer.clash).forEach(function (one) { state.known[one] = answer.clash[one] ? [answer.clash[one]] : keep.read(form)[one] && form.elements[one].tagName ? [""] : []; });
          setVersion(form, answer.version);
          send(form);
        }
      };
    }
    function button(label, act) {
      var made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-small";
      made.textContent = label;
      made.addEventListener("click", choose(act));
      box.appendChild(made);
      box.appendChild(document.createTextNode(" "));
    }
    var theirs = {};
    group.forEach(function (one) { theirs[one] = answer.clash[one]; });
    button("Giữ lời của tôi", function () {});
    button("Lấy lời của " + answer.by, function () { take(form, theirs); });
    if (group.length === 1 && form.elements[name].tagName === "TEXTAREA") {
      button("Giữ cả hai", function () {
        var area = form.elements[name];
        area.value = (answer.clash[name].replace(/\r\n?/g, "\n") + "\n" + area.value).trim();
      });
    }
    place.parentNode.insertBefore(box, place.nextSibling);
  }

  // --- when it is sent

  function schedule(form, wait) {
    var state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(function () { send(form); }, wait === undefined ? WAIT : wait);
  }

  function noticed(event) {
    var form = event.target.form || (event.target.matches && event.target.matches("form") ? event.target : null);
    if (!form || !form.hasAttribute || !form.hasAttribute("data-autosave")) { return; }
    if (event.target.type === "file") { return; }
    stateOf(form);
    // Typing on top of what came back is keeping it.
    if (event.isTrusted && asked(form)) { asked(form).remove(); }
    if (dirty(form)) {
      behind(form);
      if (!write(form)) { say(form, "Máy này không giữ được nháp; đừng đóng trang khi chưa thấy Đã lưu.", "wait"); }
    }
    schedule(form);
  }
  document.addEventListener("input", noticed);
  document.addEventListener("change", noticed);
  document.addEventListener("focusout", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-autosave") && waits(form) && !stateOf(form).busy) { schedule(form, 0); }
  });
  function leave() {
    each(forms(), function (form) { if (waits(form)) { send(form, true); } });
  }
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      left = Date.now();
      leave();
    } else { back(); }
  });
  window.addEventListener("online", function () { each(forms(), function (form) { if (waits(form)) { stateOf(form).wait = 3000; send(form); } }); });
  window.addEventListener("focus", back);
  function back() {
    each(forms(), function (form) {
      var state = stateOf(form);
      if (waits(form)) { send(form); } else if (!asked(form) && left && Date.now() - left > AWAY) {
        state.ask = !form.hasAttribute("data-changed");
        send(form);
      }
    });
    left = 0;
  }
  window.addEventListener("blur", function () { left = left || Date.now(); });

  // A draft that came back was typed on top of an older version: saving it puts it together with what came since.
  document.addEventListener("keep:kept", function (event) { if (event.target.hasAttribute("data-autosave")) { schedule(event.target, 0); } });
  document.addEventListener("keep:dropped", function (event) {
    if (event.target.hasAttribute("data-autosave")) { say(event.target, "Đã bỏ nội dung chưa lưu.", ""); }
  });

  // What was typed was typed over these figures; the save says so.
  document.addEventListener("keep:restored", function (event) {
    if (!event.target.hasAttribute("data-autosave")) { return; }
    var known = stateOf(event.target).known;
    event.detail.names.forEach(function (name) { known[name] = event.detail.base[name] || known[name]; });
  });

  // The button saves what stands there now; an automatic save must not come after it, nor either before a choice. While
  // one is under way the press waits for its answer: it brings the version that the button has to send.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-autosave")) { return; }
    var state = stateOf(form);
    clearTimeout(state.timer);
    if (state.clash) {
      event.preventDefault();
      event.stopPropagation();
      form.querySelector(".clash button").focus();
    } else if (state.busy) {
      event.preventDefault();
      event.stopPropagation();
      state.pressed = event.submitter || form.querySelector('button[type="submit"]');
      say(form, "Đang lưu…", "wait");
    } else { state.sent = true; }
  }, true);

  // A form on its way is not saved a second time beside it: a button that goes out of use while it has the focus leaves it.
  window.addEventListener("pageshow", function () { each(forms(), function (form) { stateOf(form).sent = false; }); });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches("form[data-autosave]")) { stateOf(event.target).sent = false; }
  });

  function begin(root) {
    each(root.matches && root.matches("form[data-autosave]") ? [root] : root.querySelectorAll("form[data-autosave]"), function (form) {
      stateOf(form);
      if (form.hasAttribute("data-unsent") && !form.querySelector(".alert-error")) { schedule(form, 0); }
    });
  }
  document.addEventListener("DOMContentLoaded", function () { begin(document); });
  document.addEventListener("htmx:load", function (event) { begin(event.detail.elt); });
  window.portalAutosave = { dirty: dirty, flush: function (form) { return send(form, true); } };
})();
