// Passkeys: ask the server what the key must sign (begin), let the browser ask its person, send the signed answer.
(function () {
  "use strict";
  var SUPPORTED = window.PublicKeyCredential && window.webauthnJSON;

  function told(error) {
    if (error && error.name === "InvalidStateError") { return "Khóa này đã được đăng ký rồi. Chưa có gì thay đổi. Chọn một khóa khác."; }
    if (error && (error.name === "NotAllowedError" || error.name === "AbortError")) {
      return "Việc xác nhận bị hủy hoặc quá giờ. Chưa có gì thay đổi. Bấm nút để thử lại, hoặc dùng mã xác thực.";
    }
    return "Trình duyệt không dùng được khóa đăng nhập tại địa chỉ này. Chưa có gì thay đổi. Hãy dùng ứng dụng tạo mã.";
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var problem = form.querySelector("[data-passkey-problem]");
    function say(words) {
      problem.textContent = words;
      problem.hidden = !words;
    }
    form.querySelector("[data-passkey-go]").disabled = false; // without this script it would send nothing
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!SUPPORTED) { say(told(null)); return; }
      say("");
      var body = new FormData(form);
      body.append("begin", "1");
      fetch(location.href, { method: "POST", body: body, headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (!answer.ok || answer.redirected) { throw new Error("no options"); }
          return answer.json();
        })
        .then(function (options) { return window.webauthnJSON[form.getAttribute("data-passkey")](options); })
        .then(function (credential) {
          form.elements.credential.value = JSON.stringify(credential);
          form.submit();
        })
        .catch(function (error) { say(told(error)); });
    }, true);
  });
})();
