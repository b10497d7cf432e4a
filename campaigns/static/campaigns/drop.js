// Files by drag, paste or camera, with progress. It enhances every [data-drop] (campaigns/_drop.html), also in fragments
// that htmx brings later. With data-upload each file is sent there at once; without it the files travel with the form.
(function () {
  "use strict";
  if (window.dropFiles) { return; }
  window.dropFiles = true;

  var states = new WeakMap();

  function state(zone) {
    if (!states.has(zone)) { states.set(zone, { entries: [], busy: null }); }
    return states.get(zone);
  }

  function picker(zone) { return zone.querySelector('input[type="file"]:not([data-camera])'); }

  function token(form) {
    var meta = document.querySelector('meta[name="csrf-cookie"]');
    var found = meta && document.cookie.split("; ").find(function (part) { return part.indexOf(meta.content + "=") === 0; });
    var field = form && form.querySelector('input[name="csrfmiddlewaretoken"]');
    return found ? decodeURIComponent(found.slice(meta.content.length + 1)) : field ? field.value : "";
  }

  function size(bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1).replace(".", ",") + " MB";
  }

  // The rules of campaigns/evidence.py that can be told before sending; the content is checked where it arrives.
  function wrong(zone, file) {
    var limit = Number(zone.dataset.bytes), dot = file.name.lastIndexOf(".");
    var ending = dot < 0 ? "" : file.name.slice(dot).toLowerCase();
    if (!file.size) { return "Tệp trống."; }
    if (zone.dataset.accept.split(",").indexOf(ending) < 0) { return "Không nhận loại tệp này. Chỉ nhận PDF, Word (.docx), Excel (.xlsx) và ảnh PNG, JPG."; }
    if (file.size > limit) {
      return "Nặng " + size(file.size) + ", quá mức " + Math.round(limit / 1048576) + " MB. Hãy nén ảnh hoặc tách tệp.";
    }
    return "";
  }

  function element(name, words, className) {
    var made = document.createElement(name);
    if (words) { made.textContent = words; }
    if (className) { made.className = className; }
    return made;
  }

  function button(words, file, press) {
    var made = element("button", words, "btn btn-small btn-quiet");
    made.type = "button";
    made.append(element("span", " " + file.name, "visually-hidden"));
    made.addEventListener("click", press);
    return made;
  }

  // A small picture of a picture, drawn and not linked, so that no address of a file stands in the page.
  function picture(item, file) {
    if (!/^image\//.test(file.type) || !window.createImageBitmap) { return; }
    window.createImageBitmap(file).then(function (image) {
      var canvas = element("canvas", "", "drop-picture"), scale = Math.max(48 / image.width, 48 / image.height);
      canvas.width = canvas.height = 48;
      canvas.getContext("2d").drawImage(image, (48 - image.width * scale) / 2, (48 - image.height * scale) / 2, image.width * scale, image.height * scale);
      item.prepend(canvas);
    }, function () {});
  }

  function show(zone, entry, mood, words) {
    entry.mood = mood;
    entry.item.dataset.mood = mood;
    entry.told.textContent = words;
    entry.bar.hidden = mood !== "sending";
    entry.percent.textContent = "";
    entry.buttons.replaceChildren();
    if (mood === "failed") { entry.buttons.append(button("Gửi lại", entry.file, function () { wait(zone, entry); })); }
    if (mood !== "done") {
      entry.buttons.append(button(mood === "sending" || mood === "waiting" ? "Hủy" : "Bỏ", entry.file, function () { drop(zone, entry); }));
    }
  }

  function add(zone, file) {
    var entry = { file: file, item: element("li", "", "drop-item"), told: element("span", "", "drop-told small"), bar: element("progress"), buttons: element("span", "", "drop-buttons"), percent: element("span", "", "small num") };
    var words = element("span", "", "drop-words");
    entry.bar.max = 100;
    entry.bar.setAttribute("aria-label", "Đang gửi " + file.name);
    entry.percent.setAttribute("aria-hidden", "true");  // the bar says it; a voice would repeat every step
    words.append(element("b", file.name), element("span", " " + size(file.size), "muted small"), element("br"), entry.told, entry.percent, entry.bar);
    entry.item.append(words, entry.buttons);
    zone.querySelector("[data-drop-list]").append(entry.item);
    picture(entry.item, file);
    state(zone).entries.push(entry);
    return entry;
  }

  function drop(zone, entry) {
    var mine = state(zone);
    mine.entries = mine.entries.filter(function (other) { return other !== entry; });
    entry.item.remove();
    if (entry.xhr) { entry.xhr.abort(); }
    if (!zone.dataset.upload) { hold(zone); }
    picker(zone).focus();
  }

  // Without an address of its own the field itself holds the files: they are sent with the form, like any others.
  function hold(zone) {
    var carried = new DataTransfer(), field = picker(zone);
    state(zone).entries.forEach(function (entry) {
      if (entry.mood === "held") { carried.items.add(entry.file); }
    });
    field.files = carried.files;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take(zone, files) {
    var mine = state(zone), most = Number(zone.dataset.files);
    mine.entries.filter(function (entry) { return entry.mood === "done" || entry.mood === "refused"; }).forEach(function (entry) {
      entry.item.remove();
      mine.entries.splice(mine.entries.indexOf(entry), 1);
    });
    Array.from(files).forEach(function (file) {
      var known = mine.entries.some(function (entry) {
        return entry.file.name === file.name && entry.file.size === file.size && entry.file.lastModified === file.lastModified;
      });
      if (known) { return; }
      var full = !zone.dataset.upload && mine.entries.filter(function (entry) { return entry.mood === "held"; }).length >= most;
      var entry = add(zone, file), refused = wrong(zone, file) || (full ? "Mỗi lần gửi nhiều nhất " + most + " tệp." : "");
      if (refused) {
        show(zone, entry, "refused", refused + " Tệp này không được gửi.");
      } else if (zone.dataset.upload) {
        wait(zone, entry);
      } else {
        show(zone, entry, "held", "Sẽ gửi khi bấm Lưu.");
      }
    });
    if (zone.dataset.upload) { picker(zone).value = ""; } else { hold(zone); }
  }

  // --- sent at once, one file after the other --------------------------------------------------------------------

  function wait(zone, entry) {
    show(zone, entry, "waiting", "Chờ gửi…");
    next(zone);
  }

  function next(zone) {
    var mine = state(zone);
    var entry = mine.busy ? null : mine.entries.find(function (one) { return one.mood === "waiting"; });
    if (entry) { send(zone, entry); }
  }

  function send(zone, entry) {
    var form = zone.closest("form"), shown = zone.dataset.shown, data = form && !shown ? new FormData(form) : new FormData();
    var field = picker(zone).name, xhr = new XMLHttpRequest(), mine = state(zone);
    data.delete(field);
    data.append(field, entry.file, entry.file.name);
    mine.busy = entry;
    entry.xhr = xhr;
    entry.bar.value = 0;
    show(zone, entry, "sending", "Đang gửi…");
    xhr.upload.addEventListener("progress", function (event) { progress(entry, event); });
    xhr.addEventListener("loadend", function () {
      mine.busy = entry.xhr = null;
      if (mine.entries.indexOf(entry) >= 0) { answered(zone, entry, xhr); }
      next(zone);
    });
    xhr.open("POST", zone.dataset.upload);
    if (shown) { xhr.setRequestHeader("HX-Request", "true"); } else { xhr.setRequestHeader("Accept", "application/json"); }
    xhr.setRequestHeader("X-CSRFToken", token(form));
    xhr.send(data);
  }

  function progress(entry, event) {
    if (event.lengthComputable && event.total) {
      entry.bar.value = Math.round(100 * event.loaded / event.total);
      entry.percent.textContent = " " + entry.bar.value + "%";
    }
  }

  function answered(zone, entry, xhr) {
    var answer = null;
    if (zone.dataset.shown) { answer = redrawn(zone, xhr); } else {
      try { answer = JSON.parse(xhr.responseText); } catch (error) { answer = null; }
    }
    if (answer && answer.saved) {
      show(zone, entry, "done", "Đã lưu.");
    } else if (answer && answer.list) {
      show(zone, entry, "done", "Đã lưu.");
      listed(zone, answer.list);
    } else if (answer && answer.errors) {
      show(zone, entry, "refused", answer.errors.join(" "));
    } else if (!xhr.status) {
      show(zone, entry, "failed", "Mất kết nối, chưa gửi được. Có mạng lại thì tự gửi tiếp.");
    } else if (xhr.status === 413) {
      show(zone, entry, "refused", "Tệp quá lớn nên máy chủ không nhận. Hãy nén ảnh hoặc tách tệp.");
    } else if (xhr.status >= 500) {
      show(zone, entry, "failed", "Máy chủ gặp lỗi nên chưa lưu được. Hãy bấm Gửi lại sau ít phút.");
    } else {
      show(zone, entry, "failed", "Chưa lưu được: phiên làm việc đã hết hoặc bạn không còn quyền. Đăng nhập lại ở thẻ khác rồi bấm Gửi lại.");
    }
  }

  // Where an address answers with a part of the page (data-shown), that part is put in place, the refusal's words with it.
  function redrawn(zone, xhr) {
    var box = document.createElement("template"), place = document.querySelector(zone.dataset.shown);
    box.innerHTML = xhr.getResponseHeader("HX-Retarget") ? "" : xhr.responseText;
    var fresh = box.content.querySelector(zone.dataset.shown), told = fresh && fresh.querySelector('[role="status"]');
    if (!fresh || !place || xhr.status >= 500) { return null; }
    place.replaceWith(fresh);
    if (window.htmx) { window.htmx.process(fresh); }
    if (zone.closest("form")) { zone.closest("form").dispatchEvent(new Event("change", { bubbles: true })); }
    return xhr.status < 300 ? { saved: true } : { errors: [told ? told.textContent.trim() : "Chưa lưu được tệp."] };
  }

  function listed(zone, html) {
    var box = zone.closest("[data-file-box]"), list = box && box.querySelector("[data-file-list]");
    if (list) {
      list.outerHTML = html;
      if (window.htmx) { window.htmx.process(box.querySelector("[data-file-list]")); }
    }
    zone.dispatchEvent(new CustomEvent("drop:saved", { bubbles: true }));
  }

  // Saving the form while a file is still on its way takes the file along; leaving the page asks first.
  function pending(zone) {
    return state(zone).entries.filter(function (entry) { return /^(waiting|sending|failed)$/.test(entry.mood); });
  }
  document.addEventListener("submit", function (event) {
    event.target.querySelectorAll("[data-drop][data-upload]").forEach(function (zone) {
      var carried = new DataTransfer(), waiting = pending(zone);
      waiting.forEach(function (entry) {
        carried.items.add(entry.file);
        show(zone, entry, "held", "Gửi cùng biểu.");
      });
      if (waiting.length) { picker(zone).files = carried.files; }
    });
  }, true);
  window.addEventListener("beforeunload", function (event) {
    var left = Array.from(document.querySelectorAll("[data-drop][data-upload]")).some(function (zone) { return pending(zone).length; });
    if (left) { event.preventDefault(); }
  });

  window.addEventListener("online", function () {
    document.querySelectorAll("[data-drop]").forEach(function (zone) {
      state(zone).entries.forEach(function (entry) {
        if (entry.mood === "failed") { wait(zone, entry); }
      });
    });
  });

  // --- sent with a form by htmx ----------------------------------------------------------------------------------

  function held(form, then) {
    form.querySelectorAll("[data-drop]").forEach(function (zone) {
      state(zone).entries.forEach(function (entry) {
        if (entry.mood === "held" || (entry.mood === "sending" && !zone.dataset.upload)) { then(zone, entry); }
      });
    });
  }

  document.addEventListener("htmx:xhr:progress", function (event) {
    var form = event.target;
    if (form.tagName !== "FORM" || !event.detail.lengthComputable) { return; }  // a check while typing sends no files
    held(form, function (zone, entry) {
      if (entry.mood === "held") { show(zone, entry, "sending", "Đang gửi…"); entry.buttons.replaceChildren(); }
      progress(entry, event.detail);
    });
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target, saved = event.detail.successful;
    if (form.tagName !== "FORM") { return; }
    held(form, function (zone, entry) {
      show(zone, entry, saved ? "done" : "held", saved ? "Đã lưu." : "Chưa lưu; sẽ gửi khi bấm Lưu lần nữa.");
      if (saved) { picker(zone).value = ""; }
    });
  });

  // --- where files come from -------------------------------------------------------------------------------------

  // The zone that is meant: the one pointed at, else that of the form, else the only one on the page or in the dialog.
  function meant(target) {
    var here = target && target.closest ? target : document.body;
    var zone = here.closest("[data-drop]");
    var within = [here.closest("form"), document.querySelector("dialog[open]"), document.querySelector("dialog[open]") ? null : document];
    within.forEach(function (place) {
      var zones = !zone && place ? place.querySelectorAll("[data-drop]") : [];
      if (zones.length === 1) { zone = zones[0]; }
    });
    return zone;
  }

  function carriesFiles(event) { return Array.from(event.dataTransfer ? event.dataTransfer.types : []).indexOf("Files") >= 0; }

  function mark(zone) {
    document.querySelectorAll(".drop-over").forEach(function (other) { if (other !== zone) { other.classList.remove("drop-over"); } });
    if (zone) { zone.classList.add("drop-over"); }
  }

  // A file that misses the zone must not replace the page and what was typed in it.
  document.addEventListener("dragover", function (event) {
    if (!carriesFiles(event)) { return; }
    var zone = meant(event.target);
    event.preventDefault();
    event.dataTransfer.dropEffect = zone ? "copy" : "none";
    mark(zone);
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) { mark(null); } });
  document.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) { return; }
    var zone = meant(event.target);
    event.preventDefault();
    mark(null);
    if (zone) { take(zone, event.dataTransfer.files); }
  });

  document.addEventListener("paste", function (event) {
    var files = event.clipboardData ? Array.from(event.clipboardData.files) : [], zone = files.length ? meant(event.target) : null;
    var words = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!zone || (words && event.target.closest("input, textarea"))) { return; }  // text from Word comes with its picture
    event.preventDefault();
    take(zone, files.map(function (file) {
      var now = new Date(), two = function (number) { return String(number).padStart(2, "0"); };
      var name = "Ảnh dán " + [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("") + "." + (file.type === "image/jpeg" ? "jpg" : "png");
      return /^image\.(png|jpe?g)$/i.test(file.name) ? new File([file], name, { type: file.type, lastModified: file.lastModified }) : file;
    }));
  });

  document.addEventListener("change", function (event) {
    var zone = event.target.matches('[data-drop] input[type="file"]') && event.target.closest("[data-drop]");
    if (!zone) { return; }
    var files = Array.from(event.target.files);
    if (event.target.dataset.camera !== undefined) { event.target.value = ""; }
    take(zone, files);
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-take]")) { event.target.closest("[data-drop]").querySelector("[data-camera]").click(); }
  });

  document.addEventListener("reset", function (event) {
    event.target.querySelectorAll("[data-drop]").forEach(function (zone) {
      state(zone).entries.slice().forEach(function (entry) { if (!entry.xhr) { drop(zone, entry); } });
    });
  });

  // Where files go at once there is nothing to send by hand.
  function enhance(root) {
    root.querySelectorAll("[data-drop][data-upload]").forEach(function (zone) {
      var form = zone.closest("form"), send = form && form.querySelector("[data-send-all]");
      if (send) { send.hidden = true; }
    });
  }
  document.addEventListener("htmx:load", function (event) { enhance(event.detail.elt.parentElement || document); });
  enhance(document);
})();
